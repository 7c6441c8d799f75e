"""Who holds which post on a day: own appointments, assistants, and delegates acting for the holder."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from onegrid.accounts.rules import Standing
from onegrid.kernel.ids import AccountId, PostId, WorkerId
from onegrid.workforce.rules import PostVacant

IN_FORCE: Final = "{0}.starts_on <= %(day)s AND ({0}.ends_before IS NULL OR {0}.ends_before > %(day)s)"

_HELD: Final = f"""
    SELECT a.post_id, w.id AS worker_id, w.account_id, w.name, a.principal, NULL::text AS behalf
      FROM workforce_appointment a JOIN workforce_worker w ON w.id = a.worker_id
     WHERE {IN_FORCE.format("a")}
     UNION ALL
    SELECT d.post_id, w.id, w.account_id, w.name, FALSE, h.name
      FROM workforce_delegation d
      JOIN workforce_appointment a ON a.id = d.appointment_id AND {IN_FORCE.format("a")}
      JOIN workforce_worker h ON h.id = a.worker_id
      JOIN workforce_worker w ON w.id = d.to_worker_id
     WHERE {IN_FORCE.format("d")}
"""  # noqa: S608 - constants only


def city_day(now: datetime) -> date:
    """The day that it is in the city."""
    return now.astimezone(ZoneInfo(settings.CITY_TIME_ZONE)).date()


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may act in a post. The principal answers; `on_behalf_of`: whom a delegate acts for."""

    worker_id: WorkerId
    account_id: AccountId | None
    name: str
    principal: bool
    on_behalf_of: str | None


def standings(account_ids: Sequence[AccountId], *, now: datetime) -> Mapping[AccountId, tuple[Standing, ...]]:
    """The posts that each account holds on the day of `now`, in its own name or as a delegate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT held.account_id, p.id, p.role, p.unit_id, p.territory, p.title_zh, held.behalf"  # noqa: S608 - constants only
            f" FROM ({_HELD}) held JOIN workforce_post p ON p.id = held.post_id"
            " WHERE held.account_id = ANY(%(accounts)s) ORDER BY held.behalf NULLS FIRST, p.territory, p.id",
            {"day": city_day(now), "accounts": list(account_ids)},
        )
        rows = cursor.fetchall()
    found: defaultdict[AccountId, list[Standing]] = defaultdict(list)
    for account_id, *standing in rows:
        found[account_id].append(Standing(*standing))
    return {account_id: tuple(each) for account_id, each in found.items()}


def holders(post_ids: Sequence[PostId], *, now: datetime) -> Mapping[PostId, tuple[Holder, ...]]:
    """Who may act in each post on the day of `now`, the principal first; () for a vacant post."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT post_id, worker_id, account_id, name, principal, behalf FROM ({_HELD}) held"  # noqa: S608 - constants only
            " WHERE post_id = ANY(%(posts)s) ORDER BY principal DESC, behalf NULLS LAST, worker_id",
            {"day": city_day(now), "posts": list(post_ids)},
        )
        rows = cursor.fetchall()
    found: dict[PostId, list[Holder]] = {post_id: [] for post_id in post_ids}
    for post_id, *holder in rows:
        found[post_id].append(Holder(*holder))
    return {post_id: tuple(each) for post_id, each in found.items()}


def vacant_on(post_ids: Sequence[PostId], *, day: date) -> frozenset[PostId]:
    """Those of the posts that have no principal holder on that day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.post_id FROM workforce_appointment a"  # noqa: S608 - constants only
            f" WHERE a.principal AND a.post_id = ANY(%(posts)s) AND {IN_FORCE.format('a')}",
            {"day": day, "posts": list(post_ids)},
        )
        held: set[UUID] = {row[0] for row in cursor.fetchall()}
    return frozenset(post_id for post_id in post_ids if post_id not in held)


def vacant(post_ids: Sequence[PostId], *, now: datetime) -> frozenset[PostId]:
    """Those of the posts that have no principal holder on the day of `now`."""
    return vacant_on(post_ids, day=city_day(now))


def is_held(post_id: PostId, *, now: datetime) -> bool:
    """Whether the post has a principal holder on the day of `now`."""
    return not vacant([post_id], now=now)


def require_held(post_ids: Sequence[PostId], *, now: datetime) -> None:
    """Raises PostVacant, naming the posts that nobody answers for in person on the day of `now`."""
    nobody = vacant(post_ids, now=now)
    if nobody:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT title_zh FROM workforce_post WHERE id = ANY(%s) ORDER BY key", [list(nobody)]
            )
            titles = [row[0] for row in cursor.fetchall()]
        raise PostVacant(post="、".join(titles[:20]))
