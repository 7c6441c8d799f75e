"""Sign in and out, who am I, change the password."""

from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Field, Router, Schema, Status

from onegrid.accounts import actions
from onegrid.accounts.api.edge import refuse_foreign_page
from onegrid.accounts.rules import Actor
from onegrid.accounts.rules.passwords import LONGEST
from onegrid.kernel import clock
from onegrid.kernel.http import ApiRequest, Problem

router = Router()


class SignIn(Schema):
    username: str = Field(max_length=200)
    password: str = Field(max_length=LONGEST)


class StandingOut(Schema):
    post_id: UUID
    role: str
    unit_id: UUID
    territory: str
    title: str
    on_behalf_of: str | None


class Me(Schema):
    """Who is signed in, the posts held now, and what they allow."""

    account_id: UUID | None
    name: str
    kind: str
    standings: list[StandingOut]
    permissions: list[str]
    prefixes: list[str]


class PasswordChange(Schema):
    old: str = Field(max_length=LONGEST)
    new: str = Field(max_length=LONGEST)


def _me(actor: Actor) -> Me:
    return Me(
        account_id=actor.account_id,
        name=actor.name,
        kind=actor.kind,
        standings=[StandingOut.from_orm(standing) for standing in actor.standings],
        permissions=sorted(actor.permissions),
        prefixes=list(actor.prefixes),
    )


@router.post("/session", auth=None, response={200: Me, 401: Problem, 403: Problem, 429: Problem})
def sign_in(request: HttpRequest, body: SignIn) -> Me:
    """Sign in; the answer sets the session cookie and the CSRF cookie (send it back as X-CSRFToken)."""
    refuse_foreign_page(request)
    return _me(actions.sign_in(request, username=body.username, password=body.password, now=clock.now()))


@router.delete("/session", response={204: None, 401: Problem})
def sign_out(request: ApiRequest) -> Status[None]:
    """Sign out: the session ends on the server."""
    actions.sign_out(request, by=request.actor, now=request.now)
    return Status(204, None)


@router.get("/me", response={200: Me, 401: Problem})
def me(request: ApiRequest) -> Me:
    """Who is signed in, with which posts and rights; sets the CSRF cookie when it is missing."""
    get_token(request)
    return _me(request.actor)


@router.post("/me/password", response={204: None, 401: Problem, 422: Problem, 429: Problem})
def change_password(request: ApiRequest, body: PasswordChange) -> Status[None]:
    """Change one's own password; all other sessions of the account end."""
    actions.change_password(request, old=body.old, new=body.new, by=request.actor, now=request.now)
    return Status(204, None)
