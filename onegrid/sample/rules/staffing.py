"""Who works in the sample city: posts for every grid, town and office, and made-up people to hold them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from onegrid.sample.rules.cast import CAST, Member
from onegrid.sample.rules.city import City
from onegrid.sample.rules.people import names

OFFICIAL, FULL_TIME, CADRE = "official", "full-time", "village-cadre"
UNITS_PER_CHIEF, UNITS_PER_DEPUTY = 3, 2

_COUNTY = {
    "grid-office": 5,
    "two-violations-office": 2,
    "safety-office": 2,
    "business-office": 2,
    "epidemic-command": 1,
    "flood-office": 1,
    "governance-centre": 2,
    "county-leader": 0,
    "inspector": 5,
}
_TOWN = {
    "town-desk": 3,
    "town-head": 0,
    "town-two-violations": 2,
    "town-enforcement": 5,
    "town-safety": 1,
    "town-command": 1,
    "town-building": 1,
    "town-agriculture": 1,
    "town-civil-affairs": 1,
    "town-rivers": 0,
    "town-market": 1,
    "town-police": 3,
    "town-hospital": 1,
    "town-governance-centre": 1,
    "town-party": 0,
}
_DEPARTMENT = {"department-handler": 4, "department-deputy": 0, "department-head": 0}
"""Roles with the number of assistants beside the one who answers."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post of `role` bound to `code`; `unit` is a unit key, "" where the place itself says which."""

    role: str
    code: str
    unit: str = ""

    @property
    def key(self) -> str:
        """A readable key, the same in every build."""
        return f"{self.unit or self.code}-{self.role}"


@dataclass(frozen=True, slots=True)
class Seat:
    """A worker (number) in a post (number); the principal answers for it, the others assist."""

    post: int
    worker: int
    principal: bool


@dataclass(slots=True)
class Staffing:
    """All posts, category and name of every worker, who sits where, and which worker is which cast member."""

    posts: list[Post] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    cast: dict[str, int] = field(default_factory=dict)

    def person(self, category: str) -> int:
        """One more worker; returns the worker's number."""
        self.categories.append(category)
        return len(self.categories) - 1

    def post(self, post: Post, principal: int, assistants: Iterable[int] = ()) -> int:
        """One more post with its holders; returns the post's number."""
        self.posts.append(post)
        number = len(self.posts) - 1
        self.seats.append(Seat(number, principal, principal=True))
        self.seats += [Seat(number, worker, principal=False) for worker in assistants]
        return number


def staffed(
    city: City,
    *,
    county: str,
    departments: Sequence[str],
    auxiliaries: Sequence[str],
    workers: int,
    rng: np.random.Generator,
) -> Staffing:
    """Every role of every place filled once; part-time workers assist in the grids until there are `workers`.

    `departments` are unit keys, `auxiliaries` the categories of part-time workers."""
    staff = Staffing()
    _county(staff, county, departments)
    for town in city.towns:
        _offices(staff, town.code, _TOWN, OFFICIAL)
        _town_leaders(staff, [unit.code for unit in city.units if unit.town == town.code])
    grids = _grids(staff, city)
    missing = workers - len(staff.categories)
    for k, post in enumerate(rng.permutation(np.resize(grids, max(0, missing))).tolist()):
        staff.seats.append(Seat(post, staff.person(auxiliaries[k % len(auxiliaries)]), principal=False))
    staff.names = names(len(staff.categories), rng=rng)
    _give_cast_names(staff, city, county)
    return staff


def _county(staff: Staffing, county: str, departments: Sequence[str]) -> None:
    _offices(staff, county, _COUNTY, OFFICIAL)
    for unit in departments:
        _offices(staff, county, _DEPARTMENT, OFFICIAL, unit=unit)


def _offices(staff: Staffing, code: str, roles: dict[str, int], category: str, *, unit: str = "") -> None:
    for role, assistants in roles.items():
        holder, *others = (staff.person(category) for _ in range(assistants + 1))
        staff.post(Post(role, code, unit), holder, others)


def _town_leaders(staff: Staffing, units: Sequence[str]) -> None:
    """Town leaders are stationed in several villages each, and so are the heads of the stationed teams."""
    for role, each in (("chief-head", UNITS_PER_CHIEF), ("deputy-chief", UNITS_PER_DEPUTY)):
        for k, unit in enumerate(units):
            if k % each == 0:
                leader = staff.person(OFFICIAL)
            staff.post(Post(role, unit), leader)


def _grids(staff: Staffing, city: City) -> list[int]:
    """Posts of first- and second-level grids; returns the posts in which part-time workers assist."""
    within: dict[str, list[tuple[str, bool]]] = {}
    for grid in city.level(2):
        within.setdefault(grid.code[:12], []).append((grid.code, grid.exclusive))
    patrols = []
    for unit, grids in within.items():
        staff.post(Post("grid-head", unit), staff.person(CADRE))
        staff.post(Post("mediator", unit), staff.person(CADRE))
        staff.post(Post("village-centre", unit), staff.person(FULL_TIME), [staff.person(CADRE)])
        heads = [staff.person(CADRE) for _ in grids]
        staff.post(Post("grid-worker-1", unit), heads[0], heads[1:3])
        for head, (code, exclusive) in zip(heads, grids, strict=True):
            worker = staff.person(FULL_TIME)
            staff.post(Post("grid-head-2", code), head)
            patrols.append(staff.post(Post("grid-worker-2", code), worker))
            if exclusive:
                staff.post(Post("exclusive-worker", code), worker)
    return patrols


def _give_cast_names(staff: Staffing, city: City, county: str) -> None:
    holder = {staff.posts[seat.post]: seat.worker for seat in staff.seats if seat.principal}
    for member in CAST:
        worker = holder[Post(member.role, place_of(member, city, county), member.unit)]
        staff.names[worker] = member.name
        staff.cast[member.username] = worker


def place_of(member: Member, city: City, county: str) -> str:
    """The code of the place where a member of the cast works: the home town's first village, or another's."""
    if member.place == "county":
        return county
    home = _villages(city, city.towns[0].code)[0]
    if member.place == "home-grid":
        return next(grid.code for grid in city.level(2) if grid.code.startswith(home) and not grid.exclusive)
    if member.place == "away":
        return (
            _villages(city, city.towns[1].code)[0] if len(city.towns) > 1 else _villages(city, home[:9])[-1]
        )
    return home if member.place == "home" else home[:9]


def _villages(city: City, town: str) -> list[str]:
    return [unit.code for unit in city.units if unit.town == town and not unit.exclusive]
