"""The office calendar: limits, and the four clocks they run on.

Conventions (Civil Code of the PRC, articles 200-204; clocks of CJ/T 315 and GB/T 30428.8):

- *Hours* run from the very moment: clock hours round the clock, office hours only inside the office
  hours of working days (statutory holidays and make-up days included).
- *Working days* start with the day after the start day (art. 201). The n-th working day counts, and the
  limit ends when its office closes (art. 203). Inside a working day the clock advances evenly over the
  office hours, and each working day is worth the same, however long its office hours are.
- *Days* start with the day after the start day. When the last one is no working day, the next working
  day takes its place (art. 203); the limit ends when that office closes. Part of a day counts as a day.

Amounts on a clock are seconds: an hour is 3,600, a day of either kind 86,400. Moments come in aware, of any
zone, and go out in UTC, to the microsecond. A due moment never moves earlier when the limit grows or the
start moves later."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import chinese_calendar
import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.office_hours import ALL_YEAR, DAY, EPOCH, MINUTE, Micros, Season, Timetable
from onegrid.kernel.refusals import Refusal

LONGEST_LIMIT = 100_000
_MICROSECOND = timedelta(microseconds=1)


class BadLimit(Refusal):
    """The text names no limit."""

    code = "kernel.bad-limit"
    zh = "时限“{given}”无法识别，请写成“24 clock hours”“4 office hours”“2 working days”或“30 days”。"
    en = "'{given}' is no limit. Write '24 clock hours', '4 office hours', '2 working days' or '30 days'."


class ClockKind(StrEnum):
    """What a limit is counted in."""

    CLOCK_HOURS = "clock hours"
    OFFICE_HOURS = "office hours"
    WORKING_DAYS = "working days"
    DAYS = "days"

    @property
    def zh(self) -> str:
        return _CLOCK_NAMES[self]


_CLOCK_NAMES = {
    ClockKind.CLOCK_HOURS: "紧急工作时",
    ClockKind.OFFICE_HOURS: "工作时",
    ClockKind.WORKING_DAYS: "工作日",
    ClockKind.DAYS: "自然日",
}
_MEASURE_WORDS = {
    ClockKind.CLOCK_HOURS: "小时",
    ClockKind.OFFICE_HOURS: "个工作时",
    ClockKind.WORKING_DAYS: "个工作日",
    ClockKind.DAYS: "天",
}
_MINUTES = {ClockKind.CLOCK_HOURS: "分钟", ClockKind.OFFICE_HOURS: "个工作分钟"}
_MINUTE_BLUR = 0.25  # how far from whole minutes an amount written in hours may be (0.33 hours: 19.8)
_WRITTEN = {word: kind for kind in ClockKind for word in (kind.value, kind.value[:-1])}
_WRITTEN["d"] = ClockKind.DAYS


@dataclass(frozen=True)
class Limit:
    """An amount of time on a clock: "4 office hours"."""

    value: Decimal | float
    clock: ClockKind

    def __post_init__(self) -> None:
        value = Decimal(str(self.value))
        if not value.is_finite() or not 0 < value <= LONGEST_LIMIT:
            raise BadLimit(given=f"{self.value} {self.clock}")
        object.__setattr__(self, "value", value)

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read "24 clock hours", "4 office hours", "2 working days", "30 days" or "30 d"."""
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+(?: [a-z]+)?)\s*", text)
        if found is None or found[2] not in _WRITTEN:
            raise BadLimit(given=text)
        return cls(Decimal(found[1]), _WRITTEN[found[2]])

    @cached_property
    def microseconds(self) -> int:
        """The amount on its own clock; an hour is an hour, a day of either kind 24 hours."""
        hours = self.clock in {ClockKind.CLOCK_HOURS, ClockKind.OFFICE_HOURS}
        return max(1, int(Decimal(self.value) * (60 * MINUTE if hours else DAY)))

    @property
    def seconds(self) -> float:
        return self.microseconds / 1e6

    @property
    def amount(self) -> str:
        return f"{Decimal(self.value).normalize():f}"

    def __str__(self) -> str:
        return f"{self.amount} {self.clock.value[:-1] if self.amount == '1' else self.clock.value}"

    @property
    def minutes(self) -> int | None:
        """Less than an hour as whole minutes (0.1667 hours are 10); None for everything else."""
        if self.clock not in _MINUTES or self.value >= 1:
            return None
        exact = float(self.value) * 60
        return round(exact) if round(exact) and abs(exact - round(exact)) < _MINUTE_BLUR else None

    @property
    def zh(self) -> str:
        if (minutes := self.minutes) is not None:
            return f"{minutes}{_MINUTES[self.clock]}"
        return f"{self.amount}{_MEASURE_WORDS[self.clock]}"

    @property
    def en(self) -> str:
        if (minutes := self.minutes) is not None:
            kind = "office " if self.clock is ClockKind.OFFICE_HOURS else ""
            return f"{minutes} {kind}minute{'s' if minutes > 1 else ''}"
        return str(self).replace("clock ", "")


