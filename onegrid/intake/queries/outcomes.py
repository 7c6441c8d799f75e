"""What became of reports, looked up by the keys their senders gave them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from onegrid.intake.rules.reports import OutcomeKind
from onegrid.kernel import bulk
from onegrid.kernel.ids import CaseId, ReportId


class Settled(NamedTuple):
    """What became of one report, and where and what it is taken to be about."""

    report_id: ReportId
    kind: OutcomeKind
    reason: str
    case_id: CaseId | None
    class_code: str
    grid_code: str
    is_doubted: bool
    promised_due: datetime | None


_SETTLED = """
SELECT r.id, r.kind, r.reason, r.case_id, r.class_code, r.grid_code, r.is_doubted, r.promised_due
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS i (channel, external_id, n)
  LEFT JOIN LATERAL (
        SELECT * FROM intake_report
         WHERE channel = i.channel AND external_id = i.external_id AND holds_key
        OFFSET 0) r ON TRUE
 ORDER BY i.n
"""


def settled(keys: Sequence[tuple[str, str]]) -> list[Settled | None]:
    """What became of the reports that hold these keys (channel, external id); None where nobody holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [bulk.array(c for c, _ in keys), bulk.array(key for _, key in keys)])
        return [
            Settled(row[0], OutcomeKind(row[1]), *row[2:]) if row[0] else None for row in cursor.fetchall()
        ]
