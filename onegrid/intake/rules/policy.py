"""What each channel may do by itself: open a case, or wait for a desk. Editable; these are the defaults."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from onegrid.kernel.refusals import Refusal

from .reports import Channel


class Route(StrEnum):
    """Where a report goes when its place and class are known."""

    OPEN = "open"  # opens or joins a case at once
    POOL = "pool"  # a desk decides first: 入格 or not


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """`repeat_limit` reports on exactly one coordinate within `repeat_window` of each other are believed.

    The next one shows a fallback point of its sender, which is no coordinate. 0 = always believed: a device
    stands where it stands. (One city's fallback point takes 340 reports a week, a busy real address 25.)"""

    channel: Channel
    route: Route
    repeat_limit: int = 30
    repeat_window: timedelta = timedelta(days=7)


DEFAULT_POLICIES = (
    ChannelPolicy(Channel.WORKER, Route.OPEN),
    ChannelPolicy(Channel.RENEWAL, Route.OPEN),
    ChannelPolicy(Channel.PUBLIC, Route.POOL),
    ChannelPolicy(Channel.DEPARTMENT, Route.OPEN),
    ChannelPolicy(Channel.DEVICE, Route.OPEN, repeat_limit=0),
)


class PolicyOutOfRange(Refusal):
    code = "intake.policy-out-of-range"
    zh = "重复坐标的次数应在 0 至 1000 之间，天数应在 1 至 366 之间。"
    en = "The repeat limit must lie between 0 and 1000, its window between 1 and 366 days."
