"""What moves a drill on: the heap of moments ahead, and the people who begin and end their work."""

from heapq import heappop, heappush
from typing import NamedTuple
from uuid import UUID

from onegrid.cases.rules.drill.going import Going
from onegrid.cases.rules.drill.staff import Job, Person, Staff
from onegrid.kernel.stepping import SteppingCalendar


class Done(NamedTuple):
    """A person ends his job."""

    person: Person


class Alarm(NamedTuple):
    """Something of a case's clock goes off that changes its course."""

    going: Going
    stamp: int


class Rated(NamedTuple):
    """The reporter says what he thinks."""

    going: Going
    stamp: int


class Wanted(NamedTuple):
    """A follow-up report may be written."""

    going: Going
    task: UUID


Moment = Done | Alarm | Rated | Wanted


class Clockwork:
    """Moments ahead, in order; those at the same time in the order in which they were put there."""

    def __init__(self, calendar: SteppingCalendar, staff: Staff, *, end: int) -> None:
        self.calendar, self.staff, self.end = calendar, staff, end
        self._ahead: list[tuple[int, int, Moment]] = []
        self._order = 0

    def put(self, at: int, what: Moment) -> None:
        """Something will happen, unless the drill is over by then."""
        if at < self.end:
            self._order += 1
            heappush(self._ahead, (at, self._order, what))

    @property
    def next_at(self) -> int:
        """When the next thing happens; the end where nothing does."""
        return self._ahead[0][0] if self._ahead else self.end

    def take(self) -> tuple[int, Moment]:
        """The next thing that happens."""
        at, _, what = heappop(self._ahead)
        return at, what

    def queue(self, job: Job, now: int, *, urgent: bool = False) -> None:
        """Give a job to its post; whoever is free there begins it as soon as the office is open."""
        office = self.calendar.office(now)
        person = self.staff.arrive(job, office, urgent=urgent)
        if person is not None:
            self._begin(person, job, office)

    def finish(self, person: Person, now: int) -> Job:
        """The person ends his job and begins what has waited longest for him."""
        office = self.calendar.office(now)
        job = self.staff.finish(person, office)
        following = self.staff.next_for(person)
        if following is not None:
            self._begin(person, following, office)
        return job

    def _begin(self, person: Person, job: Job, office: int) -> None:
        self.staff.begin(person, job, office)
        self.put(self.calendar.at_office(office + job.work), Done(person))
