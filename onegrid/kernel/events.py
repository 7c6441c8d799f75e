"""What an event is: the frozen word of one context to those above it. Pure; outbox.py carries it."""

from dataclasses import dataclass
from typing import ClassVar

from onegrid.kernel.ids import EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, past tense. Subclasses set `topic` (`context.what-happened`).

    Fields may be UUID, datetime, str, int, float, bool, None, tuples of these, or dicts of JSON values.
    `event_id` is given on publishing and is what listeners remember to be idempotent."""

    topic: ClassVar[str]
    event_id: EventId | None = None
