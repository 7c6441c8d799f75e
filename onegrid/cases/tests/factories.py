"""A small city with running cases, made through the actions of each context.

The posts and people are those of workforce's factories; the scenarios are the library's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shapely import box

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.cases import actions
from onegrid.cases.actions import Opened, Performed
from onegrid.cases.rules.commands import Command
from onegrid.cases.rules.opening import Opening
from onegrid.kernel.ids import CaseId, ClassCode, GridCode, new_id
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions as scenarios
from onegrid.scenarios.rules import VersionInfo
from onegrid.territory import actions as territory
from onegrid.territory.rules import NewDivision, NewGrid
from onegrid.workforce.actions import NewPost, create_posts
from onegrid.workforce.tests import factories as workforce
from onegrid.workforce.tests.factories import Staff

NOW: Final = workforce.NOW
GRID, OTHER_GRID = GridCode(workforce.GRID), GridCode(workforce.OTHER_GRID)
RUBBISH: Final = ClassCode("E0102")
PLACE: Final = (118.42, 24.71)


@dataclass(frozen=True, slots=True)
class City:
    """The staff and the live scenarios by key."""

    staff: Staff
    scenarios: dict[str, VersionInfo]

    def actor(self, name: str) -> Actor:
        return self.staff.actor(name)


DEPARTMENTS: Final = (
    "civil-affairs", "commerce", "culture", "development-reform", "ecology", "education", "emergency",
    "finance", "fire-rescue", "forestry", "health", "housing", "human-resources", "industry", "justice",
    "market-regulation", "public-security", "transport", "veterans", "water",
)  # fmt: skip
DEPARTMENT_ROLES: Final = ("department-handler", "department-deputy", "department-head")
DIVISIONS: Final = (
    ("350583", "南安市", "county"),
    ("350583111", "水头镇", "town"),
    ("350583112", "石井镇", "town"),
    ("350583111201", "邦吟村", "village"),
    ("350583112205", "溪东村", "village"),
)


def grids() -> None:
    """One first-level grid per village with one second-level grid that covers it whole."""
    territory.load_divisions([NewDivision(*row) for row in DIVISIONS], edition=2023, by=SYSTEM, now=NOW)
    batch = [
        NewGrid(code, name, box(west, 24.6, west + 0.1, 24.8))
        for west, codes in (
            (118.4, (GRID[:12] + "000", GRID)),
            (118.5, (OTHER_GRID[:12] + "000", OTHER_GRID)),
        )
        for code, name in zip(codes, ("第一网格", "第3网格"), strict=True)
    ]
    territory.create_grids(batch, by=SYSTEM, now=NOW, valid_from=NOW - timedelta(days=900))


SCENARIOS: Final = ("business-environment", "environment-sanitation", "illegal-construction")
"""Enough for these tests; the whole library has its own."""


def city() -> City:
    """Two villages in two towns with all posts, the cast in theirs, and some of the library live."""
    grids()
    staff = workforce.staff()
    departments = [
        NewPost(role, workforce.COUNTY, unit=unit) for unit in DEPARTMENTS for role in DEPARTMENT_ROLES
    ]
    create_posts(departments, by=SYSTEM, now=NOW)
    scenarios.load_classes((scenarios.LIBRARY / "classes.yaml").read_text(), by=SYSTEM, now=NOW)
    files = [scenarios.LIBRARY / f"{key}.yaml" for key in SCENARIOS]
    live = {one.stem: scenarios.publish(one.read_text(), by=SYSTEM, now=NOW) for one in files}
    return City(staff, live)


def report(made: City, *, at: datetime = NOW, grid: GridCode = GRID, **more: object) -> Opening:
    """A report of exposed rubbish that is to become a case."""
    opening = Opening(
        case_id=CaseId(new_id()),
        version=made.scenarios["environment-sanitation"],
        class_code=RUBBISH,
        grid_code=grid,
        lng=PLACE[0],
        lat=PLACE[1],
        title="村口垃圾成堆",
        description="已有三天无人清理",
        urgency=2,
        channel="worker",
        opened_at=at,
        place_text="村口大榕树旁",
    )
    return replace(opening, **more)  # type: ignore[arg-type]


def opened(openings: Sequence[Opening], *, now: datetime = NOW) -> list[Opened]:
    """Open them all; none is refused."""
    done = actions.open_cases(openings, by=SYSTEM, now=now)
    assert all(isinstance(one, Opened) for one in done), done
    return [one for one in done if isinstance(one, Opened)]


def made(commands: Sequence[Command], *, by: Actor, now: datetime = NOW) -> list[Performed]:
    """Make the moves; none is refused."""
    done = actions.perform(commands, by=by, now=now)
    for one in done:
        if isinstance(one, Refusal):
            raise one
    return [one for one in done if isinstance(one, Performed)]
