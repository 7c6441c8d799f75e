"""Reading a boundary file (GeoJSON, GeoPackage, Shapefile, zipped Shapefile) into features in WGS-84."""

import mmap
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from onegrid.kernel.coordinates import Bounds, CoordinateSystem, UnknownCoordinateSystem, to_wgs84
from onegrid.kernel.refusals import Refusal
from onegrid.territory.actions.unpacking import unpack_shapefile
from onegrid.territory.rules.imports import Feature, Value
from onegrid.territory.rules.segments import Floats
from onegrid.territory.rules.shapes import Shapes
from onegrid.territory.rules.systems import (
    WORST_ACCURACY_M,
    Declared,
    UncertainDatum,
    UnknownSystem,
    check_degrees,
    check_projected,
    taken_as,
)

SUFFIXES = {".geojson", ".json", ".gpkg", ".shp", ".zip"}
GEOJSON = {".geojson", ".json"}
SAME_AS_WGS84 = re.compile(
    r"World Geodetic System 1984|WGS[ _]1984|China[ _](Geodetic.*)?2000", re.IGNORECASE
)
CRS_MEMBER = re.compile(
    rb'"crs"\s*:\s*\{\s*"type"\s*:\s*"name"\s*,\s*"properties"\s*:\s*\{\s*"name"\s*:\s*"([^"]+)"'
)

Convert = Callable[[Floats], Floats]


class FileMissing(Refusal):
    status = 404
    code = "territory.file-missing"
    zh = "找不到文件 {file}。"
    en = "There is no file {file}."


class UnknownFormat(Refusal):
    code = "territory.unknown-format"
    zh = "无法读取 {file}：{reason}。可导入 GeoJSON、GeoPackage、Shapefile 或压缩的 Shapefile（.zip）。"
    en = "{file} cannot be read: {reason}. Import GeoJSON, GeoPackage, Shapefile or a zipped Shapefile."


class NoFeatures(Refusal):
    code = "territory.no-features"
    zh = "{file} 中没有任何图形。"
    en = "{file} has no features."


