"""Writes of the kernel: the office calendar as data, and the daily upkeep of its own tables."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from onegrid.kernel import bulk, stamps
from onegrid.kernel.calendar import statutory_days
from onegrid.kernel.models import CalendarDay, IdempotencyKey, OfficeHours
from onegrid.kernel.office_hours import Season

KEEP_IDEMPOTENCY_KEYS = timedelta(days=7)


@transaction.atomic
def load_statutory_days(*, first_year: int, last_year: int) -> int:
    """Load China's statutory holidays and make-up days of these years; returns the days loaded.

    A year that the State Council has not published yet is left out and falls back to Monday to Friday."""
    return set_days(statutory_days(first_year, last_year))


@transaction.atomic
def set_days(days: Mapping[date, bool]) -> int:
    """Put the working state of these days into the office calendar, over what it held for them."""
    CalendarDay.objects.filter(day__in=list(days)).delete()
    written = bulk.insert(
        "kernel_calendar_day",
        ["day", "working", "name"],
        [(day, working, "") for day, working in days.items()],
    )
    stamps.bump("calendar")
    return written


@transaction.atomic
def set_office_hours(seasons: tuple[Season, ...]) -> None:
    """Replace the office hours of the year; the seasons are checked when the calendar is built."""
    OfficeHours.objects.all().delete()
    rows = [(f"{s.month:02d}-{s.day:02d}", " ".join(map(str, s.periods))) for s in seasons]
    bulk.insert("kernel_office_hours", ["season_from", "periods"], rows)
    stamps.bump("calendar")


def forget_idempotency_keys(*, now: datetime) -> int:
    """Drop the answers kept for repeats older than seven days; phones have given up by then."""
    return IdempotencyKey.objects.filter(at__lt=now - KEEP_IDEMPOTENCY_KEYS).delete()[0]
