"""Who takes up a post, leaves it, or acts in it for its holder."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk, outbox
from onegrid.kernel.ids import AccountId, PostId, WorkerId, new_ids
from onegrid.kernel.refusals import NotFound
from onegrid.workforce import events, queries, rules
from onegrid.workforce.actions.posts import lock_posts
from onegrid.workforce.actions.record import Step, record
from onegrid.workforce.queries import PostInfo
from onegrid.workforce.rules import Period, Tenure, UnknownKey

_COLUMNS: Final = ("id", "post_id", "worker_id", "principal", "starts_on", "ends_before")


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """A worker to put into a post for a period; the principal answers for it, the others assist."""

    post_id: PostId
    worker_id: WorkerId
    period: Period
    principal: bool = True


@transaction.atomic
def appoint(batch: Sequence[NewAppointment], *, by: Actor, now: datetime) -> list[UUID]:
    """Appoint the workers, all or none, and return the appointments' ids in order.

    Raises UnknownKey, NotPermitted, DatesOutOfOrder, PostHasPrincipal, AlreadyAppointed."""
    posts = lock_posts([new.post_id for new in batch])
    for territory in {post.territory for post in posts.values()}:
        by.require("workforce.write", territory)
    people = workers_by_id([new.worker_id for new in batch])
    tenures = [
        Tenure(
            new.post_id, new.worker_id, new.period, new.principal,
            posts[new.post_id].title_zh, people[new.worker_id].name,
        )
        for new in batch
    ]  # fmt: skip
    rules.check_tenures(tenures, _standing(list(posts)))
    ids = new_ids(len(batch))
    rows = [
        (fresh, t.post_id, t.worker_id, t.principal, t.period.starts_on, t.period.ends_before)
        for fresh, t in zip(ids, tenures, strict=True)
    ]
    bulk.insert("workforce_appointment", _COLUMNS, rows)
    record("post", [Step(t.post_id, "filled", _body(t)) for t in tenures], by=by, now=now)
    outbox.publish([_filled(t, people[t.worker_id].account_id) for t in tenures], at=now)
    return ids


@dataclass(frozen=True, slots=True)
class Person:
    """A worker's name and account."""

    name: str
    account_id: AccountId | None


def workers_by_id(worker_ids: Sequence[WorkerId]) -> dict[WorkerId, Person]:
    """The workers. Raises UnknownKey for one that does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, account_id FROM workforce_worker WHERE id = ANY(%s)", [list(set(worker_ids))]
        )
        found = {row[0]: Person(*row[1:]) for row in cursor.fetchall()}
    for worker_id in worker_ids:
        if worker_id not in found:
            raise UnknownKey(what="工作人员", what_en="worker", key=worker_id)
    return found


def _standing(post_ids: Sequence[PostId]) -> list[Tenure]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, worker_id, starts_on, ends_before, principal FROM workforce_appointment"
            " WHERE post_id = ANY(%s)",
            [list(post_ids)],
        )
        return [Tenure(row[0], row[1], Period(row[2], row[3]), row[4]) for row in cursor.fetchall()]


def _body(tenure: Tenure) -> dict[str, object]:
    return {
        "worker": tenure.worker_id,
        "name": tenure.worker,
        "principal": tenure.principal,
        "starts_on": tenure.period.starts_on,
        "ends_before": tenure.period.ends_before,
    }


def _filled(tenure: Tenure, account_id: AccountId | None) -> events.PostFilled:
    return events.PostFilled(
        post_id=tenure.post_id,
        worker_id=tenure.worker_id,
        account_id=account_id,
        principal=tenure.principal,
        starts_on=tenure.period.starts_on.isoformat(),
    )


@transaction.atomic
def end_appointments(appointment_ids: Sequence[UUID], *, on: date, by: Actor, now: datetime) -> None:
    """End the appointments: `on` is the first day on which they hold no more.

    Delegations made for them end with them. Raises NotFound, NotPermitted, AlreadyOver."""
    ended = [replace(each, tenure=_cut(each.tenure, on)) for each in _to_end(appointment_ids, by)]
    changes = [(each.appointment_id, each.tenure.period.ends_before) for each in ended]
    bulk.update("workforce_appointment", ("id", "uuid"), [("ends_before", "date")], changes)
    steps = [Step(each.tenure.post_id, "vacated", _body(each.tenure)) for each in ended]
    record("post", steps, by=by, now=now)
    day = max(on, queries.city_day(now))
    empty = queries.vacant_on([each.tenure.post_id for each in ended], day=day)
    outbox.publish([_vacated(each.tenure, each.account_id, empty) for each in ended], at=now)


@dataclass(frozen=True, slots=True)
class _Held:
    """An appointment that is to end, with its holder's account."""

    appointment_id: UUID
    tenure: Tenure
    account_id: AccountId | None


def _cut(tenure: Tenure, on: date) -> Tenure:
    return replace(tenure, period=rules.cut_off(tenure.period, on=on))


def _to_end(appointment_ids: Sequence[UUID], by: Actor) -> list[_Held]:
    """The appointments, locked with their posts. Raises NotFound, NotPermitted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.post_id, a.worker_id, a.starts_on, a.ends_before, a.principal, p.territory,"
            "       w.name, w.account_id"
            "  FROM workforce_appointment a JOIN workforce_post p ON p.id = a.post_id"
            "  JOIN workforce_worker w ON w.id = a.worker_id"
            " WHERE a.id = ANY(%s) ORDER BY p.id, a.id FOR UPDATE OF p, a",
            [list(appointment_ids)],
        )
        rows = cursor.fetchall()
    if len(rows) < len(set(appointment_ids)):
        raise NotFound(what="任职")
    found = []
    for (
        appointment_id,
        post_id,
        worker_id,
        starts_on,
        ends_before,
        principal,
        territory,
        name,
        account,
    ) in rows:
        by.require("workforce.write", territory)
        tenure = Tenure(post_id, worker_id, Period(starts_on, ends_before), principal, worker=name)
        found.append(_Held(appointment_id, tenure, account))
    return found


def _vacated(tenure: Tenure, account_id: AccountId | None, empty: frozenset[PostId]) -> events.PostVacated:
    return events.PostVacated(
        post_id=tenure.post_id,
        worker_id=tenure.worker_id,
        account_id=account_id,
        vacant=tenure.post_id in empty,
        ends_before=str(tenure.period.ends_before),
    )


def may_write(by: Actor, post: PostInfo, holder: Person | None) -> None:
    """The holder of a post, or whoever maintains the workforce there. Raises NotPermitted."""
    if holder is None or holder.account_id is None or holder.account_id != by.account_id:
        by.require("workforce.write", post.territory)
