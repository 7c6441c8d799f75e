"""What goes out: a case in a list, a case page, the state after a move."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from onegrid.cases import actions, queries
from onegrid.cases.rules.moves import MOVES, PHASE_ZH
from onegrid.cases.rules.state import Phase, Task
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Exit, Need, OneOf
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
    """One line of a list."""

    id: UUID
    version: int
    number: str
    title: str
    scenario: str
    class_code: str
    class_zh: str
    grid_code: str
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


class CaseListOut(Schema):
    """A page; `next` is the cursor of the following one, null on the last."""

    items: list[CaseOut]
    next: str | None


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


class BesideOut(Schema):
    """A task beside the flow."""

    id: UUID
    kind: str
    key: str
    post_id: UUID
    text: str
    opened_at: datetime
    receive_by: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    status: str
    done_at: datetime | None
    result: str
    reports: int


class EvidenceOut(Schema):
    """A piece of evidence; its bytes are at /api/evidence/{sha}."""

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


class StoryOut(Schema):
    """One step of the trail in words; `took_s` seconds the stage had lasted."""

    seq: int
    at: datetime
    verb: str
    verb_zh: str
    by: str
    stage_zh: str
    to_zh: str
    text: str
    took_s: float | None
    late: bool


class NeedOut(Schema):
    """What an exit waits for: each inner list is a choice, any one of which suffices."""

    any_of: list[dict[str, Any]]


class ExitOut(Schema):
    """A way out of the stage."""

    key: str
    label_zh: str
    label_en: str
    to: str
    needs: list[NeedOut]
    opinions_zh: list[str]


class PermittedOut(Schema):
    """A move open to the caller now."""

    verb: str
    zh: str
    en: str
    task_id: UUID | None


class RequestOut(Schema):
    """A question waiting for its approver."""

    kind: str
    asked_at: datetime
    reason: str
    approver: UUID
    extra: str
    condition: str
    review_at: datetime | None
    interim: str


class CasePageOut(CaseOut):
    """Everything about one case that the caller may see and do."""

    description: str
    source: str
    promised_due: datetime | None
    clock_limit: str
    clock_limit_zh: str
    time_left_s: float | None
    outcome: str
    answer: str
    rating: str
    merged_into: UUID | None
    request: RequestOut | None
    answers: dict[str, Any]
    tasks: list[BesideOut]
    evidence: list[EvidenceOut]
    story: list[StoryOut]
    permitted: list[PermittedOut]
    exits: list[ExitOut]
    scenario_version: UUID


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


def _stage_zh(version_id: UUID, stage: str, phase: str) -> str:
    known = scenarios.version(version_id).definition.stages.get(stage)
    return known.name.zh if known else PHASE_ZH[Phase(phase)]


def _class_zh(code: str) -> str:
    known = scenarios.classes().get(code)
    return known.name.zh if known else code


def _role_zh(owner: UUID | None) -> str:
    entry = workforce.duty_table().posts.get(owner) if owner else None
    return role_label(entry.role) if entry else ""


def named(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a line with the names people read: no query, all from memory."""
    return {
        **values,
        "class_zh": _class_zh(values["class_code"]),
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


def _need(need: Need) -> dict[str, Any]:
    each = need.of if isinstance(need, OneOf) else (need,)
    return {"any_of": [asdict(one) for one in each]}


def _exit(one: Exit) -> dict[str, Any]:
    return {
        "key": one.key,
        "label_zh": one.label.zh,
        "label_en": one.label.en,
        "to": one.to,
        "needs": [_need(need) for need in one.needs],
        "opinions_zh": [words.zh for words in one.opinions],
    }


def _beside(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in BesideOut.model_fields}


def page_out(page: queries.CasePage, *, now: datetime) -> dict[str, Any]:
    """A case page as JSON values."""
    case = page.state
    lng, lat = case.place or (None, None)
    values = {name: getattr(case, name) for name in CaseOut.model_fields if hasattr(case, name)}
    values |= {"lng": lng, "lat": lat, "version_id": case.version_id}
    values |= {"phase": str(case.phase), "urgency": int(case.urgency)}
    values |= {"due_at": case.clock.due if case.clock else None}
    asked = case.request
    line = named(values)
    line["scenario_version"] = line.pop("version_id")
    return {
        **line,
        "description": page.description,
        "source": case.source,
        "promised_due": case.promised_due,
        "clock_limit": str(case.clock.limit) if case.clock else "",
        "clock_limit_zh": case.clock.limit.zh if case.clock else "",
        "time_left_s": page.left_s(now),
        "outcome": case.outcome,
        "answer": case.answer,
        "rating": case.rating,
        "merged_into": case.merged_into,
        "request": None
        if asked is None
        else {
            **{name: getattr(asked, name) for name in RequestOut.model_fields if name != "approver"},
            "approver": asked.approvers[0],
        },
        "answers": dict(page.answers),
        "tasks": [_beside(task) for task in page.tasks],
        "evidence": [
            {name: getattr(one, name) for name in EvidenceOut.model_fields} for one in page.evidence
        ],
        "story": [asdict(line) for line in page.story],
        "permitted": [asdict(one) for one in page.permitted],
        "exits": [_exit(one) for one in page.exits],
    }
