"""The office calendar for work that asks for one moment at a time, millions of times: the same answers.

Moments are integers here: microseconds of UTC since 1970, as in `office_hours`."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from onegrid.kernel.calendar import ClockKind, Limit, OfficeCalendar
from onegrid.kernel.office_hours import DAY, EPOCH, FIRST_YEAR, LAST_YEAR, OutsideCalendar

_MICROSECOND = timedelta(microseconds=1)


def ticks(moment: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The moment so many microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True, eq=False)
class SteppingCalendar(OfficeCalendar):
    """An office calendar that reckons single moments from plain lists; long batches go the array's way."""

    @classmethod
    def of(cls, calendar: OfficeCalendar) -> "SteppingCalendar":
        """The same office hours."""
        return cls(calendar.zone, calendar.days, calendar.seasons)

    def due(self, start: datetime, limit: Limit) -> datetime:
        """When a limit that begins at `start` runs out."""
        return moment(self.due_at(ticks(start), limit))

    def due_at(self, start: int, limit: Limit) -> int:
        """`due` in microseconds."""
        clock, amount = limit.clock, limit.microseconds
        if clock is ClockKind.CLOCK_HOURS:
            return start + amount
        if clock is ClockKind.OFFICE_HOURS:
            return self.at_office(self.office(start) + amount)
        day = self._day(start)
        if clock is ClockKind.WORKING_DAYS:
            return self._at_working_days(self._lists.worked[day] * DAY + amount)
        return self._close_after(day + -(-amount // DAY))

    def threshold_many(
        self, dues: Sequence[datetime], limits: Sequence[Limit], shares: Sequence[float]
    ) -> list[datetime]:
        """When each share of its limit is used up, seen from the due moment."""
        found = []
        for due, limit, share in zip(dues, limits, shares, strict=True):
            over = round((share - 1) * limit.microseconds)
            at = ticks(due)
            found.append(moment(self._moved(at, over, limit.clock) if over else at))
        return found

    def left(self, now: datetime, due: datetime, clock: ClockKind) -> float:
        """Seconds on the clock from `now` to `due`, negative when overdue."""
        return (self._read(ticks(due), clock) - self._read(ticks(now), clock)) / 1e6

    def office(self, at: int) -> int:
        """Office time passed by a moment, in microseconds since the timetable's first day."""
        lists = self._lists
        if not lists.midnights[0] <= at < lists.midnights[-1]:
            raise OutsideCalendar(first=FIRST_YEAR, last=LAST_YEAR)
        nth = bisect_right(lists.opens, at) - 1
        if nth < 0:
            return lists.before[0]
        return lists.before[nth] + min(at, lists.closes[nth]) - lists.opens[nth]

    def at_office(self, office: int) -> int:
        """The first moment by which so much office time has passed."""
        lists = self._lists
        if not 0 <= office <= lists.after[-1]:
            raise OutsideCalendar(first=FIRST_YEAR, last=LAST_YEAR)
        nth = bisect_left(lists.after, office)
        return lists.opens[nth] + office - lists.before[nth]

    def next_open(self, at: int) -> int:
        """The moment itself while the office is open, else its next opening."""
        lists = self._lists
        nth = bisect_right(lists.opens, at) - 1
        if nth >= 0 and at < lists.closes[nth]:
            return at
        return lists.opens[nth + 1]

    def _moved(self, at: int, by: int, clock: ClockKind) -> int:
        if clock is ClockKind.OFFICE_HOURS:
            return self.at_office(self.office(at) + by)
        if clock is ClockKind.WORKING_DAYS:
            return self._at_working_days(self._working_days(at) + by)
        return at + by

    def _read(self, at: int, clock: ClockKind) -> int:
        if clock is ClockKind.OFFICE_HOURS:
            return self.office(at)
        return self._working_days(at) if clock is ClockKind.WORKING_DAYS else at

    def _working_days(self, at: int) -> int:
        lists, office = self._lists, self.office(at)
        day = bisect_left(lists.day_after, office)
        return day * DAY + (office - lists.day_before[day]) * 1440 // lists.day_minutes[day]

    def _at_working_days(self, reading: int) -> int:
        lists, day = self._lists, max((reading - 1) // DAY, 0)
        if reading < 0 or day >= len(lists.day_after):
            raise OutsideCalendar(first=FIRST_YEAR, last=LAST_YEAR)
        inside = -(-(reading - day * DAY) * lists.day_minutes[day] // 1440)
        return self.at_office(lists.day_before[day] + inside)

    def _close_after(self, day: int) -> int:
        lists = self._lists
        if day >= len(lists.worked) or lists.worked_before[day] >= len(lists.day_after):
            raise OutsideCalendar(first=FIRST_YEAR, last=LAST_YEAR)
        return self.at_office(lists.day_after[lists.worked_before[day]])

    def _day(self, at: int) -> int:
        lists = self._lists
        day = bisect_right(lists.midnights, at) - 1
        if not 0 <= day < len(lists.worked):
            raise OutsideCalendar(first=FIRST_YEAR, last=LAST_YEAR)
        return day

    @cached_property
    def _lists(self) -> "_Lists":
        return _Lists(*self._timetable.lists())


@dataclass(frozen=True, slots=True)
class _Lists:
    """A timetable's arrays as lists, in the order of `Timetable.lists`."""

    midnights: list[int]
    worked: list[int]
    worked_before: list[int]
    opens: list[int]
    closes: list[int]
    after: list[int]
    before: list[int]
    day_before: list[int]
    day_after: list[int]
    day_minutes: list[int]
