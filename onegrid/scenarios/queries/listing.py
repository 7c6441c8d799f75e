"""What the desk lists: scenarios with their versions, one version in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import VersionId
from onegrid.scenarios.models import Scenario, Version
from onegrid.scenarios.queries.live import classes as class_tree
from onegrid.scenarios.queries.live import version
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.classes import ClassInfo
from onegrid.scenarios.rules.findings import nearest
from onegrid.scenarios.rules.printing import as_json
from onegrid.scenarios.rules.refusals import NoVersion, UnknownScenario


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the list."""

    version_id: VersionId
    number: int
    published_at: datetime
    published_by: str
    towns: list[str]  # where it is live: [] nowhere, [""] the whole county
    since: datetime | None
    until: datetime | None  # of a trial


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario with its versions, newest first."""

    key: str
    prefix: str
    name_zh: str
    name_en: str
    owner: str
    classes: list[str]
    dormant: bool  # takes cases only by an order
    versions: list[VersionRow]


_VERSIONS: Final = (
    "SELECT s.key, s.prefix, v.id, v.number, v.published_at, v.published_by,"
    " (v.document->'name')::text AS name, v.document->>'owner' AS owner,"
    " (v.document->'classes')::text AS classes,"
    " coalesce(array_agg(l.town ORDER BY l.town) FILTER (WHERE l.town IS NOT NULL), '{}') AS towns,"
    " min(l.since) AS since, max(l.until) AS until, v.document->'dormant' IS NOT NULL AS dormant"
    " FROM scenarios_scenario s JOIN scenarios_version v ON v.scenario_id = s.id"
    " LEFT JOIN scenarios_live l ON l.version_id = v.id"
    " GROUP BY s.id, v.id ORDER BY s.key, v.number DESC"
)


def check_key(key: str) -> None:
    """Raises UnknownScenario unless there is a scenario of that key, live or not."""
    keys = list(Scenario.objects.values_list("key", flat=True))
    if key not in keys:
        near = nearest(key, keys)
        hints = {"hint": f"是否想写“{near}”？", "hint_en": f" Did you mean '{near}'?"} if near else {}
        raise UnknownScenario(key=key, **{"hint": "", "hint_en": "", **hints})


def newest(key: str) -> VersionInfo:
    """The newest version of a scenario, live or not. Raises UnknownScenario."""
    check_key(key)
    row = Version.objects.filter(scenario__key=key).order_by("-number").first()
    if row is None:
        raise NoVersion(version_id=key)
    return version(VersionId(row.id))


def scenarios(actor: Actor) -> Sequence[ScenarioRow]:
    """All scenarios; name, owner and classes are those of the newest version. One statement."""
    actor.require("scenario.read")
    found: dict[str, ScenarioRow] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS)
        for key, prefix, *row_of, name, owner, classes, towns, since, until, dormant in cursor.fetchall():
            row = found.get(key)
            if row is None:
                zh, en = _names(name)
                row = found[key] = ScenarioRow(key, prefix, zh, en, owner, json.loads(classes), dormant, [])
            version_id, number, at, by = row_of
            row.versions.append(VersionRow(version_id, number, at, by, list(towns), since, until))
    return list(found.values())


def _names(value: str) -> tuple[str, str]:
    name = json.loads(value)
    return (name, name) if isinstance(name, str) else (name["zh"], name["en"])


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """One version in full: the definition as plain data, and the file it was published from."""

    version_id: VersionId
    key: str
    number: int
    published_at: datetime
    published_by: str
    definition: dict[str, Any]
    source: str


def version_detail(version_id: VersionId, *, actor: Actor) -> VersionDetail:
    """One version. Raises NoVersion."""
    actor.require("scenario.read")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT published_at, published_by, source FROM scenarios_version WHERE id = %s", [version_id]
        )
        row = cursor.fetchone()
    if row is None:
        raise NoVersion(version_id=version_id)
    found = version(version_id)
    return VersionDetail(
        version_id, found.key, found.number, row[0], row[1], as_json(found.definition), row[2]
    )


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    name_zh: str
    name_en: str
    limit: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of the dictionary, inherited values filled in."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    kind: str | None
    unit: str | None
    urgency: str | None
    life_threatening: bool
    limit: str | None
    limit_zh: str | None
    milestones: list[MilestoneRow]
    filing_zh: str | None
    filing_en: str | None
    closing_zh: str | None
    closing_en: str | None
    keywords: list[str]


def class_list(actor: Actor) -> Sequence[ClassRow]:
    """All classes by code."""
    actor.require("scenario.read")
    return [_class_row(one) for one in class_tree()]


def _class_row(one: ClassInfo) -> ClassRow:
    return ClassRow(
        code=one.code,
        parent=one.parent,
        name_zh=one.name.zh,
        name_en=one.name.en,
        kind=one.kind,
        unit=one.unit,
        urgency=one.urgency,
        life_threatening=one.life_threatening,
        limit=str(one.limit) if one.limit else None,
        limit_zh=one.limit.zh if one.limit else None,
        milestones=[MilestoneRow(m.name.zh, m.name.en, str(m.limit)) for m in one.milestones],
        filing_zh=one.filing.zh if one.filing else None,
        filing_en=one.filing.en if one.filing else None,
        closing_zh=one.closing.zh if one.closing else None,
        closing_en=one.closing.en if one.closing else None,
        keywords=list(one.keywords),
    )
