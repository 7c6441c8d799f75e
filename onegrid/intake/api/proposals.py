"""并案建议: what may be the same matter, both sides together, and one tap to say yes or no."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema

from onegrid.cases.queries import Brief
from onegrid.intake import actions, queries
from onegrid.intake.queries.proposals import Proposal
from onegrid.intake.rules.proposals import Decided, Effect, ProposalState
from onegrid.intake.rules.reasoning import sentence
from onegrid.intake.rules.reports import KIND_ZH
from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.kernel.ids import ReportId
from onegrid.kernel.refusals import Refusal
from onegrid.territory import queries as territory

router = Router()
ANSWERS: dict[Any, Any] = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ProposalQuery(Schema):
    """`area`: town, village or grid code; `class_code`: a class or the beginning of one."""

    area: str = Field("", max_length=15)
    class_code: str = Field("", max_length=20)
    state: ProposalState = ProposalState.OPEN
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class MatterOut(Schema):
    """One of the two matters. `at`: when it was reported; `case_id` null: it waits in the pool.

    `owner_zh`: the post that answers; `veiled`: the caller may not read it, so only number and state show."""

    case_id: UUID | None
    number: str
    title: str
    description: str
    class_code: str
    place_text: str
    grid_code: str
    grid_zh: str
    lng: float | None
    lat: float | None
    at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    phase: str
    phase_zh: str
    stage_zh: str
    owner: UUID | None
    owner_zh: str
    report_count: int
    photos: list[str]
    veiled: bool


class ProposalOut(Schema):
    """A proposal. `report` is the later matter, `earlier` the case it may belong to; `score` its probability.

    `reasons` are stable codes, some with a value ("near:35" metres, "hours-ago:2"), also put into words."""

    id: UUID
    report_id: UUID
    rank: int
    score: float
    reasons: list[str]
    reasons_zh: str
    reasons_en: str
    distance_m: float | None
    is_urgent: bool
    model: str
    state: ProposalState
    made_at: datetime
    decided_at: datetime | None
    decided_by_name: str
    report: MatterOut
    earlier: MatterOut | None


class ProposalPageOut(Schema):
    """Urgent ones first, then the most probable; `next_cursor` is "" on the last page."""

    items: list[ProposalOut]
    next_cursor: str


class DecidedOut(Schema):
    """What a tap did: `effect` merged, joined, repeated, same or apart; `case_id`: where it goes on."""

    id: UUID
    report_id: UUID
    state: ProposalState
    effect: Effect
    case_id: UUID | None
    case_number: str


class VerdictsIn(Schema):
    """Many taps at once: which are the same matter, and which are not."""

    same: list[UUID] = Field(default_factory=list, max_length=200)
    apart: list[UUID] = Field(default_factory=list, max_length=200)


class VerdictOut(Schema):
    """One of many: decided, or refused with its code and sentence."""

    id: UUID
    decided: DecidedOut | None = None
    code: str = ""
    zh: str = ""
    en: str = ""


@router.get("/proposals", response={200: ProposalPageOut, 400: Problem, 403: Problem})
def proposals(request: ApiRequest, wanted: Query[ProposalQuery]) -> dict[str, object]:
    """What may be the same matter in my area."""
    page = queries.proposals(request.actor, **wanted.dict())
    return {"items": [_out(one) for one in page.items], "next_cursor": page.next_cursor}


@router.get("/reports/{report_id}/proposals", response={200: list[ProposalOut], 404: Problem})
def of_report(request: ApiRequest, report_id: UUID) -> list[dict[str, object]]:
    """What one report may belong to, the best first; decided ones too."""
    return [_out(one) for one in queries.proposals_of(ReportId(report_id), actor=request.actor)]


@router.post("/proposals/{uuid:proposal_id}/confirm", response={200: DecidedOut, **ANSWERS})
def confirm(request: ApiRequest, proposal_id: UUID) -> HttpResponse:
    """The same matter: merge, join, or mark as repeated."""
    return _one(request, proposal_id, actions.confirm)


@router.post("/proposals/{uuid:proposal_id}/refuse", response={200: DecidedOut, **ANSWERS})
def refuse(request: ApiRequest, proposal_id: UUID) -> HttpResponse:
    """Another matter: they stay apart."""
    return _one(request, proposal_id, actions.refuse)


@router.post("/proposals/decide", response={200: list[VerdictOut], 403: Problem, 422: Problem})
def decide(request: ApiRequest, body: VerdictsIn) -> HttpResponse:
    """Many at once; each is decided or refused by itself, the confirmed ones first."""

    def run() -> tuple[int, list[VerdictOut]]:
        found = [
            _verdict(id_, one)
            for ids, act in ((body.same, actions.confirm), (body.apart, actions.refuse))
            for id_, one in zip(ids, act(ids, by=request.actor, now=request.now), strict=True)
        ]
        return 200, found

    return idempotent(request, run)


Act = Callable[..., Sequence[Decided | Refusal]]


def _one(request: ApiRequest, proposal_id: UUID, act: Act) -> HttpResponse:
    def run() -> tuple[int, DecidedOut]:
        (result,) = act([proposal_id], by=request.actor, now=request.now)
        if isinstance(result, Refusal):
            raise result
        return 200, DecidedOut.from_orm(result)

    return idempotent(request, run)


def _verdict(id_: UUID, one: Decided | Refusal) -> VerdictOut:
    if isinstance(one, Refusal):
        return VerdictOut(id=id_, code=one.code, zh=one.message("zh"), en=one.message("en"))
    return VerdictOut(id=id_, decided=DecidedOut.from_orm(one))


def _out(one: Proposal) -> dict[str, object]:
    values = {name: getattr(one, name) for name in ProposalOut.model_fields if hasattr(one, name)}
    return {
        **values,
        "report_id": one.report.id,
        "is_urgent": one.report.is_urgent,
        "reasons": [str(each) for each in one.reasons],
        "reasons_zh": sentence(one.reasons, "zh"),
        "reasons_en": sentence(one.reasons, "en"),
        "report": _later(one),
        "earlier": _matter(one.earlier) if one.earlier else None,
    }


def _matter(case: Brief) -> dict[str, object]:
    values = {name: getattr(case, name) for name in MatterOut.model_fields if hasattr(case, name)}
    return {**values, "case_id": case.id, "at": case.opened_at, "grid_zh": _place(case.grid_code)}


def _later(one: Proposal) -> dict[str, object]:
    """The report as it was sent, with the state of the case it has become."""
    report, own = one.report, one.own
    case = _matter(own) if own else dict.fromkeys(MatterOut.model_fields)
    said = {name: getattr(report, name) for name in MatterOut.model_fields if hasattr(report, name)}
    said |= {"number": report.case_number, "at": report.reported_at, "grid_zh": _place(report.grid_code)}
    waits = {
        "phase": "",
        "phase_zh": KIND_ZH[report.kind],
        "stage_zh": "",
        "owner_zh": "",
        "report_count": 1,
        "veiled": False,
    }
    return {**case, **said, **({} if own else waits)}


def _place(code: str) -> str:
    return territory.paths([code]).get(code, code)
