"""Reports: send one or many, read them, ask what is already reported nearby."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, StringConstraints

from onegrid.intake import actions, queries
from onegrid.intake.models import Report
from onegrid.intake.rules.reports import Channel, Outcome, OutcomeKind, Reporter, ReportIn, as_refusal
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.http import ApiRequest, Problem, idempotent, note_write
from onegrid.kernel.ids import CaseId, ReportId, new_id
from onegrid.scenarios.rules import Source

router = Router()

Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
MOST = 10_000  # reports in one request


# Plain pydantic models on the busiest road: ninja's Schema looks every field up as a template variable first.
class ReporterIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=50)
    phone: str = Field("", max_length=50)


class ReportBody(BaseModel):
    """A report. A coordinate always names its system. `external_id` (or the header `Idempotency-Key`) makes
    sending it again harmless. `follows`: a case shown by /reports/nearby that is the same matter; the report
    joins it, and its sender hears every answer. `sender_device` (or the header `Sender-Device`): a random
    id of the app's installation, kept as a keyed hash for two days."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    external_id: str | None = Field(None, min_length=1, max_length=200)
    source: Source | None = None
    class_code: str | None = Field(None, max_length=50)
    title: str = Field("", max_length=200)
    description: str = Field("", max_length=20_000)
    lng: Degrees | None = None
    lat: Degrees | None = None
    system: CoordinateSystem | None = None
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    place_text: str = Field("", max_length=500)
    grid_code: str | None = Field(None, max_length=15)
    happened_at: AwareDatetime | None = None
    reported_at: AwareDatetime | None = None
    reporter: ReporterIn | None = None
    photos: list[Sha256] = Field([], max_length=20)
    promised_due: AwareDatetime | None = None
    source_detail: dict[str, JsonValue] = Field(default_factory=dict)
    form: dict[str, JsonValue] = Field(default_factory=dict)
    follows: UUID | None = None
    sender_device: str = Field("", max_length=100)

    def report(self, key: str, device: str) -> ReportIn:
        """The report; `key` identifies it, and `device` its sender's, where it does not do so itself."""
        values = {name: getattr(self, name) for name in ReportBody.model_fields}
        values["external_id"] = self.external_id or key or str(new_id())
        values["reporter"] = Reporter(self.reporter.name, self.reporter.phone) if self.reporter else None
        values["photos"] = tuple(self.photos)
        values["sender_device"] = self.sender_device or device
        return ReportIn(**values)


class OutcomeOut(BaseModel):
    """What became of a report: opened, joined, pooled or rejected; repeated, and `first` what it was then.

    `not_followed`: why it did not join the case it was to follow, and so took the road of every report."""

    model_config = ConfigDict(from_attributes=True)

    report_id: UUID
    kind: OutcomeKind
    case_id: UUID | None
    case_number: str
    reason: str
    reason_zh: str
    reason_en: str
    first: OutcomeKind | None
    not_followed: str
    not_followed_zh: str
    not_followed_en: str


Reports = Annotated[list[ReportBody], Field(min_length=1, max_length=MOST)]


@router.post(
    "/reports",
    response={200: OutcomeOut | list[OutcomeOut], 201: OutcomeOut, 403: Problem, 409: Problem, 422: Problem},
)
def send(request: ApiRequest, body: ReportBody | Reports) -> Status[Outcome | list[Outcome]]:
    """Send one report, or a list of them in one transaction (each with an outcome of its own).

    201: taken in. 200: sent before, with the outcome of the first sending; or the outcomes of a list. One
    report that is rejected answers 422 with the reason as code, a reused external id 409."""
    key = request.headers.get("Idempotency-Key", "")[:200]
    device = request.headers.get("Sender-Device", "")[:100]
    if isinstance(body, list):
        reports = [each.report(f"{key}:{i}" if key else "", device) for i, each in enumerate(body)]
        return Status(
            200,
            actions.receive(
                reports, by=request.actor, now=request.now, note=lambda _: note_write(request, 200)
            ),
        )

    def note(outcomes: Sequence[Outcome]) -> None:
        if outcomes[0].kind is not OutcomeKind.REJECTED:  # a refusal is noted with its answer
            note_write(request, _status(outcomes[0]))

    (outcome,) = actions.receive([body.report(key, device)], by=request.actor, now=request.now, note=note)
    if outcome.kind is OutcomeKind.REJECTED:
        raise as_refusal(outcome)
    return Status(_status(outcome), outcome)


def _status(outcome: Outcome) -> int:
    return 200 if outcome.kind is OutcomeKind.REPEATED else 201


class ReportOut(Schema):
    """A report without its reporter. `lng`, `lat`: WGS-84, a fallback point and no place if `is_doubted`."""

    id: UUID
    channel: Channel
    source: str
    class_code: str
    title: str
    description: str
    lng: float | None
    lat: float | None
    is_doubted: bool
    place_text: str
    grid_code: str
    urgent: bool
    threats: list[str]
    happened_at: datetime | None
    reported_at: datetime
    received_at: datetime
    photos: list[str]
    kind: OutcomeKind
    reason: str
    reason_zh: str
    reason_en: str
    case_id: UUID | None
    case_number: str
    settled_at: datetime
    answered_at: datetime | None
    answer: str


class ReportPage(Schema):
    """Newest first; `next_cursor` is "" on the last page."""

    items: list[ReportOut]
    next_cursor: str


class PageQuery(Schema):
    cursor: str = ""
    limit: int = Field(20, ge=1, le=100)


@router.get("/reports", response={200: ReportPage, 400: Problem})
def mine(request: ApiRequest, wanted: Query[PageQuery]) -> dict[str, object]:
    """What I reported, over whichever channel, newest first."""
    items, after = queries.my_reports(request.actor, cursor=wanted.cursor, limit=wanted.limit)
    return {"items": items, "next_cursor": after}


@router.get("/reports/{report_id}", response={200: ReportOut, 404: Problem})
def one(request: ApiRequest, report_id: UUID) -> Report:
    """One report: for its sender, the desk of its place, and whoever may see its case."""
    return queries.report(ReportId(report_id), actor=request.actor)


class RatingIn(Schema):
    """评价; `reason` is needed where one is not satisfied."""

    satisfied: bool
    reason: str = Field("", max_length=2000)


class RatedOut(Schema):
    """Where the matter stands after the rating: closed, or being done again."""

    number: str
    phase: str
    stage_zh: str


@router.post(
    "/reports/{report_id}/rate",
    response={200: RatedOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def rate(request: ApiRequest, report_id: UUID, body: RatingIn) -> HttpResponse:
    """Rate how one's own report was dealt with, once."""

    def run() -> tuple[int, RatedOut]:
        mine, by = ReportId(report_id), request.actor
        done = actions.rate(mine, satisfied=body.satisfied, reason=body.reason, by=by, now=request.now)
        return 200, RatedOut(number=done.number, phase=done.phase, stage_zh=done.stage_zh)

    return idempotent(request, run)


@router.get("/cases/{case_id}/reports", response={200: list[ReportOut], 404: Problem})
def of_case(request: ApiRequest, case_id: UUID) -> list[Report]:
    """All reports of one matter, oldest first, without their reporters."""
    return list(queries.reports_of_case(CaseId(case_id), actor=request.actor))


@router.post("/reports/{report_id}/unmerge", response={200: OutcomeOut, 404: Problem, 409: Problem})
def unmerge(request: ApiRequest, report_id: UUID) -> Outcome:
    """Within 24 hours: this report joined by mistake and opens a case of its own."""
    return actions.unmerge(ReportId(report_id), by=request.actor, now=request.now)
