"""What a roster (花名册) asks for, line by line, beside what the county already has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from onegrid.kernel.ids import AccountId, PostId, WorkerId
from onegrid.kernel.refusals import Refusal
from onegrid.workforce.rules.appointments import Period, Tenure, check_tenures
from onegrid.workforce.rules.duties import Duty
from onegrid.workforce.rules.refusals import AccountTaken, KeyTaken, StaffNoTaken, UnitNeeded, UnknownKey
from onegrid.workforce.rules.roles import ROLES, bound_territory, role_label
from onegrid.workforce.rules.roster_file import RosterLine
from onegrid.workforce.rules.units import home_unit, post_key

_ROLE_KEYS: Mapping[str, str] = {role.zh: key for key, role in ROLES.items()}


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post of the roster; `new` where the county does not have it yet."""

    post_id: PostId
    key: str
    role: str
    territory: str
    unit: str
    title: str
    new: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PlannedWorker:
    """A worker of the roster; `new` where the county does not have this staff number yet."""

    worker_id: WorkerId
    staff_no: str
    name: str
    category: str
    account_id: AccountId | None
    new: bool


@dataclass(slots=True)
class County:
    """What the county has, and what the lines taken so far add to it."""

    units: frozenset[str]
    categories: Mapping[str, str]  # key and Chinese name -> key
    accounts: Mapping[str, AccountId]
    posts: dict[str, PlannedPost] = field(default_factory=dict)
    workers: dict[str, PlannedWorker] = field(default_factory=dict)
    tenures: dict[PostId, list[Tenure]] = field(default_factory=dict)
    taken: set[AccountId] = field(default_factory=set)
    appointments: list[Tenure] = field(default_factory=list)
    duties: dict[PostId, list[Duty]] = field(default_factory=dict)


def take(
    county: County, lines: Iterable[RosterLine], *, ids: Iterator[UUID], today: date
) -> dict[int, Refusal]:
    """Add what each line asks for; a line that cannot be is left out whole, with its refusal by number."""
    refused: dict[int, Refusal] = {}
    for line in lines:
        try:
            post = _post(county, line, ids)
            worker = _worker(county, line, ids) if line.name else None
            tenure = _tenure(county, line, post, worker, today) if worker else None
        except Refusal as refusal:
            refused[line.number] = refusal
            continue
        _add(county, line, post, worker, tenure)
    return refused


def _add(
    county: County, line: RosterLine, post: PlannedPost, worker: PlannedWorker | None, tenure: Tenure | None
) -> None:
    county.posts[post.key] = post
    if line.scenarios or line.classes:
        duties = [Duty(post.post_id, s, c) for s in line.scenarios or ("",) for c in line.classes or ("",)]
        county.duties.setdefault(post.post_id, []).extend(duties)
    if worker:
        county.workers[worker.staff_no] = worker
        county.taken |= {worker.account_id} if worker.account_id else set()
    if tenure:
        county.tenures.setdefault(post.post_id, []).append(tenure)
        county.appointments.append(tenure)


def _post(county: County, line: RosterLine, ids: Iterator[UUID]) -> PlannedPost:
    role = _ROLE_KEYS.get(line.role, line.role)
    territory = bound_territory(role, line.place)
    unit = line.unit or home_unit(role, territory)
    if not unit:
        raise UnitNeeded(role=role_label(role), role_key=role)
    if unit not in county.units:
        raise UnknownKey(what="机构", what_en="unit", key=unit)
    key = line.post_key or post_key(role, territory, unit)
    known = county.posts.get(key)
    if known is None:
        return PlannedPost(PostId(next(ids)), key, role, territory, unit, line.title, new=True)
    if known.closed or (known.role, known.territory, known.unit) != (role, territory, unit):
        raise KeyTaken(key=key)
    return known


def _worker(county: County, line: RosterLine, ids: Iterator[UUID]) -> PlannedWorker:
    staff_no = line.staff_no or line.username
    known = county.workers.get(staff_no) if staff_no else None
    if known is not None:
        if known.name != line.name:
            raise StaffNoTaken(staff_no=staff_no, name=known.name)
        return known
    if line.category not in county.categories:
        raise UnknownKey(what="人员类别", what_en="worker category", key=line.category)
    account = _account(county, line.username) if line.username else None
    worker_id = WorkerId(next(ids))
    category = county.categories[line.category]
    return PlannedWorker(worker_id, staff_no or worker_id.hex, line.name, category, account, new=True)


def _account(county: County, username: str) -> AccountId:
    if username not in county.accounts:
        raise UnknownKey(what="账号", what_en="account", key=username)
    account = county.accounts[username]
    if account in county.taken:
        raise AccountTaken()
    return account


def _tenure(
    county: County, line: RosterLine, post: PlannedPost, worker: PlannedWorker, today: date
) -> Tenure | None:
    period = Period(line.starts_on or today)
    title = post.title or post.key
    tenure = Tenure(post.post_id, worker.worker_id, period, line.principal, title, worker.name)
    standing = county.tenures.get(post.post_id, ())
    if any(_is_that(other, tenure) for other in standing):
        return None
    check_tenures([tenure], standing)
    return tenure


def _is_that(other: Tenure, tenure: Tenure) -> bool:
    """Whether the appointment asked for stands already: then there is nothing to do."""
    return (
        other.worker_id == tenure.worker_id
        and other.principal == tenure.principal
        and other.period.contains(tenure.period.starts_on)
    )
