"""Grids: what a new one must fulfil, and what is known of one."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry.base import BaseGeometry

from onegrid.kernel.ids import DivisionCode, GridCode
from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.codes import (
    GridKind,
    GridLevel,
    checked_grid_code,
    first_level_of,
    kind_of,
    level_of,
    village_of,
)
from onegrid.territory.rules.shapes import Unusable, mend


class GridsExist(Refusal):
    status = 409
    code = "territory.grids-exist"
    zh = "网格代码 {grids} 已经使用过。网格代码永不重复使用：请用新代码，并以“替换”登记拆分、合并。"
    en = "Grid codes {grids} are or were in use. A code is never used again: take new ones and replace."


class NoGrid(Refusal):
    code = "territory.no-grid"
    zh = "坐标（{lng}，{lat}）不在任何网格内。请核对坐标系，或手工选择网格。"
    en = "The place ({lng}, {lat}) lies in no grid. Check the coordinate system, or choose a grid."


class GridTwice(Refusal):
    code = "territory.grid-twice"
    zh = "网格代码 {grids} 出现了不止一次。"
    en = "Grid codes {grids} occur more than once."


class GridsUnknown(Refusal):
    status = 404
    code = "territory.grids-unknown"
    zh = "没有网格 {grids}。"
    en = "There are no grids {grids}."


class GridsNotInForce(Refusal):
    status = 409
    code = "territory.grids-not-in-force"
    zh = "网格 {grids} 在该日期不在使用中（尚未启用或已经撤销）。"
    en = "Grids {grids} are not in force at that date (not yet, or no longer)."


class VillagesMissing(Refusal):
    code = "territory.villages-missing"
    zh = "网格必须属于一个村（社区）：区划中没有 {villages}。请先载入区划。"
    en = "Every grid belongs to a village: the divisions lack {villages}. Load the divisions first."


class FirstLevelMissing(Refusal):
    code = "territory.first-level-missing"
    zh = "二级网格必须在一个一级网格内：没有使用中的一级网格 {grids}。请先导入一级网格。"
    en = "A second-level grid lies in a first-level one: {grids} are not in force."


class NameMissing(Refusal):
    code = "territory.grid-name-missing"
    zh = "网格 {grids} 没有名称。"
    en = "Grids {grids} have no name."


class UnusableShapes(Refusal):
    code = "territory.unusable-shapes"
    zh = "有 {count} 个边界不能使用，没有写入任何内容：{first}"
    en = "{count} boundaries are unusable, nothing was written: {first_en}"

    @classmethod
    def of(cls, faults: Sequence[tuple[str, Unusable]]) -> "UnusableShapes":
        """The refusal that names the first three."""
        return cls(
            count=len(faults),
            first="；".join(f"{name}：{fault.zh}" for name, fault in faults[:3]),
            first_en="; ".join(f"{name} {fault.en}" for name, fault in faults[:3]),
        )


@dataclass(frozen=True, slots=True)
class NewGrid:
    """A grid to be created. `polygon` in WGS-84 degrees; level and kind follow from the code."""

    code: str
    name: str
    polygon: BaseGeometry
    predecessors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GridInfo:
    """A grid as users see it. In force from `valid_from` until, not including, `valid_to` (None: open)."""

    code: GridCode
    name: str
    path_zh: str
    valid_from: datetime
    valid_to: datetime | None
    predecessors: tuple[GridCode, ...]
    area_m2: float

    @property
    def level(self) -> GridLevel:
        return level_of(self.code)

    @property
    def kind(self) -> GridKind:
        return kind_of(self.code)

    @property
    def first_level(self) -> GridCode:
        return first_level_of(self.code)

    @property
    def village(self) -> DivisionCode:
        return village_of(self.code)

    @property
    def town(self) -> DivisionCode:
        return DivisionCode(self.code[:9])

    @property
    def county(self) -> DivisionCode:
        return DivisionCode(self.code[:6])

    def in_force(self, at: datetime | None) -> bool:
        """True when the grid counts at that moment; without one, when it has no end."""
        if at is None:
            return self.valid_to is None
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


def check_new_grids(
    grids: Sequence[NewGrid],
    *,
    used: Collection[str],
    villages: Collection[str],
    first_levels: Collection[str],
) -> None:
    """Refuse new grids with a bad, used or doubled code, no name, no village, no first-level grid, or a
    shape that is no valid polygon. `used` are all codes ever given, the others those in force."""
    codes = [checked_grid_code(grid.code) for grid in grids]
    _refuse(GridTwice, [code for code, count in Counter(codes).items() if count > 1])
    _refuse(GridsExist, [code for code in codes if code in used])
    _refuse(NameMissing, [grid.code for grid in grids if not grid.name.strip()])
    lacking = sorted({village_of(code) for code in codes} - set(villages))
    if lacking:
        raise VillagesMissing(villages=listed(lacking))
    parents = {first_level_of(code) for code in codes if level_of(code) is GridLevel.SECOND}
    _refuse(FirstLevelMissing, sorted(parents - set(first_levels) - set(codes)))
    faults = [(f"{grid.name}（{grid.code}）", fault) for grid in grids if (fault := _fault(grid.polygon))]
    if faults:
        raise UnusableShapes.of(faults)


def _fault(polygon: BaseGeometry) -> Unusable | None:
    """What is wrong with a shape that should need no repair."""
    mended = mend(polygon)
    if isinstance(mended, Unusable):
        return mended
    if mended.repaired:
        return Unusable("边界自相交，请先修复", "crosses itself; repair it first")
    west, south, east, north = polygon.bounds
    if max(-west, east) > 180 or max(-south, north) > 90:
        return Unusable("坐标不是经纬度", "is not in degrees")
    return None


def _refuse(refusal: type[Refusal], codes: Sequence[str]) -> None:
    if codes:
        raise refusal(grids=listed(codes))


def listed(codes: Sequence[str], *, at_most: int = 5) -> str:
    """The codes as a sentence part: the first few, and how many there are."""
    shown = "、".join(codes[:at_most])
    return shown if len(codes) <= at_most else f"{shown}…（共 {len(codes)}）"
