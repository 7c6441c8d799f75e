"""Who holds a post and who may act for the holder."""

from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.ids import PostId, WorkerId
from onegrid.kernel.refusals import Refusal
from onegrid.workforce.rules import (
    AlreadyAppointed,
    AlreadyOver,
    DatesOutOfOrder,
    DelegationOverlaps,
    DelegationToHolder,
    DelegationWithoutHolder,
    Period,
    PostHasPrincipal,
    Tenure,
    check_tenures,
    cut_off,
    tenure_to_delegate,
)

DAY = timedelta(days=1)
START = date(2026, 11, 2)
POST = PostId(UUID(int=1))
WANG, LIN, CHEN = (WorkerId(UUID(int=n)) for n in (11, 12, 13))


def days(first: int, last: int | None = None) -> Period:
    return Period(START + first * DAY, None if last is None else START + last * DAY)


def test_a_post_has_one_principal_at_a_time_but_any_number_of_assistants() -> None:
    standing = [Tenure(POST, WANG, days(0))]
    check_tenures([Tenure(POST, LIN, days(3), principal=False)], standing)
    with pytest.raises(PostHasPrincipal):
        check_tenures([Tenure(POST, LIN, days(3, 5))], standing)


def test_a_successor_may_start_the_day_the_predecessor_leaves() -> None:
    check_tenures([Tenure(POST, LIN, days(5))], [Tenure(POST, WANG, days(0, 5))])


def test_nobody_holds_the_same_post_twice_at_a_time() -> None:
    with pytest.raises(AlreadyAppointed):
        check_tenures([Tenure(POST, WANG, days(1), principal=False)], [Tenure(POST, WANG, days(0))])


def test_two_principals_within_one_batch_are_refused_too() -> None:
    with pytest.raises(PostHasPrincipal):
        check_tenures([Tenure(POST, WANG, days(0)), Tenure(POST, LIN, days(1))], [])


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(DatesOutOfOrder):
        check_tenures([Tenure(POST, WANG, days(3, 3))], [])


def delegate(
    to: WorkerId, period: Period, *, holder: Tenure | None, others: tuple[Period, ...] = ()
) -> Tenure:
    held = [holder] if holder else []
    return tenure_to_delegate(
        held, to=to, period=period, delegations=others, today=START, post="网格长", worker="林"
    )


def test_a_delegation_lies_within_the_time_of_the_holder_who_stays_accountable() -> None:
    wang = Tenure(POST, WANG, days(0, 30))
    assert delegate(LIN, days(2, 5), holder=wang) is wang
    for period in (days(28, 31), days(-2, 5)):
        with pytest.raises(DelegationWithoutHolder):
            delegate(LIN, period, holder=wang)
    with pytest.raises(DelegationWithoutHolder):
        delegate(LIN, days(2, 5), holder=None)


def test_a_delegation_needs_an_end_that_is_still_to_come() -> None:
    wang = Tenure(POST, WANG, days(-9))
    with pytest.raises(DatesOutOfOrder):
        delegate(LIN, days(2), holder=wang)
    with pytest.raises(AlreadyOver):
        delegate(LIN, days(-3, -1), holder=wang)


def test_nobody_is_their_own_delegate_and_there_is_one_delegate_at_a_time() -> None:
    wang = Tenure(POST, WANG, days(0))
    with pytest.raises(DelegationToHolder):
        delegate(WANG, days(2, 5), holder=wang)
    with pytest.raises(DelegationOverlaps):
        delegate(LIN, days(2, 5), holder=wang, others=(days(4, 6),))
    delegate(LIN, days(2, 5), holder=wang, others=(days(5, 6), days(0, 2)))


def test_what_is_cut_off_before_it_begins_never_takes_effect() -> None:
    cut = cut_off(days(5, 9), on=START)
    assert not any(cut.contains(START + n * DAY) for n in range(10))
    with pytest.raises(AlreadyOver):
        cut_off(days(0, 2), on=START + 2 * DAY)


periods = st.builds(
    lambda start, length: days(start, None if length is None else start + length),
    st.integers(0, 10),
    st.none() | st.integers(0, 6),
)
some_days = st.integers(-1, 20).map(lambda n: START + n * DAY)


@given(periods, periods)
def test_overlap_is_symmetric_and_means_a_common_day(one: Period, other: Period) -> None:
    samples = [START + n * DAY for n in range(20)]
    common = any(one.contains(day) and other.contains(day) for day in samples)
    assert one.overlaps(other) == other.overlaps(one) == common


@given(st.lists(st.tuples(st.sampled_from([WANG, LIN, CHEN]), periods, st.booleans()), max_size=6), some_days)
def test_whatever_is_accepted_never_has_two_principals(
    asked: list[tuple[WorkerId, Period, bool]], day: date
) -> None:
    accepted: list[Tenure] = []
    for worker, period, principal in asked:
        tenure = Tenure(POST, worker, period, principal)
        try:
            check_tenures([tenure], accepted)
        except Refusal:
            continue
        accepted.append(tenure)
    now = [tenure for tenure in accepted if tenure.period.contains(day)]
    assert sum(tenure.principal for tenure in now) <= 1
    assert all(one.worker_id != other.worker_id for one, other in combinations(now, 2))
