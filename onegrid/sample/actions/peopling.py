"""Units, posts, workers and accounts of the sample city."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from onegrid.accounts.actions import NewAccount, create_accounts
from onegrid.accounts.rules import AccountRole, Actor
from onegrid.kernel.ids import AccountId, PostId, UnitId, WorkerId
from onegrid.sample.queries import COUNTY, MARK
from onegrid.sample.rules.cast import ADMIN, AUDITOR, CITIZEN, GATEWAY, PASSWORD
from onegrid.sample.rules.city import City
from onegrid.sample.rules.numbering import unit_name
from onegrid.sample.rules.staffing import CADRE, Post, Staffing
from onegrid.workforce import queries as workforce
from onegrid.workforce.actions import (
    NewAppointment,
    NewPost,
    NewUnit,
    NewWorker,
    appoint,
    create_posts,
    create_units,
    create_workers,
    load_starter,
)
from onegrid.workforce.rules import ROLES, Employment, Level, Period, UnitKind, town_unit, village_unit

_IDS = uuid5(NAMESPACE_URL, "onegrid:sample")


def _id(seed: int, key: str) -> UUID:
    return uuid5(_IDS, f"{seed}:{key}")


def prepare(city: City, *, seed: int, by: Actor, now: datetime) -> tuple[list[str], list[str]]:
    """Create the units; returns the keys of offices and departments, and of the part-time categories."""
    load_starter(county=COUNTY, by=by, now=now)
    towns = [
        NewUnit(
            town_unit(town.code), UnitKind.TOWN, town.code, town.name, unit_id=UnitId(_id(seed, town.code))
        )
        for town in city.towns
    ]
    villages = [
        NewUnit(
            village_unit(unit.code), UnitKind.VILLAGE, unit.code, unit_name(unit),
            parent=town_unit(unit.code), unit_id=UnitId(_id(seed, unit.code)),
        )
        for unit in city.units
    ]  # fmt: skip
    mark = NewUnit(
        MARK, UnitKind.COUNTY, COUNTY, "样例城市（县级以下边界、人员、上报均为虚构）",
        "Sample city: boundaries below the county, people and reports are made up",
        unit_id=UnitId(_id(seed, MARK)),
    )  # fmt: skip
    create_units([mark, *towns, *villages], by=by, now=now)
    bodies = workforce.units(by, kinds=(UnitKind.COUNTY, UnitKind.DEPARTMENT), limit=1_000).items
    helpers = {each.key for each in workforce.categories() if each.employment is Employment.PART_TIME}
    return [unit.key for unit in bodies if unit.key != MARK], sorted(helpers - {CADRE})


def people(city: City, staff: Staffing, *, seed: int, by: Actor, now: datetime) -> None:
    """Register the workers, create the posts and put each worker where the plan says.

    Each who answers for a post has an account; only the cast has a password."""
    accounts = _accounts(staff, by=by, now=now)
    workers = [WorkerId(_id(seed, f"worker {k}")) for k in range(len(staff.names))]
    posts = [PostId(_id(seed, post.key)) for post in staff.posts]
    people = zip(staff.names, staff.categories, workers, strict=True)
    new = [
        NewWorker(name, kind, staff_no(k), accounts.get(k), one) for k, (name, kind, one) in enumerate(people)
    ]
    create_workers(new, by=by, now=now)
    create_posts(_posts(city, staff, posts), by=by, now=now)
    since = Period(workforce.city_day(now))
    seats = [NewAppointment(posts[s.post], workers[s.worker], since, s.principal) for s in staff.seats]
    appoint(seats, by=by, now=now)


def _posts(city: City, staff: Staffing, ids: list[PostId]) -> list[NewPost]:
    titles = _Titles(city)
    return [
        NewPost(post.role, post.code, post.unit, titles.of(post), key=post.key, post_id=post_id)
        for post, post_id in zip(staff.posts, ids, strict=True)
    ]


def staff_no(worker: int) -> str:
    """The staff number (工号) of a worker, and the account name where no cast name is given."""
    return f"S{worker + 1:05d}"


def _accounts(staff: Staffing, *, by: Actor, now: datetime) -> dict[int, AccountId]:
    workers = sorted({seat.worker for seat in staff.seats if seat.principal})
    cast = {worker: username for username, worker in staff.cast.items()}
    new = [
        NewAccount(cast.get(k, staff_no(k)), staff.names[k], password=PASSWORD if k in cast else None)
        for k in workers
    ]
    others = [
        NewAccount(*CITIZEN, password=PASSWORD, role=AccountRole.CITIZEN),
        NewAccount(*ADMIN, password=PASSWORD, role=AccountRole.SYSTEM_ADMIN),
        NewAccount(*AUDITOR, password=PASSWORD, role=AccountRole.AUDIT_ADMIN),
        NewAccount(*GATEWAY, kind="machine", territory=COUNTY),
    ]
    ids = create_accounts([*new, *others], by=by, now=now)
    return dict(zip(workers, ids, strict=False))


class _Titles:
    """Titles of posts: a second-level post names its grid; the others are named by unit and role."""

    def __init__(self, city: City) -> None:
        self._grids = {grid.code: grid.name for grid in city.grids}

    def of(self, post: Post) -> str:
        role = ROLES[post.role]
        if role.level is not Level.GRID_2:
            return ""
        village, grid = self._grids[f"{post.code[:12]}000"], self._grids[post.code]
        return f"{'' if village in grid else village}{grid}{role.zh}"
