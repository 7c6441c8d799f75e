"""Boundary files: from features with attributes to new grids, and whether they lie where they belong."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from onegrid.kernel.coordinates import Bounds, CoordinateSystem, to_wgs84
from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.codes import GridLevel, checked_grid_code, first_level_of, level_of
from onegrid.territory.rules.coverage import Overlap
from onegrid.territory.rules.grids import NewGrid, UnusableShapes
from onegrid.territory.rules.numbering import numbered
from onegrid.territory.rules.segments import Floats
from onegrid.territory.rules.shapes import Mended, Shapes, Unusable, areas_m2, mend
from onegrid.territory.rules.systems import Swapped

Value = str | int | float | bool | None
PLACEHOLDER = re.compile(r"\{([^{}\[\]:]+)(?:\[(-?\d*):(-?\d*)\])?(?::0?(\d{1,2}))?\}")
DOUBLE_SHARE = 0.1  # of a grid's ground that another one may not have as well
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


class GroundTaken(Refusal):
    status = 409
    code = "territory.ground-taken"
    zh = "网格 {first} 与 {second} 大部重叠（{m2:,.0f} m²）。重划已有网格请用“替换”（territory replace）。"
    en = "Grid {first} lies over {second} ({m2:,.0f} m²). To redraw grids in force, replace them."


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


def prepare(
    features: Sequence[Feature],
    *,
    code: str,
    name: str,
    level: GridLevel,
    in_force: Mapping[str, BaseGeometry] = MappingProxyType({}),
    used: Collection[str] = (),
) -> Prepared:
    """New grids from features: code and name from templates, invalid boundaries mended or refused by name.

    Where the code comes out as a village (12 digits) its first-level grid is meant, or the second-level
    grids are numbered (`numbering`); for that, the grids in force and all codes ever used."""
    codes = [fill(code, feature.attributes) for feature in features]
    names = [fill(name, feature.attributes).strip() for feature in features]
    mended = [mend(feature.shape) for feature in features]
    _refuse_unusable(features, codes, names, mended)
    sound = [each for each in mended if isinstance(each, Mended)]
    codes = _full_codes(codes, [each.shape for each in sound], level, in_force=in_force, used=used)
    named = list(zip(codes, names, sound, strict=True))
    return Prepared(
        tuple(NewGrid(given, called, each.shape) for given, called, each in named),
        tuple(Repair(given, called, each.change_m2) for given, called, each in named if each.repaired),
    )


def _refuse_unusable(
    features: Sequence[Feature],
    codes: Sequence[str],
    names: Sequence[str],
    mended: Sequence[Mended | Unusable],
) -> None:
    faults = [
        (f"第{feature.number}个 {name}（{code}）", each)
        for feature, code, name, each in zip(features, codes, names, mended, strict=True)
        if isinstance(each, Unusable)
    ]
    if faults:
        raise UnusableShapes.of(faults)


def _full_codes(
    codes: Sequence[str],
    polygons: Sequence[BaseGeometry],
    level: GridLevel,
    *,
    in_force: Mapping[str, BaseGeometry],
    used: Collection[str],
) -> list[str]:
    """Grid codes of the level, from grid codes and village codes."""
    full = [code + "000" if len(code) == 12 and level is GridLevel.FIRST else code for code in codes]
    villages = [i for i, code in enumerate(full) if len(code) == 12]
    for i in villages:
        checked_grid_code(full[i] + "001")
    new = numbered(
        [full[i] for i in villages],
        [polygons[i] for i in villages],
        in_force=in_force,
        used={*used, *(code for code in full if len(code) == 15)},
    )
    for i, code in zip(villages, new, strict=True):
        full[i] = code
    for code in full:
        if level_of(checked_grid_code(code)) is not level:
            raise WrongLevel(grid=code, wanted="一" if level is GridLevel.FIRST else "二")
    return full


def fill(template: str, attributes: Mapping[str, Value]) -> str:
    """The template with its placeholders filled from a feature: {FIELD}, {FIELD:03} pads with zeros to three
    digits, {FIELD[:2]} takes a part. Without braces it is the name of a field, or a code in digits."""
    if "{" not in template and not template.isdigit():
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


def check_ground_free(overlaps: Sequence[Overlap], new: Sequence[NewGrid]) -> None:
    """Refuse a new grid that has a tenth of its ground or more in common with another one: that is no slip of
    the pen but the same ground once more."""
    polygons = np.array([grid.polygon for grid in new], dtype=object)
    ground = dict(zip((grid.code for grid in new), areas_m2(polygons).tolist(), strict=True))
    for overlap in overlaps:
        smallest = min(ground.get(overlap.first, np.inf), ground.get(overlap.second, np.inf))
        if overlap.m2 >= DOUBLE_SHARE * smallest:
            raise GroundTaken(first=overlap.first, second=overlap.second, m2=overlap.m2)


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
