"""The audit log, for the audit administrator."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Query, Router, Schema

from onegrid.accounts import queries
from onegrid.accounts.rules import AuditKind
from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import AccountId

router = Router()


class AuditQuery(Schema):
    kind: AuditKind | None = None
    account_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class AuditOut(Schema):
    id: UUID
    kind: AuditKind
    at: datetime
    account_id: UUID | None
    name: str
    address: str | None
    method: str
    path: str
    status: int | None
    code: str
    detail: str


class AuditPage(Schema):
    """Newest first; `next_cursor` is "" on the last page."""

    items: list[AuditOut]
    next_cursor: str


@router.get("/audit", response={200: AuditPage, 400: Problem, 403: Problem})
def audit_log(request: ApiRequest, wanted: Query[AuditQuery]) -> queries.AuditPage:
    """Who did what, when, from where, with which result."""
    account_id = AccountId(wanted.account_id) if wanted.account_id else None
    return queries.audit_page(
        request.actor,
        queries.AuditFilter(wanted.kind, account_id, wanted.since, wanted.until),
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
