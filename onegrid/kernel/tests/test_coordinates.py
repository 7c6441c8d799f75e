"""Coordinate systems: the published vectors, the way back, and what looks wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.coordinates import (
    Bounds,
    CoordinateSystem,
    UnknownCoordinateSystem,
    bd09_to_gcj02,
    distance_m,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    looks_swapped,
    on_earth,
    to_wgs84,
    wgs84_to_gcj02,
)

Point = tuple[float, float]
NANAN = Bounds(118.14, 24.58, 118.73, 25.33)
VECTORS = [
    ((118.386, 24.960), (118.390889, 24.957368), (118.397449, 24.963068)),
    ((116.404, 39.915), (116.410245, 39.916404), (116.416627, 39.922700)),
    ((118.10, 24.48), (118.104974, 24.477355), (118.111452, 24.483446)),
]
inside_china = st.tuples(st.floats(72.1, 137.7), st.floats(0.9, 55.7))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@pytest.mark.parametrize(("wgs", "gcj", "bd"), VECTORS)
def test_the_published_vectors(wgs: Point, gcj: Point, bd: Point) -> None:
    assert wgs84_to_gcj02(*wgs) == pytest.approx(gcj, abs=6e-7)
    assert gcj02_to_bd09(*wgs84_to_gcj02(*wgs)) == pytest.approx(bd, abs=6e-7)
    assert to_wgs84(*gcj, CoordinateSystem.GCJ02) == pytest.approx(wgs, abs=1e-6)
    assert to_wgs84(*bd, CoordinateSystem.BD09) == pytest.approx(wgs, abs=1e-6)
    assert from_wgs84(*wgs, CoordinateSystem.BD09) == pytest.approx(bd, abs=6e-7)
    assert from_wgs84(*wgs, CoordinateSystem.GCJ02) == pytest.approx(gcj, abs=6e-7)


def test_a_wrong_system_moves_a_point_of_the_county_to_the_next_village() -> None:
    wgs, gcj, bd = VECTORS[0]
    assert distance_m(*wgs, *gcj) == pytest.approx(573, abs=1)
    assert distance_m(*gcj, *bd) == pytest.approx(916, abs=1)


@pytest.mark.parametrize("system", [CoordinateSystem.WGS84, CoordinateSystem.CGCS2000])
def test_cgcs2000_is_taken_as_wgs84(system: CoordinateSystem) -> None:
    assert to_wgs84(118.386, 24.960, system) == (118.386, 24.960)
    assert from_wgs84(118.386, 24.960, system) == (118.386, 24.960)


@given(inside_china)
def test_gcj02_there_and_back_loses_less_than_a_hundredth_of_a_micrometre(point: Point) -> None:
    assert distance_m(*point, *gcj02_to_wgs84(*wgs84_to_gcj02(*point))) < 1e-8


@given(anywhere)
def test_bd09_there_and_back_loses_less_than_a_micrometre(point: Point) -> None:
    assert distance_m(*point, *bd09_to_gcj02(*gcj02_to_bd09(*point))) < 1e-6


@pytest.mark.parametrize("point", [(-71.06, 42.36), (0.0, 0.0), (151.2, -33.9), (72.0, 30.0), (100.0, 56.0)])
def test_points_outside_china_are_left_alone_by_gcj02(point: Point) -> None:
    assert wgs84_to_gcj02(*point) == point
    assert gcj02_to_wgs84(*point) == point


def test_arrays_are_answered_with_arrays_and_nan_stays_nan() -> None:
    lng, lat = np.array([118.386, np.nan, -71.06]), np.array([24.960, 24.9, 42.36])
    moved_lng, moved_lat = wgs84_to_gcj02(lng, lat)
    assert moved_lng[0] == pytest.approx(118.390889, abs=6e-7)
    assert np.isnan(moved_lng[1])
    assert moved_lat[2] == 42.36
    assert np.isnan(gcj02_to_wgs84(lng, lat)[0][1])
    assert np.isnan(to_wgs84(lng, lat, CoordinateSystem.BD09)[0][1])
    assert isinstance(wgs84_to_gcj02(118.386, 24.960)[0], float)


@given(st.lists(anywhere, max_size=5), st.sampled_from(CoordinateSystem))
def test_many_points_are_converted_as_each_one_is(points: list[Point], system: CoordinateSystem) -> None:
    lng, lat = np.array([x for x, _ in points]), np.array([y for _, y in points])
    together = to_wgs84(lng, lat, system)
    assert list(zip(*map(np.ndarray.tolist, together), strict=True)) == [to_wgs84(*p, system) for p in points]


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("WGS84", CoordinateSystem.WGS84),
        ("wgs-84", CoordinateSystem.WGS84),
        (" EPSG:4326 ", CoordinateSystem.WGS84),
        ("4326", CoordinateSystem.WGS84),
        ("epsg:4490", CoordinateSystem.CGCS2000),
        ("CGCS 2000", CoordinateSystem.CGCS2000),
        ("gcj02", CoordinateSystem.GCJ02),
        ("GCJ-02", CoordinateSystem.GCJ02),
        ("bd09", CoordinateSystem.BD09),
        ("bd09ll", CoordinateSystem.BD09),
    ],
)
def test_systems_are_read_as_people_write_them(text: str, system: CoordinateSystem) -> None:
    assert CoordinateSystem.parse(text) is system


@pytest.mark.parametrize("text", ["", "EPSG:4547", "bd09mc", "84", "国家坐标系", "wgs84/gcj02"])
def test_an_unknown_or_missing_system_is_refused(text: str) -> None:
    with pytest.raises(UnknownCoordinateSystem) as refused:
        CoordinateSystem.parse(text)
    assert refused.value.status == 422
    assert f"“{text}”" in refused.value.message("zh")


def test_every_system_has_a_chinese_name() -> None:
    assert [system.zh for system in CoordinateSystem][2] == "GCJ-02（高德、腾讯）"
    assert len({system.zh for system in CoordinateSystem}) == len(CoordinateSystem)


def test_distances() -> None:
    assert distance_m(118.0, 24.0, 118.0, 25.0) == pytest.approx(111_195, abs=1)
    assert distance_m(0.0, 0.0, 180.0, 0.0) == pytest.approx(np.pi * 6_371_008.8)
    many = distance_m(np.array([118.0, 0.0]), np.zeros(2), np.array([118.0, 1.0]), np.zeros(2))
    assert many.tolist() == pytest.approx([0, 111_195], abs=1)


@given(anywhere, anywhere)
def test_distance_is_the_same_both_ways(one: Point, other: Point) -> None:
    assert distance_m(*one, *other) == pytest.approx(distance_m(*other, *one), abs=1e-6)


def test_a_county_takes_points_up_to_five_kilometres_outside() -> None:
    lng = np.array([118.386, 118.14 - 0.049, 118.14 - 0.051, 118.386, 118.386, np.nan])
    lat = np.array([24.960, 24.960, 24.960, 24.58 - 0.044, 24.58 - 0.046, 24.960])
    assert NANAN.contains(lng, lat, margin_m=5000).tolist() == [True, True, False, True, False, False]
    assert NANAN.contains(lng, lat).tolist() == [True, False, False, False, False, False]


def test_swapped_coordinates_are_noticed() -> None:
    lng, lat = np.array([118.386, 24.960, 24.960, np.nan]), np.array([24.960, 118.386, 24.960, 118.386])
    assert looks_swapped(lng, lat, NANAN).tolist() == [False, True, False, False]
    assert looks_swapped(24.960, 118.386, NANAN)


def test_what_is_no_coordinate_at_all() -> None:
    lng, lat = np.array([180.0, 181, np.nan, np.inf, 0]), np.array([-90.0, 0, 0, 0, 91])
    assert on_earth(lng, lat).tolist() == [True, False, False, False, False]
