"""Units: the county's offices, departments, towns and villages as bodies that own posts."""

from enum import StrEnum


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
