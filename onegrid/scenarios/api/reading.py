"""Scenarios, their versions, the schema of a file and the class dictionary."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import VersionId
from onegrid.scenarios import queries
from onegrid.scenarios.rules.document import schema

router = Router()


class VersionRowOut(Schema):
    """`towns`: where new cases follow it; [""] is the whole county, [] nowhere; `until`: of a trial."""

    version_id: UUID
    number: int
    published_at: datetime
    published_by: str
    towns: list[str]
    since: datetime | None
    until: datetime | None


class ScenarioOut(Schema):
    """A scenario with its versions, newest first; a dormant one takes cases only by an order."""

    key: str
    prefix: str
    name_zh: str
    name_en: str
    owner: str
    classes: list[str]
    dormant: bool
    versions: list[VersionRowOut]


class VersionOut(Schema):
    """A version in full: `definition` as data, `source` as the file it came from."""

    version_id: UUID
    key: str
    number: int
    published_at: datetime
    published_by: str
    definition: dict[str, Any]
    source: str


class MilestoneOut(Schema):
    name_zh: str
    name_en: str
    limit: str


class ClassOut(Schema):
    """A matter class with what it inherits from its parent filled in."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    kind: str | None
    unit: str | None
    urgency: str | None
    life_threatening: bool
    limit: str | None
    limit_zh: str | None
    milestones: list[MilestoneOut]
    filing_zh: str | None
    filing_en: str | None
    closing_zh: str | None
    closing_en: str | None
    keywords: list[str]


@router.get("/scenarios", response={200: list[ScenarioOut], 403: Problem})
def scenarios(request: ApiRequest) -> Sequence[queries.ScenarioRow]:
    """All scenarios and where each version is live."""
    return queries.scenarios(request.actor)


@router.get("/scenarios/schema", response={200: dict[str, Any]})
def scenario_schema(request: ApiRequest) -> dict[str, Any]:
    """JSON schema of a scenario file."""
    return schema()


@router.get("/scenarios/versions/{version_id}", response={200: VersionOut, 403: Problem, 404: Problem})
def scenario_version(request: ApiRequest, version_id: UUID, response: HttpResponse) -> queries.VersionDetail:
    """One version. It never changes, so a phone keeps it."""
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return queries.version_detail(VersionId(version_id), actor=request.actor)


@router.get("/classes", response={200: list[ClassOut], 403: Problem})
def classes(request: ApiRequest) -> Sequence[queries.ClassRow]:
    """The dictionary of matter classes, by code."""
    return queries.class_list(request.actor)
