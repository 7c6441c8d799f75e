"""Proposals written and lapsing. Who scores them calls `propose`; people decide in `deciding`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from onegrid.cases.events import CaseClosed, CaseMerged
from onegrid.intake.rules.proposals import REPEAT_WITHIN, Proposed
from onegrid.kernel import bulk
from onegrid.kernel.ids import new_ids

COLUMNS: Final = (
    "id", "report_id", "case_id", "rank", "score", "reasons", "facts", "model", "state", "made_at",
    "decided_by_name",
)  # fmt: skip
_LAPSE: Final = """
UPDATE intake_proposal SET state = 'lapsed', decided_at = %s
 WHERE id IN (
       SELECT p.id FROM intake_proposal p
        WHERE p.state = 'open' AND (p.case_id = ANY(%s::uuid[]) OR p.report_id IN (
              SELECT id FROM intake_report WHERE case_id = ANY(%s::uuid[])))
        ORDER BY p.id FOR UPDATE)
"""
# Answered reports bound the scan: the case of an open proposal that closed has told its reporters.
_RUN_OUT: Final = """
UPDATE intake_proposal SET state = 'lapsed', decided_at = %s
 WHERE id IN (
       SELECT p.id FROM intake_proposal p
        WHERE p.state = 'open' AND (
              EXISTS (SELECT 1 FROM intake_report r WHERE r.case_id = p.case_id AND r.answered_at < %s)
           OR EXISTS (SELECT 1 FROM intake_report r WHERE r.id = p.report_id AND r.answered_at < %s))
        ORDER BY p.id LIMIT %s FOR UPDATE SKIP LOCKED)
"""
AT_ONCE: Final = 5000


def propose(rows: Sequence[Proposed], *, now: datetime) -> None:
    """Write proposals, at most three per report, within the transaction that takes the reports in."""
    ids = new_ids(len(rows))
    bulk.insert("intake_proposal", COLUMNS, [_row(one, id_, now) for one, id_ in zip(rows, ids, strict=True)])


def _row(one: Proposed, id_: UUID, now: datetime) -> tuple[object, ...]:
    return (
        id_, one.report_id, one.case_id, one.rank, float(one.score), [str(each) for each in one.reasons],
        [float(each) for each in one.facts], one.model, "open", now, "",
    )  # fmt: skip


def lapse_merged(merged: Sequence[CaseMerged]) -> None:
    """A case went on in another one: what was still proposed of it, or of its reports, lapses."""
    _lapse((event.case_id for event in merged), at=max(event.at for event in merged))


def lapse_void(closed: Sequence[CaseClosed]) -> None:
    """A case should never have been: what was still proposed of it lapses. One that closed may repeat."""
    void = [event for event in closed if event.phase == "void"]
    if void:
        _lapse((event.case_id for event in void), at=max(event.at for event in void))


def _lapse(case_ids: Iterable[UUID], *, at: datetime) -> None:
    ids = bulk.array(dict.fromkeys(case_ids))
    bulk.run(_LAPSE, [at, ids, ids])


def lapse_run_out(*, now: datetime) -> int:
    """Proposals of which one side was answered longer ago than a complaint counts as repeated; how many."""
    since = now - REPEAT_WITHIN
    with connection.cursor() as cursor:
        cursor.execute(_RUN_OUT, [now, since, since, AT_ONCE])
        return int(cursor.rowcount)
