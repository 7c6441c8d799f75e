"""The locator answers what geometry answers, for every point and every set of polygons."""

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from onegrid.territory.rules.locator import Locator
from onegrid.territory.rules.raster import Raster
from onegrid.territory.rules.segments import Weights, border_segments

Floats = NDArray[np.float64]


def numbered(polygons: Sequence[BaseGeometry | None]) -> Locator:
    return Locator([f"{350583000000000 + i:015d}" for i in range(len(polygons))], polygons)


def by_geometry(polygons: Sequence[BaseGeometry | None], points: Floats) -> NDArray[np.int64]:
    """The lowest polygon that covers each point, asked one polygon at a time."""
    shapes = shapely.points(points)
    found = np.full(len(points), -1)
    for i in reversed(range(len(polygons))):
        found[shapely.covers(polygons[i], shapes)] = i
    return found


def telling_points(polygons: Sequence[BaseGeometry | None], rng: np.random.Generator) -> Floats:
    """Points that could go wrong: all vertices and their next floating-point neighbours, points on borders,
    corners and centres of the locator's cells, points beyond the box, and points anywhere."""
    shapes = np.array([polygon for polygon in polygons if polygon], dtype=object)
    vertices = shapely.get_coordinates(shapes)
    rings = shapely.get_rings(shapely.get_parts(shapes))
    along = shapely.line_interpolate_point(rings.repeat(9), rng.random(9 * len(rings)), normalized=True)
    middles = (vertices[:-1] + vertices[1:]) / 2
    west, south, east, north = shapely.total_bounds(shapes)
    anywhere = rng.uniform([west - 0.1, south - 0.1], [east + 0.1, north + 0.1], (600, 2))
    near = np.nextafter(vertices.repeat(4, axis=0), rng.choice([-np.inf, np.inf], (4 * len(vertices), 2)))
    raster = Raster.over(border_segments(polygons, Weights(len(polygons))))
    half = rng.integers(0, [[2 * raster.columns, 2 * raster.rows]], (300, 2)) / 2
    lattice = [raster.x0, raster.y0] + half * [raster.width, raster.height]
    mixed = np.column_stack([rng.choice(vertices[:, 0], 200), rng.choice(vertices[:, 1], 200)])
    return np.vstack([vertices, near, shapely.get_coordinates(along), middles, anywhere, lattice, mixed])


def agree(polygons: Sequence[BaseGeometry | None], rng: np.random.Generator) -> None:
    points = telling_points(polygons, rng)
    found = numbered(polygons).locate(points[:, 0], points[:, 1])
    wrong = np.flatnonzero(found != by_geometry(polygons, points))
    assert not len(wrong), f"{len(wrong)} of {len(points)} differ, first at {points[wrong[0]]!r}"


def split(box: tuple[int, int, int, int], rng: np.random.Generator, depth: int) -> list[BaseGeometry]:
    """A box cut again and again by straight lines, so that borders meet in T-junctions without a vertex."""
    west, south, east, north = box
    if depth == 0 or east - west < 2 or north - south < 2:
        return [shapely.box(*box)]
    if rng.random() < 0.5:
        cut = int(rng.integers(west + 1, east))
        return split((west, south, cut, north), rng, depth - 1) + split(
            (cut, south, east, north), rng, depth - 1
        )
    cut = int(rng.integers(south + 1, north))
    return split((west, south, east, cut), rng, depth - 1) + split((west, cut, east, north), rng, depth - 1)


def blob(rng: np.random.Generator) -> BaseGeometry:
    """A polygon or multipolygon, often with holes, whose corners lie on a small lattice."""
    corners = rng.integers(0, 12, (4, 2, 2))
    boxes = [shapely.box(*low, *(low + size + 1)) for low, size in corners]
    ring = boxes[0].buffer(2, join_style="mitre").difference(boxes[0])
    return shapely.union_all([ring, boxes[1], boxes[2]]).difference(boxes[3])


seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_agrees_with_shapely_on_partitions_with_t_junctions(rng: np.random.Generator) -> None:
    agree(split((0, 0, 16, 12), rng, int(rng.integers(0, 6))), rng)


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(3, 60))
def test_agrees_with_shapely_on_irregular_partitions(rng: np.random.Generator, count: int) -> None:
    seats = shapely.multipoints(rng.normal([118.4, 24.9], [0.2, 0.1], (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seats))
    agree([cell for cell in cells if cell.is_valid], rng)


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(1, 9))
def test_agrees_with_shapely_where_grids_overlap_have_holes_or_many_parts(
    rng: np.random.Generator, count: int
) -> None:
    agree([shape for shape in (blob(rng) for _ in range(count)) if shape] + [shapely.box(0, 0, 1, 1)], rng)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_agrees_with_shapely_on_slivers_and_hair_gaps(rng: np.random.Generator) -> None:
    """Neighbours drawn by different hands: their common border differs by less than a millimetre."""
    shapes = shapely.get_parts(
        shapely.delaunay_triangles(shapely.multipoints(rng.uniform([118, 24], [119, 25], (20, 2))))
    )
    corners = shapely.get_coordinates(shapes).reshape(-1, 4, 2)[:, :3]
    moved = shapely.polygons(corners + rng.normal(0, 3e-9, corners.shape))
    agree([shape for shape in (*shapes[::2], *moved[::3]) if shape.is_valid], rng)


def test_a_point_on_a_border_belongs_to_the_lowest_code_whatever_the_order_given() -> None:
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    on_border = np.array([1.0, 1.0, 1.0]), np.array([0.0, 0.5, 1.0])
    for codes in (["350583100200001", "350583100200002"], ["350583100200002", "350583100200001"]):
        assert set(Locator(codes, [west, east]).locate_codes(*on_border)) == {"350583100200001"}
    assert Locator(["b", "a"], [west, east]).locate_codes(np.array([0.5]), np.array([0.5]))[0] == "b"


def test_a_point_that_is_no_place_lies_in_no_grid() -> None:
    locator = numbered([shapely.box(118, 24, 119, 25)])
    lng = np.array([np.nan, 118.5, np.inf, -np.inf, 118.5, 24.5, 1e300, 118.5])
    lat = np.array([24.5, np.nan, 24.5, 24.5, np.inf, 118.5, 24.5, 24.5])
    assert locator.locate(lng, lat).tolist() == [-1] * 7 + [0]
    assert locator.locate_codes(lng, lat)[-2:].tolist() == ["", "350583000000000"]


def test_a_territory_without_shapes_locates_nothing() -> None:
    for polygons in ([], [None, shapely.Polygon()]):
        assert numbered(polygons).locate(np.array([118.0]), np.array([24.0])).tolist() == [-1]


def test_a_missing_shape_does_not_shift_the_others() -> None:
    locator = numbered([None, shapely.box(0, 0, 1, 1), shapely.Polygon(), shapely.box(1, 0, 2, 1)])
    assert locator.locate(np.array([0.5, 1.5]), np.array([0.5, 0.5])).tolist() == [1, 3]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_any_number_of_points_is_answered(count: int) -> None:
    points = np.full(count, 0.5)
    assert numbered([shapely.box(0, 0, 1, 1)]).locate(points, points).tolist() == [0] * count


def test_more_grids_than_fit_the_small_integers_are_located_too() -> None:
    """Beyond 32,767 grids (a prefecture) the weights take 64 bits."""
    x, y = np.meshgrid(np.arange(200.0), np.arange(170.0))
    locator = numbered(list(shapely.box(x, y, x + 1, y + 1).ravel()))
    assert locator.locate((x + 0.5).ravel(), (y + 0.5).ravel()).tolist() == list(range(34000))
    assert locator.locate(np.array([1.0]), np.array([1.0])).tolist() == [0]
