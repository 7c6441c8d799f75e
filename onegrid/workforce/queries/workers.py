"""Workers and delegations, within the actor's territory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import AccountId, PostId, WorkerId
from onegrid.workforce.queries.holders import IN_FORCE, city_day
from onegrid.workforce.queries.pages import Page, after, page


@dataclass(frozen=True, slots=True)
class WorkerPost:
    """A post that a worker holds."""

    appointment_id: UUID
    post_id: PostId
    title_zh: str
    territory: str
    principal: bool


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """One worker with the posts held on the day asked for."""

    worker_id: WorkerId
    staff_no: str
    name: str
    category: str
    account_id: AccountId | None
    posts: tuple[WorkerPost, ...]


@dataclass(frozen=True, slots=True)
class WorkerFilter:
    """Which workers are wanted; "" is no restriction. `name` matches its beginning."""

    territory: str = ""
    category: str = ""
    name: str = ""


_HELD: Final = (
    "EXISTS (SELECT 1 FROM workforce_appointment a JOIN workforce_post p ON p.id = a.post_id"
    " WHERE a.worker_id = w.id AND a.starts_on <= %s AND (a.ends_before IS NULL OR a.ends_before > %s)"
)


def workers(
    actor: Actor, wanted: WorkerFilter, *, cursor: str = "", limit: int = 50, now: datetime
) -> Page[WorkerInfo]:
    """Workers by staff number: those with a post in the actor's territory, and for whoever maintains
    the workforce also those without any post."""
    actor.require("workforce.read")
    scope, parameters = scope_sql(actor, "p.territory", permission="workforce.read")
    day = city_day(now)
    free = "TRUE" if actor.allows("workforce.write") and not wanted.territory else "FALSE"
    values: list[Any] = [*after(cursor, 1), wanted.category, wanted.name]
    place: list[Any] = [day, day, wanted.territory, wanted.territory + "~"]
    with connection.cursor() as db:
        db.execute(
            "SELECT w.id, w.staff_no, w.name, w.category_id, w.account_id FROM workforce_worker w"  # noqa: S608 - constants only
            " WHERE w.staff_no > %s AND %s IN ('', w.category_id) AND starts_with(w.name, %s)"
            f" AND ({_HELD} AND p.territory >= %s AND p.territory < %s AND {scope})"
            f" OR ({free} AND NOT {_HELD})))"
            " ORDER BY w.staff_no LIMIT %s",
            [*values, *place, *parameters, day, day, limit + 1],
        )
        rows = db.fetchall()
    posts = _posts_of([row[0] for row in rows], day=day)
    found = [
        WorkerInfo(worker_id, staff_no, name, category, account_id, tuple(posts.get(worker_id, ())))
        for worker_id, staff_no, name, category, account_id in rows
    ]
    return page(found, limit=limit, mark=lambda worker: (worker.staff_no,))


def _posts_of(worker_ids: Sequence[WorkerId], *, day: date) -> dict[WorkerId, list[WorkerPost]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.worker_id, a.id, p.id, p.title_zh, p.territory, a.principal"  # noqa: S608 - constants only
            " FROM workforce_appointment a JOIN workforce_post p ON p.id = a.post_id"
            f" WHERE a.worker_id = ANY(%(workers)s) AND {IN_FORCE.format('a')} ORDER BY p.territory, p.key",
            {"workers": list(worker_ids), "day": day},
        )
        found: dict[WorkerId, list[WorkerPost]] = {}
        for worker_id, *post in cursor.fetchall():
            found.setdefault(worker_id, []).append(WorkerPost(*post))
    return found


@dataclass(frozen=True, slots=True)
class DelegationInfo:
    """代办: who acts for whom in which post, and when. `ends_before` is the first day without."""

    delegation_id: UUID
    post_id: PostId
    title_zh: str
    territory: str
    holder: str
    delegate: str
    starts_on: date
    ends_before: date
    reason: str


_DELEGATIONS: Final = (
    "SELECT d.id, d.post_id, p.title_zh, p.territory, h.name, w.name, d.starts_on, d.ends_before, d.reason"
    " FROM workforce_delegation d JOIN workforce_post p ON p.id = d.post_id"
    " JOIN workforce_appointment a ON a.id = d.appointment_id"
    " JOIN workforce_worker h ON h.id = a.worker_id JOIN workforce_worker w ON w.id = d.to_worker_id"
)


def delegations(actor: Actor, *, cursor: str = "", limit: int = 50, now: datetime) -> Page[DelegationInfo]:
    """Delegations in force or to come, newest first: of the actor's own posts, to the actor, and within
    the actor's territory."""
    scope, parameters = scope_sql(actor, "p.territory", permission="workforce.read")
    (before,) = after(cursor, 1)
    with connection.cursor() as db:
        db.execute(
            f"{_DELEGATIONS} WHERE d.ends_before > %s AND d.ends_before > d.starts_on"
            " AND (%s = '' OR d.id::text < %s)"
            f" AND ({scope} OR d.post_id = ANY(%s) OR w.account_id = %s) ORDER BY d.id DESC LIMIT %s",
            [city_day(now), before, before, *parameters, list(actor.post_ids), actor.account_id, limit + 1],
        )
        found = [DelegationInfo(*row) for row in db.fetchall()]
    return page(found, limit=limit, mark=lambda each: (str(each.delegation_id),))
