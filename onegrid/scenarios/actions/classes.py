"""The class dictionary: loaded from a file or from another city's list, never shrunk."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from onegrid.accounts.rules import Actor
from onegrid.scenarios import queries
from onegrid.scenarios.actions.record import record
from onegrid.scenarios.rules import DefinitionRefused, Finding
from onegrid.scenarios.rules.class_document import milestones_to, parse_classes
from onegrid.scenarios.rules.classes import ClassInfo
from onegrid.scenarios.rules.findings import finding
from onegrid.scenarios.rules.refusals import BadClasses, as_params
from onegrid.workforce import queries as workforce

DICTIONARY: Final[UUID] = uuid5(NAMESPACE_URL, "onegrid:scenarios:classes")
"""The subject under which changes of the class dictionary stand on the record."""

_COLUMNS: Final = (
    "code", "parent_id", "name_zh", "name_en", "kind", "unit", "urgency", "life_threatening", "time_limit",
    "milestones", "filing_zh", "filing_en", "closing_zh", "closing_en", "keywords",
)  # fmt: skip
_UPSERT: Final = (
    f"INSERT INTO scenarios_class ({', '.join(_COLUMNS)})"  # noqa: S608 - constants only
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
    f" ON CONFLICT (code) DO UPDATE SET {', '.join(f'{one} = EXCLUDED.{one}' for one in _COLUMNS[1:])}"
)


def load_classes(source: str, *, by: Actor, now: datetime) -> int:
    """Load a class dictionary from YAML text and return how many classes it has. Raises BadClasses."""
    classes = parse_classes(source)
    if isinstance(classes, DefinitionRefused):
        raise _bad(classes.findings)
    return import_classes(classes, by=by, now=now)


@transaction.atomic
def import_classes(batch: Sequence[ClassInfo], *, by: Actor, now: datetime) -> int:
    """Add these classes, or replace those of the same code, all or none; others stay as they are.

    Raises BadClasses naming each unknown parent or unit and each circle of parents."""
    by.require("scenario.write")
    faults = tuple(_faults(batch))
    if faults:
        raise _bad(faults)
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, [_row(one) for one in batch])
    body = {"count": len(batch), "codes": sorted(one.code for one in batch)}
    record("classes", DICTIONARY, "classes-imported", body, by=by, now=now)
    return len(batch)


def _row(one: ClassInfo) -> list[Any]:
    return [
        one.code, one.parent, one.name.zh, one.name.en, one.kind, one.unit, one.urgency, one.life_threatening,
        str(one.limit) if one.limit else None, Jsonb(milestones_to(one.milestones)),
        one.filing and one.filing.zh, one.filing and one.filing.en,
        one.closing and one.closing.zh, one.closing and one.closing.en, list(one.keywords),
    ]  # fmt: skip


def _faults(batch: Sequence[ClassInfo]) -> Iterator[Finding]:
    known = {one.code: one.parent for one in (*queries.classes(), *batch)}
    units = workforce.units_by_key([one.unit for one in batch if one.unit])
    for one in batch:
        if one.parent is not None and one.parent not in known:
            zh, en = f"“{one.code}”的上级“{one.parent}”不存在。", f"{one.code}: no parent '{one.parent}'."
            yield finding("unknown-parent", zh=zh, en=en)
        elif _in_circle(one.code, known):
            zh, en = f"“{one.code}”的上级绕成了圈。", f"{one.code}: its parents run in a circle."
            yield finding("class-circle", zh=zh, en=en)
        if one.unit is not None and one.unit not in units:
            zh, en = f"“{one.code}”的责任单位“{one.unit}”不存在。", f"{one.code}: no unit '{one.unit}'."
            yield finding("unknown-unit", zh=zh, en=en)


def _in_circle(code: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is not None


def _bad(findings: Sequence[Finding]) -> BadClasses:
    first = findings[0]
    where = f"{first.where_zh}：" if first.where_zh else ""
    return BadClasses(
        count=len(findings),
        first=where + first.zh,
        first_en=str(first),
        findings=[as_params(one) for one in findings],
    )
