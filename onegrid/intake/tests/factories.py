"""A small county in which reports come in: three grids side by side, everybody in post, scenarios live.

Lin's grid and its neighbour lie in Wang's village, the third in Chen's, in another town. Each is a square of
0.01 degrees, some 1.0 x 1.1 km."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any, Final

import shapely

from onegrid.accounts.rules import SYSTEM, Actor, Standing
from onegrid.intake import actions
from onegrid.intake.rules.reports import Channel, Outcome, ReportIn
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.ids import UnitId, new_id
from onegrid.scenarios import actions as scenarios
from onegrid.territory import actions as territory
from onegrid.territory.rules import NewDivision, NewGrid
from onegrid.workforce import actions as workforce
from onegrid.workforce.actions import NewPost
from onegrid.workforce.queries import units
from onegrid.workforce.rules import UnitKind
from onegrid.workforce.tests.factories import (
    COUNTY,
    GRID,
    NOW,
    OTHER_GRID,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Staff,
    staff,
)

__all__ = [
    "COUNTY",
    "FIRE",
    "GRID",
    "LAMP",
    "NEXT_GRID",
    "NOW",
    "OTHER_GRID",
    "OTHER_TOWN",
    "OTHER_VILLAGE",
    "RUBBISH",
    "STALL",
    "TOWN",
    "VILLAGE",
    "Staff",
    "citizen",
    "clerk_of",
    "middle",
    "receive",
    "report",
    "square",
    "world",
]

NEXT_GRID: Final = f"{VILLAGE}004"
WEST: Final = {GRID: 118.38, NEXT_GRID: 118.39, OTHER_GRID: 118.40}
SOUTH, SIDE = 24.95, 0.01
RUBBISH, LAMP, FIRE, STALL = "E0102", "C0103", "S1201", "E0501"  # LAMP and FIRE: no live scenario takes them
METRE: Final = 1 / 111_195  # degrees of latitude

_numbers = count(1)


def world() -> Staff:
    """Territory and workforce of the small county, with sanitation as its live scenario."""
    made = staff_and_territory()
    classes, sanitation = (
        (scenarios.LIBRARY / name).read_text(encoding="utf-8")
        for name in ("classes.yaml", "environment-sanitation.yaml")
    )
    scenarios.load_classes(classes, by=SYSTEM, now=NOW)
    scenarios.publish(sanitation, by=SYSTEM, now=NOW)
    return made


def staff_and_territory() -> Staff:
    divisions = [
        NewDivision(COUNTY, "南安市", "county"),
        NewDivision(TOWN, "水头镇", "town"),
        NewDivision(OTHER_TOWN, "官桥镇", "town"),
        NewDivision(VILLAGE, "甲村", "village"),
        NewDivision(OTHER_VILLAGE, "乙村", "village"),
    ]
    territory.load_divisions(divisions, edition=2023, by=SYSTEM, now=NOW)
    grids = [
        NewGrid(f"{VILLAGE}000", "甲村", shapely.union_all([square(GRID), square(NEXT_GRID)])),
        NewGrid(f"{OTHER_VILLAGE}000", "乙村", square(OTHER_GRID)),
        NewGrid(GRID, "第3网格", square(GRID)),
        NewGrid(NEXT_GRID, "第4网格", square(NEXT_GRID)),
        NewGrid(OTHER_GRID, "第1网格", square(OTHER_GRID)),
    ]
    territory.create_grids(grids, by=SYSTEM, now=NOW, valid_from=NOW)
    made = staff()
    posts = [NewPost(role, NEXT_GRID) for role in ("grid-worker-2", "grid-head-2")]
    posts += [
        NewPost(role, COUNTY, unit=unit.key)
        for unit in units(SYSTEM, kinds=[UnitKind.DEPARTMENT], limit=100).items
        for role in ("department-handler", "department-deputy", "department-head")
        if f"{role}@{COUNTY}/{unit.key}" not in made.posts
    ]
    workforce.create_posts(posts, by=SYSTEM, now=NOW)
    return made


def square(grid: str) -> shapely.Polygon:
    """The made-up boundary of a grid."""
    return shapely.box(WEST[grid], SOUTH, WEST[grid] + SIDE, SOUTH + SIDE)


def middle(grid: str) -> tuple[float, float]:
    """The middle of a grid, longitude and latitude in WGS-84."""
    return WEST[grid] + SIDE / 2, SOUTH + SIDE / 2


def report(*, north_m: float = 0, grid: str = GRID, **fields: Any) -> ReportIn:
    """A grid worker's report of exposed rubbish in the middle of a grid, some metres north of it."""
    lng, lat = middle(grid)
    usual = ReportIn(
        channel=Channel.WORKER,
        external_id=f"r-{next(_numbers)}",
        class_code=RUBBISH,
        description="路边垃圾成堆，请尽快清理",
        lng=lng,
        lat=lat + north_m * METRE,
        system=CoordinateSystem.WGS84,
        reported_at=NOW,
    )
    return replace(usual, **fields)


def receive(reports: Sequence[ReportIn], *, by: Actor = SYSTEM, now: datetime = NOW) -> list[Outcome]:
    """Take these reports in, in one batch."""
    return actions.receive(reports, by=by, now=now)


def citizen() -> Actor:
    """A resident who may report and nothing else; no post."""
    account_id = new_id()
    return Actor(account_id, "群众", "person", permissions=frozenset({"report.create"}))  # type: ignore[arg-type]


def clerk_of(territory_code: str, *, role: str = "town-desk") -> Actor:
    """Somebody at a desk of that territory."""
    standing = Standing(new_id(), role, UnitId(new_id()), territory_code, "受理台")  # type: ignore[arg-type]
    return Actor(new_id(), "受理员", "person", (standing,), frozenset({"pool.decide", "report.create"}))  # type: ignore[arg-type]