def statutory_days(first_year: int, last_year: int) -> Mapping[date, bool]:
    """For each day of these years, whether Chinese offices work: statutory holidays and make-up days applied.

    Source: the State Council's yearly notices, as kept by the library `chinesecalendar`. A year that the
    library does not know yet is left out: the office calendar then falls back to Monday to Friday."""
    holidays, made_up = chinese_calendar.holidays, chinese_calendar.workdays
    known = {day.year for day in holidays}
    first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
    days = [day for day in map(date.fromordinal, range(first, last + 1)) if day.year in known]
    return {day: day in made_up or (day.weekday() < 5 and day not in holidays) for day in days}


@dataclass(frozen=True, eq=False)
class OfficeCalendar:
    """When the offices of one place are open, and what that makes of a limit.

    `days` says whether a day is worked; days it does not name are worked Monday to Friday, so that a place
    without Chinese holidays needs none. Daylight saving follows the time zone."""

    zone: str = "Asia/Shanghai"
    days: Mapping[date, bool] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ALL_YEAR

    @property
    def known_until(self) -> date | None:
        """The last day with data of its own; after it Monday to Friday is assumed. None: no data at all."""
        return max(self.days, default=None)

    def is_working(self, day: date) -> bool:
        """Whether the offices open on that day."""
        return self.days.get(day, day.weekday() < 5)

    def due(self, start: datetime, limit: Limit) -> datetime:
        """When a limit that begins at `start` runs out."""
        return self.due_many([start], [limit])[0]

    def due_many(self, starts: Sequence[datetime], limits: Sequence[Limit]) -> list[datetime]:
        """`due` of each start with its own limit."""
        begun, due = _micros(starts), np.zeros(len(starts), np.int64)
        amounts = np.array([limit.microseconds for limit in limits], np.int64)
        for clock, rows in _by_clock(limits):
            due[rows] = self._due(begun[rows], amounts[rows], clock)
        return _moments(due)

    def threshold(self, due: datetime, limit: Limit, share: float) -> datetime:
        """When `share` of the limit is used up (0.5 half, 1 all, 1.5 half over), seen from the due moment.

        Reckoned back from the due moment, so that it holds for extended and resumed limits as well."""
        return self.threshold_many([due], [limit], [share])[0]

    def threshold_many(
        self, dues: Sequence[datetime], limits: Sequence[Limit], shares: Sequence[float]
    ) -> list[datetime]:
        """`threshold` of each due moment with its own limit and share."""
        due, share = _micros(dues), np.array(shares, np.float64)
        amounts = np.array([limit.microseconds for limit in limits], np.int64)
        over = np.rint((share - 1) * amounts).astype(np.int64)
        passed = due.copy()
        for clock, rows in _by_clock(limits):
            passed[rows] = self._moment(self._reading(due[rows], clock) + over[rows], clock)
        return _moments(np.where(over == 0, due, passed))

    def fraction_at(self, start: datetime, limit: Limit, share: float) -> datetime:
        """When `share` of a limit that begins at `start` is used up; 1 gives the due moment itself."""
        return self.threshold(self.due(start, limit), limit, share)

    def share_at(self, now: datetime, due: datetime, limit: Limit) -> float:
        """The share of the limit used up by `now`: the inverse of `threshold`; above 1 it is overdue."""
        return 1 - self.left(now, due, limit.clock) / limit.seconds

    def spent(self, start: datetime, end: datetime, clock: ClockKind) -> float:
        """Seconds of a limit begun at `start` that are used up by `end`; never negative.

        The start day itself costs nothing on the two day clocks. `spent(start, due(start, limit))` is the
        whole limit, except on the clock of days, where the last day may be put off by a holiday."""
        begun, ended = _micros([start, end])[:, None]
        used = self._reading(ended, clock) - self._origin(begun, clock)
        return max(0, int(used[0])) / 1e6

    def left(self, now: datetime, due: datetime, clock: ClockKind) -> float:
        """Seconds on the clock from `now` to `due`, negative when overdue: what a hold has to keep."""
        ahead, behind = self._reading(_micros([due, now]), clock)
        return int(ahead - behind) / 1e6

    def resume(self, now: datetime, remaining_seconds: float, clock: ClockKind) -> datetime:
        """The due moment that leaves what was left when the hold began (see `left`), no day given away.

        A hold of no length changes nothing; a matter that was overdue is overdue by as much as before."""
        reached = self._reading(_micros([now]), clock) + round(remaining_seconds * 1e6)
        return _moments(self._moment(reached, clock))[0]

    def add(self, start: datetime, seconds: float, clock: ClockKind) -> datetime:
        """The moment `seconds` (not negative) later on the clock; the start day counts, unlike in `due`."""
        return max(start.astimezone(UTC), self.resume(start, seconds, clock))

    def _due(self, start: Micros, amount: Micros, clock: ClockKind) -> Micros:
        if clock is ClockKind.DAYS:
            return self._timetable.close_after(start, -(-amount // DAY))
        return self._moment(self._origin(start, clock) + amount, clock)

    def _origin(self, start: Micros, clock: ClockKind) -> Micros:
        """The reading of the clock at which a limit begun at `start` begins to count."""
        if clock is ClockKind.WORKING_DAYS:
            return self._timetable.working_days_with(start)
        if clock is ClockKind.DAYS:
            return self._timetable.day_end(start)
        return self._reading(start, clock)

    def _reading(self, moment: Micros, clock: ClockKind) -> Micros:
        if clock is ClockKind.OFFICE_HOURS:
            return self._timetable.office_time(moment)
        if clock is ClockKind.WORKING_DAYS:
            return self._timetable.working_days(moment)
        return moment

    def _moment(self, reading: Micros, clock: ClockKind) -> Micros:
        if clock is ClockKind.OFFICE_HOURS:
            return self._timetable.at_office_time(reading)
        if clock is ClockKind.WORKING_DAYS:
            return self._timetable.at_working_days(reading)
        return reading

    @cached_property
    def _timetable(self) -> Timetable:
        return Timetable(self.zone, self.days, self.seasons)


def _micros(moments: Sequence[datetime]) -> Micros:
    return np.array([(moment - EPOCH) // _MICROSECOND for moment in moments], np.int64)


def _moments(micros: Micros) -> list[datetime]:
    return [EPOCH + timedelta(microseconds=at) for at in micros.tolist()]


def _by_clock(limits: Sequence[Limit]) -> Iterator[tuple[ClockKind, NDArray[np.intp]]]:
    """The rows of each clock that occurs."""
    clocks = [limit.clock for limit in limits]
    for kind in dict.fromkeys(clocks):
        yield kind, np.array([row for row, clock in enumerate(clocks) if clock is kind], np.intp)
