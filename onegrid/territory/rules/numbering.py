"""Giving numbers to second-level grids that come with their village only: row by row from the north, each
row from the west (Beijing unit grid, domain.md 1.5). A number once given is never given again."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.codes import kind_of
from onegrid.territory.rules.segments import Ints
from onegrid.territory.rules.shapes import Shapes

LAST_GENERAL = 599


class NumbersUsedUp(Refusal):
    code = "territory.numbers-used-up"
    zh = "{village} 的二级网格序号 001-599 已用完。"
    en = "The second-level numbers 001-599 of {village} are used up."


def numbered(
    villages: Sequence[str],
    polygons: Sequence[BaseGeometry],
    *,
    in_force: Mapping[str, BaseGeometry],
    used: Collection[str],
) -> list[str]:
    """A grid code for each polygon in its village: that of the grid in force with the same boundary, else the
    next number behind all that were ever used there. Raises NumbersUsedUp."""
    codes = [""] * len(villages)
    for village in sorted(set(villages)):
        here = [i for i, each in enumerate(villages) if each == village]
        known = {code: shape for code, shape in in_force.items() if code[:12] == village}
        for i in here:
            codes[i] = next((code for code, shape in known.items() if shape.equals_exact(polygons[i])), "")
        rest = [i for i in here if not codes[i]]
        for i, number in zip(_in_order(rest, polygons), _numbers(village, used, len(rest)), strict=True):
            codes[i] = f"{village}{number:03}"
    return codes


def _numbers(village: str, used: Collection[str], count: int) -> range:
    """The next numbers of a village."""
    last = max((int(code[12:]) for code in used if code[:12] == village and _is_general(code)), default=0)
    if last + count > LAST_GENERAL:
        raise NumbersUsedUp(village=village)
    return range(last + 1, last + 1 + count)


def _in_order(positions: list[int], polygons: Sequence[BaseGeometry]) -> list[int]:
    if not positions:
        return []
    order = reading_order(np.array([polygons[i] for i in positions], dtype=object))
    return [positions[i] for i in order]


def reading_order(polygons: Shapes) -> Ints:
    """Positions row by row from the north, each row from the west; rows are about one grid high."""
    centres = shapely.get_coordinates(shapely.centroid(polygons))
    height = float(np.median(shapely.bounds(polygons)[:, 3] - shapely.bounds(polygons)[:, 1]))
    row = np.round((centres[:, 1].max() - centres[:, 1]) / height)
    return np.lexsort((centres[:, 0], row))


def _is_general(code: str) -> bool:
    return kind_of(code) == "general" and not code.endswith("000")
