"""Running cases as leads for the duplicate matcher: by class and neighbourhood, a whole batch at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from onegrid.kernel.ids import CaseId, ClassCode


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


def open_leads(los: Sequence[int], his: Sequence[int], class_codes: Sequence[str]) -> list[Lead]:
    """The running cases of each class within each range of cells, each case once.

    The three sequences run in parallel: row i asks for one class between two cells, both ends included."""
    if not los:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.class_code, c.lng, c.lat, c.opened_at, c.urgency"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS near (lo, hi, class)"
            " JOIN cases_case c ON c.class_code = near.class AND c.cell BETWEEN near.lo AND near.hi"
            " AND c.phase IN ('open', 'held')",
            [list(los), list(his), list(class_codes)],
        )
        return list({row[0]: Lead(*row) for row in cursor.fetchall()}.values())


def lead_states(case_ids: Sequence[CaseId]) -> Mapping[CaseId, LeadState]:
    """Where each case stands now; unknown ids are left out."""
    if not case_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, phase, stage, report_count, outcome, answer, merged_into"
            " FROM cases_case WHERE id = ANY(%s)",
            [list(case_ids)],
        )
        return {row[0]: LeadState(*row) for row in cursor.fetchall()}
