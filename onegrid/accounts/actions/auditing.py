"""The audit log: events put on it, for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest

from onegrid.accounts import queries
from onegrid.accounts.rules import Actor, AuditEntry, AuditKind
from onegrid.kernel import bulk
from onegrid.kernel.ids import new_ids

AUDIT_COLUMNS: Final = (
    "id", "kind", "at", "account_id", "name", "address", "method", "path", "status", "code", "detail",
)  # fmt: skip


def audit(entries: Sequence[AuditEntry]) -> None:
    """Put the events on the audit log; nothing can change or remove them afterwards."""
    bulk.insert(
        "accounts_audit",
        AUDIT_COLUMNS,
        [
            (
                row_id, entry.kind.value, entry.at, entry.account_id, _clean(entry.name), entry.address,
                entry.method, _clean(entry.path)[:500], entry.status, entry.code, _clean(entry.detail),
            )
            for row_id, entry in zip(new_ids(len(entries)), entries, strict=True)
        ],
    )  # fmt: skip


def _clean(text: str) -> str:
    """PostgreSQL stores no NUL; a forged request must not keep itself off the log by sending one."""
    return text.replace("\x00", "␀")


def audit_deed(
    kind: AuditKind, *, by: Actor, now: datetime, detail: str, request: HttpRequest | None = None
) -> None:
    """Audit a deed in the transaction that does it, and keep the edge from noting it a second time."""
    if request is None:
        audit([AuditEntry(kind, now, by.account_id, by.name, detail=detail)])
        return
    address, method = queries.client_address(request), request.method or ""
    audit([AuditEntry(kind, now, by.account_id, by.name, address, method, request.path, detail=detail)])
    request.audited = True  # type: ignore[attr-defined]


def audit_export(detail: str, *, by: Actor, now: datetime, request: HttpRequest | None = None) -> None:
    """Put on the audit log that data is being taken out of the platform."""
    with transaction.atomic():
        audit_deed(AuditKind.EXPORT, by=by, now=now, detail=detail, request=request)
