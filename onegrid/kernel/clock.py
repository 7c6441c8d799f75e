"""The one place that reads the clock. Edges call it and pass `now` down; rules never do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def city_time(moment: datetime) -> datetime:
    """A moment as the city's clocks show it, for a reader."""
    return moment.astimezone(ZoneInfo(settings.CITY_TIME_ZONE))
