"""The replayed city's codes. They are fictional: no county has the number 990250.

The city is one county with one town; each ward is a village and its first-level grid, each precinct a
second-level grid of its ward."""

from typing import Final

from onegrid.kernel.ids import DivisionCode, GridCode

COUNTY: Final = DivisionCode("990250")
TOWN: Final = DivisionCode("990250001")
CITY_NAME: Final = "波士顿（回放数据，编码为虚构）"
TOWN_NAME: Final = "波士顿市区"


def ward_village(ward: int) -> DivisionCode:
    """The 12 digits of a ward."""
    return DivisionCode(f"{TOWN}{ward:03}")


def ward_grid(ward: int) -> GridCode:
    """The first-level grid of a ward."""
    return GridCode(f"{TOWN}{ward:03}000")


def precinct_grid(ward: int, precinct: int) -> GridCode:
    """The second-level grid of a precinct of a ward."""
    return GridCode(f"{TOWN}{ward:03}{precinct:03}")


def ward_of(grid_code: str) -> GridCode:
    """The first-level grid that a grid belongs to."""
    return GridCode(grid_code[:12] + "000")
