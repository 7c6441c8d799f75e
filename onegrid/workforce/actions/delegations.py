"""代办: another worker acts in a post for its holder, between two days; the holder stays accountable."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk, outbox
from onegrid.kernel.ids import PostId, WorkerId, new_ids
from onegrid.kernel.refusals import NotFound
from onegrid.notices import actions as notices
from onegrid.notices.rules import Telling
from onegrid.workforce import events, queries, rules
from onegrid.workforce.actions.appointments import Person, may_write, workers_by_id
from onegrid.workforce.actions.posts import lock_posts
from onegrid.workforce.actions.record import Step, record
from onegrid.workforce.queries import PostInfo
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
class _Agreed:
    """A delegation as it stands: who acts for whom in which post, on whose appointment."""

    delegation_id: UUID
    post: PostInfo
    appointment_id: UUID
    holder: Person
    to_worker: WorkerId
    delegate: Person
    period: Period
    reason: str


@transaction.atomic
def delegate(batch: Sequence[NewDelegation], *, by: Actor, now: datetime) -> list[UUID]:
    """Let another worker act in each post for its holder; the holder or the workforce desk may say so.

    Both are told. Raises UnknownKey, NotPermitted and the refusals of `rules.tenure_to_delegate`."""
    posts = lock_posts([new.post_id for new in batch])
    people = workers_by_id([new.to_worker for new in batch])
    tenures, standing = _principals(list(posts)), _periods(list(posts))
    agreed: list[_Agreed] = []
    for fresh, new in zip(new_ids(len(batch)), batch, strict=True):
        post, to = posts[new.post_id], people[new.to_worker]
        held = rules.tenure_to_delegate(
            tenures[new.post_id],
            to=new.to_worker,
            period=new.period,
            delegations=standing[new.post_id],
            today=queries.city_day(now),
            post=post.title_zh,
            worker=to.name,
        )
        appointment_id, holder = tenures[new.post_id][held]
        may_write(by, post, holder)
        standing[new.post_id].append(new.period)
        agreed.append(_Agreed(fresh, post, appointment_id, holder, new.to_worker, to, new.period, new.reason))
    bulk.insert("workforce_delegation", _COLUMNS, [_row(each) for each in agreed])
    record("post", [Step(each.post.post_id, "delegated", _body(each)) for each in agreed], by=by, now=now)
    outbox.publish([_delegated(each) for each in agreed], at=now)
    notices.tell([told for each in agreed for told in _tellings("post-delegated", each)], at=now)
    return [each.delegation_id for each in agreed]


def _principals(post_ids: Sequence[PostId]) -> defaultdict[PostId, dict[Tenure, tuple[UUID, Person]]]:
    """The principal appointments of each post, with their ids and holders."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.post_id, a.worker_id, a.starts_on, a.ends_before, w.name, w.account_id"
            " FROM workforce_appointment a JOIN workforce_worker w ON w.id = a.worker_id"
            " WHERE a.post_id = ANY(%s) AND a.principal",
            [list(post_ids)],
        )
        found: defaultdict[PostId, dict[Tenure, tuple[UUID, Person]]] = defaultdict(dict)
        for appointment_id, post_id, worker_id, starts_on, ends_before, name, account in cursor.fetchall():
            tenure = Tenure(post_id, worker_id, Period(starts_on, ends_before), worker=name)
            found[post_id][tenure] = (appointment_id, Person(name, account))
    return found


def _periods(post_ids: Sequence[PostId]) -> defaultdict[PostId, list[Period]]:
    """When each post is delegated already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, starts_on, ends_before FROM workforce_delegation WHERE post_id = ANY(%s)",
            [list(post_ids)],
        )
        found: defaultdict[PostId, list[Period]] = defaultdict(list)
        for post_id, starts_on, ends_before in cursor.fetchall():
            found[post_id].append(Period(starts_on, ends_before))
    return found


def _row(each: _Agreed) -> tuple[object, ...]:
    period = each.period
    return (
        each.delegation_id, each.appointment_id, each.post.post_id, each.to_worker,
        period.starts_on, period.ends_before, each.reason,
    )  # fmt: skip


def _body(each: _Agreed) -> dict[str, object]:
    return {
        "holder": each.holder.name,
        "delegate": each.delegate.name,
        "worker": each.to_worker,
        "starts_on": each.period.starts_on,
        "ends_before": each.period.ends_before,
        "reason": each.reason,
    }


def _tellings(template: str, each: _Agreed) -> list[Telling]:
    """What holder and delegate are told, each in their own inbox."""
    params = {
        "post": each.post.title_zh,
        "holder": each.holder.name,
        "delegate": each.delegate.name,
        "starts_on": str(each.period.starts_on),
        "ends_before": str(each.period.ends_before),
    }
    return [
        Telling(f"{template}:{each.delegation_id}:{account}", template, params, to_account=account)
        for account in (each.holder.account_id, each.delegate.account_id)
        if account is not None
    ]


def _delegated(each: _Agreed) -> events.PostDelegated:
    return events.PostDelegated(
        post_id=each.post.post_id,
        holder_account_id=each.holder.account_id,
        delegate_account_id=each.delegate.account_id,
        starts_on=str(each.period.starts_on),
        ends_before=str(each.period.ends_before),
    )


@transaction.atomic
def end_delegation(delegation_id: UUID, *, on: date, by: Actor, now: datetime) -> None:
    """End a delegation early: `on` is the first day without it; the holder acts alone again. Both are told.

    Raises NotFound, NotPermitted, AlreadyOver."""
    standing = _standing(delegation_id)
    may_write(by, standing.post, standing.holder)
    cut = replace(standing, period=rules.cut_off(standing.period, on=on))
    ends = cut.period.ends_before
    bulk.update("workforce_delegation", ("id", "uuid"), [("ends_before", "date")], [(delegation_id, ends)])
    record("post", [Step(cut.post.post_id, "delegation-ended", _body(cut))], by=by, now=now)
    outbox.publish([_ended(cut)], at=now)
    notices.tell(_tellings("post-delegation-ended", cut), at=now)


def _standing(delegation_id: UUID) -> _Agreed:
    """The delegation, its post locked. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.post_id, a.id, h.name, h.account_id, w.id, w.name, w.account_id, d.starts_on,"
            "       d.ends_before, d.reason"
            "  FROM workforce_delegation d JOIN workforce_appointment a ON a.id = d.appointment_id"
            "  JOIN workforce_worker h ON h.id = a.worker_id JOIN workforce_worker w ON w.id = d.to_worker_id"
            " WHERE d.id = %s FOR UPDATE OF d",
            [delegation_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(what="代办")
    (
        post_id,
        appointment_id,
        holder,
        holder_account,
        worker_id,
        name,
        account,
        starts_on,
        ends_before,
        reason,
    ) = row
    return _Agreed(
        delegation_id, lock_posts([post_id])[post_id], appointment_id, Person(holder, holder_account),
        worker_id, Person(name, account), Period(starts_on, ends_before), reason,
    )  # fmt: skip


def _ended(each: _Agreed) -> events.DelegationEnded:
    return events.DelegationEnded(
        post_id=each.post.post_id,
        holder_account_id=each.holder.account_id,
        delegate_account_id=each.delegate.account_id,
        ends_before=str(each.period.ends_before),
    )
