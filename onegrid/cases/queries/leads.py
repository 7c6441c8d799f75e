"""Where cases stand, for whoever reported them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId


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
