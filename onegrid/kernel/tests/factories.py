"""Small makers of kernel values for tests of every context."""

from datetime import UTC, datetime
from uuid import UUID

from onegrid.kernel.history import By, Entry
from onegrid.kernel.ids import new_id

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a plain working Monday, 09:00 in Nan'an
NOBODY = By(None, None, "test")


def entry(subject: UUID | None = None, verb: str = "noted", **body: object) -> Entry:
    """A trail entry of a made-up subject."""
    return Entry("thing", subject or new_id(), verb, MONDAY, NOBODY, body)
