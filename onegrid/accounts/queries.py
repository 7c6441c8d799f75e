"""Reads of accounts: who asks, with which standings; tokens; the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from onegrid.accounts.ports import Standings
from onegrid.accounts.rules import Actor, AuditEntry, AuditKind, Standing, digest, permissions_of
from onegrid.kernel import stamps
from onegrid.kernel.http import decode_cursor, encode_cursor
from onegrid.kernel.ids import AccountId
from onegrid.kernel.prepared import Prepared

TOUCH_EVERY: Final = timedelta(minutes=1)  # how exact "last seen" is; bounds the writes of reading
STANDINGS_KEPT: Final = 50_000  # accounts; a county has some 22,000 workers

AFTER_ANY_CODE: Final = "~"  # sorts after every digit and letter of a code in the C collation

Mark = tuple[str, int, date]


def _no_standings(
    account_ids: Sequence[AccountId], *, now: datetime
) -> Mapping[AccountId, tuple[Standing, ...]]:
    return {}


_port: Standings = _no_standings
_held: dict[AccountId, tuple[Mark, tuple[Standing, ...]]] = {}


def set_standings(port: Standings) -> None:
    """Say who knows the posts that people hold; wiring.py alone calls it."""
    global _port  # noqa: PLW0603 - the one place where the port is plugged in
    _port = port
    _held.clear()


def _standings(
    account_ids: Sequence[AccountId], *, now: datetime
) -> Mapping[AccountId, tuple[Standing, ...]]:
    """The posts held, kept in memory until the workforce changes or the day ends."""
    today = now.astimezone(ZoneInfo(settings.CITY_TIME_ZONE)).date()
    mark = (str(connection.settings_dict["NAME"]), stamps.current().get("workforce", 0), today)
    missing = [each for each in account_ids if each not in _held or _held[each][0] != mark]
    if missing:
        if len(_held) > STANDINGS_KEPT:
            _held.clear()
        found = _port(missing, now=now)
        _held.update({each: (mark, found.get(each, ())) for each in missing})
        return {each: _held[each][1] if each in _held else found.get(each, ()) for each in account_ids}
    return {each: _held[each][1] for each in account_ids}


def _actor(account_id: AccountId, name: str, role: str, standings: tuple[Standing, ...]) -> Actor:
    granted = permissions_of(role).union(*(permissions_of(standing.role) for standing in standings))
    return Actor(account_id, name, "person", standings, granted)


def scope_sql(actor: Actor, column: str, *, permission: str | None = None) -> tuple[str, list[str]]:
    """The condition that a query's code `column` lies in the actor's scope, and its parameters.

    With `permission` only the posts that grant it count. `column` is SQL from the caller's own
    code, never input; its collation must be "C". A NULL code lies in nobody's scope but the system's."""
    prefixes = actor.prefixes if permission is None else actor.prefixes_for(permission)
    if prefixes == ("",):
        return "TRUE", []
    if not prefixes:
        return "FALSE", []
    ranges = " OR ".join([f"({column} >= %s AND {column} < %s)"] * len(prefixes))
    bounds = [bound for prefix in prefixes for bound in (prefix, prefix + AFTER_ANY_CODE)]
    return f"({ranges})", bounds


def actors(account_ids: Sequence[AccountId], *, now: datetime) -> dict[AccountId, Actor]:
    """People as actors with the standings they have at `now`; closed accounts and machines are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, role FROM accounts_account"
            " WHERE id = ANY(%s) AND is_active AND kind = 'person'",
            [list(account_ids)],
        )
        rows = cursor.fetchall()
    standings = _standings([account_id for account_id, _, _ in rows], now=now)
    return {
        account_id: _actor(account_id, name, role, standings[account_id]) for account_id, name, role in rows
    }


@dataclass(frozen=True, slots=True)
class Known:
    """An authenticated request: the actor, and whether "last seen" is old enough to be written again."""

    actor: Actor
    stale: bool


