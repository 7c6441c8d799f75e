"""The sample city: the numbers of the source text, real names and codes, exact borders."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from onegrid.sample import queries
from onegrid.sample.rules import frame
from onegrid.sample.rules.city import City, plan_city
from onegrid.sample.rules.divide import Place
from onegrid.sample.rules.numbering import labels, unit_name

OUTLINE = queries.county_outline()
COUNTY = shapely.Polygon(OUTLINE)
FRAME = frame.around(OUTLINE)
SHARED = Path(__file__).parents[4] / "shared" / "data"


@cache
def city(scale: float = 1.0, seed: int = 1) -> City:
    towns, units = queries.places(FRAME)
    return plan_city(OUTLINE, towns, units, frame=FRAME, scale=scale, rng=np.random.default_rng(seed))


def shapes(level: int, scale: float = 1.0) -> list[shapely.Polygon]:
    return [grid.polygon for grid in city(scale).level(level)]


def test_it_has_the_grids_of_the_source_text() -> None:
    assert len(city().level(1)) == 445
    assert len(city().level(2)) == 3_372
    assert len(city().towns) == 27
    assert sum(unit.kind in {"village", "community"} for unit in city().units) == 430
    assert sum(unit.exclusive for unit in city().units) == 15


@pytest.mark.parametrize("level", [1, 2])
def test_the_grids_of_a_level_tile_the_real_outline_exactly(level: int) -> None:
    assert shapely.is_valid(shapes(level)).all()
    assert shapely.coverage_is_valid(shapes(level))
    assert shapely.coverage_union_all(shapes(level)).symmetric_difference(COUNTY).area == 0


def test_every_point_of_the_county_lies_in_exactly_one_grid() -> None:
    rng = np.random.default_rng(3)
    low, high = np.array(COUNTY.bounds).reshape(2, 2)
    points = shapely.points(low + rng.random((40_000, 2)) * (high - low))
    points = points[shapely.contains(COUNTY, points)]
    hits = shapely.STRtree(shapes(2)).query(points, predicate="intersects")[0]
    assert np.array_equal(np.bincount(hits, minlength=len(points)), np.ones(len(points), dtype=np.int64))


def test_a_first_level_grid_is_its_second_level_grids() -> None:
    within: dict[str, list[shapely.Polygon]] = {}
    for grid in city().level(2):
        within.setdefault(grid.code[:12], []).append(grid.polygon)
    for grid in city().level(1):
        assert shapely.coverage_union_all(within[grid.code[:12]]).equals(grid.polygon)


def test_grids_have_about_sixty_vertices_and_about_six_tenths_of_a_square_kilometre() -> None:
    assert 55 <= shapely.get_num_coordinates(shapes(2)).mean() <= 65
    area = np.array([shapely.Polygon(FRAME.metres(shapely.get_coordinates(s))).area for s in shapes(2)]) / 1e6
    assert area.mean() == pytest.approx(0.6, abs=0.02)
    assert area.min() > 0.05


def test_codes_are_unique_and_say_what_a_grid_is() -> None:
    codes = [grid.code for grid in city().grids]
    assert len(set(codes)) == len(codes)
    for grid in city().grids:
        number = int(grid.code[12:])
        assert grid.level == (1 if number == 0 else 2)
        if number:
            assert grid.exclusive == (600 <= number < 800)
            assert grid.exclusive or 1 <= number < 600
    assert all(grid.exclusive for grid in city().grids if grid.code[9] == "5")


def test_grids_are_numbered_from_the_north_west() -> None:
    place = Place("350583119201", "某村委会", "village", None)
    centre = np.array([[0.0, 0.0], [1000.0, 10.0], [0.0, 1000.0], [1000.0, 990.0]])
    found = labels(place, centre, np.full(4, 1e6), seat_of=None)
    assert [label.code[-3:] for label in found] == ["003", "004", "001", "002"]
    assert found[0].name == "第3网格"


def test_known_centres_lie_in_their_own_village_and_town() -> None:
    towns, units = queries.places(FRAME)
    grids = {grid.code[:12]: grid.polygon for grid in city().level(1)}
    known = [unit for unit in units if unit.at]
    at = {unit.code: shapely.Point(FRAME.degrees(np.array(unit.at))) for unit in known}
    near = [unit.code for unit in known if grids[unit.code].distance(at[unit.code]) < 0.003]
    assert len(known) == 97
    assert len(near) >= 90
    for town in (town for town in towns if town.at):
        here = shapely.MultiPolygon(
            [polygon for code, polygon in grids.items() if code.startswith(town.code)]
        )
        assert here.distance(shapely.Point(FRAME.degrees(np.array(town.at)))) < 0.005


def test_a_smaller_city_is_a_part_of_the_large_one() -> None:
    small = city(0.05)
    assert [town.name for town in small.towns] == ["溪美街道", "水头镇"]
    assert len(small.level(1)) == 22
    whole = {grid.code: grid for grid in city().grids}
    assert all(whole[grid.code].polygon.equals_exact(grid.polygon) for grid in small.grids)
    for town, count in Counter(unit.town for unit in small.units).items():
        union = shapely.coverage_union_all([g.polygon for g in small.level(1) if g.code.startswith(town)])
        assert isinstance(union, shapely.Polygon), (town, count)


def test_another_seed_makes_another_city_with_the_same_numbers() -> None:
    other = city(seed=2)
    assert len(other.level(2)) == 3_372
    assert other.grids[1].polygon != city().grids[1].polygon
    assert [unit.code for unit in other.units] == [unit.code for unit in city().units]


@pytest.mark.parametrize(
    ("official", "name"),
    [("镇山村委会", "镇山村"), ("溪美社区居委会", "溪美社区"), ("美林居委会", "美林社区")],
)
def test_units_are_called_what_people_call_them(official: str, name: str) -> None:
    assert unit_name(Place("350583001201", official, "village", None)) == name


def test_names_and_codes_are_those_of_the_2023_list() -> None:
    file = SHARED / "admin_nanan" / "nanan_villages.csv"
    if not file.exists():
        pytest.skip(f"the real list of villages is not at {file}")
    lines = file.read_text(encoding="utf-8-sig").splitlines()[1:]
    real = {tuple(line.split(",")[:2]) for line in lines}
    assert real == {(u.code, u.name) for u in queries.places(FRAME)[1] if not u.exclusive}


def test_the_outline_is_the_published_one() -> None:
    file = SHARED / "nanan_boundary" / "nanan_fastgeocn_wgs84.geojson"
    if not file.exists():
        pytest.skip(f"the real outline is not at {file}")
    feature = json.loads(file.read_text(encoding="utf-8"))["features"][0]
    assert shapely.geometry.shape(feature["geometry"]).equals(COUNTY)
