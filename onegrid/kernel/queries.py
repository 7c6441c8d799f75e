"""Reads of the kernel: the office calendar of this city."""

from django.conf import settings

from onegrid.kernel import stamps
from onegrid.kernel.calendar import OfficeCalendar
from onegrid.kernel.models import CalendarDay, OfficeHours
from onegrid.kernel.office_hours import ALL_YEAR, Period, Season


def _load() -> OfficeCalendar:
    days = dict(CalendarDay.objects.values_list("day", "working"))
    seasons = tuple(_season(start, periods) for start, periods in OfficeHours.objects.values_list())
    return OfficeCalendar(zone=settings.CITY_TIME_ZONE, days=days, seasons=seasons or ALL_YEAR)


def _season(start: str, periods: str) -> Season:
    month, day = start.split("-")
    return Season(int(month), int(day), tuple(Period.parse(text) for text in periods.split()))


_calendar = stamps.Cached("calendar", _load)


def office_calendar() -> OfficeCalendar:
    """The office calendar in force, loaded again when its days or hours change."""
    return _calendar.get()
