"""What goes out of one case: everything the caller may see and do."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from onegrid.cases import queries
from onegrid.cases.api.answers import CaseOut, named
from onegrid.cases.rules.agenda import REASON_ZH
from onegrid.cases.rules.state import PHASE_ZH, Phase, Request, Task
from onegrid.kernel.ids import PostId
from onegrid.scenarios.rules import Need, OneOf
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import role_label


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


class PostOut(Schema):
    """A post that may be chosen."""

    post_id: UUID
    role_zh: str
    unit: str


class AskOut(Schema):
    """A field of the stage's form that has to be answered for an exit."""

    key: str
    label_zh: str
    label_en: str


class ExitOut(Schema):
    """A way out of the stage. `recipients`: who may get the case next, the usual one first; with `must_pick`
    the move has to name one in `to`. `may_copy`: who may be named in `copy`."""

    key: str
    label_zh: str
    label_en: str
    to: str
    asks: list[AskOut]
    needs: list[NeedOut]
    opinions_zh: list[str]
    recipients: list[PostOut]
    must_pick: bool
    may_copy: list[PostOut]


class LinkedOut(Schema):
    """A case opened out of this one, or the one out of which this was opened."""

    id: UUID
    number: str
    title: str
    phase: str
    phase_zh: str
    is_origin: bool


class AgendaOut(Schema):
    """Before the joint conference: why and since when."""

    id: UUID
    reason: str
    reason_zh: str
    since: datetime


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
    linked_to: UUID | None
    linked: list[LinkedOut]
    agenda: AgendaOut | None
    request: RequestOut | None
    answers: dict[str, Any]
    tasks: list[BesideOut]
    evidence: list[EvidenceOut]
    story: list[StoryOut]
    permitted: list[PermittedOut]
    exits: list[ExitOut]
    scenario_version: UUID


def _need(need: Need) -> dict[str, Any]:
    each = need.of if isinstance(need, OneOf) else (need,)
    return {"any_of": [asdict(one) for one in each]}


def _post(post_id: PostId) -> dict[str, Any]:
    entry = workforce.duty_table().posts.get(post_id)
    return {
        "post_id": post_id,
        "role_zh": role_label(entry.role) if entry else "",
        "unit": entry.unit if entry else "",
    }


def _exit(way: queries.Way) -> dict[str, Any]:
    one = way.exit
    return {
        "key": one.key,
        "label_zh": one.label.zh,
        "label_en": one.label.en,
        "to": one.to,
        "asks": [
            {"key": field.key, "label_zh": field.label.zh, "label_en": field.label.en} for field in way.asks
        ],
        "needs": [_need(need) for need in one.needs],
        "opinions_zh": way.opinions,
        "recipients": [_post(post) for post in way.recipients],
        "must_pick": way.must_pick,
        "may_copy": [_post(post) for post in way.may_copy],
    }


def _beside(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in BesideOut.model_fields}


def _request(asked: Request) -> dict[str, Any]:
    values = {name: getattr(asked, name) for name in RequestOut.model_fields if name != "approver"}
    return {**values, "approver": asked.approvers[0]}


def page_out(page: queries.CasePage, *, now: datetime) -> dict[str, Any]:
    """A case page as JSON values."""
    case = page.state
    lng, lat = case.place or (None, None)
    values = {name: getattr(case, name) for name in CaseOut.model_fields if hasattr(case, name)}
    values |= {"lng": lng, "lat": lat, "due_at": case.clock.due if case.clock else None}
    values |= {"phase": str(case.phase), "urgency": int(case.urgency), "version_id": case.version_id}
    asked, line = case.request, named(values)
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
        "linked_to": case.linked_to,
        "linked": [{**asdict(one), "phase_zh": PHASE_ZH[Phase(one.phase)]} for one in page.linked],
        "agenda": {**case.agenda._asdict(), "reason_zh": REASON_ZH[case.agenda.reason]}
        if case.agenda
        else None,
        "request": _request(asked) if asked else None,
        "answers": dict(page.answers),
        "tasks": [_beside(task) for task in page.tasks],
        "evidence": [
            {name: getattr(one, name) for name in EvidenceOut.model_fields} for one in page.evidence
        ],
        "story": [asdict(line) for line in page.story],
        "permitted": [asdict(one) for one in page.permitted],
        "exits": [_exit(one) for one in page.exits],
    }
