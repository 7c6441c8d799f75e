"""Units: the county's offices, departments, towns and villages as bodies that own posts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from onegrid.workforce.rules.roles import Level, role


class UnitKind(StrEnum):
    """What kind of body a unit is."""

    COUNTY = "county"
    DEPARTMENT = "department"
    TOWN = "town"
    VILLAGE = "village"


UNIT_LABELS = {
    UnitKind.COUNTY: ("市级机构", "county office"),
    UnitKind.DEPARTMENT: ("部门", "department"),
    UnitKind.TOWN: ("镇街", "town"),
    UnitKind.VILLAGE: ("村居", "village"),
}


def town_unit(code: str) -> str:
    """The key of the unit of a town (its code's first nine digits)."""
    return f"town-{code[:9]}"


def village_unit(code: str) -> str:
    """The key of the unit of a village or first-level grid (its code's first twelve digits)."""
    return f"village-{code[:12]}"


_COUNTY_HOMES: Final[Mapping[str, str]] = {
    "two-violations-office": "two-violations-office",
    "safety-office": "safety-office",
    "business-office": "business-office",
}


def home_unit(role_key: str, territory: str) -> str:
    """The key of the unit that a post of this role belongs to where nothing else is said.

    Grid posts belong to their village, town posts to their town, county posts to the office of that
    name or the grid office. A department's post has no home: "". Raises UnknownRole."""
    level = role(role_key).level
    if level in (Level.GRID_1, Level.GRID_2):
        return village_unit(territory)
    if level is Level.TOWN:
        return town_unit(territory)
    return _COUNTY_HOMES.get(role_key, "grid-office") if level is Level.COUNTY else ""


def post_key(role_key: str, territory: str, unit: str) -> str:
    """The key of the usual, single post of a role in a place (and, for departments, of a unit)."""
    key = f"{role_key}@{territory}"
    return f"{key}/{unit}" if role(role_key).level is Level.DEPARTMENT else key
