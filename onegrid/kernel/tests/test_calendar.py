"""Limits, office hours, and what the four clocks make of them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.calendar import BadLimit, ClockKind, Limit, OfficeCalendar, statutory_days
from onegrid.kernel.office_hours import BadOfficeHours, OutsideCalendar, Period, Season

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NANAN = OfficeCalendar(days=statutory_days(2004, 2026))
BOSTON = OfficeCalendar(zone="America/New_York", seasons=(Season.parse(1, 1, "09:00-17:00"),))
SEASONAL = OfficeCalendar(
    days=statutory_days(2026, 2026),
    seasons=(Season.parse(6, 1, "08:00-12:00, 15:00-18:00"), Season.parse(10, 1, "08:00-12:00, 14:30-17:30")),
)
WEEKEND_NIGHT = OfficeCalendar(seasons=(Season.parse(3, 1, "00:00-24:00"),))
CALENDARS = st.sampled_from([NANAN, BOSTON, SEASONAL, WEEKEND_NIGHT])

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 11 * 366 * 86_400_000_000).map(lambda us: BEGIN + timedelta(microseconds=us))
clocks = st.sampled_from(ClockKind)
whole_limits = st.builds(Limit, st.integers(1, 400), clocks)
exact_limits = whole_limits.filter(lambda limit: limit.clock is not ClockKind.DAYS)
fine_limits = st.builds(Limit, st.decimals(Decimal("0.01"), 400, places=2), clocks)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "value", "clock", "zh", "en"),
    [
        ("24 clock hours", 24, ClockKind.CLOCK_HOURS, "24小时", "24 hours"),
        ("4 office hours", 4, ClockKind.OFFICE_HOURS, "4个工作时", "4 office hours"),
        ("2 working days", 2, ClockKind.WORKING_DAYS, "2个工作日", "2 working days"),
        ("30 days", 30, ClockKind.DAYS, "30天", "30 days"),
        ("1 working day", 1, ClockKind.WORKING_DAYS, "1个工作日", "1 working day"),
        ("0.5 clock hours", Decimal("0.5"), ClockKind.CLOCK_HOURS, "30分钟", "30 minutes"),
    ],
)
def test_a_limit_is_read_and_said_in_both_languages(
    text: str, value: float, clock: ClockKind, zh: str, en: str
) -> None:
    limit = Limit.parse(text)
    assert limit == Limit(value, clock)
    assert (str(limit), limit.zh, limit.en) == (text, zh, en)


def test_limits_may_be_written_short_or_loosely() -> None:
    assert (
        Limit.parse("3 d")
        == Limit.parse(" 3  days ")
        == Limit.parse("3.0 days")
        == Limit(3.0, ClockKind.DAYS)
    )


@pytest.mark.parametrize(
    "text",
    ["", "4", "hours", "4 hours", "0 days", "-1 days", "4 weeks", "1e3 days", "100001 days", "4 工作日"],
)
def test_what_is_no_limit_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadLimit) as refused:
        Limit.parse(text)
    assert f"“{text}”" in refused.value.message("zh")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0, -1])
def test_a_limit_without_a_positive_amount_is_refused(value: float) -> None:
    with pytest.raises(BadLimit):
        Limit(value, ClockKind.DAYS)


@given(fine_limits)
def test_a_limit_survives_being_written_and_read(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


# Office hours 08:00-12:00 and 14:30-17:30. National Day 2026: 1 to 7 October off, Saturday the 10th and
# Sunday 20 September made up.
@pytest.mark.parametrize(
    ("start", "limit", "due", "why"),
    [
        ("2026-09-30 15:00", "24 clock hours", "2026-10-01 15:00", "round the clock, holiday or not"),
        ("2026-09-30 23:59", "2 clock hours", "2026-10-01 01:59", "over midnight"),
        ("2026-09-28 08:00", "4 office hours", "2026-09-28 12:00", "a whole morning ends at noon"),
        ("2026-09-28 10:00", "4 office hours", "2026-09-28 16:30", "over the lunch break"),
        ("2026-09-28 12:30", "4 office hours", "2026-09-29 09:00", "from 14:30, three hours today"),
        ("2026-09-28 05:00", "1 office hour", "2026-09-28 09:00", "nothing before the office opens"),
        ("2026-09-30 15:00", "4 office hours", "2026-10-08 09:30", "over the National Day holiday"),
        ("2026-10-09 17:00", "1 office hour", "2026-10-10 08:30", "a made-up Saturday is worked"),
        ("2026-10-10 17:00", "1 office hour", "2026-10-12 08:30", "then Sunday is off"),
        ("2026-09-28 09:00", "1 working day", "2026-09-29 17:30", "the start day does not count"),
        ("2026-09-28 23:59", "1 working day", "2026-09-29 17:30", "however late on that day"),
        ("2026-09-26 10:00", "1 working day", "2026-09-28 17:30", "from Saturday to Monday"),
        ("2026-09-30 09:00", "2 working days", "2026-10-09 17:30", "over the holiday"),
        ("2026-10-08 09:00", "2 working days", "2026-10-10 17:30", "a made-up Saturday is a working day"),
        ("2026-09-28 09:00", "0.5 working days", "2026-09-29 11:30", "half of seven office hours"),
        ("2026-09-28 09:00", "1.5 working days", "2026-09-30 11:30", "half of the second day"),
        ("2026-09-28 09:00", "1 day", "2026-09-29 17:30", "the start day does not count"),
        ("2026-10-12 09:00", "30 days", "2026-11-11 17:30", "calendar days"),
        ("2026-09-28 09:00", "3 days", "2026-10-08 17:30", "ends in the holiday: the next working day"),
        ("2026-09-17 09:00", "3 days", "2026-09-20 17:30", "ends on a made-up Sunday"),
        ("2026-09-28 09:00", "1.5 days", "2026-09-30 17:30", "part of a day counts as a day"),
        ("2026-12-31 09:00", "1 working day", "2027-01-01 17:30", "beyond the known years: Monday to Friday"),
    ],
)
def test_due_moments(start: str, limit: str, due: str, why: str) -> None:
    assert NANAN.due(at(start), Limit.parse(limit)) == at(due), why


@pytest.mark.parametrize(
    ("start", "limit", "due", "why"),
    [
        ("2026-05-29 15:30", "3 office hours", "2026-06-01 09:00", "winter hours: two hours left on Friday"),
        ("2026-06-01 11:00", "2 office hours", "2026-06-01 16:00", "summer break until 15:00"),
        ("2026-09-30 17:30", "1 office hour", "2026-10-08 08:30", "summer until 18:00"),
        ("2026-05-29 10:00", "1 working day", "2026-06-01 18:00", "closes at the summer hour"),
        ("2026-01-05 13:00", "1 office hour", "2026-01-05 15:30", "the autumn season runs over the new year"),
    ],
)
def test_office_hours_change_with_the_season(start: str, limit: str, due: str, why: str) -> None:
    assert SEASONAL.due(at(start), Limit.parse(limit)) == at(due), why


@pytest.mark.parametrize(
    ("start", "limit", "due", "why"),
    [
        ("2026-03-06 16:00", "2 office hours", "2026-03-09 10:00", "clocks go forward on Sunday the 8th"),
        ("2026-03-07 12:00", "24 clock hours", "2026-03-08 13:00", "that day has 23 hours"),
        ("2026-10-31 12:00", "24 clock hours", "2026-11-01 11:00", "that day has 25 hours"),
        ("2026-10-30 12:00", "1 working day", "2026-11-02 17:00", "clocks go back on Sunday"),
        ("2026-10-30 12:00", "30 days", "2026-11-30 17:00", "30 November, Sunday 29th put off"),
        ("2026-07-03 12:00", "1 working day", "2026-07-06 17:00", "no Chinese holidays in this calendar"),
    ],
)
def test_a_city_with_daylight_saving_keeps_its_wall_clock(start: str, limit: str, due: str, why: str) -> None:
    assert BOSTON.due(at(start, NEW_YORK), Limit.parse(limit)) == at(due, NEW_YORK), why


def test_office_time_over_a_change_of_the_clocks_is_real_time() -> None:
    sunday_too = OfficeCalendar(
        zone="America/New_York",
        days={date(2026, 3, 8): True, date(2026, 11, 1): True},
        seasons=(Season.parse(1, 1, "00:00-08:00"),),
    )
    hours = ClockKind.OFFICE_HOURS
    assert sunday_too.spent(at("2026-03-08", NEW_YORK), at("2026-03-08 12:00", NEW_YORK), hours) == 7 * 3600
    assert sunday_too.spent(at("2026-11-01", NEW_YORK), at("2026-11-01 12:00", NEW_YORK), hours) == 9 * 3600


@pytest.mark.parametrize("hours", ["02:00-03:00", "02:30-03:00", "02:30-03:30, 04:00-05:00"])
def test_office_hours_that_a_change_of_the_clocks_swallows_cost_nothing(hours: str) -> None:
    night = OfficeCalendar(
        zone="America/New_York", days={date(2026, 3, 8): True}, seasons=(Season.parse(1, 1, hours),)
    )
    start, limit = at("2026-03-06 12:00", NEW_YORK), Limit.parse("5 office hours")
    assert night.spent(start, night.due(start, limit), limit.clock) == limit.seconds


def test_the_statutory_days_know_holidays_and_made_up_days() -> None:
    days = statutory_days(2003, 2099)
    assert days[date(2026, 10, 1)] is False
    assert days[date(2026, 10, 10)] is True
    assert days[date(2026, 10, 11)] is False
    assert date(2003, 12, 31) not in days
    assert set(statutory_days(2025, 2025)) == {date(2025, 1, 1) + timedelta(n) for n in range(365)}


def test_a_calendar_says_how_far_its_data_reach() -> None:
    assert OfficeCalendar(days=statutory_days(2024, 2025)).known_until == date(2025, 12, 31)
    assert BOSTON.known_until is None
    assert NANAN.is_working(date(2026, 10, 10))
    assert not NANAN.is_working(date(2040, 1, 1))
    assert NANAN.is_working(date(2040, 1, 2))


@pytest.mark.parametrize("text", ["", "8-12", "12:00-08:00", "08:00-08:00", "08:00-25:00", "08:60-09:00"])
def test_wrong_office_hours_are_refused(text: str) -> None:
    with pytest.raises(BadOfficeHours):
        Period.parse(text)


def test_overlapping_or_missing_office_hours_are_refused() -> None:
    with pytest.raises(BadOfficeHours):
        Season.parse(1, 1, "08:00-12:00, 11:00-13:00")
    with pytest.raises(BadOfficeHours):
        Season.parse(2, 30, "08:00-12:00")
    with pytest.raises(BadOfficeHours):
        Season(1, 1, ())
    with pytest.raises(BadOfficeHours):
        OfficeCalendar(seasons=()).due(at("2026-01-05"), Limit.parse("1 office hour"))


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        ("1999-12-31 09:00", "1 working day"),
        ("1999-12-31 09:00", "1 day"),
        ("1999-12-31 09:00", "1 office hour"),
        ("2061-01-02 09:00", "1 office hour"),
        ("2060-12-31 09:00", "1 working day"),
        ("2060-12-31 09:00", "1 day"),
        ("2026-01-01 09:00", "100000 office hours"),
    ],
)
def test_moments_beyond_the_calendar_are_refused(start: str, limit: str) -> None:
    with pytest.raises(OutsideCalendar):
        NANAN.due(at(start), Limit.parse(limit))


def test_thresholds_of_a_limit() -> None:
    start, limit = at("2026-09-28 10:00"), Limit.parse("4 office hours")
    assert NANAN.fraction_at(start, limit, 0.5) == at("2026-09-28 12:00")
    assert NANAN.fraction_at(start, limit, 0.8) == at("2026-09-28 15:42")
    assert NANAN.fraction_at(start, limit, 1) == NANAN.due(start, limit) == at("2026-09-28 16:30")
    assert NANAN.fraction_at(start, limit, 1.5) == at("2026-09-29 09:00")
    days = Limit.parse("2 working days")
    assert NANAN.fraction_at(start, days, 0.5) == at("2026-09-29 17:30")
    assert NANAN.fraction_at(start, days, 1.5) == at("2026-10-08 17:30")
    assert NANAN.share_at(at("2026-09-28 15:42"), at("2026-09-28 16:30"), limit) == pytest.approx(0.8)


def test_a_promised_moment_outside_office_hours_is_kept_as_it_is() -> None:
    promised, limit = at("2026-10-03 10:00"), Limit.parse("4 office hours")
    assert NANAN.threshold(promised, limit, 1) == promised


def test_empty_batches_are_answered_with_nothing() -> None:
    assert NANAN.due_many([], []) == []
    assert NANAN.threshold_many([], [], []) == []


def office_seconds(calendar: OfficeCalendar, start: datetime, end: datetime) -> float:
    """Office time between two moments, summed day by day with the standard library: the slow, plain way."""
    zone = ZoneInfo(calendar.zone)
    day, total = start.astimezone(zone).date(), 0.0
    while day <= end.astimezone(zone).date():
        before = [s for s in calendar.seasons if (s.month, s.day) <= (day.month, day.day)]
        season = max(before or calendar.seasons, key=lambda s: (s.month, s.day))
        for period in season.periods if calendar.is_working(day) else ():
            midnight = datetime.combine(day, time())
            opens, closes = (
                (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
                for minutes in (period.starts, period.ends)
            )
            total += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
        day += timedelta(1)
    return total


@given(CALENDARS, moments, st.timedeltas(timedelta(0), timedelta(40)))
def test_office_time_spent_is_the_sum_of_the_open_hours(
    calendar: OfficeCalendar, start: datetime, span: timedelta
) -> None:
    spent = calendar.spent(start, start + span, ClockKind.OFFICE_HOURS)
    assert spent == pytest.approx(office_seconds(calendar, start, start + span), abs=1e-5)


@given(CALENDARS, moments, fine_limits, fine_limits)
def test_due_never_moves_earlier_when_the_limit_grows(
    calendar: OfficeCalendar, start: datetime, one: Limit, other: Limit
) -> None:
    less, more = sorted([Decimal(one.value), Decimal(other.value)])
    early, late = calendar.due_many([start, start], [Limit(less, one.clock), Limit(more, one.clock)])
    assert start < early <= late


@given(CALENDARS, moments, st.timedeltas(timedelta(0), timedelta(400)), fine_limits)
def test_due_never_moves_earlier_when_the_start_moves_later(
    calendar: OfficeCalendar, start: datetime, delay: timedelta, limit: Limit
) -> None:
    early, late = calendar.due_many([start, start + delay], [limit, limit])
    assert early <= late


@given(CALENDARS, moments, exact_limits)
def test_a_limit_is_spent_exactly_when_it_is_due(
    calendar: OfficeCalendar, start: datetime, limit: Limit
) -> None:
    assert calendar.spent(start, calendar.due(start, limit), limit.clock) == limit.seconds


@given(CALENDARS, moments, st.timedeltas(timedelta(0), timedelta(60)), fine_limits)
def test_a_hold_of_no_length_changes_nothing(
    calendar: OfficeCalendar, start: datetime, later: timedelta, limit: Limit
) -> None:
    due = calendar.due(start, limit)
    held = start + later
    assert calendar.resume(held, calendar.left(held, due, limit.clock), limit.clock) == due


@given(CALENDARS, moments, st.tuples(*[st.timedeltas(timedelta(0), timedelta(60))] * 2), fine_limits)
def test_holding_and_resuming_conserves_the_time_left(
    calendar: OfficeCalendar, start: datetime, spans: tuple[timedelta, timedelta], limit: Limit
) -> None:
    due, held = calendar.due(start, limit), start + spans[0]
    resumed = held + spans[1]
    left = calendar.left(held, due, limit.clock)
    again = calendar.resume(resumed, left, limit.clock)
    assert calendar.left(resumed, again, limit.clock) == pytest.approx(left, abs=1e-4)
    assert again >= due


@given(CALENDARS, moments, whole_limits, st.lists(st.floats(0.5, 3), min_size=2, max_size=4))
def test_thresholds_come_in_the_order_of_their_shares(
    calendar: OfficeCalendar, start: datetime, limit: Limit, shares: list[float]
) -> None:
    due = calendar.due(start, limit)
    passed = [calendar.threshold(due, limit, share) for share in sorted(shares)]
    assert passed == sorted(passed)
    for share, moment in zip(sorted(shares), passed, strict=True):
        assert moment >= start
        assert moment <= due if share <= 1 else moment >= due
        assert calendar.share_at(moment, due, limit) == pytest.approx(share, abs=1e-6)


@given(CALENDARS, st.lists(st.tuples(moments, fine_limits), max_size=12))
def test_a_batch_is_due_as_its_members_are(
    calendar: OfficeCalendar, rows: list[tuple[datetime, Limit]]
) -> None:
    starts, limits = [start for start, _ in rows], [limit for _, limit in rows]
    assert calendar.due_many(starts, limits) == [calendar.due(*row) for row in rows]


@given(CALENDARS, moments, st.floats(0, 1e6), clocks)
def test_adding_time_never_goes_back_and_costs_what_was_added(
    calendar: OfficeCalendar, start: datetime, seconds: float, clock: ClockKind
) -> None:
    end = calendar.add(start, seconds, clock)
    assert end >= start
    assert calendar.left(start, end, clock) == pytest.approx(seconds, abs=1e-5)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("0.1667 clock hours", "10分钟", "10 minutes"),
        ("0.33 clock hours", "20分钟", "20 minutes"),
        ("0.5 office hours", "30个工作分钟", "30 office minutes"),
        ("1 clock hour", "1小时", "1 hour"),
        ("1.5 clock hours", "1.5小时", "1.5 hours"),
        ("0.5 working days", "0.5个工作日", "0.5 working days"),
    ],
)
def test_less_than_an_hour_is_said_in_minutes(written: str, zh: str, en: str) -> None:
    limit = Limit.parse(written)
    assert (limit.zh, limit.en) == (zh, en)
