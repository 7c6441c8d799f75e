"""The worker's round: everything that time itself brings about, each thing exactly once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import queries
from onegrid.cases.actions.linking import with_linked
from onegrid.cases.actions.moves import Batch, close_children
from onegrid.cases.actions.record import record
from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Asker
from onegrid.cases.rules.escalation import escalations
from onegrid.kernel import bulk, stamps
from onegrid.kernel.ids import CaseId

BATCH = 500


def escalate_due(now: datetime) -> int:
    """Remind, tell, give cards, put on the agenda, lapse, resume and erase whatever is due; returns how many
    steps were taken.

    Batches of their own transaction: after a crash the rest is still due. Two workers share the work, as each
    skips the rows that the other has locked."""
    done = 0
    while (taken := _one_batch(now)) is not None:
        done += taken
    return done


@transaction.atomic(savepoint=False)
def _one_batch(now: datetime) -> int | None:
    """The steps taken in one batch, None when nothing is due any more."""
    due = _due(now)
    if not due:
        return None
    with stamps.pinned():
        locked = queries.lock(due)
        grounds = queries.grounds_of([case.version_id for case in locked.cases.values()])
        batch = Batch(locked, grounds, now)
        idle = [case_id for case_id in due if not _escalate(batch, case_id, now)]
        batch.steps = with_linked(batch.steps, now=now)
        record(batch.steps, locked.heads, at=now)
        close_children(batch.steps, at=now)
        _set_again(batch, idle)
    return len(batch.steps)


def _set_again(batch: Batch, idle: Sequence[CaseId]) -> None:
    """Alarms that had nothing to say, as the post signed in meanwhile or the calendar changed: set anew."""
    if not idle:
        return
    cases = [
        with_alarm(batch.cases[case_id], batch.grounds[batch.cases[case_id].version_id]) for case_id in idle
    ]
    rows = [(case.id, case.alarm_at) for case in cases]
    bulk.update("cases_case", ("id", "uuid"), [("alarm_at", "timestamptz")], rows)


def _due(now: datetime) -> Sequence[CaseId]:
    """Cases with an alarm of their own or of a task beside them, the longest waiting first, locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM cases_case WHERE alarm_at <= %s ORDER BY alarm_at LIMIT %s"
            " FOR UPDATE SKIP LOCKED",
            [now, BATCH],
        )
        due = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id FROM cases_case WHERE id IN"
            " (SELECT case_id FROM cases_task WHERE alarm_at <= %s ORDER BY alarm_at LIMIT %s)"
            " FOR UPDATE SKIP LOCKED",
            [now, BATCH],
        )
        return list(dict.fromkeys([*due, *(row[0] for row in cursor.fetchall())]))


def _escalate(batch: Batch, case_id: CaseId, now: datetime) -> int:
    case = batch.cases[case_id]
    ground = batch.grounds[case.version_id]
    at = max(now, case.last_at)
    found = escalations(case, Asker(SYSTEM, case.owner, at), ground)
    for verb, change in found:
        batch.keep(batch.cases[case_id], change, verb, ground, SYSTEM)
    return len(found)
