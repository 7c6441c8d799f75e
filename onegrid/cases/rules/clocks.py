"""The clock of a stage: starts, pauses, resumes, grows. Its limit says on which kind of time it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from onegrid.kernel.calendar import ClockKind, Limit, OfficeCalendar

_SHORTEST = Decimal("0.001")  # hours: a promise already broken still needs a limit above zero
_HOUR = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Clock:
    """A running clock has a `due` moment; a paused one keeps the seconds `left` (negative: overdue)."""

    limit: Limit
    due: datetime | None
    left: float | None = None


def start(limit: Limit, *, at: datetime, calendar: OfficeCalendar) -> Clock:
    """A clock for a whole limit from `at`."""
    return Clock(limit, calendar.due(at, limit))


def at_least(limit: Limit) -> timedelta:
    """A time that passes in any case before the limit is over: days may begin in their middle."""
    whole = limit.clock in {ClockKind.DAYS, ClockKind.WORKING_DAYS}
    return timedelta(days=max(0, float(limit.value) - 1)) if whole else timedelta(hours=float(limit.value))


def promised(due: datetime, *, at: datetime) -> Clock:
    """A clock that ends at a moment promised to the reporter; it runs round the clock."""
    return Clock(promised_limit(due - at), due)


def moment(text: str, *, calendar: OfficeCalendar) -> datetime:
    """The moment that an answer names: one with its zone, or the end of a day in the city."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        found = datetime.combine(found.date() + timedelta(days=1), time.min, ZoneInfo(calendar.zone))
    return found.astimezone(UTC)


def promised_limit(length: timedelta) -> Limit:
    """The limit of a promise, in clock hours; one that lies in the past counts as the shortest limit."""
    hours = (Decimal(length.total_seconds()) / _HOUR).quantize(_SHORTEST)
    return Limit(max(_SHORTEST, hours), ClockKind.CLOCK_HOURS)


def left(clock: Clock, *, at: datetime, calendar: OfficeCalendar) -> float:
    """Seconds left on the clock's own kind of time; negative when overdue."""
    if clock.due is None:
        return clock.left or 0.0
    return calendar.left(at, clock.due, clock.limit.clock)


def pause(clock: Clock, *, at: datetime, calendar: OfficeCalendar) -> Clock:
    """Stop counting and keep what is left."""
    return Clock(clock.limit, None, left(clock, at=at, calendar=calendar))


def resume(clock: Clock, *, at: datetime, calendar: OfficeCalendar) -> Clock:
    """Count again from `at` with exactly the time that was left."""
    return Clock(clock.limit, calendar.resume(at, clock.left or 0.0, clock.limit.clock))


def extend(clock: Clock, extra: Limit, *, calendar: OfficeCalendar) -> Clock:
    """Move the due moment on by `extra`, counted from the old one, so that it never moves back."""
    assert clock.due is not None
    due = max(clock.due, calendar.due(clock.due, extra))
    return replace(clock, limit=_sum(clock, extra, due, calendar), due=due)


def _sum(clock: Clock, extra: Limit, due: datetime, calendar: OfficeCalendar) -> Limit:
    kind = clock.limit.clock
    if extra.clock is kind:
        return Limit(Decimal(clock.limit.value) + Decimal(extra.value), kind)
    assert clock.due is not None
    unit = 3600 if kind in {ClockKind.CLOCK_HOURS, ClockKind.OFFICE_HOURS} else 86400
    grown = Decimal(calendar.left(clock.due, due, kind)) / unit
    return Limit(Decimal(clock.limit.value) + grown.quantize(_SHORTEST), kind)


def moments(clock: Clock, percents: Sequence[int], *, calendar: OfficeCalendar) -> list[datetime]:
    """When each share of the limit (in percent) is used up, if nothing pauses the clock."""
    if clock.due is None or not percents:
        return []
    count = len(percents)
    shares = [percent / 100 for percent in percents]
    return calendar.threshold_many([clock.due] * count, [clock.limit] * count, shares)
