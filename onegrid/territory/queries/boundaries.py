"""Boundaries: as shapes for computing, as simplified GeoJSON for maps."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import orjson
import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from onegrid.kernel.stamps import Cached
from onegrid.territory.queries.catalogue import grids
from onegrid.territory.rules.codes import GridLevel
from onegrid.territory.rules.grids import GridInfo
from onegrid.territory.rules.shapes import Shapes

METRES_PER_DEGREE = 111_195.0
DIGITS = 6  # a tenth of a metre
MAPS_KEPT = 32


def shapes(codes: Iterable[str]) -> dict[str, BaseGeometry]:
    """The boundary of each grid, by code in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, boundary FROM territory_grid WHERE code = ANY(%s) ORDER BY code", [list(codes)]
        )
        rows = cursor.fetchall()
    polygons = shapely.from_wkb(np.array([bytes(boundary) for _, boundary in rows], dtype=object))
    return dict(zip((code for code, _ in rows), polygons, strict=True))


def boundary_geojson(prefix: str, *, level: GridLevel, tolerance_m: float = 10.0) -> bytes:
    """The grids of one level under a code as a GeoJSON FeatureCollection (WGS-84), simplified within a
    tolerance in metres in such a way that neighbours still share their borders."""
    return _maps.get()(prefix, level, tolerance_m)


def _draw(prefix: str, level: GridLevel, tolerance_m: float) -> bytes:
    infos = grids(prefix, level=level)
    found = shapes(each.code for each in infos)
    polygons = _simplified(np.fromiter(found.values(), dtype=object, count=len(found)), tolerance_m)
    features = [_feature(info, polygon) for info, polygon in zip(infos, polygons, strict=True)]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


_maps = Cached("territory", lambda: lru_cache(maxsize=MAPS_KEPT)(_draw))


def _simplified(polygons: Shapes, tolerance_m: float) -> Shapes:
    tolerance = tolerance_m / METRES_PER_DEGREE
    if tolerance <= 0 or not len(polygons):
        return polygons
    if shapely.coverage_is_valid(polygons):
        return np.asarray(shapely.coverage_simplify(polygons, tolerance))
    return np.asarray(shapely.simplify(polygons, tolerance, preserve_topology=True))


def _feature(info: GridInfo, polygon: BaseGeometry) -> dict[str, object]:
    rounded = shapely.transform(polygon, lambda degrees: degrees.round(DIGITS))
    return {
        "type": "Feature",
        "id": info.code,
        "properties": {"name": info.name, "path": info.path_zh, "level": info.level, "kind": info.kind},
        "geometry": orjson.Fragment(shapely.to_geojson(rounded)),
    }
