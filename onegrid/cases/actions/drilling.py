"""Keeping what a drill predicted with the scenario's project."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onegrid.accounts import queries as accounts
from onegrid.accounts.rules import Actor
from onegrid.cases.rules.drill.refusals import NobodyToRecord
from onegrid.kernel.ids import AccountId, VersionId
from onegrid.scenarios import actions as scenarios


def recorder(account_id: AccountId | None, *, name: str, now: datetime) -> Actor:
    """The person in whose name a drill is kept. Raises NobodyToRecord where there is no such open account."""
    found = accounts.actors([account_id], now=now) if account_id else {}
    if account_id not in found:
        raise NobodyToRecord(username=name)
    return found[account_id]


def recorder_named(username: str, *, now: datetime) -> Actor:
    """The same by the name of his account. Raises NobodyToRecord."""
    return recorder(accounts.accounts_by_username([username]).get(username), name=username, now=now)


def record(version_id: VersionId, summary: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """Attach the summary to the project of the drilled version.

    Raises NoProject (a draft from a file has none), NotYourProject, NotPossible."""
    scenarios.record_drill(version_id, summary=summary, by=by, now=now)
