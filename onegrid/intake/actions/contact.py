"""Looking at who reported: allowed to the intake desk for a purpose, and always on the audit log."""

from datetime import datetime

from django.db import transaction

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import Actor, AuditEntry, AuditKind
from onegrid.intake import queries
from onegrid.intake.rules.reports import Reporter
from onegrid.kernel.ids import ReportId


@transaction.atomic
def reveal_contact(report_id: ReportId, *, purpose: str, by: Actor, now: datetime) -> Reporter | None:
    """Who reported, in clear; None where nobody left a name or phone. Raises ReportNotFound."""
    found = queries.contact(report_id, actor=by)
    detail = f"查看上报人 {report_id}：{purpose}"
    accounts.audit([AuditEntry(AuditKind.WRITE, now, by.account_id, by.name, detail=detail)])
    return found
