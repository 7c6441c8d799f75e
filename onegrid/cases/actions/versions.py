"""All running cases of one version moved to another: the single move, made for many at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.cases import queries
from onegrid.cases.actions.moves import perform
from onegrid.cases.rules.commands import MoveVersion
from onegrid.kernel.ids import CaseId, VersionId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios

BATCH = 500


@dataclass(frozen=True, slots=True)
class Stayed:
    """A case that stays on its version, and why."""

    case_id: CaseId
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class VersionMoved:
    """How many cases follow the other version now, and which ones do not."""

    moved: int
    stayed: list[Stayed]


@transaction.atomic
def move_versions(before: VersionId, to: VersionId, *, reason: str, by: Actor, now: datetime) -> VersionMoved:
    """Let every running case of a version follow another one, each by a step on its own trail.

    Set-based, in batches of one transaction: rows are locked, decided and written together. A case that
    cannot move (its stage is not there, nobody answers) stays, with the reason. Raises NoVersion,
    NotPermitted."""
    by.require("scenario.write")
    for one in (before, to):
        scenarios.version(one)
    ids = queries.running_on(before)
    moved, stayed = 0, list[Stayed]()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        commands = [MoveVersion(case_id=one, to=to, reason=reason) for one in part]
        for case_id, result in zip(part, perform(commands, by=by, now=now), strict=True):
            if isinstance(result, Refusal):
                stayed.append(Stayed(case_id, result))
            else:
                moved += 1
    return VersionMoved(moved, stayed)
