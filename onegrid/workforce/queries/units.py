"""Units and worker categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import UnitId
from onegrid.workforce.queries.pages import Page, after, page
from onegrid.workforce.rules import Employment, UnitKind, UnknownKey, WorkerCategory


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """One unit. `territory` is the division code of its area, `parent` the key of the unit above."""

    unit_id: UnitId
    key: str
    kind: UnitKind
    territory: str
    name_zh: str
    name_en: str
    parent: str | None
    matters_zh: str
    matters_en: str
    powers_zh: str
    powers_en: str


_UNITS: Final = (
    "SELECT u.id, u.key, u.kind, u.territory, u.name_zh, u.name_en, p.key,"
    " u.matters_zh, u.matters_en, u.powers_zh, u.powers_en"
    " FROM workforce_unit u LEFT JOIN workforce_unit p ON p.id = u.parent_id"
)


def _unit(row: tuple[Any, ...]) -> UnitInfo:
    return UnitInfo(row[0], row[1], UnitKind(row[2]), *row[3:])


def units(
    actor: Actor, *, kinds: Sequence[UnitKind] = tuple(UnitKind), cursor: str = "", limit: int = 50
) -> Page[UnitInfo]:
    """Units by key: county offices and departments for everybody who may read the workforce, towns and
    villages within the actor's territory."""
    actor.require("workforce.read")
    scope, parameters = scope_sql(actor, "u.territory", permission="workforce.read")
    with connection.cursor() as db:
        db.execute(
            f"{_UNITS} WHERE u.kind = ANY(%s) AND u.key > %s"
            f" AND (u.kind IN ('county', 'department') OR {scope}) ORDER BY u.key LIMIT %s",
            [[kind.value for kind in kinds], *after(cursor, 1), *parameters, limit + 1],
        )
        return page([_unit(row) for row in db.fetchall()], limit=limit, mark=lambda unit: (unit.key,))


def unit_by_key(key: str) -> UnitInfo:
    """The unit of that key. Raises UnknownKey."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_UNITS} WHERE u.key = %s", [key])
        row = cursor.fetchone()
    if row is None:
        raise UnknownKey(what="机构", what_en="unit", key=key)
    return _unit(row)


def units_by_key(keys: Sequence[str]) -> Mapping[str, UnitInfo]:
    """Those of the units that exist."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_UNITS} WHERE u.key = ANY(%s)", [list(set(keys))])
        return {row[1]: _unit(row) for row in cursor.fetchall()}


def categories() -> list[WorkerCategory]:
    """The editable list of worker categories, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.key, c.zh, c.en, c.employment, c.auxiliary, u.key FROM workforce_category c"
            " LEFT JOIN workforce_unit u ON u.id = c.payer_id ORDER BY c.position, c.key"
        )
        return [
            WorkerCategory(key, zh, en, Employment(employment), auxiliary, payer)
            for key, zh, en, employment, auxiliary, payer in cursor.fetchall()
        ]
