"""A city small enough to read in which the library is live, made through actions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from shapely import box

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.ids import VersionId, new_id
from onegrid.scenarios import actions
from onegrid.scenarios.rules import Definition, VersionInfo
from onegrid.territory import actions as territory_actions
from onegrid.territory import queries as territory_queries
from onegrid.territory.rules import NewDivision, NewGrid
from onegrid.workforce import actions as workforce
from onegrid.workforce.actions import NewPost, NewUnit
from onegrid.workforce.rules import ROLES, Level, UnitKind, town_unit, village_unit

NOW: Final = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
COUNTY: Final = "350583"
TOWNS: Final = ["350583111", "350583112"]
VILLAGES: Final = ["350583111201", "350583112205"]
DEPARTMENTS: Final = (
    "natural-resources", "urban-management", "housing", "agriculture", "emergency", "fire-rescue",
    "public-security", "market-regulation", "ecology", "water", "forestry", "health", "civil-affairs",
    "human-resources", "justice", "education", "veterans", "culture", "transport", "commerce", "industry",
    "finance", "development-reform",
)  # fmt: skip
DEPARTMENT_ROLES: Final = ("department-handler", "department-deputy", "department-head")


def version_of(
    definition: Definition, *, number: int = 1, towns: tuple[str, ...] | None = None
) -> VersionInfo:
    """A version as if it had been published."""
    return VersionInfo(VersionId(new_id()), definition.key, number, definition, towns)


def territory() -> list[str]:
    """Two towns with a village each: two grids and a market grid in the first, one grid in the second."""
    rows = [
        NewDivision(COUNTY, "南安市", "county"),
        *(NewDivision(code, f"{code[-3:]}镇", "town") for code in TOWNS),
        *(NewDivision(code, f"{code[-3:]}村", "village") for code in VILLAGES),
    ]
    territory_actions.load_divisions(rows, edition=2023, by=SYSTEM, now=NOW)
    grids = [
        NewGrid(f"{village}000", "一级网格", box(118 + x, 24, 118.9 + x, 25))
        for x, village in enumerate(VILLAGES)
    ]
    grids += [
        NewGrid(f"{VILLAGES[0]}001", "第1网格", box(118, 24, 118.3, 25)),
        NewGrid(f"{VILLAGES[0]}002", "第2网格", box(118.3, 24, 118.6, 25)),
        NewGrid(f"{VILLAGES[0]}650", "市场网格", box(118.6, 24, 118.9, 25)),
        NewGrid(f"{VILLAGES[1]}001", "第1网格", box(119, 24, 119.9, 25)),
    ]
    territory_actions.create_grids(grids, by=SYSTEM, now=NOW, valid_from=NOW)
    return [grid.code for grid in grids if not grid.code.endswith("000")]


def posts(*, without: Sequence[tuple[str, str]] = ()) -> None:
    """Every post that the library needs, except those named (role, place)."""
    workforce.load_starter(county=COUNTY, by=SYSTEM, now=NOW)
    units = [NewUnit(town_unit(code), UnitKind.TOWN, code, f"{code[-3:]}镇") for code in TOWNS]
    units += [
        NewUnit(village_unit(code), UnitKind.VILLAGE, code, f"{code[-3:]}村", parent=town_unit(code))
        for code in VILLAGES
    ]
    workforce.create_units(units, by=SYSTEM, now=NOW)
    places = {Level.COUNTY: [COUNTY], Level.TOWN: TOWNS, Level.GRID_1: VILLAGES}
    places[Level.GRID_2] = sorted(code for code in territory_queries.live_codes() if not code.endswith("000"))
    batch = [
        NewPost(role.key, place)
        for role in ROLES.values()
        for place in places.get(role.level, [])
        if (role.key, place) not in without
    ]
    batch += [NewPost(role, COUNTY, unit=unit) for unit in DEPARTMENTS for role in DEPARTMENT_ROLES]
    workforce.create_posts(batch, by=SYSTEM, now=NOW)


def city() -> list[str]:
    """Territory and posts; the codes of the grids a case can lie in."""
    codes = territory()
    posts()
    return codes


def classes() -> int:
    """The class dictionary of the library."""
    return actions.load_classes((actions.LIBRARY / "classes.yaml").read_text(), by=SYSTEM, now=NOW)


def library() -> list[VersionInfo]:
    """The city with the whole library live."""
    city()
    return actions.load_library(by=SYSTEM, now=NOW)
