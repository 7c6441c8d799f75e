"""Boundary files come in whole or not at all, in the right place, with a sentence that says what is wrong."""

import json
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.coordinates import gcj02_to_bd09, wgs84_to_gcj02
from onegrid.kernel.refusals import Refusal
from onegrid.territory import actions, queries
from onegrid.territory.actions import Boundaries, ImportReport, import_grids, read_boundaries
from onegrid.territory.actions.importing import NotSound
from onegrid.territory.actions.reading import FileMissing, NoFeatures, UnknownFormat, WhichLayer
from onegrid.territory.actions.unpacking import UnsafeArchive
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
    DegreesProjected,
    NotDegrees,
    Swapped,
    SystemUnclear,
    UncertainDatum,
    UnknownSystem,
)
from onegrid.territory.tests.factories import FOUNDED, VILLAGE, county, divisions, village_grids

SHARED = Path(__file__).parents[4] / "shared/data"
BOSTON, NANAN = SHARED / "boston_boundaries", SHARED / "nanan_boundary"
needs_boston = pytest.mark.skipif(
    not BOSTON.exists(), reason="Boston's boundaries are not here (../shared/data)"
)
needs_nanan = pytest.mark.skipif(not NANAN.exists(), reason="Nan'an's outlines are not here (../shared/data)")
pytestmark = pytest.mark.django_db

Points = np.ndarray[Any, np.dtype[np.float64]]
SECOND = village_grids(VILLAGE, 0)[1:]
CODES, NAMES = [grid.code for grid in SECOND], [grid.name for grid in SECOND]
SHAPES = [grid.polygon for grid in SECOND]


