"""Codes and names of grids: 15 digits, numbered west to east and north to south (domain.md 1.5)."""

from typing import NamedTuple

import numpy as np

from onegrid.sample.rules.divide import Place
from onegrid.sample.rules.frame import Floats

SCHOOL, HOSPITAL, PARK, MARKET, GENERAL = 701, 751, 601, 651, 1
_SCHOOL_FROM_GRIDS = 9


class Label(NamedTuple):
    """What one second-level grid is called."""

    code: str
    name: str
    exclusive: bool


def reading_order(centre: Floats, area: Floats) -> list[int]:
    """Row by row from the north, each row from the west; rows are about one grid high (metres, m2)."""
    height = float(np.sqrt(area.mean()))
    row = np.round((centre[:, 1].max() - centre[:, 1]) / height)
    order: list[int] = np.lexsort((centre[:, 0], row)).tolist()
    return order


def unit_name(place: Place) -> str:
    """What people call it: 镇山村委会 is 镇山村, 溪美社区居委会 is 溪美社区."""
    for ending, short in (("社区居委会", "社区"), ("居委会", "社区"), ("村委会", "村")):
        if place.name.endswith(ending):
            return place.name.removesuffix(ending) + short
    return place.name


def labels(place: Place, centre: Floats, area: Floats, *, seat_of: str | None) -> list[Label]:
    """Code and name per second-level grid of one unit.

    All grids of a park or market are exclusive. Elsewhere a large unit gives its smallest grid to a school,
    and the unit with the town's seat (`seat_of` = the town's name) the next smallest to a hospital."""
    series = [MARKET if place.kind == "market" else PARK if place.kind == "park" else GENERAL] * len(area)
    smallest = np.argsort(area, kind="stable").tolist()
    if not place.exclusive:
        if len(area) >= _SCHOOL_FROM_GRIDS or seat_of:
            series[smallest.pop(0)] = SCHOOL
        if seat_of:
            series[smallest.pop(0)] = HOSPITAL
    found: list[Label | None] = [None] * len(area)
    count: dict[int, int] = {}
    for k in reading_order(centre, area):
        number = count[series[k]] = count.get(series[k], 0) + 1
        code = f"{place.code}{series[k] + number - 1:03d}"
        found[k] = Label(code, _name(place, series[k], number, seat_of), series[k] != GENERAL)
    return [label for label in found if label is not None]


def _name(place: Place, series: int, number: int, seat_of: str | None) -> str:
    if series == SCHOOL:
        return f"{seat_of or unit_name(place)}样例学校"
    if series == HOSPITAL:
        return f"{seat_of}样例医院"
    return f"第{number}网格"
