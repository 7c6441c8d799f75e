"""Who may hold a post, for how long, and who may act for the holder.

Periods are whole days of the city and half-open: they hold on `starts_on` and no more on `ends_before`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from onegrid.kernel.ids import PostId, WorkerId
from onegrid.workforce.rules.refusals import (
    AlreadyAppointed,
    AlreadyOver,
    DatesOutOfOrder,
    DelegationOverlaps,
    DelegationToHolder,
    DelegationWithoutHolder,
    PostHasPrincipal,
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `starts_on` until the day before `ends_before`; open-ended where that is None."""

    starts_on: date
    ends_before: date | None = None

    def contains(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def overlaps(self, other: "Period") -> bool:
        """Whether some day lies in both; periods that only touch do not overlap."""
        first = max(self.starts_on, other.starts_on)
        return all(end is None or first < end for end in (self.ends_before, other.ends_before))

    def encloses(self, other: "Period") -> bool:
        """Whether every day of the other lies in this one."""
        later_end = self.ends_before is None or (
            other.ends_before is not None and other.ends_before <= self.ends_before
        )
        return self.starts_on <= other.starts_on and later_end


@dataclass(frozen=True, slots=True)
class Tenure:
    """A worker in a post: `principal` answers for it, the others assist. Names are for refusals."""

    post_id: PostId
    worker_id: WorkerId
    period: Period
    principal: bool = True
    post: str = ""
    worker: str = ""


def check_order(period: Period) -> None:
    """Raises DatesOutOfOrder unless the period has at least one day."""
    if period.ends_before is not None and period.ends_before <= period.starts_on:
        raise DatesOutOfOrder()


def check_tenures(new: Sequence[Tenure], standing: Iterable[Tenure]) -> None:
    """A batch of appointments beside those that stand: one principal per post at a time.

    Raises DatesOutOfOrder, PostHasPrincipal, or AlreadyAppointed for the same worker twice in a post."""
    by_post: defaultdict[PostId, list[Tenure]] = defaultdict(list)
    for tenure in standing:
        by_post[tenure.post_id].append(tenure)
    for tenure in new:
        check_order(tenure.period)
        _check_against(tenure, by_post[tenure.post_id])
        by_post[tenure.post_id].append(tenure)


def _check_against(tenure: Tenure, others: Iterable[Tenure]) -> None:
    for other in others:
        if not tenure.period.overlaps(other.period):
            continue
        if tenure.principal and other.principal:
            raise PostHasPrincipal(post=tenure.post)
        if tenure.worker_id == other.worker_id:
            raise AlreadyAppointed(post=tenure.post, worker=tenure.worker)


def cut_off(period: Period, *, on: date) -> Period:
    """The period ended, so that `on` is the first day without it; one not yet begun never takes effect.

    Raises AlreadyOver where it has ended before."""
    if period.ends_before is not None and period.ends_before <= on:
        raise AlreadyOver(ended=period.ends_before.isoformat())
    return Period(period.starts_on, max(on, period.starts_on))


def tenure_to_delegate(
    tenures: Iterable[Tenure],
    *,
    to: WorkerId,
    period: Period,
    delegations: Iterable[Period],
    today: date,
    post: str,
    worker: str,
) -> Tenure:
    """The principal appointment that a delegation (代办) acts for; its holder stays accountable.

    A delegation has two days, lies within the holder's own time, and is the only one then. Raises
    DatesOutOfOrder, AlreadyOver, DelegationWithoutHolder, DelegationToHolder or DelegationOverlaps."""
    check_order(period)
    if period.ends_before is None:
        raise DatesOutOfOrder()
    if period.ends_before <= today:
        raise AlreadyOver(ended=period.ends_before.isoformat())
    held = next((t for t in tenures if t.principal and t.period.encloses(period)), None)
    if held is None:
        raise DelegationWithoutHolder(post=post)
    if held.worker_id == to:
        raise DelegationToHolder(post=post, worker=worker)
    if any(period.overlaps(other) for other in delegations):
        raise DelegationOverlaps(post=post)
    return held
