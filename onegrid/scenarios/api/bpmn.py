"""Scenarios for other engines and editors: BPMN 2.0 out, a draft of a definition in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import VersionId
from onegrid.scenarios import queries
from onegrid.scenarios.rules.bpmn.reading import MAX_BYTES
from onegrid.scenarios.rules.refusals import as_params

router = Router()
XML = {"content": {"application/xml": {"schema": {"type": "string"}}}}


class DraftOut(Schema):
    """`source`: the draft as a scenario file; `findings`: what is missing or not sound, with its line."""

    source: str
    findings: list[dict[str, Any]]


@router.get(
    "/scenarios/versions/{version_id}/bpmn",
    response={403: Problem, 404: Problem},
    openapi_extra={"responses": {200: {"description": "BPMN 2.0", **XML}}},
)
def version_bpmn(request: ApiRequest, version_id: UUID) -> HttpResponse:
    """One version as a BPMN 2.0 file with its diagram."""
    drawn = queries.drawn_version(VersionId(version_id), actor=request.actor)
    answer = HttpResponse(drawn.content, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{drawn.filename}"'
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@router.post("/scenarios/bpmn/draft", response={200: DraftOut, 403: Problem, 422: Problem})
def draft_from_bpmn(request: ApiRequest, file: File[UploadedFile]) -> dict[str, object]:
    """A draft of a definition from a BPMN 2.0 file of user tasks and exclusive gateways; nothing is kept."""
    draft = queries.imported_draft(file.read(MAX_BYTES + 1), actor=request.actor)
    return {"source": draft.source, "findings": [as_params(one) for one in draft.findings]}
