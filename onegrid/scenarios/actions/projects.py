"""From a proposal to a version: a department asks, the joint conference decides, both draft, it is built."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import ProjectId, VersionId, new_id
from onegrid.scenarios import queries
from onegrid.scenarios.actions.going_live import checked, freeze, one_at_a_time, save, town_list
from onegrid.scenarios.models import Draft, Drill, Project
from onegrid.scenarios.rules import Definition, projects
from onegrid.scenarios.rules.project_refusals import (
    BadDocument,
    BadKey,
    DecidedInFuture,
    DraftMoved,
    NoProject,
    NotYourProject,
    OtherKey,
    ProjectInHand,
    WordsNeeded,
)
from onegrid.scenarios.rules.projects import IN_HAND, Side, State
from onegrid.scenarios.rules.projects import Project as Facts
from onegrid.workforce import queries as workforce

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")
_SHA: Final = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def propose(
    key: str, *, name_zh: str, name_en: str, owner: str, need: str, by: Actor, now: datetime
) -> ProjectId:
    """A department asks for a scenario of its own matters, or for a new round of one that is live.

    `owner` is the key of the unit that will answer for it: only its own posts propose, or the grid office for
    them. Raises NotYourProject, UnknownKey, BadKey, WordsNeeded, ProjectInHand."""
    by.require("scenario.propose")
    workforce.unit_by_key(owner)
    if not queries.sides(by, owner):
        raise NotYourProject(
            verb="propose",
            verb_zh="提出项目",
            who_zh="牵头单位或市网格办",
            who="the owner unit or the grid office",
        )
    if not _KEY.fullmatch(key):
        raise BadKey(key=key)
    for given, what_zh, what in ((name_zh, "名称", "a name"), (need, "提出理由", "why it is needed")):
        worded(given, what_zh, what)
    one_at_a_time()
    none_in_hand(key)
    last = Project.objects.filter(key=key).order_by("-round").first()
    project = Project(
        id=new_id(),
        key=key,
        round=last.round + 1 if last else 1,
        state="",
        owner=owner,
        name_zh=name_zh.strip(),
        name_en=name_en.strip() or name_zh.strip(),
        need=need.strip(),
    )
    body = {"key": key, "owner": owner, "name": name_zh, "need": need}
    save(project, Facts(State.PROPOSED), "propose", body, by=by, now=now)
    return ProjectId(project.id)


def worded(text: str, what_zh: str, what: str) -> str:
    """The text without blanks around it. Raises WordsNeeded when there is none."""
    if not text.strip():
        raise WordsNeeded(what_zh=what_zh, what=what)
    return text.strip()


def none_in_hand(key: str, *, but: Project | None = None) -> None:
    """Raise ProjectInHand when the scenario has another project that is being worked at."""
    found = Project.objects.filter(key=key, state__in=list(map(str, IN_HAND)))
    other = (found.exclude(id=but.id) if but else found).first()
    if other is not None:
        raise ProjectInHand(key=key, round=other.round, state=other.state, state_zh=State(other.state).zh)


def locked(project_id: ProjectId) -> Project:
    """The project, its row locked until the transaction ends. Raises NoProject."""
    row = Project.objects.select_for_update().filter(id=project_id).first()
    if row is None:
        raise NoProject(project=project_id)
    return row


@transaction.atomic
def decide(
    project_id: ProjectId,
    *,
    granted: bool,
    minutes: str,
    decided_on: date,
    document: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """What the joint conference decided, with its minutes (text, and the SHA-256 of the signed document).

    Recorded by the grid office. Raises NotYourProject, NotPossible, WordsNeeded, BadDocument,
    DecidedInFuture."""
    project = locked(project_id)
    after = projects.decided(project.facts(), queries.sides(by, project.owner), granted=granted)
    if decided_on > workforce.city_day(now):
        raise DecidedInFuture(day=decided_on)
    if document and not _SHA.fullmatch(document):
        raise BadDocument
    project.minutes = worded(minutes, "会议纪要", "the minutes")
    project.minutes_sha, project.decided_on = document, decided_on
    body = {"minutes": minutes, "document": document, "decided_on": decided_on}
    save(project, after, "approve" if granted else "decline", body, by=by, now=now)


@transaction.atomic
def save_draft(
    project_id: ProjectId, source: str, *, seen: int, remark: str = "", by: Actor, now: datetime
) -> int:
    """Save the text as the next draft, upon the one that its author has seen (0: none); returns its number.

    It may still have faults: they are found by a check at any time, and refused when it is built. Earlier
    drafts stay. Raises NotYourProject, NotPossible, DraftMoved (with who saved the present one, and when)."""
    one_at_a_time()
    project = locked(project_id)
    before = project.facts()
    if before.state is State.SUSPENDED:
        none_in_hand(project.key, but=project)
    try:
        after = projects.drafted(before, queries.sides(by, project.owner), seen=seen)
    except DraftMoved as moved:
        raise _moved(project, moved) from None
    draft = Draft(project=project, number=after.draft, source=source, remark=remark)
    draft.saved_at, draft.saved_by = now, by.name
    draft.save()
    save(project, after, "draft", {"draft": after.draft, "remark": remark}, by=by, now=now)
    return after.draft


def _moved(project: Project, refusal: DraftMoved) -> DraftMoved:
    """The refusal with the present draft in it, so that an editor shows both beside each other."""
    last = Draft.objects.filter(project=project, number=project.draft).first()
    return DraftMoved(
        **refusal.params,
        saved_by=last.saved_by if last else "—",
        saved_at=last.saved_at.isoformat() if last else None,
        source=last.source if last else "",
        state=project.state,
    )


@transaction.atomic
def agree(project_id: ProjectId, *, seen: int, by: Actor, now: datetime) -> list[Side]:
    """The owner unit, or the grid office, agrees to the draft that it has seen; says who is still missing.

    Raises NotYourProject, NotPossible, DraftMoved."""
    project = locked(project_id)
    sides = queries.sides(by, project.owner)
    try:
        after = projects.agreed(project.facts(), sides, seen=seen)
    except DraftMoved as moved:
        raise _moved(project, moved) from None
    body = {"draft": seen, "for": sorted(map(str, sides))}
    save(project, after, "agree", body, by=by, now=now)
    return after.missing


@transaction.atomic
def build(project_id: ProjectId, *, towns: list[str] | None = None, by: Actor, now: datetime) -> VersionId:
    """Freeze the draft that both agreed to as a numbered version that never changes again.

    It is checked against the city as it is now, in these towns (None: everywhere). Raises NotYourProject,
    NotPossible, NotAgreed, NotSound, OtherKey, PrefixTaken."""
    one_at_a_time()
    project = locked(project_id)
    after = projects.built(project.facts(), queries.sides(by, project.owner))
    source = Draft.objects.get(project=project, number=project.draft).source
    draft = checked(source, town_list(towns))
    _same_names(draft.definition, project)
    project.version = freeze(draft, source, by=by, now=now)
    project.name_zh, project.name_en = draft.definition.name.zh, draft.definition.name.en
    body = {"draft": project.draft, "number": project.version.number, "version": project.version.id}
    save(project, after, "build", body, by=by, now=now)
    return VersionId(project.version.id)


def _same_names(definition: Definition, project: Project) -> None:
    for name, given, wanted in (
        ("key", definition.key, project.key),
        ("owner", definition.owner, project.owner),
    ):
        if given != wanted:
            raise OtherKey(name=name, given=given, wanted=wanted)


@transaction.atomic
def record_drill(of: ProjectId | VersionId, *, summary: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Keep what a drill of a project's version predicted; a built version counts as drilled from then on.

    `of` is the project, or the version that was drilled. Raises NoProject, NotYourProject, NotPossible."""
    project = locked(queries.drilled_project(of))
    after = projects.drilled(project.facts(), queries.sides(by, project.owner))
    assert project.version_id is not None
    Drill(project=project, version_id=project.version_id, summary=dict(summary), at=now, by=by.name).save()
    body = {"version": project.version_id, "summary": dict(summary)}
    save(project, after, "drill", body, by=by, now=now)
