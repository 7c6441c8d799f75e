"""Made-up boundaries: whatever the seed, faces tile the outline exactly and edges never cross."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.sample.rules import frame, honeycomb
from onegrid.sample.rules.clip import mesh_within
from onegrid.sample.rules.divide import Place, divide
from onegrid.sample.rules.growth import graph_of, parts
from onegrid.sample.rules.mesh import Mesh, ring_points, rings

BAY = np.array(
    [[118.30, 24.90], [118.45, 24.88], [118.44, 24.97], [118.40, 24.93], [118.37, 25.02], [118.31, 25.01]]
)
FRAME = frame.around(BAY)
seeds = st.integers(0, 2**32)


def faces_of(mesh: Mesh) -> shapely.Geometry:
    found = rings(mesh, np.arange(len(mesh.area)))
    return shapely.polygons([shapely.linearrings(ring_points(mesh, ring[0])) for ring in found.values()])


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_winding_edges_meet_only_in_their_nodes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes, edges = honeycomb.honeycomb(np.zeros(2), np.full(2, 2_000.0), edge=200)
    nodes = honeycomb.shaken(nodes, edge=200, rng=rng)
    lines = shapely.linestrings(honeycomb.winding(nodes, edges, edge=200, rng=rng))
    assert shapely.is_simple(lines).all()
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    pair = first < second
    meet = shapely.intersection(lines[first[pair]], lines[second[pair]])
    assert set(shapely.get_type_id(meet)) == {0}
    shared = [
        set(a) & set(b)
        for a, b in zip(edges[first[pair]].tolist(), edges[second[pair]].tolist(), strict=True)
    ]
    assert all(len(nodes_shared) == 1 for nodes_shared in shared)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_faces_tile_the_outline_without_gap_or_overlap(seed: int) -> None:
    mesh = mesh_within(BAY, frame=FRAME, faces=400, rng=np.random.default_rng(seed))
    faces = faces_of(mesh)
    assert shapely.is_valid(faces).all()
    assert shapely.coverage_is_valid(faces)
    left_over = shapely.coverage_union_all(faces).symmetric_difference(shapely.Polygon(BAY))
    assert left_over.area < 1e-17  # about 1e-7 m2
    assert mesh.area.sum() == pytest.approx(shapely.Polygon(FRAME.metres(BAY)).area)


def test_the_outline_keeps_every_vertex_it_had() -> None:
    mesh = mesh_within(BAY, frame=FRAME, faces=400, rng=np.random.default_rng(1))
    (ring,) = rings(mesh, np.zeros(len(mesh.area), dtype=np.int64))[0]
    assert {tuple(point) for point in BAY.tolist()} <= {tuple(p) for p in ring_points(mesh, ring).tolist()}


def test_the_same_seed_gives_the_same_faces() -> None:
    one, two = (mesh_within(BAY, frame=FRAME, faces=400, rng=np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.points, two.points)
    assert np.array_equal(one.face, two.face)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_every_region_is_one_piece_without_a_hole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mesh = mesh_within(BAY, frame=FRAME, faces=600, rng=rng)
    towns = [Place("350583001", "甲", "town", (-4_000.0, 2_000.0)), Place("350583002", "乙", "town", None)]
    towns[1] = Place("350583002", "乙", "town", (4_000.0, -3_000.0))
    kinds = ("village", "village", "village", "community", "park")
    units = [
        Place(f"35058300{town}{number}", f"{number}村委会", kind, None)
        for town in (1, 2)
        for number, kind in zip(("201", "202", "203", "001", "501"), kinds, strict=True)
    ]
    division = divide(mesh, towns=towns, units=units, grids=70, rng=rng)
    graph = graph_of(mesh)
    for numbers, count in ((division.town, 2), (division.unit, 10), (division.grid, 70)):
        assert sorted(set(numbers.tolist())) == list(range(count))
        assert all(len(found) == 1 for found in rings(mesh, numbers).values())
        for number in range(count):
            assert len(parts(graph, np.flatnonzero(numbers == number).tolist())) == 1
    assert np.array_equal(division.grid_unit[division.grid], division.unit)
    assert all(units[u].town == towns[t].code for u, t in zip(division.unit, division.town, strict=True))
