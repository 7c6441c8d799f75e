"""Running cases as leads for the duplicate matcher: by class and neighbourhood, a whole batch at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId, ClassCode
from onegrid.kernel.prepared import Prepared


class Lead(NamedTuple):
    """A running case that a new report may be about."""

    case_id: CaseId
    class_code: ClassCode
    lng: float
    lat: float
    opened_at: datetime
    urgency: int


class LeadState(NamedTuple):
    """Where a case stands, for whoever reported it."""

    case_id: CaseId
    number: str
    phase: str
    stage: str
    report_count: int
    outcome: str
    answer: str
    merged_into: CaseId | None


_LEADS = Prepared(
    "cases_leads",
    "SELECT c.* FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS near (lo, hi, class)"
    " CROSS JOIN LATERAL (SELECT id, class_code, lng, lat, opened_at, urgency FROM cases_case"
    " WHERE class_code = near.class AND cell BETWEEN near.lo AND near.hi"
    " AND phase IN ('open', 'held') OFFSET 0) AS c",  # OFFSET 0: one index probe per range, always
)


def open_leads(los: Sequence[int], his: Sequence[int], class_codes: Sequence[str]) -> list[Lead]:
    """The running cases of each class within each range of cells, each case once.

    The three sequences run in parallel: row i asks for one class between two cells, both ends included."""
    if not los:
        return []
    rows = _LEADS.rows([array(los), array(his), array(class_codes)])
    return list({row[0]: Lead(*row) for row in rows}.values())


def lead_states(case_ids: Sequence[CaseId]) -> Mapping[CaseId, LeadState]:
    """Where each case stands now; unknown ids are left out."""
    if not case_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, phase, stage, report_count, outcome, answer, merged_into"
            " FROM cases_case WHERE id = ANY(%s::uuid[])",
            [array(case_ids)],
        )
        return {row[0]: LeadState(*row) for row in cursor.fetchall()}
