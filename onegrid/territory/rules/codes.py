"""Codes: divisions of 6, 9 and 12 digits, grids of 15. Everything hangs together by prefix.

A grid code is the code of its village (12 digits) and a sequence of three: 000 is the first-level grid,
001-599 are second-level grids, 600-799 exclusive ones (park 6xx, market 65x, school or hospital 7xx),
900-999 temporary ones. A park or market that is a first-level grid itself has a pseudo-village code whose
last three digits are 5xx. (Proposal of the domain brief, 1.5, after the Beijing unit grid.)"""

from enum import IntEnum, StrEnum
from typing import NamedTuple

from onegrid.kernel.ids import DivisionCode, GridCode
from onegrid.kernel.refusals import Refusal


class DivisionLevel(IntEnum):
    """The level of a division; its value is the length of the code."""

    COUNTY = 6
    TOWN = 9
    VILLAGE = 12


class GridLevel(IntEnum):
    """First level: a village, community, park or market. Second level: what a worker patrols."""

    FIRST = 1
    SECOND = 2

    @property
    def zh(self) -> str:
        return "一级网格" if self is GridLevel.FIRST else "二级网格"


class GridKind(StrEnum):
    """Whose matters a grid takes: everybody's, one park's or school's, or for a time."""

    GENERAL = "general"
    EXCLUSIVE = "exclusive"
    TEMPORARY = "temporary"

    @property
    def zh(self) -> str:
        return {"general": "综合网格", "exclusive": "专属网格", "temporary": "临时网格"}[self.value]


class BadGridCode(Refusal):
    code = "territory.bad-grid-code"
    zh = "网格代码“{given}”不正确：应为15位数字，即12位村（社区）代码加3位序号（000、001-799或900-999）。"
    en = "'{given}' is no grid code: 15 digits, the village's 12 and a sequence (000, 001-799, 900-999)."


class BadDivisionCode(Refusal):
    code = "territory.bad-division-code"
    zh = "区划代码“{given}”不正确：应为6位（县）、9位（镇街）或12位（村、社区）数字。"
    en = "'{given}' is no division code: 6 digits (county), 9 (town) or 12 (village)."


class UnknownArea(Refusal):
    code = "territory.unknown-area"
    zh = "没有代码为“{given}”或以它开头的区划和网格，请核对。"
    en = "No division or grid has the code '{given}' or one that begins with it."


class Ancestors(NamedTuple):
    """A grid and what it lies in."""

    grid: GridCode
    first_level: GridCode
    town: DivisionCode
    county: DivisionCode


def checked_grid_code(text: str) -> GridCode:
    """The text as a grid code; anything else is refused."""
    if len(text) != 15 or not _digits(text) or 800 <= int(text[12:]) <= 899:
        raise BadGridCode(given=text)
    return GridCode(text)


def checked_division_code(text: str) -> DivisionCode:
    """The text as a division code; anything else is refused."""
    if len(text) not in set(DivisionLevel) or not _digits(text):
        raise BadDivisionCode(given=text)
    return DivisionCode(text)


def parent_codes(code: GridCode) -> Ancestors:
    """The grid itself, its first-level grid, its town and its county."""
    return Ancestors(code, first_level_of(code), DivisionCode(code[:9]), DivisionCode(code[:6]))


def first_level_of(code: str) -> GridCode:
    """The first-level grid that a grid (itself included) or a village belongs to."""
    return GridCode(code[:12] + "000")


def village_of(code: str) -> DivisionCode:
    """The village or community that a grid belongs to."""
    return DivisionCode(code[:12])


def level_of(code: str) -> GridLevel:
    """The level of a grid, from its code."""
    return GridLevel.FIRST if code.endswith("000") else GridLevel.SECOND


def kind_of(code: str) -> GridKind:
    """The kind of a grid, from its code."""
    sequence = code[12:]
    if sequence == "000":
        return GridKind.EXCLUSIVE if code[9] == "5" else GridKind.GENERAL
    if sequence < "600":
        return GridKind.GENERAL
    return GridKind.EXCLUSIVE if sequence < "800" else GridKind.TEMPORARY


def parent_division(code: str) -> DivisionCode | None:
    """The division right above, None above a county."""
    return None if len(code) <= DivisionLevel.COUNTY else DivisionCode(code[: len(code) - 3])


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
