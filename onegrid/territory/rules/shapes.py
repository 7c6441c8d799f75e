"""Shapes of grids: their true area, and mending those that are drawn wrongly."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from onegrid.territory.rules.segments import Floats

Shapes = NDArray[np.object_]

# Ellipsoid of WGS-84; that of CGCS2000 differs by 0.1 mm.
EQUATOR_M, FLATTENING = 6378137.0, 1 / 298.257223563
ECCENTRICITY2 = FLATTENING * (2 - FLATTENING)

REPAIR_M2, REPAIR_SHARE = 1.0, 0.0001
"""A repair may change the area by 1 m² or by 0.01 %, whichever is more."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A valid polygon or multipolygon, and how much its area changed where it had to be repaired (m²)."""

    shape: BaseGeometry
    repaired: bool
    change_m2: float


@dataclass(frozen=True, slots=True)
class Unusable:
    """A shape that cannot be a grid, and why, in both languages."""

    zh: str
    en: str


def areas_m2(shapes: Shapes) -> Floats:
    """Area of each shape on the ground in m² (WGS-84 degrees in; missing and empty shapes have none).

    Measured on the cylindrical equal-area map of the ellipsoid, which keeps every area."""

    def project(degrees: Floats) -> Floats:
        return EQUATOR_M * np.column_stack([np.radians(degrees[:, 0]), _authalic(degrees[:, 1]) / 2])

    return np.asarray(np.nan_to_num(shapely.area(shapely.transform(shapes, project))))


def _authalic(lat: Floats) -> Floats:
    """Twice the area between the equator and a latitude over the unit ellipsoid, per radian (Snyder 3-12)."""
    sine, eccentricity = np.sin(np.radians(lat)), np.sqrt(ECCENTRICITY2)
    straight = sine / (1 - ECCENTRICITY2 * sine**2)
    return np.asarray((1 - ECCENTRICITY2) * (straight + np.arctanh(eccentricity * sine) / eccentricity))


def mend(shape: BaseGeometry | None) -> Mended | Unusable:
    """The shape as a valid polygon, repaired where that hardly changes its area, or why it is unusable."""
    if shape is None or shape.is_empty:
        return Unusable("没有可读的边界（缺失，或坐标不是数字）", "has no boundary that can be read")
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return Unusable(f"是{shape.geom_type}，不是面", f"is a {shape.geom_type}, not a polygon")
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return Unusable("坐标含非数字（NaN 或无穷大）", "has coordinates that are NaN or infinite")
    if shape.is_valid:
        return Mended(shape, False, 0.0)
    return _repair(shape)


def _repair(shape: BaseGeometry) -> Mended | Unusable:
    parts = shapely.get_parts(shapely.make_valid(shape))
    polygons = shapely.get_parts(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
    repaired = shapely.multipolygons(polygons) if len(polygons) != 1 else polygons[0]
    before, after = areas_m2(np.array([shape, repaired], dtype=object))
    change = abs(float(after - before))
    if repaired.is_empty or not repaired.is_valid or change > max(REPAIR_M2, REPAIR_SHARE * before):
        reason = shapely.is_valid_reason(shape)
        return Unusable(
            f"边界自相交或无效，修复会改变 {change:,.0f} m²（{reason}）",
            f"crosses itself or is invalid, and a repair would change {change:,.0f} m² ({reason})",
        )
    return Mended(repaired, True, change)
