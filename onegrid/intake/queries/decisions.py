"""What people decided about proposals, as the lesson that the filter learns from."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from django.db import connection

from onegrid.intake.rules.filter.candidates import Pairs
from onegrid.intake.rules.filter.facts import Fact
from onegrid.intake.rules.filter.matters import Matter, columns
from onegrid.intake.rules.filter.proposing import family_of
from onegrid.intake.rules.filter.similar import rarity
from onegrid.intake.rules.filter.training import Lesson
from onegrid.intake.rules.filter.words import words_of

LOOK_BACK: Final = timedelta(days=365)
TEXTS: Final = 200_000  # newest reports whose words are counted

_REPORTS: Final = (
    "SELECT id, case_id, class_code, extract(epoch FROM reported_at)::float8 FROM intake_report"
    " WHERE kind IN ('opened', 'joined', 'pooled') AND reported_at >= %s ORDER BY reported_at, id"
)
_DECISIONS: Final = (
    "SELECT report_id, case_id, facts, state = 'confirmed' FROM intake_proposal"
    " WHERE made_at >= %s AND cardinality(facts) = %s AND (state IN ('confirmed', 'refused')"
    " OR report_id IN (SELECT report_id FROM intake_proposal WHERE state = 'confirmed'))"
    " ORDER BY report_id, rank"
)
_SAID: Final = (
    "SELECT title, description FROM intake_report WHERE kind IN ('opened', 'joined', 'pooled')"
    " AND reported_at >= %s ORDER BY reported_at DESC LIMIT %s"
)


def decided_lesson(*, now: datetime) -> Lesson:
    """All reports of a year and the proposals that people confirmed or refused, with the facts weighed then.

    Of a report with one confirmed proposal the others count as not the same."""
    since = now - LOOK_BACK
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS, [since])
        reports = cursor.fetchall()
        cursor.execute(_DECISIONS, [since, len(Fact)])
        decisions = cursor.fetchall()
        cursor.execute(_SAID, [since, TEXTS])
        said = [words_of(f"{title}\n{text}") for title, text in cursor.fetchall()]
    row_of = {report_id: row for row, (report_id, _, _, _) in enumerate(reports)}
    first_of: dict[UUID, int] = {}
    for row, (_, case_id, _, _) in enumerate(reports):
        if case_id is not None:
            first_of.setdefault(case_id, row)
    known = [
        (row_of[report], first_of[case], facts, confirmed)
        for report, case, facts, confirmed in decisions
        if report in row_of and case in first_of
    ]
    known.sort(key=lambda each: each[0])
    table = np.array([each[2] for each in known], dtype=np.float32).reshape(len(known), len(Fact))
    pairs = Pairs(
        np.array([each[0] for each in known], dtype=np.int64),
        np.array([each[1] for each in known], dtype=np.int64),
        np.where(table[:, Fact.METRES] >= 0, table[:, Fact.METRES], np.nan).astype(np.float64),
    )
    confirmed = np.array([each[3] for each in known], dtype=bool)
    return Lesson(columns([_matter(*row) for row in reports]), pairs, table, confirmed, rarity(said))


def _matter(report_id: UUID, case_id: UUID | None, class_code: str, at: float) -> Matter:
    """A report as far as rates and thresholds count it; what was compared stands in the facts."""
    unsaid, nowhere = words_of(""), float("nan")
    return Matter(
        case_id or report_id, class_code, family_of(class_code), nowhere, nowhere, at, nowhere, float("inf"),
        0, 0, "", (), unsaid, unsaid,
    )  # fmt: skip
