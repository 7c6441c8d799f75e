"""A small county's workforce, made through the actions of the workforce.

Two villages in two towns. Lin (林) works in a second-level grid of Wang's (王) village, Chen (陈) heads a
village in another town, Zhao (赵) handles for the urban-management bureau, Gao (高) runs the county
grid office, Mei (梅) the town desk above Wang; Hu (胡) helps Lin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from onegrid.accounts import actions as accounts
from onegrid.accounts import queries as account_queries
from onegrid.accounts.actions import NewAccount
from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.kernel.ids import AccountId, PostId, WorkerId
from onegrid.workforce import actions
from onegrid.workforce.actions import NewAppointment, NewPost, NewUnit, NewWorker
from onegrid.workforce.rules import ROLES, Level, Period, UnitKind, town_unit, village_unit

NOW: Final = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # 09:30 in Nan'an
TODAY: Final = date(2026, 11, 24)
SINCE: Final = date(2026, 1, 1)
COUNTY: Final = "350583"
TOWN, VILLAGE, GRID = "350583111", "350583111201", "350583111201003"
OTHER_TOWN, OTHER_VILLAGE, OTHER_GRID = "350583112", "350583112205", "350583112205001"

VILLAGE_ROLES: Final = tuple(key for key, role in ROLES.items() if role.level is Level.GRID_1)
TOWN_ROLES: Final = tuple(key for key, role in ROLES.items() if role.level is Level.TOWN)
COUNTY_ROLES: Final = tuple(key for key, role in ROLES.items() if role.level is Level.COUNTY)
PEOPLE: Final = {
    "lin": ("林小梅", "full-time", f"grid-worker-2@{GRID}"),
    "hu": ("胡建军", "volunteer", f"grid-worker-2@{GRID}"),
    "wang": ("王国强", "village-cadre", f"grid-head@{VILLAGE}"),
    "mei": ("梅丽华", "official", f"town-desk@{TOWN}"),
    "chen": ("陈志明", "village-cadre", f"grid-head@{OTHER_VILLAGE}"),
    "zhao": ("赵敏", "official", f"department-handler@{COUNTY}/urban-management"),
    "gao": ("高峰", "official", f"grid-office@{COUNTY}"),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """The workforce made: posts by key, workers and accounts by the name of the cast."""

    posts: dict[str, PostId]
    workers: dict[str, WorkerId]
    accounts: dict[str, AccountId]

    def actor(self, name: str, *, now: datetime = NOW) -> Actor:
        """Somebody of the cast with the posts held at `now`."""
        account_id = self.accounts[name]
        return account_queries.actors([account_id], now=now)[account_id]


def units() -> None:
    """Offices, departments and worker categories of the county, two towns, two villages."""
    actions.load_starter(county=COUNTY, by=SYSTEM, now=NOW)
    towns = [NewUnit(town_unit(code), UnitKind.TOWN, code, f"{code[-3:]}镇") for code in (TOWN, OTHER_TOWN)]
    villages = [
        NewUnit(village_unit(code), UnitKind.VILLAGE, code, f"{code[-3:]}村", parent=town_unit(code))
        for code in (VILLAGE, OTHER_VILLAGE)
    ]
    actions.create_units([*towns, *villages], by=SYSTEM, now=NOW)


def posts() -> dict[str, PostId]:
    """Every role of grids, villages, towns and county, and three departments: posts by key."""
    batch = [NewPost(role, COUNTY) for role in COUNTY_ROLES]
    batch += [NewPost(role, code) for code in (TOWN, OTHER_TOWN) for role in TOWN_ROLES]
    batch += [NewPost(role, code) for code in (VILLAGE, OTHER_VILLAGE) for role in VILLAGE_ROLES]
    batch += [NewPost(role, code) for code in (GRID, OTHER_GRID) for role in ("grid-worker-2", "grid-head-2")]
    batch += [
        NewPost(role, COUNTY, unit=unit)
        for unit in ("urban-management", "natural-resources", "agriculture")
        for role in ("department-handler", "department-deputy", "department-head")
    ]
    ids = actions.create_posts(batch, by=SYSTEM, now=NOW)
    keys = [f"{new.role}@{new.place}" + (f"/{new.unit}" if new.unit else "") for new in batch]
    return dict(zip(keys, ids, strict=True))


def staff() -> Staff:
    """The whole workforce with the cast in their posts; the other posts are vacant."""
    units()
    by_key = posts()
    accounts_made = accounts.create_accounts(
        [NewAccount(username, name) for username, (name, _, _) in PEOPLE.items()], by=SYSTEM, now=NOW
    )
    workers_made = actions.create_workers(
        [
            NewWorker(name, category, staff_no=username, account_id=account_id)
            for (username, (name, category, _)), account_id in zip(PEOPLE.items(), accounts_made, strict=True)
        ],
        by=SYSTEM,
        now=NOW,
    )
    made = Staff(
        by_key, dict(zip(PEOPLE, workers_made, strict=True)), dict(zip(PEOPLE, accounts_made, strict=True))
    )
    hold(made, list(PEOPLE))
    return made


def hold(made: Staff, names: Sequence[str], *, since: date = SINCE) -> None:
    """Put people of the cast into their posts; Hu only assists."""
    batch = [
        NewAppointment(made.posts[PEOPLE[name][2]], made.workers[name], Period(since), principal=name != "hu")
        for name in names
    ]
    actions.appoint(batch, by=SYSTEM, now=NOW)
