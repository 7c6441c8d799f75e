"""What wraps every API request: what of it goes on the audit log, and foreign pages kept out."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from onegrid.accounts import actions, queries, rules
from onegrid.accounts.rules import Actor, AuditEntry, AuditKind
from onegrid.kernel import clock
from onegrid.kernel.refusals import Refusal

log = logging.getLogger("onegrid.audit")


def refuse_foreign_page(request: HttpRequest) -> None:
    """Signing in has no session yet to hang a CSRF token on: the browser's own word must do."""
    meta = request.META
    csrf: Any = CsrfViewMiddleware(lambda _: HttpResponse())
    if meta.get("HTTP_SEC_FETCH_SITE") == "cross-site" or (
        "HTTP_ORIGIN" in meta and not csrf._origin_verified(request)
    ):
        raise rules.ForeignOrigin


Answer = Callable[[HttpRequest], HttpResponse]


def audit_middleware(get_response: Answer) -> Answer:
    """One row for a write, a refusal or a failure of the API; a read that succeeds costs nothing.

    A write that calls `kernel.http.note_write` has its row in its own transaction."""

    def answer(request: HttpRequest) -> HttpResponse:
        noted: list[int] = []

        def note_write(status: int) -> None:
            if kind := rules.kind_of(request.method or "", status):
                actions.audit([_entry(kind, request, status)])
                noted.append(status)

        request.note_write = note_write  # type: ignore[attr-defined]
        response = get_response(request)
        kind = rules.kind_of(request.method or "", response.status_code)
        kept = response.status_code in noted and "Idempotency-Replayed" not in response
        audited = getattr(request, "audited", False) or kept
        if kind and request.path.startswith("/api/") and not audited:
            _note(_entry(kind, request, response.status_code))
        return response

    return answer


def _entry(kind: AuditKind, request: HttpRequest, status: int) -> AuditEntry:
    actor: Actor | None = getattr(request, "actor", None)
    refusal: Refusal | None = getattr(request, "refusal", None)
    return AuditEntry(
        kind,
        getattr(request, "now", None) or clock.now(),
        actor.account_id if actor else None,
        actor.name if actor else "",
        queries.client_address(request),
        request.method or "",
        request.path,
        status=status,
        code=refusal.code if refusal else "",
    )


def _note(entry: AuditEntry) -> None:
    """The answer is already decided: where the database is lost, the row goes to the process log."""
    try:
        actions.audit([entry])
    except DatabaseError:
        log.exception("not written to the audit log: %s", entry)
