"""The grids of a boundary file come in whole or not at all, and only where they belong."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.coordinates import gcj02_to_bd09, wgs84_to_gcj02
from onegrid.kernel.refusals import Refusal
from onegrid.territory import actions, queries
from onegrid.territory.actions import read_boundaries
from onegrid.territory.actions.importing import NotSound
from onegrid.territory.rules import BadGridCode, GridLevel, NewDivision, NewGrid
from onegrid.territory.rules.grids import FirstLevelMissing, GridsExist, UnusableShapes, VillagesMissing
from onegrid.territory.rules.imports import (
    FieldMissing,
    GroundTaken,
    TooFar,
    Value,
    WrongLevel,
    WrongPlace,
    fill,
)
from onegrid.territory.rules.systems import (
    Swapped,
)
from onegrid.territory.tests.factories import (
    CODES,
    FOUNDED,
    SHAPES,
    VILLAGE,
    Points,
    bring_in,
    county,
    divisions,
    geojson,
    moved,
)

SHARED = Path(__file__).parents[4] / "shared/data"
BOSTON, NANAN = SHARED / "boston_boundaries", SHARED / "nanan_boundary"
needs_boston = pytest.mark.skipif(
    not BOSTON.exists(), reason="Boston's boundaries are not here (../shared/data)"
)
needs_nanan = pytest.mark.skipif(not NANAN.exists(), reason="Nan'an's outlines are not here (../shared/data)")
pytestmark = pytest.mark.django_db


# Places


def test_swapped_coordinates_are_told_as_such(village: None, tmp_path: Path) -> None:
    swapped = geojson(tmp_path / "grids.geojson", moved(SHAPES, lambda points: points[:, ::-1]))
    with pytest.raises(Swapped):
        read_boundaries(swapped, crs="wgs84")


def test_swapped_coordinates_that_could_be_degrees_are_told_by_the_place(tmp_path: Path) -> None:
    """At 30 west, 40 north both orders lie on earth; the first-level grid tells which is meant."""
    divisions()
    west = shapely.box(-30, 40, -29.98, 40.02)
    actions.create_grids([NewGrid(f"{VILLAGE}000", "甲村", west)], by=SYSTEM, now=FOUNDED)
    path = geojson(tmp_path / "grids.geojson", moved([west] * 4, lambda points: points[:, ::-1]))
    with pytest.raises(Swapped):
        bring_in(read_boundaries(path))


def test_grids_far_from_the_first_level_grid_of_their_code_are_refused(village: None, tmp_path: Path) -> None:
    away = moved(SHAPES, lambda points: points + np.array([0.5, 0]))
    with pytest.raises(WrongPlace):
        bring_in(read_boundaries(geojson(tmp_path / "grids.geojson", away), crs="wgs84"))


def test_a_file_in_bd09_read_as_wgs84_is_refused_with_the_right_guess(tmp_path: Path) -> None:
    """Small grids, so that a shift of a kilometre takes them out of their first-level grid."""
    divisions()
    small = shapely.box(118.4, 24.9, 118.404, 24.904)
    actions.create_grids([NewGrid(f"{VILLAGE}000", "甲村", small)], by=SYSTEM, now=FOUNDED)

    def shift(points: Points) -> Points:
        return np.column_stack(gcj02_to_bd09(*wgs84_to_gcj02(points[:, 0], points[:, 1])))

    path = geojson(tmp_path / "grids.geojson", moved([small] * 4, shift))
    with pytest.raises(WrongPlace) as refused:
        bring_in(read_boundaries(path, crs="wgs84"))
    assert "--crs bd09" in refused.value.message("zh")


def test_first_level_grids_far_from_those_of_their_county_are_refused(tmp_path: Path) -> None:
    county()
    villages = [NewDivision(f"35058310421{i}", f"新{i}村委会", "village") for i in range(4)]
    actions.load_divisions(villages, edition=2023, by=SYSTEM, now=FOUNDED)
    codes = [f"{each.code}000" for each in villages]
    away = moved(SHAPES, lambda points: points + np.array([0, 5]))
    path = geojson(tmp_path / "grids.geojson", away, codes=codes)
    with pytest.raises(TooFar):
        bring_in(read_boundaries(path, crs="wgs84"), level=GridLevel.FIRST)


# Shapes

RING = [[118.4, 24.9], [118.41, 24.9], [118.41, 24.91], [118.4, 24.91], [118.4, 24.9]]
BOW_TIE = shapely.Polygon([(118.4, 24.9), (118.41, 24.91), (118.41, 24.9), (118.4, 24.91)])


@pytest.mark.parametrize(
    "bad",
    [
        BOW_TIE,
        None,
        shapely.Point(118.4, 24.9),
        {"type": "Polygon", "coordinates": [[[str(x), str(y)] for x, y in RING]]},
        {"type": "Polygon", "coordinates": [[["x", "y"], *RING[1:-1], ["x", "y"]]]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 24.9], *RING[1:-1], [float("nan"), 24.9]]]},
        {"type": "Polygon", "coordinates": [RING[:2]]},
        {"type": "Polygon", "coordinates": []},
    ],
    ids=["bow tie", "null", "point", "number strings", "strings", "NaN", "two corners", "no ring"],
)
def test_one_unusable_boundary_refuses_the_file_by_name(village: None, tmp_path: Path, bad: Any) -> None:
    path = geojson(tmp_path / "grids.geojson", [*SHAPES[:3], bad])
    with pytest.raises(UnusableShapes) as refused:
        bring_in(read_boundaries(path, crs="wgs84"))
    assert "第4网格" in refused.value.message("zh")
    assert "第3网格" not in refused.value.message("zh")
    assert not queries.grids(VILLAGE, level=GridLevel.SECOND)


def test_a_boundary_that_touches_itself_is_repaired_and_told(village: None, tmp_path: Path) -> None:
    west, south, east, north = SHAPES[0].bounds
    middle = ((west + east) / 2, (south + north) / 2)
    hourglass = shapely.Polygon([(west, south), middle, (east, south), (east, north), middle, (west, north)])
    assert not hourglass.is_valid
    path = geojson(tmp_path / "grids.geojson", [hourglass, *SHAPES[1:]])
    report = bring_in(read_boundaries(path, crs="wgs84"))
    assert [(repair.code, round(repair.change_m2, 3)) for repair in report.repairs] == [(CODES[0], 0.0)]
    assert queries.shapes([CODES[0]])[CODES[0]].is_valid


# Coverage


def test_gaps_and_overlaps_are_told_in_square_metres_and_strict_refuses_them(
    village: None, tmp_path: Path
) -> None:
    nudged = moved(SHAPES[:1], lambda points: points + np.array([0.0001, 0]))
    path = geojson(tmp_path / "grids.geojson", [*nudged, *SHAPES[1:]])
    with pytest.raises(NotSound) as refused:
        bring_in(read_boundaries(path, crs="wgs84"), strict=True)
    assert re.search(r"重叠 11,\d{3}", refused.value.message("zh"))
    assert not queries.grids(VILLAGE, level=GridLevel.SECOND)
    found = bring_in(read_boundaries(path, crs="wgs84")).coverage
    assert found.overlap_m2 == pytest.approx(found.gap_m2, rel=1e-6) == pytest.approx(11_190, rel=0.01)


def test_the_same_ground_twice_is_refused_even_without_strict(village: None, tmp_path: Path) -> None:
    path = geojson(tmp_path / "grids.geojson", [SHAPES[1], *SHAPES[1:]])
    with pytest.raises(GroundTaken):
        bring_in(read_boundaries(path, crs="wgs84"))


# Codes and names


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("WARD", "7"),
        ("25002500{WARD:04}000", "250025000007000"),
        ("{TEXT[:2]}-{TEXT[2:]}", "01-13"),
        ("{TEXT[-2:]:03}", "013"),
        ("{HALF}", "2.5"),
        ("{WHOLE}", "3"),
        ("{EMPTY}", ""),
        ("350583104201001", "350583104201001"),
        ("第{WARD}网格", "第7网格"),
    ],
)
def test_codes_and_names_are_made_from_fields(template: str, text: str) -> None:
    fields: dict[str, Value] = {"WARD": 7, "TEXT": "0113", "HALF": 2.5, "WHOLE": 3.0, "EMPTY": None}
    assert fill(template, fields) == text


def test_a_missing_field_is_refused_with_those_there_are(village: None, tmp_path: Path) -> None:
    found = read_boundaries(geojson(tmp_path / "grids.geojson"), crs="wgs84")
    with pytest.raises(FieldMissing, match="code、name"):
        bring_in(found, name="NAME")


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"code": "35058310420100"}, BadGridCode),
        ({"code": "第1网格"}, FieldMissing),
        ({"level": GridLevel.FIRST}, WrongLevel),
        ({"code": "{code[:11]}2{code[12:]}"}, FirstLevelMissing),
    ],
)
def test_codes_that_do_not_fit_are_refused(
    village: None, tmp_path: Path, options: dict[str, Any], refusal: type[Refusal]
) -> None:
    found = read_boundaries(geojson(tmp_path / "grids.geojson"), crs="wgs84")
    with pytest.raises(refusal):
        bring_in(found, **options)


def test_a_first_level_grid_of_an_unknown_village_is_refused(village: None, tmp_path: Path) -> None:
    codes = [f"35058310429{i}000" for i in range(4)]
    beside = moved(SHAPES, lambda points: points + np.array([0.1, 0]))
    found = read_boundaries(geojson(tmp_path / "grids.geojson", beside, codes=codes), crs="wgs84")
    with pytest.raises(VillagesMissing):
        bring_in(found, level=GridLevel.FIRST)


def test_grids_that_come_with_their_village_only_are_numbered_from_north_west(
    village: None, tmp_path: Path
) -> None:
    path = geojson(tmp_path / "grids.geojson", SHAPES[::-1], codes=[VILLAGE] * 4)
    found = read_boundaries(path, crs="wgs84")
    assert bring_in(found).created == tuple(CODES[::-1])
    assert bring_in(found).unchanged == tuple(CODES), "a file sent again gives no new numbers"


# All or nothing


def test_a_dry_run_tells_all_and_writes_nothing(village: None, tmp_path: Path) -> None:
    found = read_boundaries(geojson(tmp_path / "grids.geojson"), crs="wgs84")
    report = bring_in(found, dry_run=True)
    assert (report.created, report.written) == (tuple(CODES), False)
    assert not queries.grids(VILLAGE, level=GridLevel.SECOND)


def test_the_same_file_again_changes_nothing_but_another_boundary_is_refused(
    village: None, tmp_path: Path
) -> None:
    found = read_boundaries(geojson(tmp_path / "grids.geojson"), crs="wgs84")
    bring_in(found)
    again = bring_in(found)
    assert (again.created, again.unchanged) == ((), tuple(CODES))
    other = [shapely.buffer(SHAPES[0], -1e-4, join_style="mitre"), *SHAPES[1:]]
    with pytest.raises(GridsExist):
        bring_in(read_boundaries(geojson(tmp_path / "other.geojson", other), crs="wgs84"))


# Real files


@needs_boston
def test_boston_comes_in_with_its_invalid_boundaries_repaired_and_its_gaps_told() -> None:
    wards = [NewDivision(f"250025001{ward:03}", f"Ward {ward}", "village") for ward in range(1, 23)]
    top = [NewDivision("250025", "Boston", "county"), NewDivision("250025001", "Boston", "town")]
    actions.load_divisions([*top, *wards], edition=2015, by=SYSTEM, now=FOUNDED)
    first = bring_in(
        read_boundaries(BOSTON / "wards_wgs84.geojson"),
        level=GridLevel.FIRST,
        code="250025001{WARD:03}",
        name="Ward {WARD}",
    )
    second = bring_in(
        read_boundaries(BOSTON / "precincts_wgs84.geojson"),
        code="2500250010{WARD_PRECINCT[:2]}",
        name="Precinct {WARD_PRECINCT}",
    )
    assert (len(first.created), len(first.repairs)) == (22, 3)
    assert (len(second.created), len(second.repairs)) == (255, 2)
    assert first.coverage.overlap_m2 == pytest.approx(244, abs=1)
    assert second.coverage.overlap_m2 == pytest.approx(2691, abs=1)
    assert queries.locate(np.array([-71.0589]), np.array([42.3601]))[0].startswith("250025001003")
