"""The worker's round: everything that time itself brings about, each thing exactly once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import queries
from onegrid.cases.actions.moves import Batch, close_children
from onegrid.cases.actions.record import record
from onegrid.cases.rules.change import Asker
from onegrid.cases.rules.escalation import escalations
from onegrid.kernel import stamps
from onegrid.kernel.ids import CaseId

BATCH = 500


def escalate_due(now: datetime) -> int:
    """Remind, tell, give cards, lapse and resume whatever is due; returns how many steps were taken.

    Batches of their own transaction: after a crash the rest is still due. Two workers share the work, as each
    skips the rows that the other has locked."""
    done, before = 0, -1
    while done != before:
        before = done
        done += _one_batch(now)
    return done


@transaction.atomic(savepoint=False)
def _one_batch(now: datetime) -> int:
    due = _due(now)
    if not due:
        return 0
    with stamps.pinned():
        locked = queries.lock(due)
        grounds = queries.grounds_of([case.version_id for case in locked.cases.values()])
        batch = Batch(locked, grounds, now)
        for case_id in due:
            _escalate(batch, case_id, now)
        record(batch.steps, locked.heads, at=now)
        close_children(batch.steps, at=now)
    return len(batch.steps)


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


def _escalate(batch: Batch, case_id: CaseId, now: datetime) -> None:
    case = batch.cases[case_id]
    ground = batch.grounds[case.version_id]
    at = max(now, case.last_at)
    for verb, change in escalations(case, Asker(SYSTEM, case.owner, at), ground):
        batch.keep(batch.cases[case_id], change, verb, ground, SYSTEM)
