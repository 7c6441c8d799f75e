"""The replayed city's codes. They are fictional: no county has the number 990250.

The city is one county with one town; each ward is a village and its first-level grid, each precinct a
second-level grid of its ward."""

import re
from typing import Final

from onegrid.kernel.ids import DivisionCode, GridCode
from onegrid.kernel.refusals import Refusal

COUNTY: Final = DivisionCode("990250")
TOWN: Final = DivisionCode("990250001")
CITY_NAME: Final = "波士顿（回放数据，编码为虚构）"
TOWN_NAME: Final = "波士顿市区"

_PRECINCT: Final = re.compile(r"(\d\d)(\d\d)([A-E]?)")
SPLIT_OFF: Final = 100
"""Added to the number of a precinct for each letter: 0502A, split off from 0502, is number 102 of ward 5."""


class PrecinctUnreadable(Refusal):
    code = "sample.precinct-unreadable"
    zh = "边界文件中的选区号“{given}”无法识别，应为两位区号加两位选区号，可带字母（如 0502A）。"
    en = "'{given}' is no precinct: two digits of the ward, two of the precinct, perhaps a letter (0502A)."


def ward_village(ward: int) -> DivisionCode:
    """The 12 digits of a ward."""
    return DivisionCode(f"{TOWN}{ward:03}")


def ward_grid(ward: int) -> GridCode:
    """The first-level grid of a ward."""
    return GridCode(f"{TOWN}{ward:03}000")


def precinct_grid(ward: int, precinct: int) -> GridCode:
    """The second-level grid of a precinct of a ward."""
    return GridCode(f"{TOWN}{ward:03}{precinct:03}")


def split_precinct(text: str) -> tuple[int, int]:
    """Ward and precinct number of a precinct as the boundary file writes it. Raises PrecinctUnreadable."""
    found = _PRECINCT.fullmatch(text.strip())
    if found is None:
        raise PrecinctUnreadable(given=text)
    letter = ord(found[3]) - ord("A") + 1 if found[3] else 0
    return int(found[1]), int(found[2]) + letter * SPLIT_OFF


def ward_of(grid_code: str) -> GridCode:
    """The first-level grid that a grid belongs to."""
    return GridCode(grid_code[:12] + "000")
