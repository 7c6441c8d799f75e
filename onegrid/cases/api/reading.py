"""Reading cases: lists, counts, one case, what I have to do."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from onegrid.cases import queries
from onegrid.cases.api.answers import (
    CaseListOut,
    CountOut,
    TaskOut,
    line_out,
    task_out,
)
from onegrid.cases.api.pages import CasePageOut, page_out
from onegrid.kernel.http import Problem, decode_cursor, encode_cursor
from onegrid.kernel.ids import CaseId, PostId

router = Router()


class FilterIn(Schema):
    """Filters of a list; codes are prefixes (county 6, town 9, village 12, grid 15 digits; matter class)."""

    phase: Literal["", "open", "held", "closed", "void", "merged"] = ""
    scenario: str = ""
    stage: str = ""
    class_code: str = ""
    area: Annotated[str, Field(pattern="^[0-9]{0,15}$")] = ""
    unit: str = ""
    owner: UUID | None = None
    urgency: Annotated[int, Field(ge=1, le=3)] | None = None
    channel: str = ""
    number: str = ""
    text: Annotated[str, Field(max_length=40)] = ""
    overdue: bool = False
    repeated: bool = False
    opened_from: AwareDatetime | None = None
    opened_to: AwareDatetime | None = None

    def wanted(self) -> queries.CaseFilter:
        values = {name: getattr(self, name) for name in FilterIn.model_fields}
        return queries.CaseFilter(**{**values, "owner": PostId(self.owner) if self.owner else None})


class ListIn(FilterIn):
    sort: Literal["due", "newest", "oldest"] = "newest"
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def _json(data: Any) -> HttpResponse:
    """Straight to bytes: lists are long and their values are known."""
    return HttpResponse(
        orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z), content_type="application/json"
    )


@router.get("/cases", response={200: CaseListOut, 400: Problem, 422: Problem}, summary="Cases in my scope")
def cases(request: Any, query: Query[ListIn]) -> HttpResponse:
    """Filtered and sorted, by keyset pages."""
    sort = queries.Sort(query.sort)
    after = decode_cursor(query.cursor, 2) if query.cursor else None
    rows = queries.case_list(
        request.actor, query.wanted(), sort=sort, after=after, limit=query.limit + 1, now=request.now
    )
    shown = rows[: query.limit]
    mark = _mark(shown[-1], sort) if len(rows) > query.limit else ""
    return _json({"items": [line_out(row) for row in shown], "next_cursor": mark})


def _mark(row: queries.CaseRow, sort: queries.Sort) -> str:
    value: datetime | None = row.due_at if sort is queries.Sort.DUE else row.opened_at
    return encode_cursor(value.isoformat() if value else "", row.id)


@router.get("/cases/count", response={200: CountOut, 422: Problem}, summary="How many such cases")
def count(request: Any, query: Query[FilterIn]) -> dict[str, object]:
    """Counted up to 1,000."""
    found = queries.count_cases(request.actor, query.wanted(), most=1000, now=request.now)
    return {"count": min(found, 1000), "more": found > 1000}


@router.get("/cases/{uuid:case_id}", response={200: CasePageOut, 404: Problem}, summary="One case")
def case(request: Any, case_id: UUID) -> HttpResponse:
    """Facts, clock, tasks, evidence, the trail as a story, and what the caller may do now."""
    return _json(page_out(queries.case(CaseId(case_id), actor=request.actor), now=request.now))


@router.get("/tasks/mine", response=list[TaskOut], summary="What my posts have to do")
def my_tasks(request: Any) -> HttpResponse:
    """Stages I own, tasks beside the flow, requests to decide; what is due first on top."""
    return _json([task_out(row) for row in queries.my_tasks(request.actor)])
