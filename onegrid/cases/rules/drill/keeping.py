"""Keeping the book of a drill: what a stage or a case adds to it when it ends."""

from typing import NamedTuple

from onegrid.cases.rules.drill.book import Book
from onegrid.cases.rules.drill.causes import Causes
from onegrid.cases.rules.drill.going import Going
from onegrid.cases.rules.drill.staff import Job
from onegrid.cases.rules.state import TaskKind
from onegrid.kernel.calendar import Limit
from onegrid.kernel.stepping import SteppingCalendar


class Spell(NamedTuple):
    """A case's time in one stage under one clock. Moments in microseconds since 1970."""

    stage: str
    limit: Limit
    since: int
    due: int


def spell_of(going: Going) -> Spell:
    """The one that runs now."""
    clock = going.known.clock
    assert clock is not None
    return Spell(going.stage, clock.limit, going.since, going.due)


class Keeper:
    """Writes the book."""

    def __init__(self, book: Book, calendar: SteppingCalendar, *, start: int, end: int) -> None:
        self._book, self._calendar, self._end = book, calendar, end
        self._causes = Causes(calendar, at=start)

    def passed(self, going: Going, spell: Spell, now: int, job: Job | None) -> None:
        """A stage has ended; why it was late, where it was."""
        book, grid = self._book.stages[spell.stage], self._book.grid(going.grid)
        book.left += 1
        book.exits[going.exit] += 1
        book.sojourn.add((now - spell.since) / 1e6)
        grid.stages += 1
        if job is not None:
            book.waited.add((job.begun - job.ready) / 1e6)
            book.work.add(job.work / 1e6)
            grid.waited += job.begun - job.ready
        if now > spell.due:
            book.overdue += 1
            self._late(going, spell, job)

    def _late(self, going: Going, spell: Spell, job: Job | None) -> None:
        self._book.grid(going.grid).late += 1
        if job is None and not going.cosigning:
            return  # it waited for the reporter, not for a post
        waited = 0
        if job is not None:
            waited = (job.begun if job.begun >= 0 else self._calendar.office(self._end)) - job.ready
        cause = self._causes.of(
            spell.limit, since=spell.since, due=spell.due, work=going.work, waited=waited,
            cosigning=going.cosigning,
        )  # fmt: skip
        self._book.stages[spell.stage].causes[cause] += 1

    def ended(self, going: Going, outcome: str, *, late: int, now: int) -> None:
        """A case is over."""
        book, grid = self._book, self._book.grid(going.grid)
        book.closed += 1
        book.outcomes[outcome] += 1
        book.closed_on_time += late == 0
        book.lead.add((now - going.opened) / 1e6)
        grid.closed += 1
        grid.late_cases += late > 0

    def still_open(self, going: Going) -> None:
        """A case that the drill leaves open; overdue already, or not yet."""
        spell = spell_of(going)
        if spell.due >= self._end:
            return
        self._book.stages[spell.stage].open_overdue += 1
        self._book.open_late += 1
        self._book.grid(going.grid).stages += 1
        tasks = going.state.tasks if going.state is not None else ()
        if going.job is None and any(task.kind is TaskKind.COSIGN for task in tasks):
            going.cosigning = self._calendar.office(self._end) - self._calendar.office(spell.since)
        self._late(going, spell, going.job)
