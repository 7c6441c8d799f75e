"""Boundary files: from features with attributes to new grids, and whether they lie where they belong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from onegrid.kernel.coordinates import Bounds, CoordinateSystem, to_wgs84
from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.codes import GridLevel, checked_grid_code, first_level_of, level_of
from onegrid.territory.rules.grids import NewGrid, UnusableShapes
from onegrid.territory.rules.segments import Floats
from onegrid.territory.rules.shapes import Mended, Shapes, Unusable, areas_m2, mend
from onegrid.territory.rules.systems import Swapped

Value = str | int | float | bool | None
PLACEHOLDER = re.compile(r"\{([^{}\[\]:]+)(?:\[(-?\d*):(-?\d*)\])?(?::0?(\d{1,2}))?\}")
LEAST_SHARE = 0.5  # of the new ground that must lie in the first-level grids named by the codes
FARTHEST_M = 50_000.0  # of a new first-level grid from the others of its county


class FieldMissing(Refusal):
    code = "territory.field-missing"
    zh = "文件中没有字段“{field}”。现有字段：{fields}。"
    en = "The file has no field '{field}'. It has: {fields}."


class WrongLevel(Refusal):
    code = "territory.wrong-level"
    zh = "代码 {grid} 不是{wanted}级网格的代码（一级网格以000结尾，二级网格不以000结尾）。"
    en = "{grid} is no code of level {wanted} (first-level codes end in 000, second-level ones do not)."


class WrongPlace(Refusal):
    code = "territory.wrong-place"
    zh = "{file} 的网格只有 {share:.0%} 的面积落在代码所指的一级网格内，位置不对。{hint}"
    en = "Only {share:.0%} of {file} lies in the first-level grids that the codes name. {hint_en}"


class TooFar(Refusal):
    code = "territory.too-far"
    zh = "网格 {grid} 距本县已有网格 {km:,.0f} 公里，位置不对。请检查坐标系（--crs）和经纬度顺序。"
    en = "Grid {grid} lies {km:,.0f} km from the others of its county. Check the coordinate system (--crs)."


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a boundary file, in WGS-84; `number` counts from 1 as in the file."""

    number: int
    attributes: Mapping[str, Value]
    shape: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Repair:
    """A boundary that was not valid and has been mended; its area changed by so much."""

    code: str
    name: str
    change_m2: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """The grids of a file, and what had to be repaired."""

    grids: tuple[NewGrid, ...]
    repairs: tuple[Repair, ...]


def prepare(features: Sequence[Feature], *, code: str, name: str, level: GridLevel) -> Prepared:
    """New grids from features: code and name from templates, invalid boundaries mended or refused by name."""
    grids: list[NewGrid] = []
    repairs: list[Repair] = []
    faults: list[tuple[str, Unusable]] = []
    for feature in features:
        grid_code = checked_grid_code(fill(code, feature.attributes))
        if level_of(grid_code) is not level:
            raise WrongLevel(grid=grid_code, wanted="一" if level is GridLevel.FIRST else "二")
        grid_name = fill(name, feature.attributes).strip()
        mended = mend(feature.shape)
        if isinstance(mended, Mended):
            grids.append(NewGrid(grid_code, grid_name, mended.shape))
            if mended.repaired:
                repairs.append(Repair(grid_code, grid_name, mended.change_m2))
        else:
            faults.append((f"第{feature.number}个 {grid_name}（{grid_code}）", mended))
    if faults:
        raise UnusableShapes.of(faults)
    return Prepared(tuple(grids), tuple(repairs))


def fill(template: str, attributes: Mapping[str, Value]) -> str:
    """The template with its placeholders filled from a feature: {FIELD}, {FIELD:03} pads with zeros to three
    digits, {FIELD[:2]} takes a part. A template without braces is the name of a field."""
    if "{" not in template:
        template = f"{{{template}}}"

    def put(found: re.Match[str]) -> str:
        field, first, last, width = found.groups()
        text = _text(field, attributes)
        if first is not None:
            text = text[int(first) if first else None : int(last) if last else None]
        return text.zfill(int(width)) if width else text

    return PLACEHOLDER.sub(put, template)


def _text(field: str, attributes: Mapping[str, Value]) -> str:
    if field not in attributes:
        raise FieldMissing(field=field, fields="、".join(attributes))
    value = attributes[field]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def check_within(grids: Sequence[NewGrid], areas: Mapping[str, BaseGeometry], *, file: str) -> None:
    """Refuse second-level grids that mostly lie outside the first-level grids named by their codes, and say
    so when swapping the coordinates, or taking them as GCJ-02 or BD-09, would put them right."""
    polygons = np.array([grid.polygon for grid in grids], dtype=object)
    around = np.array([areas[first_level_of(grid.code)] for grid in grids], dtype=object)
    share = _share_inside(polygons, around)
    if share >= LEAST_SHARE:
        return
    if _share_inside(shapely.transform(polygons, lambda degrees: degrees[:, ::-1]), around) > LEAST_SHARE:
        raise Swapped(file=file)
    hint = _better_system(polygons, around, share)
    raise WrongPlace(
        file=file,
        share=share,
        hint=f"按 {hint} 解读则吻合得多，请加 --crs {hint.lower()}。" if hint else "请检查坐标系和网格代码。",
        hint_en=f"Read as {hint} it fits far better: add --crs {hint.lower()}." if hint else "Check both.",
    )


def _better_system(polygons: Shapes, around: Shapes, share: float) -> str:
    """GCJ-02 or BD-09 where it fits much better than WGS-84, else nothing."""
    shares: dict[str, float] = {}
    for system in (CoordinateSystem.GCJ02, CoordinateSystem.BD09):

        def shift(degrees: Floats, system: CoordinateSystem = system) -> Floats:
            return np.column_stack(to_wgs84(degrees[:, 0], degrees[:, 1], system))

        shares[system.value] = _share_inside(shapely.transform(polygons, shift), around)
    best = max(shares, key=lambda system: shares[system])
    return best if shares[best] > max(LEAST_SHARE, share + 0.2) else ""


def _share_inside(polygons: Shapes, around: Shapes) -> float:
    valid = shapely.is_valid(polygons)
    inside = areas_m2(shapely.intersection(polygons[valid], around[valid])).sum()
    return float(inside / max(areas_m2(polygons).sum(), 1e-9))


def check_near(grids: Sequence[NewGrid], known: Mapping[str, Bounds], *, file: str) -> None:
    """Refuse first-level grids over 50 km from the others of their county (`known`: bounds by county)."""
    for grid in grids:
        bounds = known.get(grid.code[:6])
        if bounds is None:
            continue
        middle = shapely.get_coordinates(shapely.centroid(grid.polygon))[0]
        if bounds.contains(*middle, margin_m=FARTHEST_M):
            continue
        if bounds.contains(*middle[::-1], margin_m=FARTHEST_M):
            raise Swapped(file=file)
        raise TooFar(grid=f"{grid.name}（{grid.code}）", km=_distance_km(middle, bounds))


def _distance_km(point: Floats, bounds: Bounds) -> float:
    """Roughly how far a point lies from a rectangle."""
    nearest = np.clip(point, [bounds.west, bounds.south], [bounds.east, bounds.north])
    width = np.cos(np.radians(point[1]))
    return float(111.2 * np.hypot(*((point - nearest) * [width, 1])))
