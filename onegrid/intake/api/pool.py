"""The verification pool: what waits for a desk, and the desk's decisions."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from onegrid.intake import actions, queries
from onegrid.intake.api.asking import SuggestedOut
from onegrid.intake.api.reports import OutcomeOut
from onegrid.intake.rules.pool import Onboarding, Rejection
from onegrid.intake.rules.reports import Channel, Outcome
from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import ReportId

router = Router()


class PoolQuery(Schema):
    area: str = Field("", max_length=15, description="town, village or grid code")
    channel: Channel | None = None
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class WaitingOut(Schema):
    """A waiting report without its reporter; `reason` says why it waits."""

    report_id: UUID
    channel: Channel
    source: str | None
    reason: str
    reason_zh: str
    reason_en: str
    class_code: str
    class_given: str
    grid_code: str
    area_code: str
    is_urgent: bool
    threats: list[str]
    lng: float | None
    lat: float | None
    is_doubted: bool
    place_text: str
    title: str
    description: str
    reported_at: datetime
    received_at: datetime
    promised_due: datetime | None
    photos: list[str]
    proposal: SuggestedOut | None


class PoolOut(Schema):
    """Urgent ones first, then the longest waiting; `next_cursor` is "" on the last page."""

    items: list[WaitingOut]
    next_cursor: str


class OnboardingIn(Schema):
    """入格: grid and class where they were unknown or wrong."""

    report_id: UUID
    grid_code: str | None = None
    class_code: str | None = None

    def decision(self) -> Onboarding:
        return Onboarding(ReportId(self.report_id), self.grid_code, self.class_code)


class RejectionIn(Schema):
    """不予入格: the reporter reads the reason."""

    report_id: UUID
    reason: str


class OnboardIn(Schema):
    decisions: list[OnboardingIn] = Field(min_length=1, max_length=500)


class RejectIn(Schema):
    rejections: list[RejectionIn] = Field(min_length=1, max_length=500)


@router.get("/pool", response={200: PoolOut, 400: Problem, 403: Problem, 422: Problem})
def waiting(request: ApiRequest, wanted: Query[PoolQuery]) -> queries.Page:
    """What waits in my area."""
    return queries.pool(
        request.actor, area=wanted.area, channel=wanted.channel, cursor=wanted.cursor, limit=wanted.limit,
        now=request.now,
    )  # fmt: skip


@router.post(
    "/pool/onboard",
    response={200: list[OutcomeOut], 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def onboard(request: ApiRequest, body: OnboardIn) -> list[Outcome]:
    """Onboard waiting reports: each opens or joins a case, or goes on waiting with the reason."""
    return actions.onboard([each.decision() for each in body.decisions], by=request.actor, now=request.now)


@router.post("/pool/assign", response={204: None, 403: Problem, 404: Problem, 409: Problem, 422: Problem})
def assign(request: ApiRequest, body: OnboardIn) -> Status[None]:
    """Correct grid or class; the reports then wait at the desk of that place."""
    actions.assign([each.decision() for each in body.decisions], by=request.actor, now=request.now)
    return Status(204, None)


@router.post(
    "/pool/reject", response={200: list[OutcomeOut], 403: Problem, 404: Problem, 409: Problem, 422: Problem}
)
def reject(request: ApiRequest, body: RejectIn) -> list[Outcome]:
    """Do not take these reports up; their reporters get the reason."""
    rejections = [Rejection(ReportId(each.report_id), each.reason) for each in body.rejections]
    return actions.reject(rejections, by=request.actor, now=request.now)
