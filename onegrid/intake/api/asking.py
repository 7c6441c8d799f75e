"""Asked before a report is sent: is it reported already, and what is it about? Nothing is kept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from onegrid.intake import queries
from onegrid.intake.api.reports import ReportBody
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import ClassCode

router = Router()


class NearbyQuery(Schema):
    lng: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    system: CoordinateSystem
    class_code: str
    text: Annotated[str, StringConstraints(max_length=2000)] = ""


class NearbyOut(Schema):
    """An open case that a report here may be about, and why: 相距8米，2小时前，文字相似."""

    case_id: UUID
    number: str
    stage: str
    distance_m: float
    opened_at: datetime
    report_count: int
    reasons_zh: str
    reasons_en: str


@router.get("/reports/nearby", response={200: list[NearbyOut], 422: Problem})
def nearby(request: ApiRequest, wanted: Query[NearbyQuery]) -> list[queries.Nearby]:
    """Already reported? Ask before sending."""
    return queries.already_reported(
        wanted.lng,
        wanted.lat,
        wanted.system,
        class_code=ClassCode(wanted.class_code),
        text=wanted.text,
        now=request.now,
    )


class LikelyOut(Schema):
    """One likely class, unit or urgency; `scenario` takes a class in that town, "" if none is live."""

    key: str
    name_zh: str
    name_en: str
    probability: float
    scenario: str


class SuggestedOut(Schema):
    """Up to three likely values each, the likeliest first; `model` is "" where none was asked."""

    model: str
    classes: list[LikelyOut]
    units: list[LikelyOut]
    urgencies: list[LikelyOut]


class PreviewOut(Schema):
    """`class_code`: what it would be filed as at once; null: a person would choose. `threats` by rule."""

    class_code: str | None
    threats: list[str]
    proposal: SuggestedOut


@router.post("/reports/suggest", response={200: PreviewOut, 422: Problem})
def suggest(request: ApiRequest, body: ReportBody) -> queries.Preview:
    """What is this about? Ask before sending; nothing is kept."""
    return queries.preview(body.report("", ""), now=request.now)
