"""The stepping calendar gives the very moments of the office calendar, whatever the clock and the season."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.kernel.calendar import ClockKind, Limit, OfficeCalendar, statutory_days
from onegrid.kernel.office_hours import OutsideCalendar, Season
from onegrid.kernel.stepping import SteppingCalendar, moment, ticks

SEASONS = (Season.parse(5, 1, "08:00-12:00, 15:00-18:00"), Season.parse(10, 1, "08:00-12:00, 14:30-17:30"))
CALENDARS = [
    OfficeCalendar(days=statutory_days(2024, 2027), seasons=SEASONS),
    OfficeCalendar(zone="America/New_York"),
    OfficeCalendar(seasons=(Season.parse(1, 1, "00:00-24:00"),)),
]
PAIRS = [(one, SteppingCalendar.of(one)) for one in CALENDARS]
START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.one_of(
    st.integers(0, 3 * 365 * 86_400_000_000).map(lambda us: START + timedelta(microseconds=us)),
    st.integers(0, 3 * 365 * 48).map(lambda half: START + timedelta(minutes=30 * half)),
)
LIMITS = st.builds(Limit, st.integers(1, 400).map(lambda tenth: tenth / 10), st.sampled_from(list(ClockKind)))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PAIRS), MOMENTS, LIMITS)
def test_a_limit_runs_out_at_the_same_moment(
    pair: tuple[OfficeCalendar, SteppingCalendar], start: datetime, limit: Limit
) -> None:
    assert pair[1].due(start, limit) == pair[0].due(start, limit)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PAIRS), MOMENTS, LIMITS, st.sampled_from([0.5, 0.8, 1.0, 1.5]))
def test_a_share_of_a_limit_is_used_up_at_the_same_moment(
    pair: tuple[OfficeCalendar, SteppingCalendar], start: datetime, limit: Limit, share: float
) -> None:
    due = pair[0].due(start, limit)
    assert pair[1].threshold(due, limit, share) == pair[0].threshold(due, limit, share)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PAIRS), MOMENTS, MOMENTS, st.sampled_from(list(ClockKind)))
def test_the_same_time_is_left(
    pair: tuple[OfficeCalendar, SteppingCalendar], now: datetime, due: datetime, clock: ClockKind
) -> None:
    assert pair[1].left(now, due, clock) == pair[0].left(now, due, clock)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PAIRS), MOMENTS, st.integers(0, 10**12))
def test_office_time_added_is_office_time_passed(
    pair: tuple[OfficeCalendar, SteppingCalendar], start: datetime, worked: int
) -> None:
    calendar = pair[1]
    done = calendar.at_office(calendar.office(ticks(start)) + worked)
    assert calendar.office(done) == calendar.office(ticks(start)) + worked
    assert moment(ticks(start)) == start
    assert ticks(start) <= calendar.next_open(ticks(start))


def test_what_lies_outside_the_calendar_is_refused_by_both() -> None:
    late = datetime(2070, 1, 1, tzinfo=UTC)
    for calendar in PAIRS[0]:
        with pytest.raises(OutsideCalendar):
            calendar.due(late, Limit.parse("2 working days"))
