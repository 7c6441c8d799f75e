"""Lists of cases: filtered, sorted, by keyset pages, within the actor's scope, in one statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from onegrid.accounts.queries import AFTER_ANY_CODE
from onegrid.accounts.rules import Actor
from onegrid.cases.queries.scope import Branch, branches
from onegrid.kernel.ids import CaseId, PostId, VersionId
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory


class Sort(StrEnum):
    """Orders that an index serves."""

    DUE = "due"  # running cases, the most urgent deadline first
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What to show; what is not set does not filter. Codes are prefixes of the hierarchy."""

    phase: str = ""
    scenario: str = ""
    stage: str = ""
    class_code: str = ""
    area: str = ""
    unit: str = ""
    owner: PostId | None = None
    urgency: int | None = None
    channel: str = ""
    number: str = ""
    text: str = ""
    overdue: bool = False
    repeated: bool = False
    opened_from: datetime | None = None
    opened_to: datetime | None = None


class CaseRow(NamedTuple):
    """One line of a list."""

    id: CaseId
    version: int
    number: str
    title: str
    scenario: str
    version_id: VersionId
    class_code: str
    grid_code: str
    place_text: str
    lng: float | None
    lat: float | None
    phase: str
    stage: str
    owner: PostId | None
    unit: str
    channel: str
    urgency: int
    report_count: int
    open_tasks: int
    returns: int
    extensions: int
    acknowledged_at: datetime | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    repeat_of: CaseId | None
    repeated_at: datetime | None


_COLUMNS = ", ".join({"version": "trail_seq AS version"}.get(name, name) for name in CaseRow._fields)
_ORDERS = {
    Sort.DUE: ("due_at", "ASC", ">"),
    Sort.NEWEST: ("opened_at", "DESC", "<"),
    Sort.OLDEST: ("opened_at", "ASC", ">"),
}


def case_list(
    actor: Actor,
    wanted: CaseFilter,
    *,
    sort: Sort = Sort.NEWEST,
    after: Sequence[object] | None = None,
    limit: int = 50,
    now: datetime,
) -> list[CaseRow]:
    """Up to `limit` cases after the row whose sort value and id are `after`; [] outside the actor's scope."""
    scope = branches(actor)
    if not scope:
        return []
    column, direction, beyond = _ORDERS[sort]
    conditions = list(_conditions(wanted, now=now))
    if sort is Sort.DUE:
        conditions.append(Branch("phase = 'open'", ()))
    if after is not None:
        conditions.append(Branch(f"({column}, id) {beyond} (%s::timestamptz, %s::uuid)", tuple(after)))
    order = f"ORDER BY {column} {direction}, id {direction} LIMIT %s"
    parts = [_part(branch, conditions, order) for branch in scope]
    params = [value for part in parts for value in (*part.params, limit)]
    sql = parts[0].sql
    if len(parts) > 1:
        united = " UNION ".join(f"({part.sql})" for part in parts)
        sql, params = f"SELECT * FROM ({united}) AS each {order}", [*params, limit]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [CaseRow(*row) for row in cursor.fetchall()]


def _part(branch: Branch, conditions: Sequence[Branch], order: str) -> Branch:
    every = [branch, *conditions]
    where = " AND ".join(one.sql for one in every)
    params = tuple(value for one in every for value in one.params)
    return Branch(f"SELECT {_COLUMNS} FROM cases_case WHERE {where} {order}", params)  # noqa: S608


def count_cases(actor: Actor, wanted: CaseFilter, *, most: int = 1000, now: datetime) -> int:
    """How many cases there are, counted up to `most` + 1: a longer list is only "more than"."""
    scope = branches(actor)
    if not scope:
        return 0
    conditions = list(_conditions(wanted, now=now))
    parts = [_part(branch, conditions, "LIMIT %s") for branch in scope]
    inner = " UNION ".join(f"({part.sql.replace(_COLUMNS, 'id', 1)})" for part in parts)
    params = [value for part in parts for value in (*part.params, most + 1)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({inner}) AS each", params)  # noqa: S608
        return min(int(cursor.fetchone()[0]), most + 1)


def _conditions(wanted: CaseFilter, *, now: datetime) -> Iterator[Branch]:
    if wanted.scenario:
        scenarios.check_key(wanted.scenario)
    if wanted.area:
        territory.check_area(wanted.area)
    equal = {
        "phase": wanted.phase,
        "scenario": wanted.scenario,
        "stage": wanted.stage,
        "unit": wanted.unit,
        "owner": wanted.owner,
        "urgency": wanted.urgency,
        "channel": wanted.channel,
        "number": wanted.number,
    }
    for column, value in equal.items():
        if value not in {"", None}:
            yield Branch(f"{column} = %s", (value,))
    if len(wanted.area) == 9:
        yield Branch("town = %s", (wanted.area,))
    elif wanted.area:
        yield _prefix("grid_code", wanted.area)
    if wanted.class_code:
        yield _prefix("class_code", wanted.class_code)
    if wanted.text:
        yield Branch("title ILIKE %s", (f"%{_plain(wanted.text)}%",))
    if wanted.overdue:
        yield Branch("phase = 'open' AND due_at < %s", (now,))
    if wanted.repeated:
        yield Branch("repeat_of IS NOT NULL", ())
    if wanted.opened_from:
        yield Branch("opened_at >= %s", (wanted.opened_from,))
    if wanted.opened_to:
        yield Branch("opened_at < %s", (wanted.opened_to,))


def _prefix(column: str, prefix: str) -> Branch:
    return Branch(f"({column} >= %s AND {column} < %s)", (prefix, prefix + AFTER_ANY_CODE))


def _plain(text: str) -> str:
    """Signs that LIKE would read are taken as they are."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class TaskRow(NamedTuple):
    """One thing an actor has to do: a stage he owns, a task beside a flow, or a request to decide."""

    kind: str  # own | cosign | follow-up | instruction | card | decide
    case_id: CaseId
    task_id: UUID | None
    number: str
    title: str
    version_id: VersionId
    stage: str
    post_id: PostId
    text: str
    due_at: datetime | None
    urgency: int
    acknowledged_at: datetime | None


_MINE = """
(SELECT 'own', id, NULL::uuid, number, title, version_id, stage, owner, '', due_at, urgency, acknowledged_at
   FROM cases_case WHERE owner = ANY(%(posts)s) ORDER BY due_at LIMIT %(limit)s)
UNION ALL
(SELECT t.kind, t.case_id, t.id, c.number, c.title, c.version_id, c.stage, t.post_id, t.text, t.due_at,
        c.urgency, t.received_at
   FROM cases_task t JOIN cases_case c ON c.id = t.case_id
  WHERE t.post_id = ANY(%(posts)s) AND t.status = 'open' ORDER BY t.due_at LIMIT %(limit)s)
UNION ALL
(SELECT 'decide', id, NULL, number, title, version_id, stage, approver, '', due_at, urgency, acknowledged_at
   FROM cases_case WHERE approver = ANY(%(posts)s) ORDER BY due_at LIMIT %(limit)s)
ORDER BY 10 NULLS LAST, 2 LIMIT %(limit)s
"""


def my_tasks(actor: Actor, *, limit: int = 200) -> list[TaskRow]:
    """Everything the actor's posts have to do, what is due first on top; one statement."""
    posts = list(actor.post_ids)
    if not posts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MINE, {"posts": posts, "limit": limit})
        return [TaskRow(*row) for row in cursor.fetchall()]
