"""The one place that reads the clock. Edges call it and pass `now` down; rules never do."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
