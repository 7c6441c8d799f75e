"""Who reports on a case whose grid is not known: the post above, so that a report always has one post."""

from dataclasses import replace
from typing import Final

from onegrid.scenarios.rules.words import AreaLevel, Who
from onegrid.workforce.rules import ROLES, Level

_OF_A_GRID: Final = frozenset(role.key for role in ROLES.values() if role.level is Level.GRID_2)
_OF_A_VILLAGE: Final = frozenset(role.key for role in ROLES.values() if role.level is Level.GRID_1)
VILLAGE_STAND_IN: Final = "grid-head"  # 一级网格长
TOWN_STAND_IN: Final = "town-desk"


def area_of(grid_code: str) -> AreaLevel:
    """How precisely the place is known: a second-level grid, a village (…000 or 12 digits) or only a town."""
    if len(grid_code) == 15:
        return AreaLevel.VILLAGE if grid_code.endswith("000") else AreaLevel.GRID
    return AreaLevel.VILLAGE if len(grid_code) == 12 else AreaLevel.TOWN


def stands_in(who: Who, area: AreaLevel) -> Who:
    """Who reports where no more of the place is known: for a post of a second-level grid the first-level grid
    head, for any post below the town the town's desk."""
    if area is AreaLevel.VILLAGE and who.role in _OF_A_GRID:
        return replace(who, role=VILLAGE_STAND_IN)
    if area is AreaLevel.TOWN and who.role in _OF_A_GRID | _OF_A_VILLAGE:
        return replace(who, role=TOWN_STAND_IN)
    return who


def stand_ins(who: Who) -> tuple[Who, ...]:
    """Everyone who may have to report in its stead."""
    return tuple(dict.fromkeys(one for area in AreaLevel if (one := stands_in(who, area)) != who))
