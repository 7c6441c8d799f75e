"""Tokens of machines: list, issue, revoke (system administrators)."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema, Status

from onegrid.accounts import actions, queries
from onegrid.kernel.http import ApiRequest, Problem

router = Router()


class NewToken(Schema):
    username: str = Field(description="the account that the token acts for")
    name: str = Field(min_length=1, max_length=100, description="what uses it, e.g. 12345 export host")
    scopes: list[str]
    days: int = 90


class IssuedOut(Schema):
    """A fresh token. `secret` is shown this once."""

    token_id: UUID
    secret: str
    expires_at: datetime


class TokenOut(Schema):
    token_id: UUID
    username: str
    name: str
    shown: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@router.get("/tokens", response={200: list[TokenOut], 403: Problem})
def list_tokens(request: ApiRequest) -> list[queries.TokenInfo]:
    """All tokens without their secrets, newest first."""
    return queries.tokens(request.actor)


@router.post("/tokens", response={201: IssuedOut, 403: Problem, 404: Problem, 422: Problem})
def issue_token(request: ApiRequest, body: NewToken) -> Status[actions.Issued]:
    """Issue a token with no more rights than its scopes."""
    issued = actions.issue_token(
        body.username,
        name=body.name,
        scopes=body.scopes,
        days=body.days,
        by=request.actor,
        now=request.now,
        request=request,
    )
    return Status(201, issued)


@router.delete("/tokens/{token_id}", response={204: None, 403: Problem, 404: Problem})
def revoke_token(request: ApiRequest, token_id: UUID) -> Status[None]:
    """Revoke a token: it opens nothing from now on."""
    actions.revoke_token(token_id, by=request.actor, now=request.now, request=request)
    return Status(204, None)
