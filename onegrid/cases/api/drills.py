"""Drills over HTTP (实战演练): order one, see how far it is, read its report."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from onegrid.cases.actions import drill_orders
from onegrid.cases.models import DrillOrder
from onegrid.cases.queries import drill as drills
from onegrid.cases.rules.drill.ordering import DrillState, Wanted
from onegrid.kernel.http import (
    ApiRequest,
    BadCursor,
    Problem,
    decode_cursor,
    encode_cursor,
    idempotent,
)

router = Router()
PROBLEMS: dict[Any, Any] = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
Word = Annotated[str, Field(max_length=100)]
MOST_CHANGES = 6


class DrillLimitIn(Schema):
    """若改时限: another limit in one stage, as a scenario file writes it (`3 working days`)."""

    model_config = ConfigDict(extra="forbid")
    stage: Word
    limit: Word


class DrillPersonIn(Schema):
    """若加一人: one more in each post of the role within the area; "" is everywhere."""

    model_config = ConfigDict(extra="forbid")
    role: Word
    area: Annotated[str, Field(pattern="^([0-9]{6,15})?$")] = ""


class DrillOrderIn(Schema):
    """What is to be drilled: the live version, that of a number, or the text of a draft (`source`).

    `per_day`: of a synthetic stream, else the city's own rate. `start`: first day, else today. `assumptions`:
    minutes of work (`handling` per stage, `tasks`) and weights (`exits` per stage). `limits` and `people` are
    each played beside the drill. `record`: keep the summary with the project; a draft has nothing to keep."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1)] | None = None
    source: Annotated[str, Field(max_length=1_000_000)] = ""
    stream: Literal["historic", "synthetic"] = "synthetic"
    days: Annotated[int, Field(ge=1, le=3660)] = 30
    per_day: Annotated[float, Field(ge=0.01, le=1_000_000)] | None = None
    start: Annotated[date, Field(ge=date(2004, 1, 1), le=date(2099, 12, 31))] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    assumptions: dict[str, dict[str, Any]] | None = None
    limits: Annotated[list[DrillLimitIn], Field(max_length=MOST_CHANGES, default_factory=list)]
    people: Annotated[list[DrillPersonIn], Field(max_length=MOST_CHANGES, default_factory=list)]
    record: bool = True

    def wanted(self) -> Wanted:
        same = self.model_dump(exclude={"version", "limits", "people"})
        limits = tuple((one.stage, one.limit) for one in self.limits)
        people = tuple((one.role, one.area) for one in self.people)
        return Wanted(number=self.version, limits=limits, people=people, **same)


class OrderedDrillOut(Schema):
    """A drill in the list. `number` 0 is a draft; `progress` from 0 to 1; `asked` is the order as taken down.

    `reason`: why it failed, or, where it is done but not `recorded`, why it was not kept with the project;
    `findings`: what was not sound, with line and column."""

    id: UUID
    key: str
    version_id: UUID | None
    number: int
    asked: dict[str, Any]
    record: bool
    ordered_at: datetime
    ordered_by_name: str
    state: DrillState
    state_zh: str
    progress: float
    begun_at: datetime | None
    finished_at: datetime | None
    recorded: bool
    reason: str
    reason_zh: str
    reason_en: str
    findings: list[dict[str, Any]]

    @staticmethod
    def resolve_state_zh(row: DrillOrder) -> str:
        return DrillState(row.state).zh


class DrillReportOut(OrderedDrillOut):
    """`report`: cases, stages (waiting, overdue rate, causes), tasks, posts and roles with their utilisation,
    the ten worst grids, assumptions, the effect of each change, findings; null until it is done."""

    report: dict[str, Any] | None

    @staticmethod
    def resolve_report(row: DrillOrder) -> Any:
        return orjson.loads(row.report) if row.report else None


class DrillPageOut(Schema):
    """`next_cursor` is "" on the last page."""

    items: list[OrderedDrillOut]
    next_cursor: str


class DrillPageIn(Schema):
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.post("/scenarios/{key}/drills", response={202: DrillReportOut, **PROBLEMS}, summary="Order a drill")
def order_drill(request: ApiRequest, key: str, body: DrillOrderIn) -> HttpResponse:
    """实战演练: held by the worker on the real posts and a virtual clock; see GET /drills/{id}."""

    def run() -> tuple[int, Any]:
        made = drill_orders.order_drill(key, body.wanted(), by=request.actor, now=request.now)
        return 202, DrillReportOut.from_orm(drills.drill(made, actor=request.actor))

    return idempotent(request, run)


@router.get(
    "/scenarios/{key}/drills", response={200: DrillPageOut, 400: Problem, **PROBLEMS}, summary="Drills"
)
def list_drills(request: ApiRequest, key: str, query: Query[DrillPageIn]) -> dict[str, Any]:
    """The drills of a scenario without their reports, newest first."""
    after = _after(query.cursor)
    rows = drills.drills(key, actor=request.actor, after=after, limit=query.limit + 1)
    shown = rows[: query.limit]
    return {"items": shown, "next_cursor": encode_cursor(shown[-1].id) if len(rows) > query.limit else ""}


def _after(cursor: str) -> UUID | None:
    if not cursor:
        return None
    try:
        return UUID(str(decode_cursor(cursor, 1)[0]))
    except ValueError:
        raise BadCursor from None


@router.get("/drills/{uuid:drill_id}", response={200: DrillReportOut, 404: Problem}, summary="One drill")
def get_drill(request: ApiRequest, drill_id: UUID) -> DrillOrder:
    """How far it is; the whole report when it is done, the reason when it failed."""
    return drills.drill(drill_id, actor=request.actor)
