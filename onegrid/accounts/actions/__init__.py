"""Writes of accounts: accounts, sign-in and sign-out, tokens, the audit log."""

from onegrid.accounts.actions.accounts import NewAccount, close_account, create_accounts, set_password
from onegrid.accounts.actions.auditing import audit, audit_export
from onegrid.accounts.actions.sessions import (
    authenticate,
    change_password,
    forget_ended_sessions,
    sign_in,
    sign_out,
)
from onegrid.accounts.actions.tokens import Issued, issue_token, revoke_token

__all__ = [
    "Issued",
    "NewAccount",
    "audit",
    "audit_export",
    "authenticate",
    "change_password",
    "close_account",
    "create_accounts",
    "forget_ended_sessions",
    "issue_token",
    "revoke_token",
    "set_password",
    "sign_in",
    "sign_out",
]