def geojson(
    path: Path,
    shapes: Sequence[Any] = SHAPES,
    *,
    crs: str = "",
    codes: Sequence[str] = CODES,
) -> Path:
    """A GeoJSON file with code and name; `shapes` may also be raw GeoJSON geometries."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": shape.__geo_interface__ if isinstance(shape, shapely.Geometry) else shape,
        }
        for code, name, shape in zip(codes, NAMES, shapes, strict=True)
    ]
    member = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **member, "features": features}))
    return path


def written(path: Path, *, crs: str = "EPSG:4490", shapes: Sequence[Any] = SHAPES, **options: Any) -> Path:
    """A file in any format that its suffix names."""
    wkb = shapely.to_wkb(np.array(shapes, dtype=object))
    fields = [np.array(CODES, dtype=object), np.array(NAMES, dtype=object)]
    pyogrio.raw.write(path, wkb, fields, ["code", "name"], geometry_type="Polygon", crs=crs, **options)
    return path


def zipped(path: Path, members: Sequence[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def zipped_shapefile(path: Path, folder: Path, *, within: str = "") -> Path:
    written(folder / "grids.shp")
    return zipped(path, [(within + part.name, part.read_bytes()) for part in sorted(folder.glob("grids.*"))])


def bring_in(found: Boundaries, **options: Any) -> ImportReport:
    settings: dict[str, Any] = {"level": GridLevel.SECOND, "code": "code", "name": "name"} | options
    return import_grids(found, by=SYSTEM, now=FOUNDED, **settings)


@pytest.fixture
def village() -> None:
    """A village with its first-level grid, not yet divided."""
    divisions()
    actions.create_grids(village_grids(VILLAGE, 0)[:1], by=SYSTEM, now=FOUNDED)


def moved(shapes: Sequence[Any], move: Callable[[Points], Points]) -> list[Any]:
    return list(shapely.transform(np.array(shapes, dtype=object), move))


# Formats


@pytest.mark.parametrize("name", ["grids.geojson", "grids.gpkg", "grids.shp"])
def test_each_common_format_is_imported(village: None, tmp_path: Path, name: str) -> None:
    crs = "EPSG:4326" if name.endswith("geojson") else "EPSG:4490"
    found = read_boundaries(written(tmp_path / name, crs=crs), crs="wgs84")
    report = bring_in(found)
    assert (report.created, report.coverage.sound) == (tuple(CODES), True)
    assert queries.grid(CODES[2]).path_zh == "南安市/水头镇/甲村/第3网格"


@pytest.mark.parametrize("within", ["", "南安/", "a/b/c/"])
def test_a_zipped_shapefile_is_imported_wherever_it_lies_in_the_archive(
    village: None, tmp_path: Path, within: str
) -> None:
    path = zipped_shapefile(tmp_path / "grids.zip", tmp_path, within=within)
    assert bring_in(read_boundaries(path)).created == tuple(CODES)


def test_chinese_names_of_a_shapefile_without_stated_encoding_are_read(village: None, tmp_path: Path) -> None:
    path = written(tmp_path / "grids.shp", encoding="GB18030")
    (tmp_path / "grids.cpg").unlink()
    assert [feature.attributes["name"] for feature in read_boundaries(path).features] == NAMES


def test_a_geopackage_with_several_layers_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "grids.gpkg"
    written(path, layer="一级")
    written(path, layer="二级", append=True)
    with pytest.raises(WhichLayer) as refused:
        read_boundaries(path)
    assert "一级、二级" in refused.value.message("zh")
    assert len(read_boundaries(path, layer="二级").features) == 4
    with pytest.raises(UnknownFormat):
        read_boundaries(path, layer="三级")


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("grids.geojson", b"", UnknownFormat),
        ("grids.geojson", b"hello", UnknownFormat),
        ("grids.geojson", b'{"type":"FeatureCollection","features":[', UnknownFormat),
        ("grids.geojson", b'{"type":"FeatureCollection","features":[]}', NoFeatures),
        ("grids.gpkg", b"not a database", UnknownFormat),
        ("grids.shp", b"\0" * 100, UnknownFormat),
        ("grids.kml", b"<kml/>", UnknownFormat),
        ("grids.zip", b"PK no archive", UnsafeArchive),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: bytes, refusal: type[Refusal]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(refusal):
        read_boundaries(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="no-such"):
        read_boundaries(tmp_path / "no-such.geojson")


def test_text_that_is_not_utf8_in_geojson_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "grids.geojson")
    path.write_bytes(path.read_bytes().replace(b"\\u7b2c1", "第1".encode("gb18030")))
    with pytest.raises(UnknownFormat):
        read_boundaries(path, crs="wgs84")


# Archives that mean harm


@pytest.mark.parametrize(
    "name", ["../grids.shp", "/etc/grids.shp", "a/../../grids.shp", "..\\grids.shp", "C:\\g.shp"]
)
def test_an_archive_whose_names_lead_out_of_it_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "evil.zip", [(name, b"x"), ("g.shx", b"x"), ("g.dbf", b"x")])
    with pytest.raises(UnsafeArchive):
        read_boundaries(path)


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    link = zipfile.ZipInfo("grids.dbf")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("grids.shp", b"x")
    with pytest.raises(UnsafeArchive, match="link"):
        read_boundaries(path)


@pytest.mark.parametrize("lies", [False, True])
def test_a_zip_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, lies: bool) -> None:
    path = zipped(tmp_path / "bomb.zip", [("g.shp", b"\0" * 200 * 2**20), ("g.shx", b"\0"), ("g.dbf", b"\0")])
    if lies:  # the directory claims that the part is small
        packed = path.read_bytes()
        path.write_bytes(packed.replace((200 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(UnsafeArchive):
        read_boundaries(path)


def test_an_archive_must_hold_one_complete_shapefile(tmp_path: Path) -> None:
    parts = [("a.shp", b"x"), ("a.shx", b"x"), ("a.dbf", b"x")]
    for members, why in (
        ([("readme.txt", b"x")], "0"),
        ([*parts, ("b.shp", b"x")], "2"),
        (parts[:2], "dbf"),
        ([(f"{i}.txt", b"") for i in range(1001)], "1002|1001"),
    ):
        with pytest.raises(UnsafeArchive, match=why):
            read_boundaries(zipped(tmp_path / "grids.zip", members))


# Coordinate systems


def test_a_file_in_china_that_names_no_system_is_refused_until_the_user_names_it(
    village: None, tmp_path: Path
) -> None:
    path = geojson(tmp_path / "grids.geojson")
    with pytest.raises(SystemUnclear):
        read_boundaries(path)
    shapefile = written(tmp_path / "grids.shp")
    (tmp_path / "grids.prj").unlink()
    with pytest.raises(SystemUnclear):
        read_boundaries(shapefile)
    assert bring_in(read_boundaries(path, crs="cgcs2000")).created


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_boundaries_in_a_shifted_system_are_shifted_back(village: None, tmp_path: Path, system: str) -> None:
    def shift(points: Points) -> Points:
        shifted = wgs84_to_gcj02(points[:, 0], points[:, 1])
        return np.column_stack(gcj02_to_bd09(*shifted) if system == "bd09" else shifted)

    path = geojson(tmp_path / "grids.geojson", moved(SHAPES, shift))
    found = read_boundaries(path, crs=system)
    for feature, shape in zip(found.features, SHAPES, strict=True):
        assert feature.shape is not None
        assert shapely.hausdorff_distance(feature.shape, shape) < 1e-8


@pytest.mark.parametrize("system", ["EPSG:4547", "EPSG:32650", "EPSG:3857"])
def test_a_projection_that_the_file_states_is_undone(village: None, tmp_path: Path, system: str) -> None:
    project = pyproj.Transformer.from_crs(4326, system, always_xy=True)

    def to_metres(points: Points) -> Points:
        return np.column_stack(project.transform(points[:, 0], points[:, 1]))

    path = written(tmp_path / "grids.gpkg", shapes=moved(SHAPES, to_metres), crs=system)
    report = bring_in(read_boundaries(path))
    assert report.created == tuple(CODES)
    assert report.coverage.sound


def test_projected_numbers_under_the_name_of_degrees_are_refused(tmp_path: Path) -> None:
    shapes = moved(SHAPES, lambda points: points * 10_000)
    for path, crs in (
        (geojson(tmp_path / "a.geojson", shapes), ""),
        (geojson(tmp_path / "b.geojson", shapes, crs="EPSG:4326"), ""),
        (geojson(tmp_path / "c.geojson", shapes), "wgs84"),
    ):
        with pytest.raises(NotDegrees):
            read_boundaries(path, crs=crs)


def test_degrees_under_the_name_of_a_projection_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DegreesProjected):
        read_boundaries(geojson(tmp_path / "grids.geojson"), crs="EPSG:4547")


@pytest.mark.parametrize("system", ["mars", "EPSG:999999", "EPSG:5773"])
def test_an_unknown_system_is_refused_whether_user_or_file_names_it(tmp_path: Path, system: str) -> None:
    with pytest.raises(UnknownSystem):
        read_boundaries(geojson(tmp_path / "a.geojson"), crs=system)
    with pytest.raises(UnknownSystem):
        read_boundaries(geojson(tmp_path / "b.geojson", crs=system))


@pytest.mark.parametrize("system", ["EPSG:4610", "EPSG:4214"])
def test_old_datums_without_public_parameters_are_refused(tmp_path: Path, system: str) -> None:
    with pytest.raises(UncertainDatum):
        read_boundaries(geojson(tmp_path / "grids.geojson"), crs=system)


def test_what_the_user_says_wins_and_the_difference_is_noted(tmp_path: Path) -> None:
    found = read_boundaries(geojson(tmp_path / "grids.geojson", crs="EPSG:4490"), crs="gcj02")
    assert found.system == "gcj02"
    assert any("EPSG:4490" in note for note in found.notes)


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
def test_state_plane_feet_in_geojson_are_never_taken_as_degrees() -> None:
    path = BOSTON / "precincts_original_statePlaneFeet_unlabelled.geojson"
    with pytest.raises(NotDegrees) as refused:
        read_boundaries(path)
    assert "739,594" in refused.value.message("zh")


@needs_boston
def test_the_same_file_with_its_projection_named_gives_the_published_boundaries() -> None:
    feet = read_boundaries(BOSTON / "precincts_original_statePlaneFeet_unlabelled.geojson", crs="EPSG:2249")
    degrees = read_boundaries(BOSTON / "precincts_wgs84.geojson")
    published = {feature.attributes["WARD_PRECINCT"]: feature.shape for feature in degrees.features}
    for feature in feet.features:
        expected = published[feature.attributes["WARD_PRECINCT"]]
        assert feature.shape is not None
        assert shapely.hausdorff_distance(feature.shape, expected) < 1e-6


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


@needs_nanan
def test_the_outline_of_nanan_in_gcj02_must_be_named_and_then_lies_on_the_wgs84_one() -> None:
    path = NANAN / "nanan_datav_gcj02.geojson"
    with pytest.raises(SystemUnclear):
        read_boundaries(path)
    shifted = read_boundaries(path, crs="gcj02").features[0].shape
    plain = read_boundaries(NANAN / "nanan_fastgeocn_wgs84.geojson", crs="wgs84").features[0].shape
    assert shifted is not None
    assert plain is not None
    overlap = shifted.intersection(plain).area / shifted.union(plain).area
    assert overlap == pytest.approx(0.980, abs=0.001)
