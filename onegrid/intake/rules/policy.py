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
class Limits:
    """How many reports are believed before the next ones wait for a person (rules/abuse.py); 0 = any number.

    Of one reporter, and of one device, within an hour and within 24 hours; with the same text from one
    reporter or device within 24 hours; with the same text from anybody, without a place, within an hour."""

    reporter_hourly: int = 0
    reporter_daily: int = 0
    device_hourly: int = 0
    device_daily: int = 0
    same_text_daily: int = 0
    crowd_hourly: int = 0

    @property
    def highest(self) -> int:
        hourly = (self.reporter_hourly, self.device_hourly, self.crowd_hourly)
        return max(*hourly, self.reporter_daily, self.device_daily, self.same_text_daily)


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """`repeat_limit` reports on exactly one coordinate within `repeat_window` of each other are believed.

    The next one shows a fallback point of its sender, which is no coordinate. 0 = always believed: a device
    stands where it stands. (One city's fallback point takes 340 reports a week, a busy real address 25.)"""

    channel: Channel
    route: Route
    repeat_limit: int = 30
    repeat_window: timedelta = timedelta(days=7)
    limits: Limits = Limits()


# A worker on a busy round reports every minute; what departments and devices send is no person's doing.
WORKER_LIMITS = Limits(120, 600, 120, 600, 200, 0)
PUBLIC_LIMITS = Limits(10, 30, 20, 60, 5, 30)

DEFAULT_POLICIES = (
    ChannelPolicy(Channel.WORKER, Route.OPEN, limits=WORKER_LIMITS),
    ChannelPolicy(Channel.RENEWAL, Route.OPEN, limits=WORKER_LIMITS),
    ChannelPolicy(Channel.PUBLIC, Route.POOL, limits=PUBLIC_LIMITS),
    ChannelPolicy(Channel.DEPARTMENT, Route.OPEN),
    ChannelPolicy(Channel.DEVICE, Route.OPEN, repeat_limit=0),
)


class PolicyOutOfRange(Refusal):
    code = "intake.policy-out-of-range"
    zh = "重复坐标的次数和各项上报上限应在 0 至 1000 之间，天数应在 1 至 366 之间。"
    en = "The repeat limit and all limits must lie between 0 and 1000, the window between 1 and 366 days."
