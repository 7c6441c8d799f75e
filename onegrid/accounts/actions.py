"""Writes of accounts: accounts, sign-in and sign-out, tokens, the audit log."""

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

import axes.utils
from axes.helpers import get_cool_off, get_failure_limit
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest
from ninja.utils import check_csrf

from onegrid.accounts import queries, rules
from onegrid.accounts.models import Account, Session, Token
from onegrid.accounts.rules import AccountRole, Actor, AuditEntry, AuditKind
from onegrid.accounts.rules.tokens import PREFIX, SHOWN
from onegrid.kernel import bulk
from onegrid.kernel.ids import AccountId, new_id, new_ids
from onegrid.kernel.refusals import NotFound

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


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create. Without a password nobody can sign in until one is set."""

    username: str
    name: str
    kind: str = "person"
    password: str | None = None
    role: AccountRole = AccountRole.NONE
    territory: str = ""


@transaction.atomic
def create_accounts(batch: Sequence[NewAccount], *, by: Actor, now: datetime) -> list[AccountId]:
    """Create the accounts, all or none, and return their ids in order.

    Refuses bad and taken account names, weak passwords, a machine with a password or role, and a
    person with a territory of his own (people reach places through posts)."""
    by.require("account.write")
    names = [rules.normal_username(new.username) for new in batch]
    _refuse_taken(names)
    ids = [AccountId(each) for each in new_ids(len(batch))]
    columns = ("id", "username", "password", "name", "kind", "role", "territory", "is_active", "created_at")
    rows = [
        (each, username, _hash(new, username), new.name, new.kind, new.role.value, new.territory, True, now)
        for each, username, new in zip(ids, names, batch, strict=True)
    ]
    bulk.insert("accounts_account", columns, rows)
    shown = "、".join(names[:20]) + ("…" if len(names) > 20 else "")
    _audit_deed(AuditKind.ACCOUNTS_CREATED, by=by, now=now, detail=f"{len(batch)}: {shown}")
    return ids


def _refuse_taken(names: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT username FROM accounts_account WHERE username = ANY(%s)", [list(names)])
        taken = {row[0] for row in cursor.fetchall()}
    taken |= {name for name in set(names) if names.count(name) > 1} if len(set(names)) < len(names) else set()
    if taken:
        raise rules.UsernameTaken(usernames="、".join(sorted(taken)[:20]))


def _hash(new: NewAccount, username: str) -> str:
    beyond_its_kind = new.password is not None or new.role if new.kind == "machine" else new.territory
    if beyond_its_kind:
        raise rules.BadAccount(username=username)
    if new.password is not None:
        _refuse_weak(new.password, username=username)
    return make_password(new.password)


def _refuse_weak(password: str, *, username: str) -> None:
    faults = rules.password_faults(password, username=username)
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        faults.append("common")
    if faults:
        raise rules.weak(faults)


def _audit_deed(
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
        _audit_deed(AuditKind.EXPORT, by=by, now=now, detail=detail, request=request)


def sign_in(request: HttpRequest, *, username: str, password: str, now: datetime) -> Actor:
    """Open a session for the right password; its cookie goes out with the answer.

    Raises `WrongCredentials`, or `TooManyTries` while the account name is locked."""
    account = _authenticated(request, username=username, password=password, now=now)
    actor = queries.actors([AccountId(account.pk)], now=now)[AccountId(account.pk)]
    with transaction.atomic():
        auth.login(request, account, backend="django.contrib.auth.backends.ModelBackend")
        _audit_deed(AuditKind.SIGN_IN, by=actor, now=now, detail=account.username, request=request)
    return actor


def _authenticated(request: HttpRequest, *, username: str, password: str, now: datetime) -> Account:
    with contextlib.suppress(rules.BadUsername):  # told apart from a wrong password by nobody
        account = auth.authenticate(request, username=rules.normal_username(username), password=password)
        if account is not None:
            return account
    locked = getattr(request, "axes_locked_out", False)
    refusal = rules.TooManyTries if locked else rules.WrongCredentials
    nobody = Actor(None, username[:80], "person")
    _audit_deed(AuditKind.SIGN_IN_FAILED, by=nobody, now=now, detail=refusal.code, request=request)
    minutes = int((get_cool_off(request) or timedelta()).total_seconds() // 60)
    raise refusal(limit=get_failure_limit(request, {}), minutes=minutes)


@transaction.atomic
def sign_out(request: HttpRequest, *, by: Actor, now: datetime) -> None:
    """End this session; the cookie opens nothing from now on."""
    auth.logout(request)
    _audit_deed(AuditKind.SIGN_OUT, by=by, now=now, detail="", request=request)


def change_password(request: HttpRequest, *, old: str, new: str, by: Actor, now: datetime) -> None:
    """Give oneself a new password; all other sessions of the account end.

    Raises `WrongCredentials` for a wrong old password (counted as a try), `WeakPassword`."""
    username = Account.objects.values_list("username", flat=True).get(pk=cast(AccountId, by.account_id))
    account = _authenticated(request, username=username, password=old, now=now)
    _refuse_weak(new, username=username)
    with transaction.atomic():
        _store_password(account, new)
        request.session.flush()
        auth.login(request, account, backend="django.contrib.auth.backends.ModelBackend")
        _audit_deed(AuditKind.PASSWORD_CHANGED, by=by, now=now, detail=username, request=request)


@transaction.atomic
def set_password(username: str, password: str, *, by: Actor, now: datetime) -> None:
    """Give somebody a new password (he forgot his); a lock is lifted, all sessions of the account end."""
    by.require("account.write")
    account = _open_account(username)
    if account.kind != "person":
        raise rules.BadAccount(username=account.username)
    _refuse_weak(password, username=account.username)
    _store_password(account, password)
    axes.utils.reset(username=account.username)
    _audit_deed(AuditKind.PASSWORD_CHANGED, by=by, now=now, detail=account.username)


def _open_account(username: str) -> Account:
    account = Account.objects.filter(username=rules.normal_username(username), is_active=True).first()
    if account is None:
        raise NotFound(what=f"账号“{username}”")
    return account


@transaction.atomic
def close_account(username: str, *, by: Actor, now: datetime) -> None:
    """Let nobody in under this account any more (somebody has left): sessions end, tokens are revoked.

    The account stays on record, and its name is never given to anybody else."""
    by.require("account.write")
    account = _open_account(username)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    Session.objects.filter(account=account).delete()
    Token.objects.filter(account=account, revoked_at=None).update(revoked_at=now)
    _audit_deed(AuditKind.ACCOUNT_CLOSED, by=by, now=now, detail=account.username)


def _store_password(account: Account, password: str) -> None:
    account.set_password(password)
    account.save(update_fields=["password"])
    Session.objects.filter(account=account).delete()


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
    account = _open_account(username)
    granted = rules.checked_scopes(scopes, machine=account.kind == "machine")
    expires_at = now + rules.checked_lifetime(days)
    issued = Issued(new_id(), PREFIX + secrets.token_urlsafe(32), expires_at)
    Token.objects.create(
        id=issued.token_id, account=account, name=name, shown=issued.secret[:SHOWN],
        digest=rules.digest(issued.secret), scopes=list(granted), created_at=now, created_by=by.name,
        expires_at=expires_at,
    )  # fmt: skip
    detail = f"{account.username} {issued.secret[:SHOWN]}… {' '.join(granted)}"
    _audit_deed(AuditKind.TOKEN_ISSUED, by=by, now=now, detail=detail, request=request)
    return issued


@transaction.atomic
def revoke_token(token_id: UUID, *, by: Actor, now: datetime, request: HttpRequest | None = None) -> None:
    """End a token at once; revoking it again changes nothing."""
    by.require("account.write")
    token = Token.objects.filter(pk=token_id).first()
    if token is None:
        raise NotFound(what="令牌")
    Token.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now)
    _audit_deed(AuditKind.TOKEN_REVOKED, by=by, now=now, detail=f"{token.shown}…", request=request)


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
