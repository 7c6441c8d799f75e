"""Office hours: when the offices of one place are open, laid out in arrays over all the years.

The timetable knows two readings that only advance while an office is open: the office time since its first
year, and the working days since then, where each working day counts 24 hours spread evenly over its office
hours. Both are integers in microseconds; moments are microseconds of UTC since 1970. Daylight saving follows
the time zone: a local time that occurs twice is the first one, one that does not occur is put forward."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.refusals import Refusal

FIRST_YEAR, LAST_YEAR = 2000, 2060
MINUTE = 60_000_000  # microseconds
DAY = 1440 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Micros = NDArray[np.int64]


class BadOfficeHours(Refusal):
    """Office hours that end before they start, overlap, or leave a part of the year without any."""

    code = "kernel.bad-office-hours"
    zh = "办公时间“{given}”有误：须写成“08:00-12:00”，先后有序、互不重叠，且全年每个季节都有。"
    en = "Office hours '{given}' are wrong: write '08:00-12:00', in order, without overlap, for every season."


class OutsideCalendar(Refusal):
    """The moment lies outside the years the office calendar spans."""

    code = "kernel.outside-calendar"
    zh = "时间超出办公日历的范围（{first}年至{last}年）。"
    en = "The time lies outside the office calendar ({first} to {last})."


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of office hours within one day, in minutes after midnight."""

    starts: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.starts < self.ends <= 1440:
            raise BadOfficeHours(given=str(self))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read "08:00-12:00"; midnight at the end of the day is 24:00."""
        found = re.fullmatch(r"\s*(\d{1,2}):([0-5]\d)\s*[-–—]\s*(\d{1,2}):([0-5]\d)\s*", text)
        if found is None:
            raise BadOfficeHours(given=text)
        hour, minute, to_hour, to_minute = map(int, found.groups())
        return cls(hour * 60 + minute, to_hour * 60 + to_minute)

    def __str__(self) -> str:
        return "-".join(f"{at // 60:02d}:{at % 60:02d}" for at in (self.starts, self.ends))


@dataclass(frozen=True)
class Season:
    """Office hours in force from a month and day until the next season starts, over the turn of the year."""

    month: int
    day: int
    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        try:
            date(2000, self.month, self.day)
        except ValueError:
            raise BadOfficeHours(given=f"{self.month}-{self.day}") from None
        in_order = all(earlier.ends <= later.starts for earlier, later in pairwise(self.periods))
        if not self.periods or not in_order:
            raise BadOfficeHours(given=", ".join(map(str, self.periods)))

    @classmethod
    def parse(cls, month: int, day: int, text: str) -> "Season":
        """Read office hours such as "08:00-12:00, 14:30-17:30", in force from that day of the year."""
        return cls(month, day, tuple(Period.parse(part) for part in re.split("[,，、]", text)))


ALL_YEAR = (Season.parse(1, 1, "08:00-12:00, 14:30-17:30"),)


class Timetable:
    """The office hours of every day from the first to the last year, and the time worked up to each."""

    def __init__(self, zone: str, worked: Mapping[date, bool], seasons: Sequence[Season]) -> None:
        if not seasons:
            raise BadOfficeHours(given="")
        first, last = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR + 1}-01-01")
        days = np.arange(first, last + 1)
        to_utc = _to_utc(ZoneInfo(zone))
        self._midnights = to_utc(_local_midnights(days))
        working = _working(days[:-1], worked)
        self._worked: Micros = np.cumsum(working)  # working days up to and with each day
        self._worked_before: Micros = self._worked - working
        day, self._opens, self._closes = _periods(days[:-1], working, seasons, to_utc)
        self._after: Micros = np.cumsum(self._closes - self._opens)  # office time up to each closing
        self._before: Micros = self._after - (self._closes - self._opens)
        ordinal, each = self._worked[day] - 1, np.arange(self._worked[-1])
        self._day_before: Micros = self._before[np.searchsorted(ordinal, each)]
        self._day_after: Micros = self._after[np.searchsorted(ordinal, each, "right") - 1]
        self._day_minutes: Micros = (self._day_after - self._day_before) // MINUTE

    def lists(self) -> tuple[list[int], ...]:
        """The readings at every day and period as plain lists, for a calendar that steps moment by moment."""
        kept = (
            self._midnights, self._worked, self._worked_before, self._opens, self._closes, self._after,
            self._before, self._day_before, self._day_after, self._day_minutes,
        )  # fmt: skip
        return tuple(array.tolist() for array in kept)

    def office_time(self, moment: Micros) -> Micros:
        """Office time passed by a moment."""
        self._day(moment)
        nth = np.maximum(np.searchsorted(self._opens, moment, "right") - 1, 0)
        inside = np.clip(moment, self._opens[nth], self._closes[nth]) - self._opens[nth]
        return self._before[nth] + inside

    def at_office_time(self, office: Micros) -> Micros:
        """The first moment by which so much office time has passed."""
        _demand((office >= 0) & (office <= self._after[-1]))
        nth = np.searchsorted(self._after, office)
        return self._opens[nth] + office - self._before[nth]

    def working_days(self, moment: Micros) -> Micros:
        """Working days passed by a moment, 24 hours each."""
        office = self.office_time(moment)
        day = np.searchsorted(self._day_after, office)
        return day * DAY + (office - self._day_before[day]) * 1440 // self._day_minutes[day]

    def at_working_days(self, reading: Micros) -> Micros:
        """The first moment by which so many working days have passed."""
        day = np.maximum((reading - 1) // DAY, 0)
        _demand((reading >= 0) & (day < len(self._day_after)))
        inside = -(-(reading - day * DAY) * self._day_minutes[day] // 1440)
        return self.at_office_time(self._day_before[day] + inside)

    def working_days_with(self, moment: Micros) -> Micros:
        """Working days passed when the local day of a moment is over."""
        return self._worked[self._day(moment)] * DAY

    def day_end(self, moment: Micros) -> Micros:
        """The midnight that ends the local day of a moment."""
        return self._midnights[self._day(moment) + 1]

    def close_after(self, moment: Micros, days: Micros) -> Micros:
        """When the office closes on the n-th day after the local day of a moment, or the next working day."""
        last = self._day(moment) + days
        _demand(last < len(self._worked))
        nth = self._worked_before[last]
        _demand(nth < len(self._day_after))
        return self.at_office_time(self._day_after[nth])

    def _day(self, moment: Micros) -> NDArray[np.intp]:
        day = np.searchsorted(self._midnights, moment, "right") - 1
        _demand((day >= 0) & (day < len(self._worked)))
        return day


def _demand(inside: NDArray[np.bool_]) -> None:
    if not inside.all():
        raise OutsideCalendar(first=FIRST_YEAR, last=LAST_YEAR)


def _local_midnights(days: NDArray[np.datetime64]) -> Micros:
    return days.astype("datetime64[us]").astype(np.int64)


def _working(days: NDArray[np.datetime64], worked: Mapping[date, bool]) -> NDArray[np.bool_]:
    """Monday to Friday, unless the data say otherwise."""
    working = np.is_busday(days)
    offsets = np.array([day.toordinal() for day in worked], np.int64) - date(FIRST_YEAR, 1, 1).toordinal()
    flags = np.fromiter(worked.values(), bool, len(worked))
    inside = (offsets >= 0) & (offsets < len(days))
    working[offsets[inside]] = flags[inside]
    return working


def _periods(
    days: NDArray[np.datetime64],
    working: NDArray[np.bool_],
    seasons: Sequence[Season],
    to_utc: Callable[[Micros], Micros],
) -> tuple[NDArray[np.intp], Micros, Micros]:
    """Every office period of the years in order: index of its day, opening and closing."""
    ordered = sorted(seasons, key=lambda season: (season.month, season.day))
    months = days.astype("datetime64[M]")
    of_year = (months.astype(np.int64) % 12 + 1) * 100 + (days - months).astype(np.int64) + 1
    season = np.searchsorted([s.month * 100 + s.day for s in ordered], of_year, "right") - 1
    season[season < 0] = len(ordered) - 1
    midnight = _local_midnights(days)
    index, opens, closes = [], [], []
    for number, one in enumerate(ordered):
        inside = np.flatnonzero(working & (season == number))
        for period in one.periods:
            index.append(inside)
            opens.append(to_utc(midnight[inside] + period.starts * MINUTE))
            closes.append(to_utc(midnight[inside] + period.ends * MINUTE))
    day, opening, closing = np.concatenate(index), np.concatenate(opens), np.concatenate(closes)
    order = np.lexsort((opening, day))
    closing = np.maximum.accumulate(closing[order])
    opening = np.minimum(opening[order], closing)
    return day[order], opening, closing


def _to_utc(zone: ZoneInfo) -> Callable[[Micros], Micros]:
    """The conversion of local wall-clock times to UTC over the years of the timetable."""
    switches, offsets = _switches(zone)
    earlier, later = offsets[:-1], offsets[1:]
    walls = switches + np.maximum(earlier, later)

    def to_utc(local: Micros) -> Micros:
        return local - offsets[np.searchsorted(walls, local, "right")]

    return to_utc


def _switches(zone: ZoneInfo) -> tuple[Micros, Micros]:
    """When the zone's offset from UTC changes, and the offsets before, between and after."""

    def offset(second: int) -> int:
        found = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
        return 0 if found is None else int(found.total_seconds())

    week = 7 * 86_400
    start = int(datetime(FIRST_YEAR - 1, 12, 1, tzinfo=UTC).timestamp())
    stop = int(datetime(LAST_YEAR + 1, 2, 1, tzinfo=UTC).timestamp())
    switches, offsets = [], [offset(start)]
    for low in range(start, stop, week):
        before, high = low, low + week
        if offset(high) == offsets[-1]:
            continue
        while high - before > 1:
            middle = (before + high) // 2
            before, high = (middle, high) if offset(middle) == offsets[-1] else (before, middle)
        switches.append(high)
        offsets.append(offset(low + week))
    return np.array(switches, np.int64) * 1_000_000, np.array(offsets, np.int64) * 1_000_000
