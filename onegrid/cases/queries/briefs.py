"""Cases in a few lines, for somebody who compares them with a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases.rules.state import LIVE, PHASE_ZH, Phase
from onegrid.kernel.bulk import array
from onegrid.kernel.ids import CaseId, PostId, VersionId
from onegrid.scenarios import queries as scenarios
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import role_label

PHOTOS = 9

_COLUMNS = (
    "id", "number", "title", "description", "place_text", "lng", "lat", "class_code", "grid_code",
    "opened_at", "due_at", "closed_at", "phase", "stage", "owner", "report_count", "version_id", "photos",
)  # fmt: skip
_VEIL = {"title": "", "description": "", "place_text": "", "lng": None, "lat": None, "photos": ()}
_BRIEFS = f"""
SELECT {", ".join(f"c.{name}" for name in _COLUMNS[:-1])},
       array(SELECT e.sha256 FROM cases_evidence e WHERE e.case_id = c.id AND e.kind = 'photo'
              ORDER BY e.added_at, e.id LIMIT {PHOTOS})
  FROM cases_case c WHERE c.id = ANY(%s::uuid[])
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Brief:
    """One case. `veiled`: it lies outside what the actor may read, so that only number and state are told."""

    id: CaseId
    number: str
    title: str
    description: str
    place_text: str
    lng: float | None
    lat: float | None
    class_code: str
    grid_code: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    phase: Phase
    phase_zh: str
    stage_zh: str
    owner: PostId | None
    owner_zh: str
    report_count: int
    photos: tuple[str, ...]
    veiled: bool = False

    @property
    def is_live(self) -> bool:
        return self.phase in LIVE


def briefs(case_ids: Sequence[CaseId], *, actor: Actor) -> Mapping[CaseId, Brief]:
    """The cases in one statement; unknown ids are left out."""
    if not case_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BRIEFS, [array(dict.fromkeys(case_ids))])
        return {row[0]: _brief(row, actor) for row in cursor.fetchall()}


def _brief(row: Sequence[Any], actor: Actor) -> Brief:
    facts = dict(zip(_COLUMNS, row, strict=True))
    phase, stage, owner = Phase(facts["phase"]), facts.pop("stage"), facts["owner"]
    veiled = not actor.allows("case.read", facts["grid_code"]) and owner not in actor.post_ids
    if veiled:
        facts |= _VEIL
    version_id, photos = facts.pop("version_id"), facts.pop("photos")
    return Brief(
        **{**facts, "phase": phase},
        phase_zh=PHASE_ZH[phase],
        stage_zh=_stage_zh(VersionId(version_id), stage, phase),
        owner_zh=_role(owner),
        photos=tuple(photos),
        veiled=veiled,
    )


def _stage_zh(version_id: VersionId, stage: str, phase: Phase) -> str:
    known = scenarios.version(version_id).definition.stages.get(stage)
    return known.name.zh if known else PHASE_ZH[phase]


def _role(owner: PostId | None) -> str:
    entry = workforce.duty_table().posts.get(owner) if owner else None
    return role_label(entry.role) if entry else ""