def actor_by_session(session_key: str, *, now: datetime) -> Known | None:
    """Who holds this session key, unless the session ended, idled too long, or the account is closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.name, a.role, s.last_seen_at FROM accounts_session s"
            " JOIN accounts_account a ON a.id = s.account_id AND a.is_active AND a.kind = 'person'"
            " WHERE s.session_key = %s AND s.expire_date > %s AND s.last_seen_at > %s",
            [digest(session_key).hex(), now, now - settings.ONEGRID_SESSION_IDLE],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    account_id, name, role, seen = row
    actor = _actor(account_id, name, role, _standings([account_id], now=now)[account_id])
    return Known(actor, now - seen > TOUCH_EVERY)


_TOKEN = Prepared(
    "accounts_by_token",
    "SELECT a.id, a.name, a.kind, a.role, a.territory, t.scopes, t.last_used_at, "  # noqa: S608 - constants only
    f"{stamps.ALONGSIDE} FROM accounts_token t"
    " JOIN accounts_account a ON a.id = t.account_id AND a.is_active"
    " WHERE t.digest = %s::bytea AND t.expires_at > %s::timestamptz AND t.revoked_at IS NULL",
)


def actor_by_token(secret: str, *, now: datetime) -> Known | None:
    """Who holds this token, with no more than its scopes; None when it is unknown, ended or revoked."""
    row = next(iter(_TOKEN.rows([digest(secret), now])), None)
    if row is None:
        return None
    account_id, name, kind, role, territory, scopes, used, stamped = row
    stamps.pin(stamped)
    stale = used is None or now - used > TOUCH_EVERY
    if kind == "machine":
        return Known(Actor(account_id, name, "machine", (), frozenset(scopes), territory), stale)
    person = _actor(account_id, name, role, _standings([account_id], now=now)[account_id])
    return Known(replace(person, permissions=person.permissions & frozenset(scopes)), stale)


def client_address(request: HttpRequest) -> str | None:
    """The client's address; behind `ONEGRID_TRUSTED_PROXIES` own proxies the one the outermost saw."""
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies: int = settings.ONEGRID_TRUSTED_PROXIES
    if 0 < proxies <= len(forwarded):
        address = forwarded[-proxies].strip()
    try:
        return str(ip_address(address))
    except ValueError:  # a Unix socket has no address, and a header may say anything
        return None


def accounts_by_username(usernames: Sequence[str]) -> dict[str, AccountId]:
    """The people's accounts of those (normal) names; names that nobody has are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT username, id FROM accounts_account WHERE username = ANY(%s) AND kind = 'person'",
            [list(usernames)],
        )
        return dict(cursor.fetchall())


def usernames(account_ids: Sequence[AccountId]) -> dict[AccountId, str]:
    """The account names of these accounts, machines included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, username FROM accounts_account WHERE id = ANY(%s)", [list(account_ids)])
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """One token, without its secret."""

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


def tokens(actor: Actor) -> list[TokenInfo]:
    """All tokens, newest first, for whoever may issue them."""
    actor.require("account.write")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, a.username, t.name, t.shown, t.scopes, t.created_at, t.created_by, t.expires_at,"
            " t.revoked_at, t.last_used_at FROM accounts_token t"
            " JOIN accounts_account a ON a.id = t.account_id ORDER BY t.id DESC"
        )
        return [TokenInfo(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What part of the audit log is wanted; None is no restriction."""

    kind: AuditKind | None = None
    account_id: AccountId | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditItem(AuditEntry):
    """One audited event as stored."""

    id: UUID = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the audit log, newest first; `next_cursor` is "" on the last one."""

    items: list[AuditItem]
    next_cursor: str


def audit_page(actor: Actor, wanted: AuditFilter, *, cursor: str = "", limit: int = 50) -> AuditPage:
    """Audited events for whoever may read the audit log, newest first."""
    actor.require("audit.read")
    conditions = {
        "kind = %s": wanted.kind and wanted.kind.value,
        "account_id = %s": wanted.account_id,
        "at >= %s": wanted.since,
        "at < %s": wanted.until,
    }
    used = {condition: value for condition, value in conditions.items() if value is not None}
    after = ["(at, id) < (%s, %s)"] if cursor else []
    parameters = [*used.values(), *(decode_cursor(cursor, 2) if cursor else []), limit + 1]
    with connection.cursor() as database:
        database.execute(
            "SELECT kind, at, account_id, name, host(address), method, path, status, code, detail, id"  # noqa: S608
            f" FROM accounts_audit WHERE {' AND '.join(['TRUE', *used, *after])}"
            " ORDER BY at DESC, id DESC LIMIT %s",
            parameters,
        )
        rows = database.fetchall()
    items = [AuditItem(AuditKind(row[0]), *row[1:-1], id=row[-1]) for row in rows[:limit]]
    more = len(rows) > limit
    return AuditPage(items, encode_cursor(items[-1].at.isoformat(), items[-1].id) if more else "")
