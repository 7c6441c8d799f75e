"""Keeping what a drill predicted with the scenario's project."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onegrid.accounts import queries as accounts
from onegrid.cases.rules.drill.refusals import NobodyToRecord
from onegrid.scenarios import actions as scenarios
from onegrid.scenarios.rules import VersionInfo


def record(version: VersionInfo, summary: Mapping[str, Any], *, username: str, now: datetime) -> None:
    """Attach the summary to the project of the drilled version, in the name of an account.

    Raises NobodyToRecord, NoProject (a draft from a file has none), NotYourProject, NotPossible."""
    people = accounts.actors(list(accounts.accounts_by_username([username]).values()), now=now)
    if not people:
        raise NobodyToRecord(username=username)
    scenarios.record_drill(version.version_id, summary=summary, by=next(iter(people.values())), now=now)
