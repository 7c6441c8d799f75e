"""Areas are true areas; shapes are mended only where that changes nothing."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.territory.rules import areas_m2, coverage
from onegrid.territory.rules.shapes import Mended, Unusable, mend
from onegrid.territory.tests.factories import square


@settings(max_examples=50, deadline=None)
@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(1e-4, 0.02))
def test_an_area_agrees_with_the_geodesic_one(lng: float, lat: float, side: float) -> None:
    box = shapely.box(lng, lat, lng + side, lat + side)
    fine = shapely.segmentize(box, side / 50)  # a geodesic is straight on the ground, not in degrees
    expected = abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(fine)[0])
    assert areas_m2(np.array([box], dtype=object))[0] == pytest.approx(expected, rel=1e-6)


def test_a_ring_that_touches_itself_is_mended_without_changing_its_area() -> None:
    corners = np.array([(0, 0), (1, 1), (2, 0), (2, 2), (1, 1), (0, 2)])  # (1, 1) twice
    mended = mend(shapely.Polygon(corners / 100 + np.array([118, 24])))
    assert isinstance(mended, Mended)
    assert mended.repaired
    assert mended.shape.is_valid
    assert mended.change_m2 < 1


def test_a_crossing_polygon_is_refused_with_the_place_where_it_crosses() -> None:
    bow_tie = shapely.Polygon([(118, 24), (118.1, 24.1), (118.1, 24), (118, 24.1)])
    fault = mend(bow_tie)
    assert isinstance(fault, Unusable)
    assert "Self-intersection[118.05 24.05]" in fault.zh


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (None, "没有可读的边界"),
        (shapely.Polygon(), "没有可读的边界"),
        (shapely.Point(118, 24), "Point"),
        (shapely.LineString([(118, 24), (119, 25)]), "LineString"),
        (shapely.Polygon([(118, 24), (119, np.inf), (119, 24)]), "NaN"),
    ],
)
def test_what_is_no_polygon_is_unusable(shape: shapely.Geometry | None, why: str) -> None:
    with np.errstate(invalid="ignore"):
        fault = mend(shape)
    assert isinstance(fault, Unusable)
    assert why in fault.zh


def test_squares_side_by_side_have_no_gap_and_no_overlap() -> None:
    found = coverage(["a", "b"], np.array([square(0, 0), square(1, 0)], dtype=object))
    assert (found.overlaps, found.gaps, found.sound) == ((), (), True)


def test_an_overlap_is_told_with_both_grids_and_its_square_metres() -> None:
    found = coverage(["b", "a"], np.array([square(0, 0, columns=2), square(1, 0)], dtype=object))
    (overlap,) = found.overlaps
    assert (overlap.first, overlap.second) == ("a", "b")
    assert overlap.m2 == pytest.approx(areas_m2(np.array([square(1, 0)], dtype=object))[0])
    assert square(1, 0).contains(shapely.Point(overlap.lng, overlap.lat))
    assert not found.sound


def test_a_gap_is_told_with_its_neighbours_whether_enclosed_or_at_the_edge_of_its_area() -> None:
    ring = square(0, 0, columns=3, rows=3).difference(square(1, 1))
    (enclosed,) = coverage(["a"], np.array([ring], dtype=object)).gaps
    assert enclosed.beside == ("a",)
    area = {"350583104201000": square(0, 0, columns=3)}
    second = ["350583104201001", "350583104201002"]
    found = coverage(second, np.array([square(0, 0), square(1, 0)], dtype=object), areas=area)
    assert [gap.beside for gap in found.gaps] == [("350583104201002",)]
    assert found.gap_m2 == pytest.approx(enclosed.m2, rel=1e-3)


def test_ground_beyond_the_first_level_grid_is_told() -> None:
    area = {"350583104201000": square(0, 0)}
    found = coverage(["350583104201001"], np.array([square(0, 0, columns=2)], dtype=object), areas=area)
    assert [(each.code, each.first_level) for each in found.beyond] == [
        ("350583104201001", "350583104201000")
    ]
    assert not found.sound


def test_slivers_of_rounding_are_not_reported() -> None:
    nudged = shapely.transform(square(1, 0), lambda degrees: degrees - np.array([1e-12, 0]))
    found = coverage(["a", "b"], np.array([square(0, 0), nudged], dtype=object))
    assert (found.overlaps, found.sound) == ((), True)


def test_no_grids_cover_nothing() -> None:
    found = coverage([], np.array([], dtype=object))
    assert (found.grids, found.area_m2, found.sound) == (0, 0.0, True)
