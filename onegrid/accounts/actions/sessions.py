"""Sign-in and sign-out, one's own password, and who sends a request."""

import contextlib
from datetime import datetime, timedelta
from typing import cast

from axes.helpers import get_cool_off, get_failure_limit
from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from ninja.utils import check_csrf

from onegrid.accounts import queries, rules
from onegrid.accounts.actions.accounts import refuse_weak, store_password
from onegrid.accounts.actions.auditing import audit_deed
from onegrid.accounts.models import Account, Session, Token
from onegrid.accounts.rules import Actor, AuditKind
from onegrid.kernel.ids import AccountId


def sign_in(request: HttpRequest, *, username: str, password: str, now: datetime) -> Actor:
    """Open a session for the right password; its cookie goes out with the answer.

    Raises `WrongCredentials`, or `TooManyTries` while the account name is locked."""
    account = _authenticated(request, username=username, password=password, now=now)
    actor = queries.actors([AccountId(account.pk)], now=now)[AccountId(account.pk)]
    with transaction.atomic():
        auth.login(request, account, backend="django.contrib.auth.backends.ModelBackend")
        audit_deed(AuditKind.SIGN_IN, by=actor, now=now, detail=account.username, request=request)
    return actor


def _authenticated(request: HttpRequest, *, username: str, password: str, now: datetime) -> Account:
    with contextlib.suppress(rules.BadUsername):  # told apart from a wrong password by nobody
        account = auth.authenticate(request, username=rules.normal_username(username), password=password)
        if account is not None:
            return account
    locked = getattr(request, "axes_locked_out", False)
    refusal = rules.TooManyTries if locked else rules.WrongCredentials
    nobody = Actor(None, username[:80], "person")
    audit_deed(AuditKind.SIGN_IN_FAILED, by=nobody, now=now, detail=refusal.code, request=request)
    minutes = int((get_cool_off(request) or timedelta()).total_seconds() // 60)
    raise refusal(limit=get_failure_limit(request, {}), minutes=minutes)


@transaction.atomic
def sign_out(request: HttpRequest, *, by: Actor, now: datetime) -> None:
    """End this session; the cookie opens nothing from now on."""
    auth.logout(request)
    audit_deed(AuditKind.SIGN_OUT, by=by, now=now, detail="", request=request)


def change_password(request: HttpRequest, *, old: str, new: str, by: Actor, now: datetime) -> None:
    """Give oneself a new password; all other sessions of the account end.

    Raises `WrongCredentials` for a wrong old password (counted as a try), `WeakPassword`."""
    username = Account.objects.values_list("username", flat=True).get(pk=cast(AccountId, by.account_id))
    account = _authenticated(request, username=username, password=old, now=now)
    refuse_weak(new, username=username)
    with transaction.atomic():
        store_password(account, new)
        request.session.flush()
        auth.login(request, account, backend="django.contrib.auth.backends.ModelBackend")
        audit_deed(AuditKind.PASSWORD_CHANGED, by=by, now=now, detail=username, request=request)


def forget_ended_sessions(*, now: datetime) -> int:
    """Remove the sessions that nobody can use any more, and return their number."""
    ended = Q(expire_date__lte=now) | Q(last_seen_at__lte=now - settings.ONEGRID_SESSION_IDLE)
    return Session.objects.filter(ended).delete()[0]


def authenticate(request: HttpRequest, *, now: datetime) -> Actor | None:
    """Who sends this request, by bearer token or session cookie; None without either.

    Raises `BadToken`, `SessionOver`, and `ForeignOrigin` or `CsrfTokenMissing` for a write by cookie without
    the page's CSRF token. "Last seen" is written at most once a minute; nothing else is."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(secret, now=now)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return _by_session(request, key, now=now) if key else None


def _by_token(secret: str, *, now: datetime) -> Actor:
    known = queries.actor_by_token(secret, now=now)
    if known is None:
        raise rules.BadToken
    if known.stale:
        Token.objects.filter(digest=rules.digest(secret)).update(last_used_at=now)
    return known.actor


def _by_session(request: HttpRequest, key: str, *, now: datetime) -> Actor:
    known = queries.actor_by_session(key, now=now)
    if known is None:
        raise rules.SessionOver
    if request.method not in rules.SAFE_METHODS and check_csrf(request) is not None:
        if not {"HTTP_ORIGIN", settings.CSRF_HEADER_NAME} & request.META.keys():
            raise rules.CsrfTokenMissing(cookie=settings.CSRF_COOKIE_NAME)  # no browser: they name the origin
        raise rules.ForeignOrigin
    if known.stale:
        Session.objects.filter(session_key=rules.digest(key).hex()).update(last_seen_at=now)
    return known.actor
