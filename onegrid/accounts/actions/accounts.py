"""Accounts: created, given a password, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import axes.utils
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from onegrid.accounts import rules
from onegrid.accounts.actions.auditing import audit_deed
from onegrid.accounts.models import Account, Session, Token
from onegrid.accounts.rules import AccountRole, Actor, AuditKind
from onegrid.kernel import bulk
from onegrid.kernel.ids import AccountId, new_ids
from onegrid.kernel.refusals import NotFound


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
    audit_deed(AuditKind.ACCOUNTS_CREATED, by=by, now=now, detail=f"{len(batch)}: {shown}")
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
        refuse_weak(new.password, username=username)
    return make_password(new.password)


def refuse_weak(password: str, *, username: str) -> None:
    faults = rules.password_faults(password, username=username)
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        faults.append("common")
    if faults:
        raise rules.weak(faults)


@transaction.atomic
def set_password(username: str, password: str, *, by: Actor, now: datetime) -> None:
    """Give somebody a new password (he forgot his); a lock is lifted, all sessions of the account end."""
    by.require("account.write")
    account = open_account(username)
    if account.kind != "person":
        raise rules.BadAccount(username=account.username)
    refuse_weak(password, username=account.username)
    store_password(account, password)
    axes.utils.reset(username=account.username)
    audit_deed(AuditKind.PASSWORD_CHANGED, by=by, now=now, detail=account.username)


def open_account(username: str) -> Account:
    account = Account.objects.filter(username=rules.normal_username(username), is_active=True).first()
    if account is None:
        raise NotFound(what=f"账号“{username}”")
    return account


@transaction.atomic
def close_account(username: str, *, by: Actor, now: datetime) -> None:
    """Let nobody in under this account any more (somebody has left): sessions end, tokens are revoked.

    The account stays on record, and its name is never given to anybody else."""
    by.require("account.write")
    account = open_account(username)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    Session.objects.filter(account=account).delete()
    Token.objects.filter(account=account, revoked_at=None).update(revoked_at=now)
    audit_deed(AuditKind.ACCOUNT_CLOSED, by=by, now=now, detail=account.username)


def store_password(account: Account, password: str) -> None:
    account.set_password(password)
    account.save(update_fields=["password"])
    Session.objects.filter(account=account).delete()
