"""Who may hold a post, for how long, and who may act for the holder.

Periods are half-open: start <= moment < end."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """From `starts_at` until just before `ends_at`; open-ended where that is None."""

    starts_at: datetime
    ends_at: datetime | None = None

    def contains(self, moment: datetime) -> bool:
        """Whether the moment lies inside."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)

    def overlaps(self, other: "Period") -> bool:
        """Whether some moment lies in both; periods that only touch do not overlap."""
        first = max(self.starts_at, other.starts_at)
        return all(end is None or first < end for end in (self.ends_at, other.ends_at))

    def encloses(self, other: "Period") -> bool:
        """Whether every moment of the other lies in this one."""
        later_end = self.ends_at is None or (other.ends_at is not None and other.ends_at <= self.ends_at)
        return self.starts_at <= other.starts_at and later_end


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
    """Raises DatesOutOfOrder unless the period has at least one moment."""
    if period.ends_at is not None and period.ends_at <= period.starts_at:
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


def cut_off(period: Period, *, at: datetime) -> Period:
    """The period ended at `at`; one that has not begun never takes effect. Raises AlreadyOver."""
    if period.ends_at is not None and period.ends_at <= at:
        raise AlreadyOver(ended=period.ends_at.isoformat(timespec="minutes"))
    return Period(period.starts_at, max(at, period.starts_at))


def check_delegation(
    tenure: Tenure | None,
    *,
    to: WorkerId,
    period: Period,
    delegations: Iterable[Period],
    now: datetime,
    post: str,
    worker: str,
) -> None:
    """A delegation (代办) has dates, lies within the holder's own time, and is the only one then.

    The holder stays accountable. Raises DatesOutOfOrder, AlreadyOver, DelegationWithoutHolder,
    DelegationToHolder or DelegationOverlaps."""
    check_order(period)
    if period.ends_at is None:
        raise DatesOutOfOrder()
    if period.ends_at <= now:
        raise AlreadyOver(ended=period.ends_at.isoformat(timespec="minutes"))
    if tenure is None or not tenure.period.encloses(period):
        raise DelegationWithoutHolder(post=post)
    if tenure.worker_id == to:
        raise DelegationToHolder(post=post, worker=worker)
    if any(period.overlaps(other) for other in delegations):
        raise DelegationOverlaps(post=post)
