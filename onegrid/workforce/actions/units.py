"""Writes of units and of the list of worker categories."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk
from onegrid.kernel.ids import UnitId, new_ids
from onegrid.workforce import queries
from onegrid.workforce.actions.record import Step, record
from onegrid.workforce.rules import CategoryInUse, UnitKind, UnknownKey, WorkerCategory, refuse_repeated

CATEGORY_LIST: Final[UUID] = uuid5(NAMESPACE_URL, "onegrid:workforce:categories")
"""The subject under which changes of the category list stand on the record."""

_COLUMNS: Final = (
    "id", "key", "kind", "territory", "name_zh", "name_en", "parent_id",
    "matters_zh", "matters_en", "powers_zh", "powers_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to create. `territory` is the division code of its area, `parent` the key of the unit above."""

    key: str
    kind: UnitKind
    territory: str
    name_zh: str
    name_en: str = ""
    parent: str | None = None
    matters_zh: str = ""
    matters_en: str = ""
    powers_zh: str = ""
    powers_en: str = ""
    unit_id: UnitId | None = None


@transaction.atomic
def create_units(batch: Sequence[NewUnit], *, by: Actor, now: datetime) -> list[UnitId]:
    """Create the units, all or none, and return their ids in order; parents may be in the same batch.

    Raises KeyTaken, UnknownKey for a missing parent, NotPermitted outside the actor's territory."""
    for territory in {new.territory for new in batch}:
        by.require("workforce.write", territory)
    named = [key for new in batch for key in (new.key, new.parent) if key]
    known = {key: unit.unit_id for key, unit in queries.units_by_key(named).items()}
    refuse_repeated([new.key for new in batch], taken=known.keys())
    ids = [new.unit_id or UnitId(fresh) for new, fresh in zip(batch, new_ids(len(batch)), strict=True)]
    known |= dict(zip((new.key for new in batch), ids, strict=True))
    rows = [
        (
            unit_id, new.key, new.kind.value, new.territory, new.name_zh, new.name_en or new.key,
            _parent(known, new.parent), new.matters_zh, new.matters_en, new.powers_zh, new.powers_en,
        )
        for unit_id, new in zip(ids, batch, strict=True)
    ]  # fmt: skip
    bulk.insert("workforce_unit", _COLUMNS, rows)
    steps = [
        Step(unit_id, "created", {"key": new.key, "name": new.name_zh, "parent": new.parent}, first=True)
        for unit_id, new in zip(ids, batch, strict=True)
    ]
    record("unit", steps, by=by, now=now)
    return ids


def _parent(known: dict[str, UnitId], key: str | None) -> UnitId | None:
    if key is not None and key not in known:
        raise UnknownKey(what="上级机构", what_en="parent unit", key=key)
    return known[key] if key else None


@transaction.atomic
def set_categories(categories: Sequence[WorkerCategory], *, by: Actor, now: datetime) -> None:
    """Make this the list of worker categories, in this order; the six auxiliaries are marked lines of it.

    Raises AuxiliaryUnpaid, UnknownKey for a payer, CategoryInUse where one that workers have is left out."""
    by.require("workforce.write")
    refuse_repeated([category.key for category in categories])
    rows = _category_rows(categories)
    _refuse_used([category.key for category in categories])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workforce_category WHERE NOT key = ANY(%s)", [[row[0] for row in rows]])
        cursor.executemany(
            "INSERT INTO workforce_category (key, position, zh, en, employment, auxiliary, payer_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (key) DO UPDATE"
            " SET position = EXCLUDED.position, zh = EXCLUDED.zh, en = EXCLUDED.en,"
            " employment = EXCLUDED.employment, auxiliary = EXCLUDED.auxiliary, payer_id = EXCLUDED.payer_id",
            rows,
        )
    listed = {"categories": [asdict(category) for category in categories]}
    record("worker-categories", [Step(CATEGORY_LIST, "set", listed)], by=by, now=now)


def _category_rows(categories: Sequence[WorkerCategory]) -> list[tuple[str | int | bool | UUID | None, ...]]:
    payers = queries.units_by_key([category.payer for category in categories if category.payer])
    rows: list[tuple[str | int | bool | UUID | None, ...]] = []
    for position, each in enumerate(categories):
        each.check()
        if each.payer and each.payer not in payers:
            raise UnknownKey(what="机构", what_en="unit", key=each.payer)
        payer = payers[each.payer].unit_id if each.payer else None
        rows.append((each.key, position, each.zh, each.en, each.employment.value, each.auxiliary, payer))
    return rows


def _refuse_used(kept: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.key, c.zh FROM workforce_category c WHERE NOT c.key = ANY(%s)"
            " AND EXISTS (SELECT 1 FROM workforce_worker w WHERE w.category_id = c.key) ORDER BY c.key",
            [list(kept)],
        )
        used = cursor.fetchall()
    if used:
        raise CategoryInUse(category="、".join(zh for _, zh in used), keys=", ".join(key for key, _ in used))
