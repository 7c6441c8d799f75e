"""A city small enough to read in which the library is live, made through actions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from shapely import box

from onegrid.accounts import actions as accounts
from onegrid.accounts import queries as account_queries
from onegrid.accounts.actions import NewAccount
from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.kernel.ids import PostId, VersionId, new_id
from onegrid.scenarios import actions
from onegrid.scenarios.rules import Definition, VersionInfo
from onegrid.territory import actions as territory_actions
from onegrid.territory import queries as territory_queries
from onegrid.territory.rules import NewDivision, NewGrid
from onegrid.workforce import actions as workforce
from onegrid.workforce.actions import NewAppointment, NewPost, NewUnit, NewWorker
from onegrid.workforce.rules import ROLES, Level, Period, UnitKind, post_key, town_unit, village_unit

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


def posts(*, without: Sequence[tuple[str, str]] = ()) -> dict[str, PostId]:
    """Every post that the library needs, except those named (role, place); their ids by key."""
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
    ids = workforce.create_posts(batch, by=SYSTEM, now=NOW)
    return {post_key(new.role, new.place, new.unit or ""): one for new, one in zip(batch, ids, strict=True)}


def city() -> list[str]:
    """Territory and posts; the codes of the grids a case can lie in."""
    codes = territory()
    posts()
    return codes


PEOPLE: Final = {
    "lin": ("林小梅", f"grid-worker-2@{VILLAGES[0]}001"),
    "zhao": ("赵敏", f"department-handler@{COUNTY}/housing"),
    "qian": ("钱海", f"department-handler@{COUNTY}/water"),
    "gao": ("高峰", f"grid-office@{COUNTY}"),
}


def staffed_city() -> dict[str, Actor]:
    """The city with its class dictionary and some people in their posts, as actors by user name.

    Lin works in a grid, Zhao is a clerk of the housing bureau, Qian of the water bureau, Gao of the grid
    office."""
    territory()
    by_key = posts()
    classes()
    names = list(PEOPLE)
    made = accounts.create_accounts([NewAccount(one, PEOPLE[one][0]) for one in names], by=SYSTEM, now=NOW)
    staff = [
        NewWorker(PEOPLE[one][0], "official", staff_no=one, account_id=account_id)
        for one, account_id in zip(names, made, strict=True)
    ]
    workers = workforce.create_workers(staff, by=SYSTEM, now=NOW)
    since = Period(date(2026, 1, 1))
    held = [
        NewAppointment(by_key[PEOPLE[one][1]], worker, since)
        for one, worker in zip(names, workers, strict=True)
    ]
    workforce.appoint(held, by=SYSTEM, now=NOW)
    actors = account_queries.actors(made, now=NOW)
    return {one: actors[account_id] for one, account_id in zip(names, made, strict=True)}


def classes() -> int:
    """The class dictionary of the library."""
    return actions.load_classes((actions.LIBRARY / "classes.yaml").read_text(), by=SYSTEM, now=NOW)


def library() -> list[VersionInfo]:
    """The city with the whole library live."""
    city()
    return actions.load_library(by=SYSTEM, now=NOW)
