"""What goes out: a case in a list, a task, the state after a move."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from onegrid.cases import actions, queries
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.rules.state import PHASE_ZH, Phase
from onegrid.kernel.ids import PostId, VersionId
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import role_label


class MoveOut(Schema):
    """Where the case stands after the move; `version` is what the next move quotes."""

    case_id: UUID
    number: str
    verb: str
    version: int
    phase: str
    stage: str
    stage_zh: str
    owner: UUID | None
    due_at: datetime | None


class CaseOut(Schema):
    """One line of a list. `repeat_of`: the ended case whose matter came back with this one (重复投诉);
    `repeated_at`: when the matter of this ended case came back."""

    id: UUID
    version: int
    number: str
    title: str
    scenario: str
    class_code: str
    class_zh: str
    grid_code: str
    grid_zh: str
    place_text: str
    lng: float | None
    lat: float | None
    phase: str
    phase_zh: str
    stage: str
    stage_zh: str
    owner: UUID | None
    owner_role_zh: str
    unit: str
    channel: str
    urgency: int
    report_count: int
    open_tasks: int
    returns: int
    extensions: int
    acknowledged_at: datetime | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    repeat_of: UUID | None
    repeated_at: datetime | None


class CaseListOut(Schema):
    """A page; `next_cursor` is "" on the last."""

    items: list[CaseOut]
    next_cursor: str


class CountOut(Schema):
    """Counted up to 1,000; `more` says that there are more than that."""

    count: int
    more: bool


class TaskOut(Schema):
    """One thing to do: kind own, cosign, follow-up, instruction, card or decide."""

    kind: str
    case_id: UUID
    task_id: UUID | None
    number: str
    title: str
    stage: str
    stage_zh: str
    post_id: UUID
    text: str
    due_at: datetime | None
    urgency: int
    acknowledged_at: datetime | None


def moved_out(done: actions.Performed) -> MoveOut:
    return MoveOut.model_construct(
        case_id=done.case_id,
        number=done.number,
        verb=done.verb,
        version=done.version,
        phase=done.phase,
        stage=done.stage,
        stage_zh=done.stage_zh,
        owner=done.owner,
        due_at=done.due_at,
    )


def table_out() -> list[dict[str, object]]:
    """The table of moves as data."""
    return [
        {
            "verb": move.verb,
            "zh": move.zh,
            "en": move.en,
            "who_zh": move.doer.zh,
            "who_en": move.doer.en,
            "phases": sorted(str(phase) for phase in move.phases),
        }
        for move in MOVES.values()
    ]


def _stage_zh(version_id: VersionId, stage: str, phase: str) -> str:
    known = scenarios.version(version_id).definition.stages.get(stage)
    return known.name.zh if known else PHASE_ZH[Phase(phase)]


def _class_zh(code: str) -> str:
    known = scenarios.classes().get(code)
    return known.name.zh if known else code


def _role_zh(owner: PostId | None) -> str:
    entry = workforce.duty_table().posts.get(owner) if owner else None
    return role_label(entry.role) if entry else ""


def named(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a line with the names people read: no query, all from memory."""
    return {
        **values,
        "class_zh": _class_zh(values["class_code"]),
        "grid_zh": territory.paths([values["grid_code"]]).get(values["grid_code"], ""),
        "phase_zh": PHASE_ZH[Phase(values["phase"])],
        "stage_zh": _stage_zh(values["version_id"], values["stage"], values["phase"]),
        "owner_role_zh": _role_zh(values["owner"]),
    }


def line_out(row: queries.CaseRow) -> dict[str, Any]:
    """One line of a list, as JSON values; made by hand because a page has up to 200."""
    values = named(row._asdict())
    del values["version_id"]
    return values


def task_out(row: queries.TaskRow) -> dict[str, Any]:
    values = row._asdict()
    values["stage_zh"] = _stage_zh(values.pop("version_id"), row.stage, "open")
    return values
