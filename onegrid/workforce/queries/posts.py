"""Posts as lists and one by one: within the actor's territory, with their holders and duties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import Actor
from onegrid.kernel import history
from onegrid.kernel.ids import PostId, UnitId, WorkerId
from onegrid.kernel.refusals import NotFound
from onegrid.workforce.queries.holders import Holder, city_day, holders
from onegrid.workforce.queries.pages import Page, after, page
from onegrid.workforce.rules import Duty


@dataclass(frozen=True, slots=True)
class PostInfo:
    """One post."""

    post_id: PostId
    key: str
    role: str
    title_zh: str
    title_en: str
    unit_id: UnitId
    unit_key: str
    unit_zh: str
    territory: str
    closed_on: date | None


_COLUMNS: Final = (
    "p.id, p.key, p.role, p.title_zh, p.title_en, p.unit_id, u.key, u.name_zh, p.territory, p.closed_on"
)
_HELD_ON: Final = (
    "EXISTS (SELECT 1 FROM workforce_appointment a WHERE a.post_id = p.id AND a.principal"
    " AND a.starts_on <= %s AND (a.ends_before IS NULL OR a.ends_before > %s))"
)
_FROM: Final = "FROM workforce_post p JOIN workforce_unit u ON u.id = p.unit_id"


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts are wanted; "" and None are no restriction."""

    territory: str = ""
    role: str = ""
    unit: str = ""
    vacant: bool | None = None


def posts(
    actor: Actor, wanted: PostFilter, *, cursor: str = "", limit: int = 50, now: datetime
) -> Page[PostInfo]:
    """Live posts in the actor's territory by territory and key."""
    actor.require("workforce.read")
    scope, parameters = scope_sql(actor, "p.territory", permission="workforce.read")
    day = city_day(now)
    vacancy = {None: "TRUE OR", True: "NOT", False: ""}[wanted.vacant]
    values: list[Any] = [
        wanted.territory,
        wanted.territory + "~",
        wanted.role,
        wanted.unit,
        day,
        day,
        *after(cursor, 2),
    ]
    with connection.cursor() as db:
        db.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE {scope} AND p.closed_on IS NULL"
            " AND p.territory >= %s AND p.territory < %s AND %s IN ('', p.role) AND %s IN ('', u.key)"
            f" AND ({vacancy} {_HELD_ON}) AND (p.territory, p.key) > (%s, %s)"
            " ORDER BY p.territory, p.key LIMIT %s",
            [*parameters, *values, limit + 1],
        )
        found = [PostInfo(*row) for row in db.fetchall()]
    return page(found, limit=limit, mark=lambda post: (post.territory, post.key))


def posts_by_id(post_ids: Sequence[PostId]) -> dict[PostId, PostInfo]:
    """Those of the posts that exist, closed ones too: what has a name is shown with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = ANY(%s)", [list(post_ids)])
        return {row[0]: PostInfo(*row) for row in cursor.fetchall()}


def post(post_id: PostId) -> PostInfo:
    """One post. Raises NotFound."""
    found = posts_by_id([post_id])
    if not found:
        raise NotFound(what="岗位")
    return found[post_id]


@dataclass(frozen=True, slots=True)
class AppointmentInfo:
    """A worker in a post, past, present or to come."""

    appointment_id: UUID
    worker_id: WorkerId
    name: str
    principal: bool
    starts_on: date
    ends_before: date | None


@dataclass(frozen=True, slots=True)
class PostDetail:
    """One post with all that hangs on it."""

    post: PostInfo
    holders: tuple[Holder, ...]
    duties: tuple[Duty, ...]
    appointments: tuple[AppointmentInfo, ...]
    trail: tuple[history.Recorded, ...]


def post_detail(actor: Actor, post_id: PostId, *, now: datetime) -> PostDetail:
    """One post of the actor's territory. Raises NotFound."""
    info = post(post_id)
    if not actor.allows("workforce.read", info.territory) and post_id not in actor.post_ids:
        raise NotFound(what="岗位")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.worker_id, w.name, a.principal, a.starts_on, a.ends_before"
            " FROM workforce_appointment a JOIN workforce_worker w ON w.id = a.worker_id WHERE a.post_id = %s"
            " ORDER BY a.starts_on, a.id",
            [post_id],
        )
        appointments = tuple(AppointmentInfo(*row) for row in cursor.fetchall())
        cursor.execute(
            "SELECT post_id, scenario, class_prefix, territory FROM workforce_duty WHERE post_id = %s"
            " ORDER BY scenario, class_prefix, territory",
            [post_id],
        )
        duties = tuple(Duty(*row) for row in cursor.fetchall())
    return PostDetail(
        info, holders([post_id], now=now)[post_id], duties, appointments, tuple(history.trail(post_id))
    )


@dataclass(frozen=True, slots=True)
class DutyInfo:
    """One line of the duty list as it is read: a post and what it answers for ("" = everything)."""

    post: PostInfo
    line_id: str
    scenario: str
    class_prefix: str
    territory: str


def duty_list(
    actor: Actor, *, territory: str = "", scenario: str = "", cursor: str = "", limit: int = 50
) -> Page[DutyInfo]:
    """职责清单: the posts of the actor's territory with their lines; a post without any has one general line.

    With `scenario` only the lines that count for it."""
    actor.require("workforce.read")
    scope, parameters = scope_sql(actor, "p.territory", permission="workforce.read")
    with connection.cursor() as db:
        db.execute(
            "SELECT COALESCE(d.id::text, ''), COALESCE(d.scenario, ''), COALESCE(d.class_prefix, ''),"
            f" COALESCE(d.territory, p.territory), {_COLUMNS}"
            f" {_FROM} LEFT JOIN workforce_duty d ON d.post_id = p.id"
            f" WHERE {scope} AND p.closed_on IS NULL AND p.territory >= %s AND p.territory < %s"
            "   AND (%s = '' OR COALESCE(d.scenario, '') IN ('', %s))"
            "   AND (p.territory, p.key, COALESCE(d.id::text, '')) > (%s, %s, %s)"
            " ORDER BY p.territory, p.key, COALESCE(d.id::text, '') LIMIT %s",
            [*parameters, territory, territory + "~", scenario, scenario, *after(cursor, 3), limit + 1],
        )
        found = [DutyInfo(PostInfo(*row[4:]), *row[:4]) for row in db.fetchall()]
    return page(found, limit=limit, mark=lambda line: (line.post.territory, line.post.key, line.line_id))
