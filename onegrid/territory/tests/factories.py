"""A small made-up county: two villages, each one first-level grid of four second-level squares."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import shapely

from onegrid.accounts.rules import SYSTEM
from onegrid.territory import actions
from onegrid.territory.rules import NewDivision, NewGrid

COUNTY: Final = "350583"
TOWN: Final = "350583104"
VILLAGE: Final = "350583104201"
OTHER_VILLAGE: Final = "350583104202"
FOUNDED: Final = datetime(2026, 1, 1, tzinfo=UTC)
WEST, SOUTH, SIDE = 118.40, 24.90, 0.01

DIVISIONS: Final = (
    NewDivision(COUNTY, "南安市", "county"),
    NewDivision(TOWN, "水头镇", "town"),
    NewDivision(VILLAGE, "甲村委会", "village"),
    NewDivision(OTHER_VILLAGE, "乙社区居委会", "community"),
)


def square(column: int, row: int, *, columns: int = 1, rows: int = 1) -> shapely.Polygon:
    """A rectangle of the made-up county, counted in squares of about 1 km from its south-west corner."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + columns * SIDE, south + rows * SIDE)


def village_grids(village: str, column: int) -> list[NewGrid]:
    """The first-level grid of a village, two squares wide and high, and its four second-level grids."""
    second = [
        NewGrid(f"{village}{i + 1:03}", f"第{i + 1}网格", square(column + i % 2, 1 - i // 2))
        for i in range(4)
    ]
    return [NewGrid(f"{village}000", "一级网格", square(column, 0, columns=2, rows=2)), *second]


def divisions(rows: Sequence[NewDivision] = DIVISIONS) -> None:
    """The divisions of the county."""
    actions.load_divisions(rows, edition=2023, by=SYSTEM, now=FOUNDED)


def county() -> list[NewGrid]:
    """The county with divisions and grids, tiled without gap or overlap; answers its grids."""
    divisions()
    grids = [*village_grids(VILLAGE, 0), *village_grids(OTHER_VILLAGE, 2)]
    actions.create_grids(grids, by=SYSTEM, now=FOUNDED)
    return grids
