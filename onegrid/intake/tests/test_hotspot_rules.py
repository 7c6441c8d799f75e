"""Hot spots: what is usual, what is a burst, how often chance alone looks like one, and how a hot spot
lives."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.intake.rules.hotspots import (
    ROWS,
    Earlier,
    Lately,
    Running,
    Seen,
    Settings,
    has_grown,
    name_of,
    scan,
    square_of,
    threshold,
    track,
    usual,
)
from onegrid.intake.rules.hotspots.squares import circle
from onegrid.intake.rules.hotspots.usual import overlap, shrunk
from onegrid.intake.tests.cities import ORIGIN, SETTINGS, middle, reports, town, until
from onegrid.scenarios.rules import Text

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAYS = 60


@pytest.fixture(scope="module")
def limit() -> float:
    """The threshold of the made-up city for two false alarms a month."""
    return threshold(town(1).known, SETTINGS, np.random.default_rng(5))


def test_chance_alone_begins_no_more_hot_spots_than_the_setting_promises(limit: float) -> None:
    """Two a month are promised: four in sixty days, of which chance makes more than nine once in a
    hundred."""
    city = town(1)
    found = reports(city, DAYS * 24 + 168, np.random.default_rng(11))
    running: dict[UUID, Running] = {}
    begun = 0
    for step in range(DAYS * 8):
        hour = 168 + 3.0 * (step + 1)
        lately, now = until(found, hour), NOW + timedelta(hours=hour)
        bursts = scan(lately, city.known, hour=hour % 168, threshold=limit - SETTINGS.ease, settings=SETTINGS)
        first = int(np.searchsorted(found[1], hour - 168))
        seen = [
            Seen(
                frozenset(UUID(int=first + int(index)) for index in burst.members),
                *middle(lately.squares[burst.members]), burst.radius_m, burst.score,
            )
            for burst in bursts
        ]  # fmt: skip
        tracked = track(seen, list(running.values()), threshold=limit, now=now)
        for index in tracked.begins:
            begun += 1
            tracked.goes_on[index] = UUID(int=begun)
        for index, key in tracked.goes_on.items():
            one = seen[index]
            running[key] = Running(key, one.members, one.lng, one.lat, one.radius_m, 1, now)
        for key in tracked.ends:
            del running[key]
    assert begun <= 9


def test_nine_of_ten_bursts_of_twelve_reports_in_three_hours_are_found(limit: float) -> None:
    city = town(1)
    rng = np.random.default_rng(21)
    found = 0
    for _ in range(60):
        quiet = reports(city, 168 + 24, rng)
        hour = 168 + float(rng.uniform(8, 22))
        centre = int(rng.choice(city.squares))
        spread = centre + rng.choice([0, 1, ROWS, ROWS + 1], 12)
        inside = np.isin(spread, city.squares)
        squares = np.concatenate([quiet[0], spread[inside]])
        times = np.concatenate([quiet[1], hour - rng.uniform(0, 3, int(inside.sum()))])
        order = np.argsort(times)
        lately = until((squares[order], times[order]), hour)
        bursts = scan(lately, city.known, hour=hour % 168, threshold=limit, settings=SETTINGS)
        found += any(centre in lately.squares[burst.members] for burst in bursts)
    assert found >= 54


def test_fewer_false_alarms_need_a_higher_score() -> None:
    known = town(1).known
    strict, lax = (threshold(known, Settings(false_alarms=n), np.random.default_rng(5)) for n in (0.2, 20.0))
    assert strict > lax + 1


def burst_at(square: int, count: int) -> Lately:
    """So many reports in one square within the last two hours, and the usual noise."""
    city = town(1)
    squares, times = reports(city, 168, np.random.default_rng(3))
    ages = np.concatenate([168 - times, np.linspace(0.1, 2, count)])
    squares = np.concatenate([squares, np.full(count, square)])
    return Lately(squares[ages >= 0], ages[ages >= 0])


def test_a_burst_is_told_with_what_is_usual_there_and_its_reports(limit: float) -> None:
    square = int(town(1).squares[100])
    lately = burst_at(square, 20)
    first, *_ = scan(lately, town(1).known, hour=0, threshold=limit, settings=SETTINGS)
    assert first.observed == len(first.members) >= 20
    assert first.expected < 5
    assert set(range(len(lately.squares) - 20, len(lately.squares))) <= set(first.members.tolist())


@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_the_order_of_reports_does_not_matter_and_no_two_hot_spots_share_one(seed: int) -> None:
    city, lately = town(1), burst_at(int(town(1).squares[100]), 20)
    mixed = np.random.default_rng(seed).permutation(len(lately.squares))
    one = scan(lately, city.known, hour=0, threshold=2.0, settings=SETTINGS)
    other = scan(
        Lately(lately.squares[mixed], lately.age_h[mixed]),
        city.known,
        hour=0,
        threshold=2.0,
        settings=SETTINGS,
    )
    assert [burst[:5] for burst in one] == [burst[:5] for burst in other]
    members = [index for burst in one for index in burst.members.tolist()]
    assert len(members) == len(set(members))


def test_a_day_on_which_the_whole_city_reports_more_is_no_hot_spot(limit: float) -> None:
    city = town(1)
    busy = town(1, daily=40)
    squares, times = reports(busy, 168, np.random.default_rng(4))
    today = times > 144
    thrice = np.concatenate([squares, *[squares[today]] * 2])
    moved = np.random.default_rng(6).permutation(np.repeat(squares[today], 2))
    whole = Lately(
        np.concatenate([squares, moved]), 168 - np.concatenate([times, np.repeat(times[today], 2)])
    )
    assert len(thrice) == len(whole.squares)
    ages = np.maximum(whole.age_h, 0)
    bursts = scan(Lately(whole.squares, ages), city.known, hour=0, threshold=limit + 3, settings=SETTINGS)
    assert bursts == []


def test_nothing_is_unusual_before_two_weeks_and_a_hundred_reports_are_known() -> None:
    earlier = town(1).earlier
    for weeks, known in ((1.9, False), (2.0, True)):
        few = Earlier(earlier.squares, earlier.grids, earlier.counts, earlier.hours, 0.1, weeks)
        assert usual(few, {}, {}).suffices is known
    none = Earlier(np.array([], np.int64), (), np.array([], np.int64), {}, 0.1, 12.0)
    assert not usual(none, {ORIGIN: "350583100000101"}, {}).suffices
    assert not usual(none, {}, {}).suffices


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30), st.floats(0.1, 50))
def test_what_is_usual_lies_between_a_places_own_count_and_what_is_expected_of_it(
    counts: list[int], prior: float
) -> None:
    found, shape = shrunk(np.array(counts), np.full(len(counts), prior))
    for count, mean in zip(counts, found.tolist(), strict=True):
        assert min(count, prior) - 1e-9 <= mean <= max(count, prior) + 1e-9
    assert (shape > 0).all()


@given(st.floats(0, 168), st.floats(0.5, 168))
def test_a_window_has_as_many_hours_as_it_is_long(hour: float, hours: float) -> None:
    slots = overlap(hour, hours)
    assert slots.sum() == pytest.approx(hours)
    assert (slots <= 1 + 1e-9).all() or hours > 167


def test_the_shares_of_a_week_add_up_and_night_is_quieter_than_morning() -> None:
    known = town(1).known
    assert known.profile.sum(axis=1) == pytest.approx(np.ones(len(known.profile)))
    assert (known.window(10.0, 3.0) > 3 * known.window(4.0, 3.0)).all()


@given(st.floats(0, 3000), st.floats(20, 160))
def test_a_circle_is_round_and_holds_its_middle(radius: float, wide: float) -> None:
    steps = set(circle(radius, wide).tolist())
    assert 0 in steps
    assert steps == {-step for step in steps}


def test_a_place_has_the_square_of_its_coordinates() -> None:
    one, other = square_of(np.array([118.38, 118.38 + 0.002]), np.array([24.95, 24.95])).tolist()
    assert other - one in {ROWS, 2 * ROWS}


def seen(*members: int, lng: float = 118.38, score: float = 9.0) -> Seen:
    return Seen(frozenset(UUID(int=each) for each in members), lng, 24.95, 250.0, score)


def running(number: int, *members: int, lng: float = 118.38, ago: timedelta = timedelta()) -> Running:
    return Running(
        UUID(int=number), frozenset(UUID(int=each) for each in members), lng, 24.95, 250.0, 5, NOW - ago
    )


def test_a_burst_on_the_ground_of_a_running_hot_spot_is_that_one_going_on() -> None:
    tracked = track([seen(1, 2), seen(8, lng=118.5)], [running(70, 2, 3)], threshold=5, now=NOW)
    assert (tracked.goes_on, tracked.begins, tracked.ends) == ({0: UUID(int=70)}, [1], [])
    beside = track([seen(9, lng=118.3815)], [running(70, 2)], threshold=5, now=NOW)
    assert beside.goes_on == {0: UUID(int=70)}


def test_a_faint_burst_keeps_a_hot_spot_alive_and_begins_none() -> None:
    tracked = track(
        [seen(1, score=4.5), seen(8, lng=118.5, score=4.5)], [running(70, 1)], threshold=5, now=NOW
    )
    assert (tracked.goes_on, tracked.begins) == ({0: UUID(int=70)}, [])


def test_a_hot_spot_that_parts_goes_on_as_its_stronger_half_and_two_that_meet_become_one() -> None:
    parted = track([seen(1), seen(2)], [running(70, 1, 2)], threshold=5, now=NOW)
    assert (parted.goes_on, parted.begins) == ({0: UUID(int=70)}, [])
    met = track([seen(1, 2, 3)], [running(70, 1), running(71, 2, 3)], threshold=5, now=NOW)
    assert (met.goes_on, met.ends) == ({0: UUID(int=71)}, [UUID(int=70)])


def test_a_hot_spot_is_over_an_hour_after_it_was_last_seen() -> None:
    young, old = running(70, 1, ago=timedelta(minutes=59)), running(71, 2, ago=timedelta(hours=1))
    assert track([], [young, old], threshold=5, now=NOW).ends == [UUID(int=71)]


def test_growth_is_told_at_twice_what_was_told_last() -> None:
    assert [has_grown(count, 7) for count in (7, 13, 14, 30)] == [False, False, True, True]


def test_a_hot_spot_is_called_after_its_place_and_what_is_reported_most() -> None:
    names = {"C0103": Text("路灯不亮", "Street lamp out"), "E0102": Text("暴露垃圾", "Exposed rubbish")}
    path = "南安市/水头镇/仁福社区/第3网格"
    assert name_of(path, {"C0103": 9, "E0102": 4, "": 1}, names).zh == "水头镇仁福社区 · 路灯不亮等 14 件"
    assert name_of(path, {"C0103": 9}, names).zh == "水头镇仁福社区 · 路灯不亮 9 件"
    assert name_of(path, {"": 6}, names).zh == "水头镇仁福社区 · 未分类事项 6 件"
    assert (
        name_of(path, {"C0103": 9, "": 5}, names).en
        == "水头镇仁福社区 · Street lamp out and others, 14 reports"
    )
