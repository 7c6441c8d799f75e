"""What cases are taken to be: class, unit and urgency as they stand, and whether they ran to their end."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId, ClassCode


class CaseFacts(NamedTuple):
    """`unit` "" where no unit answers; `urgency` 1 to 3; `is_closed`: dealt with, neither void nor merged."""

    class_code: ClassCode
    unit: str
    urgency: int
    is_closed: bool


def case_facts(case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseFacts]:
    """The facts of these cases; unknown ids are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, class_code, unit, urgency, phase = 'closed' FROM cases_case"
            " WHERE id = ANY(%s::uuid[])",
            [array(set(case_ids))],
        )
        return {row[0]: CaseFacts(*row[1:]) for row in cursor.fetchall()}
