"""Evidence at hand: what an exit may count, and what a case page shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from onegrid.cases.rules.change import StoredFile
from onegrid.cases.rules.photo_facts import PhotoFacts
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId
from onegrid.scenarios.rules import EvidenceKind, Given


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence of a case; `distance_m` from the case's place, None where either is unknown."""

    id: UUID
    sha: str
    kind: str
    label: str
    stage: str
    distance_m: float | None
    added_at: datetime
    added_by: str
    mime: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """All evidence of one case."""

    rows: list[EvidenceRow] = field(default_factory=list)

    def at_stage(self, case: CaseState) -> tuple[Given, ...]:
        """What counts for the present stage: brought by the report, or added since the stage was entered."""
        return tuple(
            Given(EvidenceKind(row.kind), row.label, row.distance_m)
            for row in self.rows
            if not row.stage or (row.stage == case.stage and row.added_at >= case.entered_at)
        )


def evidence_for(case_ids: Sequence[CaseId]) -> Mapping[CaseId, CaseEvidence]:
    """The evidence of each case in one query, oldest first."""
    if not case_ids:
        return {}
    found: defaultdict[CaseId, CaseEvidence] = defaultdict(CaseEvidence)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.case_id, e.id, e.sha256, e.kind, e.label, e.stage, e.distance_m, e.added_at,"
            " e.added_by, f.mime, f.width, f.height FROM cases_evidence e"
            " JOIN cases_stored_file f USING (sha256)"
            " WHERE e.case_id = ANY(%s::uuid[]) ORDER BY e.added_at, e.id",
            [array(case_ids)],
        )
        for case_id, *row in cursor.fetchall():
            found[case_id].rows.append(EvidenceRow(*row))
    return found


FILES = "SELECT sha256, mime, lng, lat FROM cases_stored_file WHERE sha256 = ANY(%s::text[])"


def stored_files(shas: Sequence[str]) -> Mapping[str, StoredFile]:
    """The uploaded files among these hashes."""
    if not shas:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FILES, [array(shas)])
        return files_of(cursor.fetchall())


def files_of(rows: Sequence[Sequence[Any]]) -> Mapping[str, StoredFile]:
    """The files that rows of `FILES` hold, by hash."""
    return {sha: StoredFile(sha, mime, None if lng is None else (lng, lat)) for sha, mime, lng, lat in rows}


def photo_facts(shas: Sequence[str]) -> Mapping[str, PhotoFacts]:
    """What is known of these pictures by their light; a file that is unknown or no picture is left out."""
    if not shas:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sha256, phash, is_blank FROM cases_stored_file"
            " WHERE sha256 = ANY(%s::text[]) AND is_blank IS NOT NULL",
            [array(shas)],
        )
        return {sha: PhotoFacts(phash, is_blank) for sha, phash, is_blank in cursor.fetchall()}


def stored_path(sha: str) -> str:
    """Where a stored file lies in the storage: spread over folders by its hash."""
    return f"evidence/{sha[:2]}/{sha[2:4]}/{sha}"
