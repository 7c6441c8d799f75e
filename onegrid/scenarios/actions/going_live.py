"""The one road by which a version becomes live, whoever decided it, and the one by which it ceases to be."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.kernel import outbox
from onegrid.kernel.ids import ProjectId, VersionId, new_id
from onegrid.scenarios import queries
from onegrid.scenarios.actions.record import record
from onegrid.scenarios.events import ProjectMoved
from onegrid.scenarios.models import Live, Project, Scenario, Version
from onegrid.scenarios.rules import Definition, Draft, VersionInfo
from onegrid.scenarios.rules.live import contested
from onegrid.scenarios.rules.projects import RUNNING, State, replaced
from onegrid.scenarios.rules.projects import Project as Facts
from onegrid.scenarios.rules.refusals import ClassTaken, PrefixTaken, not_sound

Towns = tuple[str, ...] | None
SUBJECT = "scenario-project"
"""Kind of chain on which the moves of a project stand."""
UNTOLD = frozenset({"installed"})
"""What comes with the product is nobody's news."""
QUOTED = 200  # characters of a reason or of minutes that a notice repeats


def one_at_a_time() -> None:
    """Whoever builds or puts live waits for the other, so that numbers and classes cannot collide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('scenarios.publish'))")


def town_list(towns: Sequence[str] | None) -> Towns:
    """Each town once, in order; None is the whole county."""
    return None if towns is None else tuple(sorted(set(towns)))


def checked(source: str, towns: Towns) -> Draft:
    """The text as a definition that is sound in these towns as the city is now. Raises NotSound, NoGrids."""
    review = queries.review(source, towns=towns)
    if review.draft is None or review.findings:
        raise not_sound(review.findings)
    return review.draft


def freeze(draft: Draft, source: str, *, by: Actor, now: datetime) -> Version:
    """The next numbered version of the scenario, or its last one where nothing changed. Raises PrefixTaken.

    Call it only after `one_at_a_time`."""
    scenario = _scenario(draft.definition)
    digest = digest_of(draft.data)
    last = Version.objects.filter(scenario=scenario).order_by("-number").first()
    if last is not None and bytes(last.digest) == digest:
        return last
    return Version.objects.create(
        id=new_id(),
        scenario=scenario,
        number=last.number + 1 if last else 1,
        document=draft.data,
        source=source,
        digest=digest,
        published_at=now,
        published_by=by.name,
    )


def _scenario(definition: Definition) -> Scenario:
    taken = Scenario.objects.filter(prefix=definition.prefix).exclude(key=definition.key).first()
    if taken is not None:
        raise PrefixTaken(prefix=definition.prefix, other=taken.key)
    scenario, _ = Scenario.objects.update_or_create(
        key=definition.key,
        defaults={"prefix": definition.prefix},
        create_defaults={"id": new_id(), "prefix": definition.prefix},
    )
    return scenario


def digest_of(data: Any) -> bytes:
    """SHA-256 of the content of a definition, whatever its comments and layout."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def put_live(
    project: Project, towns: Towns, *, until: datetime | None = None, by: Actor, now: datetime
) -> VersionInfo:
    """New cases follow the project's version in these towns, until that moment if one is given (a trial).

    A trial lies over what is live there. Otherwise the version takes the place of what the scenario had
    there, and a round that has nothing left is retired. Call it only after `one_at_a_time` and `checked`.
    Raises ClassTaken."""
    version = project.version
    assert version is not None
    info = replace(queries.version(VersionId(version.id)), towns=towns, until=until)
    for code, other in contested(info, queries.published()).items():
        raise ClassTaken(class_code=code, other=other.definition.name.zh, other_key=other.key)
    where = [""] if towns is None else list(towns)
    Live.objects.filter(project=project).delete()
    if until is None:
        others = Live.objects.filter(scenario=version.scenario)
        (others if towns is None else others.filter(town__in=where)).delete()
    rows = [
        Live(project=project, scenario=version.scenario, town=town, version=version, since=now, until=until)
        for town in where
    ]
    Live.objects.bulk_create(rows)
    body = {
        "number": version.number,
        "towns": towns,
        "until": until,
        "project": project.id,
        "digest": bytes(version.digest).hex(),
    }
    record("scenario", version.scenario.id, "published", body, by=by, now=now)
    _retire_replaced(project, whole=towns is None and until is None, by=by, now=now)
    return info


def _retire_replaced(by_project: Project, *, whole: bool, by: Actor, now: datetime) -> None:
    """Rounds that run nowhere any more; with the whole county taken also one that was suspended."""
    states = [str(one) for one in (*RUNNING, *([State.SUSPENDED] if whole else []))]
    same = Project.objects.filter(key=by_project.key, state__in=states, running_out=False)
    others = same.exclude(id=by_project.id)
    for other in others.exclude(id__in=Live.objects.values("project_id")):
        body = {"state": str(replaced(other.facts()).state), "replaced_by": by_project.round}
        save(other, replaced(other.facts()), "replaced", body, by=by, now=now)


def take_off(project: Project, *, reason: str, by: Actor, now: datetime) -> None:
    """No new case follows the project's version from now on, in any town; running cases go on."""
    gone, _ = Live.objects.filter(project=project).delete()
    if gone and project.version is not None:
        record("scenario", project.version.scenario_id, "suspended", {"reason": reason}, by=by, now=now)


def save(
    project: Project, after: Facts, verb: str, body: Mapping[str, object], *, by: Actor, now: datetime
) -> None:
    """Write what a rule decided about a project, put the step on its record, and tell those concerned."""
    before = project.state
    project.apply(after)
    project.changed_at = now
    project.save()
    facts = {"from": before, "to": project.state, "round": project.round, **body}
    record(SUBJECT, project.id, verb, facts, by=by, now=now)
    if verb not in UNTOLD:
        outbox.publish([_moved(project, verb, body, by=by, now=now)], at=now)


def _moved(
    project: Project, verb: str, body: Mapping[str, object], *, by: Actor, now: datetime
) -> ProjectMoved:
    said = next((str(body[name]) for name in ("reason", "minutes", "need", "remark") if body.get(name)), "")
    return ProjectMoved(
        project_id=ProjectId(project.id),
        key=project.key,
        round=project.round,
        name_zh=project.name_zh,
        name_en=project.name_en,
        owner=project.owner,
        verb=verb,
        state=project.state,
        why=shortened(said),
        by=by.name,
        by_posts=tuple(sorted(by.post_ids)),
        at=now,
    )


def shortened(said: str) -> str:
    """A notice quotes the beginning; the whole text stands on the project's record."""
    return said if len(said) <= QUOTED else f"{said[:QUOTED]}……"
