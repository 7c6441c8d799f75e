"""Fallback points: a coordinate that repeats implausibly often is no coordinate."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.coordinates import Sighting, exact, implausible

WEEK = timedelta(days=7)
DAY = 86_400.0


def sighting(key: int, at: float, *, before: int = 0, limit: int = 3) -> Sighting:
    return Sighting(key, at, before, limit, WEEK)


def test_the_first_ones_are_believed_and_the_rest_is_not() -> None:
    assert implausible([sighting(1, 0.0)] * 5) == [False, False, False, True, True]


def test_other_coordinates_and_reports_without_one_do_not_count() -> None:
    mixed = [sighting(1, 0.0), None, sighting(2, 0.0), sighting(1, 0.0), None, sighting(1, 0.0)]
    assert implausible(mixed) == [False] * 6


def test_a_busy_place_over_a_long_time_stays_a_place() -> None:
    assert implausible([sighting(1, 8 * DAY * i) for i in range(20)]) == [False] * 20


def test_a_device_that_always_stands_there_is_never_doubted() -> None:
    assert implausible([sighting(1, 0.0, before=99, limit=0)]) == [False]


def test_coordinates_are_the_same_to_one_centimetre() -> None:
    lng, lat = np.array([118.3, 118.3, 118.3000001, -71.05]), np.array([24.9, 24.9, 24.9, 42.35])
    _, _, (first, same, east, west) = exact(lng, lat)
    assert first == same
    assert len({int(first), int(east), int(west)}) == 3


@given(
    st.lists(st.tuples(st.integers(1, 3), st.floats(0, 20 * DAY)), max_size=60),
    st.integers(0, 60),
)
def test_a_batch_counts_as_its_parts_do(rows: list[tuple[int, float]], cut: int) -> None:
    whole = implausible([sighting(key, at) for key, at in rows])
    head, tail = rows[:cut], rows[cut:]
    span = WEEK.total_seconds()
    later = [
        sighting(key, at, before=min(3, sum(k == key and abs(t - at) <= span for k, t in head)))
        for key, at in tail
    ]
    assert whole == implausible([sighting(key, at) for key, at in head]) + implausible(later)
