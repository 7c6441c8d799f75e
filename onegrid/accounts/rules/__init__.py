"""Rules of accounts: rights and their scope, passwords, tokens, what is audited."""

from onegrid.accounts.rules.audit import SAFE_METHODS, AuditEntry, AuditKind, kind_of
from onegrid.accounts.rules.passwords import normal_username, password_faults, weak
from onegrid.accounts.rules.refusals import (
    BadAccount,
    BadLifetime,
    BadScopes,
    BadToken,
    BadUsername,
    CsrfTokenMissing,
    ForeignOrigin,
    NotPermitted,
    SessionOver,
    TooManyTries,
    UsernameTaken,
    WeakPassword,
    WrongCredentials,
)
from onegrid.accounts.rules.roles import (
    MACHINE_SCOPES,
    PERMISSIONS,
    ROLE_PERMISSIONS,
    AccountRole,
    permissions_of,
)
from onegrid.accounts.rules.scope import SYSTEM, Actor, Standing, minimal
from onegrid.accounts.rules.tokens import checked_lifetime, checked_scopes, digest

__all__ = [
    "MACHINE_SCOPES",
    "PERMISSIONS",
    "ROLE_PERMISSIONS",
    "SAFE_METHODS",
    "SYSTEM",
    "AccountRole",
    "Actor",
    "AuditEntry",
    "AuditKind",
    "BadAccount",
    "BadLifetime",
    "BadScopes",
    "BadToken",
    "BadUsername",
    "CsrfTokenMissing",
    "ForeignOrigin",
    "NotPermitted",
    "SessionOver",
    "Standing",
    "TooManyTries",
    "UsernameTaken",
    "WeakPassword",
    "WrongCredentials",
    "checked_lifetime",
    "checked_scopes",
    "digest",
    "kind_of",
    "minimal",
    "normal_username",
    "password_faults",
    "permissions_of",
    "weak",
]
