"""The agenda of the joint conference 联席会议: what waits, and what was decided."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from onegrid.cases import queries
from onegrid.cases.api.answers import MoveOut, named
from onegrid.cases.api.bodies import DecisionIn
from onegrid.cases.api.moves import made
from onegrid.cases.rules.agenda import REASON_ZH
from onegrid.cases.rules.commands import DecideAgenda
from onegrid.cases.rules.state import AgendaReason
from onegrid.kernel.http import Problem
from onegrid.kernel.ids import PostId

router = Router()


class AgendaItemOut(Schema):
    """One item; `handler` and `minutes` once it is decided."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    scenario: str
    class_code: str
    class_zh: str
    grid_code: str
    grid_zh: str
    phase: str
    phase_zh: str
    stage: str
    stage_zh: str
    owner: UUID | None
    owner_role_zh: str
    due_at: datetime | None
    returns: int
    reason: str
    reason_zh: str
    since: datetime
    decided_at: datetime | None
    decided_by: str
    minutes: str
    handler: UUID | None


class AgendaIn(Schema):
    """What waits, or with `decided` what was decided."""

    decided: bool = False
    limit: Annotated[int, Field(ge=1, le=500)] = 200


@router.get("/cases/agenda", response={200: list[AgendaItemOut], 403: Problem}, summary="联席会议议题")
def agenda(request: Any, query: Query[AgendaIn]) -> list[dict[str, Any]]:
    """For the grid office and county leaders, in their territory; the newest first."""
    rows = queries.agenda(request.actor, decided=query.decided, limit=query.limit)
    return [{**named(row._asdict()), "reason_zh": REASON_ZH[AgendaReason(row.reason)]} for row in rows]


@router.post(
    "/cases/agenda/{uuid:item}/decide",
    response={200: MoveOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
    summary="联席会议决定: who handles the case, with the minutes",
)
def decide(request: Any, item: UUID, body: DecisionIn) -> HttpResponse:
    """The case goes to the post named and cannot be sent back again; on the record of the case."""
    case_id = queries.agenda_case(item)
    return made(request, DecideAgenda(case_id=case_id, item=item, minutes=body.minutes, to=PostId(body.to)))
