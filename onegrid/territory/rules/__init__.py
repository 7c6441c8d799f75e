"""Rules of territory: codes, divisions by edition, grids, shapes, coverage, import, and the locator."""

from onegrid.territory.rules.codes import (
    Ancestors,
    BadDivisionCode,
    BadGridCode,
    DivisionLevel,
    GridKind,
    GridLevel,
    checked_division_code,
    checked_grid_code,
    first_level_of,
    kind_of,
    level_of,
    parent_codes,
    parent_division,
    village_of,
)
from onegrid.territory.rules.coverage import Beyond, Coverage, Gap, Overlap, coverage
from onegrid.territory.rules.divisions import (
    ChangeSet,
    DivisionInfo,
    NewDivision,
    Renamed,
    change_set,
    short_name,
)
from onegrid.territory.rules.grids import GridInfo, NewGrid, NoGrid
from onegrid.territory.rules.imports import Feature, Prepared, Repair
from onegrid.territory.rules.locator import Locator
from onegrid.territory.rules.shapes import areas_m2

__all__ = [
    "Ancestors",
    "BadDivisionCode",
    "BadGridCode",
    "Beyond",
    "ChangeSet",
    "Coverage",
    "DivisionInfo",
    "DivisionLevel",
    "Feature",
    "Gap",
    "GridInfo",
    "GridKind",
    "GridLevel",
    "Locator",
    "NewDivision",
    "NewGrid",
    "NoGrid",
    "Overlap",
    "Prepared",
    "Renamed",
    "Repair",
    "areas_m2",
    "change_set",
    "checked_division_code",
    "checked_grid_code",
    "coverage",
    "first_level_of",
    "kind_of",
    "level_of",
    "parent_codes",
    "parent_division",
    "short_name",
    "village_of",
]
