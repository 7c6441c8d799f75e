"""Reports as people read them: the sender his own, the desk its area, handlers those of their cases.

Who reported is hidden from everyone but the intake desk of the place, and there masked until revealed."""

from collections.abc import Sequence
from uuid import UUID

import orjson
from django.db.models import QuerySet

from onegrid.accounts.rules import Actor
from onegrid.cases import queries as cases
from onegrid.intake.models import Report
from onegrid.intake.queries.desk import PERMISSION
from onegrid.intake.rules.pool import NoCaseYet, NotYourReport, ReportNotFound
from onegrid.intake.rules.reports import Channel, Reporter
from onegrid.kernel import crypto
from onegrid.kernel.http import decode_cursor, encode_cursor
from onegrid.kernel.ids import CaseId, ReportId
from onegrid.kernel.masking import mask_name, mask_phone
from onegrid.workforce import queries as workforce

LISTED = (
    "id", "channel", "source", "title", "description", "place_text", "lng", "lat", "is_doubted", "photos",
    "reported_at", "received_at", "kind", "case_id", "case_number", "settled_at", "answered_at", "answer",
    "class_code", "grid_code", "area_code", "urgent", "threats", "reason", "reason_zh", "reason_en",
    "external_id", "happened_at", "received_by",
)  # fmt: skip


def report(report_id: ReportId, *, actor: Actor) -> Report:
    """One report: for its sender, for the desk of its place, and for whoever may see its case.

    Raises ReportNotFound, which says nothing about whether it exists."""
    found = Report.objects.defer("contact", "contact_digest", "fingerprint").filter(id=report_id).first()
    if found is None or not _may_read(found, actor):
        raise ReportNotFound
    return found


def case_of_own_report(report_id: ReportId, *, actor: Actor) -> UUID:
    """The case of a report that this resident sent himself.

    Raises ReportNotFound, NotYourReport, NoCaseYet."""
    found = report(report_id, actor=actor)
    if found.received_by != actor.account_id or found.channel != Channel.PUBLIC.value:
        raise NotYourReport
    if found.case_id is None:
        raise NoCaseYet
    return UUID(str(found.case_id))


def _may_read(found: Report, actor: Actor) -> bool:
    if actor.account_id is not None and found.received_by == actor.account_id:
        return True
    if actor.allows(PERMISSION, found.area_code):
        return True
    return found.case_id is not None and may_see_case(CaseId(found.case_id), actor)


def may_see_case(case_id: CaseId, actor: Actor) -> bool:
    """Whether the actor may know of this case."""
    state = cases.states([case_id]).get(case_id)
    return state is not None and cases.may_see(state, actor, workforce.duty_table())


def reports_of_case(case_id: CaseId, *, actor: Actor) -> Sequence[Report]:
    """All reports of one matter, oldest first, for whoever may see the case. Raises ReportNotFound."""
    if not may_see_case(case_id, actor):
        raise ReportNotFound
    return list(_listed().filter(case_id=case_id).order_by("id")[:500])


def my_reports(actor: Actor, *, cursor: str = "", limit: int = 20) -> tuple[Sequence[Report], str]:
    """What this person sent over whichever channel, newest first, and the mark of the next page."""
    if actor.account_id is None:
        return [], ""
    chosen = _listed().filter(answer_to=actor.account_id).order_by("-id")
    if cursor:
        (before,) = decode_cursor(cursor, 1)
        chosen = chosen.filter(id__lt=UUID(str(before)))
    found = list(chosen[: limit + 1])
    return found[:limit], encode_cursor(found[limit - 1].id) if len(found) > limit else ""


def _listed() -> QuerySet[Report]:
    return Report.objects.only(*LISTED)


def contact(report_id: ReportId, *, actor: Actor) -> Reporter | None:
    """Who reported, in clear, for the intake desk of the place; None: nobody left a name or phone.

    Raises ReportNotFound. Whoever calls it writes the look into the audit log."""
    found = Report.objects.only("contact", "area_code").filter(id=report_id).first()
    if found is None or not actor.allows(PERMISSION, found.area_code):
        raise ReportNotFound
    if found.contact is None:
        return None
    name, phone = orjson.loads(crypto.reveal(bytes(found.contact)))
    return Reporter(name, phone)


def masked_contact(report_id: ReportId, *, actor: Actor) -> Reporter | None:
    """Who reported as the desk's screen shows it: 张*, 138****5678. Raises ReportNotFound."""
    found = contact(report_id, actor=actor)
    return found and Reporter(mask_name(found.name), mask_phone(found.phone))
