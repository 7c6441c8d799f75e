"""Keys for machines and for people's own programs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from onegrid.accounts import rules
from onegrid.accounts.actions.accounts import open_account
from onegrid.accounts.actions.auditing import audit_deed
from onegrid.accounts.models import Token
from onegrid.accounts.rules import Actor, AuditKind
from onegrid.accounts.rules.tokens import PREFIX, SHOWN
from onegrid.kernel.ids import new_id
from onegrid.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh token; its secret is known now and never again."""

    token_id: UUID
    secret: str
    expires_at: datetime


@transaction.atomic
def issue_token(
    username: str,
    *,
    name: str,
    scopes: Sequence[str],
    days: int,
    by: Actor,
    now: datetime,
    request: HttpRequest | None = None,
) -> Issued:
    """Make a key for an account, with no more rights than `scopes`, for `days` days.

    Raises `BadScopes` when such an account cannot carry one of them, `BadLifetime` beyond a year."""
    by.require("account.write")
    account = open_account(username)
    granted = rules.checked_scopes(scopes, machine=account.kind == "machine")
    expires_at = now + rules.checked_lifetime(days)
    issued = Issued(new_id(), PREFIX + secrets.token_urlsafe(32), expires_at)
    Token.objects.create(
        id=issued.token_id, account=account, name=name, shown=issued.secret[:SHOWN],
        digest=rules.digest(issued.secret), scopes=list(granted), created_at=now, created_by=by.name,
        expires_at=expires_at,
    )  # fmt: skip
    detail = f"{account.username} {issued.secret[:SHOWN]}… {' '.join(granted)}"
    audit_deed(AuditKind.TOKEN_ISSUED, by=by, now=now, detail=detail, request=request)
    return issued


@transaction.atomic
def revoke_token(token_id: UUID, *, by: Actor, now: datetime, request: HttpRequest | None = None) -> None:
    """End a token at once; revoking it again changes nothing."""
    by.require("account.write")
    token = Token.objects.filter(pk=token_id).first()
    if token is None:
        raise NotFound(what="令牌")
    Token.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now)
    audit_deed(AuditKind.TOKEN_REVOKED, by=by, now=now, detail=f"{token.shown}…", request=request)
