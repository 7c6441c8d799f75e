"""Scenario projects as the desk lists and opens them: where each stands, what may be done, its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from onegrid.accounts.rules import Actor, permissions_of
from onegrid.kernel import history
from onegrid.kernel.ids import ProjectId, VersionId
from onegrid.scenarios.models import Draft, Drill, Live, Project, Version
from onegrid.scenarios.queries.running import running_cases
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.project_refusals import NoDraft, NoProject, NotBuilt
from onegrid.scenarios.rules.projects import RUNNING, Side, State, permitted
from onegrid.scenarios.rules.projects import Step as TableStep
from onegrid.workforce import queries as workforce


def sides(actor: Actor, owner: str) -> frozenset[Side]:
    """For which of the two that draft together the actor may speak: the owner unit, the grid office.

    The system, as the command line has it, stands for the office."""
    found = {Side.OFFICE} if actor.allows("scenario.write") else set()
    unit = workforce.units_by_key([owner]).get(owner)
    if unit is not None and any(
        one.unit_id == unit.unit_id and "scenario.propose" in permissions_of(one.role)
        for one in actor.standings
    ):
        found.add(Side.DEPARTMENT)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project in the list. `towns`: where its version takes new cases; [""] is the whole county."""

    project_id: ProjectId
    key: str
    round: int
    state: str
    state_zh: str
    name_zh: str
    name_en: str
    owner: str
    installed: bool
    changed_at: datetime
    version_id: VersionId | None
    number: int | None
    towns: list[str]
    until: datetime | None


def projects(actor: Actor, *, key: str = "", states: Sequence[State] = ()) -> list[ProjectRow]:
    """All projects, newest change first."""
    actor.require("scenario.read")
    wanted = Q(key=key) if key else Q()
    if states:
        wanted &= Q(state__in=list(map(str, states)))
    rows = list(Project.objects.filter(wanted).select_related("version").order_by("-changed_at", "key"))
    live = _live_of([row.id for row in rows])
    return [_row(row, live.get(row.id, [])) for row in rows]


def _live_of(ids: Sequence[UUID]) -> Mapping[UUID, list[Live]]:
    found: dict[UUID, list[Live]] = {}
    for one in Live.objects.filter(project__in=ids).order_by("town"):
        found.setdefault(one.project_id, []).append(one)
    return found


def _row(row: Project, live: Sequence[Live]) -> ProjectRow:
    state = State(row.state)
    return ProjectRow(
        project_id=ProjectId(row.id),
        key=row.key,
        round=row.round,
        state=str(state),
        state_zh=state.zh,
        name_zh=row.name_zh,
        name_en=row.name_en,
        owner=row.owner,
        installed=row.installed,
        changed_at=row.changed_at,
        version_id=VersionId(row.version.id) if row.version else None,
        number=row.version.number if row.version else None,
        towns=[one.town for one in live],
        until=live[0].until if live else None,
    )


@dataclass(frozen=True, slots=True)
class DrillRow:
    """What a drill predicted."""

    version_id: UUID
    at: datetime
    by: str
    summary: Any


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step on the project's record."""

    verb: str
    at: datetime
    by: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A project in full; `steps` are the moves that this actor may make now."""

    row: ProjectRow
    need: str
    minutes: str
    minutes_sha: str
    decided_on: date | None
    draft: int
    agreed: Mapping[str, int]
    missing: list[str]
    running_out: bool
    running_cases: int
    steps: list[TableStep]
    drills: list[DrillRow]
    record: list[StepRow]


def project(project_id: ProjectId, *, actor: Actor) -> ProjectPage:
    """One project. Raises NoProject."""
    actor.require("scenario.read")
    row = found_project(project_id)
    facts = row.facts()
    live = list(Live.objects.filter(project=row).order_by("town"))
    drills = Drill.objects.filter(project=row).order_by("-id")[:20]
    return ProjectPage(
        row=_row(row, live),
        need=row.need,
        minutes=row.minutes,
        minutes_sha=row.minutes_sha,
        decided_on=row.decided_on,
        draft=row.draft,
        agreed=dict(row.agreed),
        missing=[str(side) for side in facts.missing],
        running_out=row.running_out,
        running_cases=running_cases(own_versions(row)),
        steps=permitted(facts, sides(actor, row.owner)),
        drills=[DrillRow(one.version_id, one.at, one.by, one.summary) for one in drills],
        record=[StepRow(s.verb, s.at, s.by.label, s.body) for s in history.trail(row.id)],
    )


def found_project(project_id: ProjectId) -> Project:
    """The row. Raises NoProject."""
    row = Project.objects.select_related("version").filter(id=project_id).first()
    if row is None:
        raise NoProject(project=project_id)
    return row


def latest(key: str, *, number: int | None = None) -> ProjectId:
    """The newest project of a scenario, or its round of that number. Raises NoProject."""
    rounds = Project.objects.filter(key=key)
    row = (rounds.filter(round=number) if number else rounds).order_by("-round").first()
    if row is None:
        raise NoProject(project=f"{key}/{number}" if number else key)
    return ProjectId(row.id)


def built(key: str, *, number: int) -> VersionInfo:
    """The version that a round of a scenario built, live or not yet. Raises NoProject, NotBuilt."""
    row = found_project(latest(key, number=number))
    if row.version is None:
        raise NotBuilt(project=f"{key}/{number}")
    return row.version.state(key)


def own_versions(row: Project) -> list[VersionId]:
    """The versions whose running cases a project answers for when it retires: its own, and, where no other
    round runs or rests, all that the scenario ever had."""
    running = [str(one) for one in (*RUNNING, State.SUSPENDED)]
    others = Project.objects.filter(key=row.key, state__in=running).exclude(id=row.id)
    if others.exists():
        return [VersionId(row.version_id)] if row.version_id else []
    found = Version.objects.filter(scenario__key=row.key)
    return [VersionId(one) for one in found.values_list("id", flat=True)]


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as it was saved. Number 0: what a first draft may start from, the newest version or nothing."""

    number: int
    source: str
    remark: str
    saved_at: datetime | None
    saved_by: str


def draft(project_id: ProjectId, *, actor: Actor, number: int | None = None) -> DraftText:
    """The present draft, or an earlier one. Raises NoProject, NoDraft."""
    actor.require("scenario.read")
    row = found_project(project_id)
    wanted = row.draft if number is None else number
    if not wanted and number is None:
        last = Version.objects.filter(scenario__key=row.key).order_by("-number").first()
        return DraftText(0, last.source if last else "", "", None, "")
    found = Draft.objects.filter(project=row, number=wanted).first()
    if found is None:
        raise NoDraft(number=wanted)
    return _draft(found)


def drafts(project_id: ProjectId, *, actor: Actor) -> list[DraftText]:
    """All saved drafts of a project, newest first, without their texts. Raises NoProject."""
    actor.require("scenario.read")
    row = found_project(project_id)
    return [
        DraftText(one.number, "", one.remark, one.saved_at, one.saved_by)
        for one in Draft.objects.filter(project=row).defer("source").order_by("-number")
    ]


def _draft(one: Draft) -> DraftText:
    return DraftText(one.number, one.source, one.remark, one.saved_at, one.saved_by)