class WhichLayer(Refusal):
    code = "territory.which-layer"
    zh = "{file} 有多个图层（{layers}），请用 --layer 指定一个。"
    en = "{file} has several layers ({layers}); name one with --layer."


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What a file holds: its features in WGS-84, the system it was read in, and what is worth knowing."""

    file: str
    system: str
    features: tuple[Feature, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    """The features as the file has them."""

    attributes: list[dict[str, Value]]
    shapes: Shapes
    crs: str
    notes: tuple[str, ...]


def read_boundaries(path: Path, *, crs: str = "", layer: str = "") -> Boundaries:
    """The features of a boundary file, converted to WGS-84.

    `crs` names the system (wgs84, cgcs2000, gcj02, bd09, EPSG:4547 …) and wins over what the file says.
    Raises SystemUnclear where neither file nor user names the system and it may be GCJ-02; NotDegrees,
    DegreesProjected, Swapped, UnknownSystem, UncertainDatum; FileMissing, UnknownFormat, UnsafeArchive,
    NoFeatures, WhichLayer."""
    if not path.is_file():
        raise FileMissing(file=path)
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownFormat(file=path.name, reason=f"不认识的扩展名 unknown suffix {path.suffix or '-'}")
    with tempfile.TemporaryDirectory() as folder:
        real = unpack_shapefile(path, Path(folder)) if path.suffix.lower() == ".zip" else path
        raw = _read(real, layer, shown=path.name)
    system = taken_as(Declared(crs, raw.crs), _bounds(raw.shapes), file=path.name)
    convert = _conversion(system, _bounds(raw.shapes), file=path.name)
    shapes = raw.shapes if convert is None else shapely.transform(raw.shapes, convert)
    check_degrees(_bounds(shapes), file=path.name)
    notes = raw.notes
    if crs and raw.crs and raw.crs != crs:
        notes += (f"文件自称 {raw.crs}，已按您指定的 {crs} 读取 (the file says {raw.crs}; read as {crs})",)
    features = (
        Feature(i + 1, attributes, shape)
        for i, (attributes, shape) in enumerate(zip(raw.attributes, shapes, strict=True))
    )
    return Boundaries(path.name, system, tuple(features), notes)


def _read(path: Path, layer: str, *, shown: str) -> _Raw:
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            if not layer and len(layers) > 1:
                raise WhichLayer(file=shown, layers="、".join(layers))
            meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer or None, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise UnknownFormat(file=shown, reason=str(error).split(";")[0].rstrip(".")) from error
    if wkb is None or not len(wkb):
        raise NoFeatures(file=shown)
    with np.errstate(invalid="ignore"):  # NaN in a ring: the shape becomes None and is refused by name
        shapes = np.atleast_1d(shapely.from_wkb(wkb, on_invalid="ignore"))
    attributes = _attributes(meta, columns, len(shapes))
    stated = _stated_in_geojson(path) if path.suffix.lower() in GEOJSON else str(meta["crs"] or "")
    return _Raw(attributes, shapes, stated, tuple(sorted({str(each.message) for each in said})))


def _attributes(meta: Mapping[str, Any], columns: list[Any], count: int) -> list[dict[str, Value]]:
    """The attributes of each feature; text that GDAL read as Latin-1 for want of a statement is GB18030
    wherever it can be (Shapefiles of Chinese authorities)."""
    values = [column.tolist() for column in columns]
    if meta["encoding"] == "ISO-8859-1":
        values = _as_gb18030(values)
    fields = [str(field) for field in meta["fields"]]
    if not fields:
        return [{} for _ in range(count)]
    return [dict(zip(fields, row, strict=True)) for row in zip(*values, strict=True)]


def _as_gb18030(values: list[list[Value]]) -> list[list[Value]]:
    try:
        return [
            [each.encode("latin-1").decode("gb18030") if isinstance(each, str) else each for each in column]
            for column in values
        ]
    except UnicodeError:
        return values


def _stated_in_geojson(path: Path) -> str:
    """The system that a `crs` member names (from before RFC 7946); GDAL silently drops one it can't read."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        found = CRS_MEMBER.search(text)
        return found.group(1).decode("utf-8", "replace") if found else ""


def _bounds(shapes: Shapes) -> Bounds:
    readable = shapes[~shapely.is_missing(shapes)]
    points = shapely.get_coordinates(readable)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return Bounds(0, 0, 0, 0)
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Bounds(west, south, east, north)


def _conversion(system: str, bounds: Bounds, *, file: str) -> Convert | None:
    """How to bring coordinates of a system to WGS-84; None where they are that already."""
    try:
        named = CoordinateSystem.parse(
            system.rpartition(":")[2] if system.lower().startswith("urn:") else system
        )
    except UnknownCoordinateSystem:
        return _projection(system, bounds, file=file)
    if named in {CoordinateSystem.WGS84, CoordinateSystem.CGCS2000}:
        return None
    return lambda points: np.column_stack(to_wgs84(points[:, 0], points[:, 1], named))


def _projection(system: str, bounds: Bounds, *, file: str) -> Convert:
    try:
        crs = pyproj.CRS.from_user_input(system)
    except pyproj.exceptions.CRSError as error:
        raise UnknownSystem(given=system) from error
    if not (crs.is_projected or crs.is_geographic) or crs.geodetic_crs is None:
        raise UnknownSystem(given=system)
    if crs.is_projected:
        check_projected(bounds, file=file, given=crs.name)
    base = crs.geodetic_crs
    same = base.datum is not None and SAME_AS_WGS84.search(base.datum.name)
    transformer = pyproj.Transformer.from_crs(crs, base if same else "EPSG:4326", always_xy=True)
    if not same and not 0 <= transformer.accuracy <= WORST_ACCURACY_M:
        raise UncertainDatum(given=crs.name, limit=WORST_ACCURACY_M)

    def convert(points: Floats) -> Floats:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return convert
