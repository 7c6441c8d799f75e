"""Handbooks, flow charts, and what changed between two versions."""

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Query, Router, Schema

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import PostId
from onegrid.scenarios.queries import handbooks
from onegrid.scenarios.queries.handbooks import Format, Sheet
from onegrid.scenarios.rules.differences import Difference
from onegrid.scenarios.rules.handbook.asked import WhoseDuties

router = Router()

Shape = Annotated[Format, Query(alias="format", description="html, docx or pdf")]
Version = Annotated[int | None, Query(ge=1, description="Version number; default: the live one")]
Lang = Literal["zh", "en"]
Problems = {403: Problem, 404: Problem, 503: Problem}


class DifferenceOut(Schema):
    """One change: what happened, where (path in the definition), and the sentence in both languages."""

    kind: Literal["added", "removed", "changed"]
    path: list[str]
    stage: str | None
    zh: str
    en: str


class ChartIn(Schema):
    """A scenario file that is being written."""

    source: str


@router.get("/scenarios/{key}/handbook", response=Problems)
def scenario_handbook(
    request: ApiRequest, key: str, shape: Shape = Format.HTML, version: Version = None
) -> HttpResponse:
    """业务流程手册: the process manual of a scenario."""
    found = handbooks.scenario_handbook(key, shape, number=version, actor=request.actor, now=request.now)
    return _given(request, found)


@router.get("/handbooks/duty", response={**Problems, 422: Problem})
def duty_handbook(
    request: ApiRequest, shape: Shape = Format.HTML, unit: str = "", post: UUID | None = None
) -> HttpResponse:
    """职责清单: everything a unit (by key) or a post answers for, over all live scenarios."""
    whose = WhoseDuties(unit, PostId(post) if post else None)
    return _given(request, handbooks.duty_handbook(shape, whose, actor=request.actor, now=request.now))


@router.get("/handbooks/guide", response={**Problems, 422: Problem})
def guide_handbook(
    request: ApiRequest, scenario: str, role: str, shape: Shape = Format.HTML, version: Version = None
) -> HttpResponse:
    """操作指南: what one role does in one scenario, step by step."""
    found = handbooks.guide_handbook(
        scenario, role, shape, number=version, actor=request.actor, now=request.now
    )
    return _given(request, found)


@router.get("/handbooks/worker", response=Problems)
def worker_handbook(request: ApiRequest, shape: Shape = Format.HTML) -> HttpResponse:
    """网格员业务操作手册: all that grid posts do, in plain words and large type."""
    return _given(request, handbooks.worker_handbook(shape, actor=request.actor, now=request.now))


@router.get("/scenarios/{key}/chart.svg", response=Problems)
def chart(request: ApiRequest, key: str, version: Version = None, lang: Lang = "zh") -> HttpResponse:
    """The flow chart of a version as SVG."""
    found = handbooks.chart_sheet(key, number=version, lang=lang, actor=request.actor, now=request.now)
    return _given(request, found)


@router.post("/scenarios/chart", response={403: Problem, 422: Problem})
def chart_preview(request: ApiRequest, body: ChartIn, lang: Lang = "zh") -> HttpResponse:
    """The flow chart of a scenario file that is being written, as SVG; nothing is kept."""
    return _given(request, handbooks.chart_of_source(body.source, lang=lang, actor=request.actor))


@router.get("/scenarios/{key}/differences", response={200: list[DifferenceOut], 403: Problem, 404: Problem})
def version_differences(
    request: ApiRequest,
    key: str,
    old: Annotated[int, Query(alias="from", ge=1)],
    new: Annotated[int, Query(alias="to", ge=1)],
) -> list[Difference]:
    """What changed from one version to another, in the order of the definition."""
    return handbooks.version_differences(key, old, new, actor=request.actor, now=request.now)


def _given(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The file, drawn only if the asker does not have it yet."""
    known: Any = get_conditional_response(request, etag=sheet.etag)
    if known is not None:
        return known  # type: ignore[no-any-return]
    file = sheet.draw()
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["ETag"] = sheet.etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file.name)}"
    if file.policy:
        answer["Content-Security-Policy"] = file.policy
    return answer
