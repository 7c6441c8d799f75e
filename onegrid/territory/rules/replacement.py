"""Splitting, merging and redrawing: the new grids must cover exactly the ground of the old ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.codes import GridLevel, level_of
from onegrid.territory.rules.coverage import OVERLAP_M2, UNION_M2, coverage
from onegrid.territory.rules.grids import NewGrid
from onegrid.territory.rules.shapes import Shapes, areas_m2

LATEST_NOTICE = timedelta(days=1)


class CoverageChanged(Refusal):
    code = "territory.coverage-changed"
    zh = "替换前后的范围不一致：缺 {missing:,.0f} m²，超出 {beyond:,.0f} m²（允许 {allowed:g} m²），"
    zh += "新网格相互重叠 {overlap:,.1f} m²。"
    en = "The new grids do not cover the old ground: {missing:,.0f} m² missing, {beyond:,.0f} m² beyond"
    en += " ({allowed:g} m² allowed), {overlap:,.1f} m² overlapping."


class EffectiveInThePast(Refusal):
    code = "territory.effective-in-the-past"
    zh = "生效时间 {valid_from:%Y-%m-%d} 已经过去。网格调整只能自今日起生效，以免改动已发生的记录。"
    en = "{valid_from:%Y-%m-%d} is past. Grids change from today on at the earliest."


class NothingToReplace(Refusal):
    code = "territory.nothing-to-replace"
    zh = "替换需要既有要撤销的网格，也有要新建的网格。"
    en = "A replacement needs grids to retire and grids to create."


def replacement(
    retired: Mapping[str, BaseGeometry], created: Sequence[NewGrid], *, valid_from: datetime, now: datetime
) -> list[NewGrid]:
    """The new grids with their predecessors: those stated, else the retired ones whose ground they take.

    Refuses when ground is lost, added or claimed twice on either level, or the date lies in the past."""
    if not retired or not created:
        raise NothingToReplace
    if valid_from < now - LATEST_NOTICE:
        raise EffectiveInThePast(valid_from=valid_from)
    linked: list[NewGrid] = []
    for level in GridLevel:
        old = {code: shape for code, shape in retired.items() if level_of(code) is level}
        new = [grid for grid in created if level_of(grid.code) is level]
        _check_ground(old, new)
        linked += [_linked(grid, old) for grid in new]
    return linked


def _check_ground(old: Mapping[str, BaseGeometry], new: Sequence[NewGrid]) -> None:
    before = shapely.union_all(list(old.values()))
    polygons = np.array([grid.polygon for grid in new], dtype=object)
    after = shapely.union_all(polygons)
    missing, beyond = areas_m2(np.array([before.difference(after), after.difference(before)], dtype=object))
    overlap = coverage([grid.code for grid in new], polygons).overlap_m2 if new else 0.0
    if max(missing, beyond) > UNION_M2 or overlap > OVERLAP_M2:
        raise CoverageChanged(missing=float(missing), beyond=float(beyond), overlap=overlap, allowed=UNION_M2)


def _linked(grid: NewGrid, old: Mapping[str, BaseGeometry]) -> NewGrid:
    if grid.predecessors or not old:
        return grid
    shared: Shapes = shapely.intersection(grid.polygon, np.array(list(old.values()), dtype=object))
    taken = [code for code, m2 in zip(old, areas_m2(shared), strict=True) if m2 > OVERLAP_M2]
    return replace(grid, predecessors=tuple(taken))
