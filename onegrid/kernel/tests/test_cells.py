"""Cells: hierarchy, and ranges that leave out no point they should hold."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from onegrid.kernel.cells import (
    LEVEL,
    NO_CELL,
    cell_of,
    neighbourhood,
    neighbourhoods,
    parent,
    range_of,
    rectangle,
)
from onegrid.kernel.coordinates import EARTH_RADIUS_M, distance_m

Point = tuple[float, float]
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
in_nanan = st.tuples(st.floats(118.1, 118.7), st.floats(24.5, 25.4))
radii = st.floats(0, 1000) | st.floats(0, 3e7)
levels = st.integers(0, LEVEL)


def one_cell(point: Point) -> int:
    return int(cell_of(*point))


def held(point: Point, ranges: list[tuple[int, int]]) -> bool:
    return any(lo <= one_cell(point) <= hi for lo, hi in ranges)


def going(start: Point, bearing: float, metres: float) -> Point:
    """The point so many metres away on the sphere."""
    lng, lat, angle = math.radians(start[0]), math.radians(start[1]), metres / EARTH_RADIUS_M
    height = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    to_lat = math.asin(max(-1, min(1, height)))
    across = math.sin(bearing) * math.sin(angle) * math.cos(lat)
    to_lng = lng + math.atan2(across, math.cos(angle) - math.sin(lat) * math.sin(to_lat))
    return (math.degrees(to_lng) + 540) % 360 - 180, math.degrees(to_lat)


def test_the_corners_of_the_square_and_a_known_place() -> None:
    assert one_cell((0, 0)) == 3 << 50
    assert one_cell((-180, 0)) == one_cell((180, 0)) == 2 << 50
    assert one_cell((118.386, 24.96)) == 3713226592100947
    assert one_cell((118.386, 24.96)) < 2**53


def test_what_is_no_coordinate_has_no_cell_and_no_ranges() -> None:
    lng, lat = np.array([np.nan, 118.0, 181.0, 118.386]), np.array([24.0, np.inf, 24.0, 24.96])
    assert cell_of(lng, lat).tolist()[:3] == [NO_CELL] * 3
    assert set(neighbourhoods(lng, lat, 50).owner.tolist()) == {3}
    assert neighbourhood(float("nan"), 24.0, 50) == []
    assert rectangle(118, 25, 119, 24) == rectangle(float("nan"), 24, 119, 25) == []


@given(anywhere, levels)
def test_a_leaf_lies_in_the_range_of_its_parents(point: Point, level: int) -> None:
    leaf = one_cell(point)
    lo, hi = range_of(leaf, level=level)
    assert lo <= leaf <= hi
    assert hi - lo + 1 == 4 ** (LEVEL - level)
    assert int(parent(np.array([leaf]), level=level)[0]) == lo


@given(in_nanan, in_nanan)
def test_points_share_a_parent_as_long_as_column_and_row_share_their_first_bits(a: Point, b: Point) -> None:
    for level in (8, 12, 16, 20):
        width = 360 / 2**level
        together = all(
            math.floor((p + 180) / width) == math.floor((q + 180) / width) for p, q in zip(a, b, strict=True)
        )
        assert (range_of(one_cell(a), level=level) == range_of(one_cell(b), level=level)) is together


@given(anywhere, radii, st.floats(0, 2 * math.pi), st.floats(0, 1))
@example((179.99999, 24.0), 500.0, math.pi / 2, 0.9)
@example((-180.0, 24.0), 500.0, 3 * math.pi / 2, 1.0)
@example((118.0, 89.9999), 500.0, 0.0, 1.0)
@example((118.0, -90.0), 500.0, 0.0, 1.0)
@example((0.0, 0.0), 2.1e7, 1.0, 1.0)
def test_every_point_within_the_radius_lies_in_the_ranges(
    centre: Point, radius: float, bearing: float, share: float
) -> None:
    point = going(centre, bearing, radius * share)
    assume(distance_m(*centre, *point) <= radius)
    ranges = neighbourhood(*centre, radius)
    assert held(point, ranges)
    assert len(ranges) <= 9


@given(anywhere, radii)
def test_ranges_are_sorted_and_apart(centre: Point, radius: float) -> None:
    ranges = neighbourhood(*centre, radius)
    assert all(lo <= hi for lo, hi in ranges)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))


@given(in_nanan, st.floats(1, 2000))
def test_ranges_hold_no_more_than_a_few_times_the_circle(centre: Point, radius: float) -> None:
    leaf_m2 = (360 / 2**LEVEL * math.radians(1) * EARTH_RADIUS_M) ** 2 * math.cos(math.radians(centre[1]))
    area = sum(hi - lo + 1 for lo, hi in neighbourhood(*centre, radius)) * leaf_m2
    assert area < 15 * math.pi * radius**2


@given(st.lists(anywhere, max_size=8), st.floats(0, 1e6))
def test_many_points_have_the_ranges_that_each_one_has(points: list[Point], radius: float) -> None:
    lng, lat = np.array([x for x, _ in points]), np.array([y for _, y in points])
    found = neighbourhoods(lng, lat, radius)
    for index, point in enumerate(points):
        mine = found.owner == index
        assert list(zip(found.lo[mine], found.hi[mine], strict=True)) == neighbourhood(*point, radius)


def test_each_point_may_have_its_own_radius() -> None:
    lng, lat = np.array([118.386, 118.386]), np.array([24.96, 24.96])
    found = neighbourhoods(lng, lat, np.array([50.0, 5000.0]))
    second = found.owner == 1
    assert list(zip(found.lo[second], found.hi[second], strict=True)) == neighbourhood(118.386, 24.96, 5000)


@given(anywhere, anywhere, st.tuples(st.floats(0, 1), st.floats(0, 1)), st.integers(1, 20))
@example((170.0, 0.0), (-170.0, 10.0), (0.7, 0.5), 4)
@example((-180.0, -90.0), (180.0, 90.0), (1.0, 1.0), 4)
def test_every_point_of_a_rectangle_lies_in_its_ranges(
    corner: Point, other: Point, within: Point, at_most: int
) -> None:
    (west, east), (south, north) = (corner[0], other[0]), sorted([corner[1], other[1]])
    across = east - west if west <= east else east - west + 360
    lng = min(west + within[0] * across, west + across)
    point = (lng - 360 if lng > 180 else lng, min(south + within[1] * (north - south), north))
    assume(west <= east or point[0] >= west or point[0] <= east)
    ranges = rectangle(west, south, east, north, at_most=at_most)
    assert held(point, ranges)
    assert len(ranges) <= at_most
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


@pytest.mark.parametrize("at_most", [1, 4, 16, 64])
def test_more_ranges_fit_a_view_more_closely(at_most: int) -> None:
    ranges = rectangle(118.31, 24.91, 118.43, 25.02, at_most=at_most)
    covered = sum(hi - lo + 1 for lo, hi in ranges)
    needed = 0.12 * 0.11 / (360 / 2**LEVEL) ** 2
    assert covered < needed * {1: 40, 4: 4, 16: 1.6, 64: 1.2}[at_most]
