"""代办: another worker acts in a post for its holder, between two days; the holder stays accountable."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk, outbox
from onegrid.kernel.ids import AccountId, PostId, WorkerId, new_ids
from onegrid.kernel.refusals import NotFound
from onegrid.workforce import events, queries, rules
from onegrid.workforce.actions.appointments import Person, may_write, workers_by_id
from onegrid.workforce.actions.posts import lock_posts
from onegrid.workforce.actions.record import Step, record
from onegrid.workforce.rules import Period, Tenure

_COLUMNS: Final = ("id", "appointment_id", "post_id", "to_worker_id", "starts_on", "ends_before", "reason")


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """A delegation to make: both days are needed, `period.ends_before` is the first day without it."""

    post_id: PostId
    to_worker: WorkerId
    period: Period
    reason: str


@dataclass(frozen=True, slots=True)
class _Tenancy:
    """A principal appointment of a post, with its id and holder."""

    appointment_id: UUID
    tenure: Tenure
    holder: Person


@transaction.atomic
def delegate(batch: Sequence[NewDelegation], *, by: Actor, now: datetime) -> list[UUID]:
    """Let another worker act in each post for its holder; the holder or the workforce desk may say so.

    Raises UnknownKey, NotPermitted and the refusals of `rules.check_delegation`."""
    posts = lock_posts([new.post_id for new in batch])
    people = workers_by_id([new.to_worker for new in batch])
    tenancies, standing = _principals(list(posts)), _delegations(list(posts))
    rows, told, steps = [], [], []
    for fresh, new in zip(new_ids(len(batch)), batch, strict=True):
        found = _holding(tenancies[new.post_id], new.period)
        may_write(by, posts[new.post_id], found.holder if found else None)
        rules.check_delegation(
            found.tenure if found else None,
            to=new.to_worker,
            period=new.period,
            delegations=standing[new.post_id],
            today=queries.city_day(now),
            post=posts[new.post_id].title_zh,
            worker=people[new.to_worker].name,
        )
        assert found is not None and new.period.ends_before is not None  # check_delegation saw to it
        standing[new.post_id].append(new.period)
        starts_on, ends_before = new.period.starts_on, new.period.ends_before
        rows.append(
            (fresh, found.appointment_id, new.post_id, new.to_worker, starts_on, ends_before, new.reason)
        )
        steps.append(Step(new.post_id, "delegated", _body(new, found.holder, people[new.to_worker])))
        told.append(_delegated(new, found.holder, people[new.to_worker]))
    bulk.insert("workforce_delegation", _COLUMNS, rows)
    record("post", steps, by=by, now=now)
    outbox.publish(told, at=now)
    return [row[0] for row in rows]


def _principals(post_ids: Sequence[PostId]) -> defaultdict[PostId, list[_Tenancy]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.post_id, a.worker_id, a.starts_on, a.ends_before, w.name, w.account_id"
            " FROM workforce_appointment a JOIN workforce_worker w ON w.id = a.worker_id"
            " WHERE a.post_id = ANY(%s) AND a.principal",
            [list(post_ids)],
        )
        found: defaultdict[PostId, list[_Tenancy]] = defaultdict(list)
        for appointment_id, post_id, worker_id, starts_on, ends_before, name, account in cursor.fetchall():
            tenure = Tenure(post_id, worker_id, Period(starts_on, ends_before), worker=name)
            found[post_id].append(_Tenancy(appointment_id, tenure, Person(name, account)))
    return found


def _holding(tenancies: Sequence[_Tenancy], period: Period) -> _Tenancy | None:
    """The appointment on whose first day the delegation begins: the one to delegate for."""
    return next((t for t in tenancies if t.tenure.period.contains(period.starts_on)), None)


def _delegations(post_ids: Sequence[PostId]) -> defaultdict[PostId, list[Period]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, starts_on, ends_before FROM workforce_delegation WHERE post_id = ANY(%s)",
            [list(post_ids)],
        )
        found: defaultdict[PostId, list[Period]] = defaultdict(list)
        for post_id, starts_on, ends_before in cursor.fetchall():
            found[post_id].append(Period(starts_on, ends_before))
    return found


def _body(new: NewDelegation, holder: Person, to: Person) -> dict[str, object]:
    return {
        "holder": holder.name,
        "delegate": to.name,
        "worker": new.to_worker,
        "starts_on": new.period.starts_on,
        "ends_before": new.period.ends_before,
        "reason": new.reason,
    }


def _delegated(new: NewDelegation, holder: Person, to: Person) -> events.PostDelegated:
    return events.PostDelegated(
        post_id=new.post_id,
        holder_account_id=holder.account_id,
        delegate_account_id=to.account_id,
        starts_on=str(new.period.starts_on),
        ends_before=str(new.period.ends_before),
    )


@transaction.atomic
def end_delegation(delegation_id: UUID, *, on: date, by: Actor, now: datetime) -> None:
    """End a delegation early: `on` is the first day without it; the holder acts alone again.

    Raises NotFound, NotPermitted, AlreadyOver."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.post_id, d.starts_on, d.ends_before, h.name, h.account_id, w.account_id"
            "  FROM workforce_delegation d JOIN workforce_appointment a ON a.id = d.appointment_id"
            "  JOIN workforce_worker h ON h.id = a.worker_id JOIN workforce_worker w ON w.id = d.to_worker_id"
            " WHERE d.id = %s FOR UPDATE OF d",
            [delegation_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(what="代办")
    post_id, starts_on, ends_before, name, holder, delegate_account = row
    may_write(by, lock_posts([post_id])[post_id], Person(name, holder))
    cut = rules.cut_off(Period(starts_on, ends_before), on=on)
    bulk.update(
        "workforce_delegation", ("id", "uuid"), [("ends_before", "date")], [(delegation_id, cut.ends_before)]
    )
    body = {"holder": name, "ends_before": cut.ends_before}
    record("post", [Step(post_id, "delegation-ended", body)], by=by, now=now)
    outbox.publish([_ended(post_id, holder, delegate_account, cut)], at=now)


def _ended(
    post_id: PostId, holder: AccountId | None, to: AccountId | None, cut: Period
) -> events.DelegationEnded:
    return events.DelegationEnded(
        post_id=post_id, holder_account_id=holder, delegate_account_id=to, ends_before=str(cut.ends_before)
    )
