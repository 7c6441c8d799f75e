"""Who reported, for the intake desk of the place: masked, or in clear for a purpose that is kept."""

from typing import Annotated
from uuid import UUID

from ninja import Router, Schema
from pydantic import StringConstraints

from onegrid.intake import actions, queries
from onegrid.intake.rules.reports import Reporter
from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import ReportId

router = Router()


class ContactOut(Schema):
    name: str
    phone: str


class PurposeIn(Schema):
    purpose: Annotated[str, StringConstraints(min_length=2, max_length=200, strip_whitespace=True)]


@router.get("/reports/{report_id}/contact", response={200: ContactOut | None, 404: Problem})
def masked_contact(request: ApiRequest, report_id: UUID) -> Reporter | None:
    """Who reported, masked, for the intake desk of the place; null where nobody left a name or phone."""
    return queries.masked_contact(ReportId(report_id), actor=request.actor)


@router.post("/reports/{report_id}/contact", response={200: ContactOut | None, 404: Problem, 422: Problem})
def reveal_contact(request: ApiRequest, report_id: UUID, body: PurposeIn) -> Reporter | None:
    """Who reported, in clear; the look and its purpose go into the audit log."""
    return actions.reveal_contact(
        ReportId(report_id), purpose=body.purpose, by=request.actor, now=request.now
    )
