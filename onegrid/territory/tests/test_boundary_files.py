"""Boundary files are read in every common format, or refused with a sentence that says what is wrong."""

import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from onegrid.kernel.coordinates import gcj02_to_bd09, wgs84_to_gcj02
from onegrid.kernel.refusals import Refusal
from onegrid.territory import queries
from onegrid.territory.actions import read_boundaries
from onegrid.territory.actions.reading import FileMissing, NoFeatures, UnknownFormat, WhichLayer
from onegrid.territory.actions.unpacking import UnsafeArchive
from onegrid.territory.rules.systems import (
    DegreesProjected,
    NotDegrees,
    SystemUnclear,
    UncertainDatum,
    UnknownSystem,
)
from onegrid.territory.tests.factories import (
    CODES,
    NAMES,
    SHAPES,
    Points,
    bring_in,
    geojson,
    moved,
    written,
    zipped,
    zipped_shapefile,
)

SHARED = Path(__file__).parents[4] / "shared/data"
BOSTON, NANAN = SHARED / "boston_boundaries", SHARED / "nanan_boundary"
needs_boston = pytest.mark.skipif(
    not BOSTON.exists(), reason="Boston's boundaries are not here (../shared/data)"
)
needs_nanan = pytest.mark.skipif(not NANAN.exists(), reason="Nan'an's outlines are not here (../shared/data)")
pytestmark = pytest.mark.django_db


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
