"""Creating, retiring and replacing grids. A code once given stays for ever; so does its boundary."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
import shapely
from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel import bulk, history, outbox, stamps
from onegrid.kernel.history import GENESIS, Entry
from onegrid.kernel.ids import GridCode
from onegrid.territory.actions.divisions import live_villages
from onegrid.territory.actions.writing import author, lock, subject
from onegrid.territory.events import GridsReplaced
from onegrid.territory.queries import shapes
from onegrid.territory.rules.codes import GridLevel, first_level_of, level_of
from onegrid.territory.rules.grids import (
    FirstLevelMissing,
    GridsNotInForce,
    GridsUnknown,
    NewGrid,
    check_new_grids,
    listed,
)
from onegrid.territory.rules.replacement import replacement
from onegrid.territory.rules.shapes import areas_m2

COLUMNS = (
    "code", "id", "name", "predecessors", "valid_from", "valid_to", "area_m2", "boundary",
    "trail_seq", "trail_digest",
)  # fmt: skip


@transaction.atomic
def create_grids(
    grids: Sequence[NewGrid], *, by: Actor, now: datetime, valid_from: datetime | None = None
) -> list[GridCode]:
    """Create grids of one or both levels, in force from `valid_from` (now unless given).

    Raises what check_new_grids raises, and NotPermitted outside the actor's territory."""
    lock()
    start = valid_from or now
    return _create(grids, start, by=by, now=now, in_force=_in_force(start))


@transaction.atomic
def retire_grids(codes: Sequence[str], *, valid_to: datetime, by: Actor, now: datetime) -> None:
    """End grids: from `valid_to` on they count no longer; their ground is then without a grid.

    Raises GridsUnknown, GridsNotInForce, FirstLevelMissing where second-level grids would remain alone."""
    lock()
    _retire(codes, valid_to, by=by, now=now)
    _check_parents(_in_force(valid_to))


@transaction.atomic
def replace_grids(
    *, retire: Sequence[str], create: Sequence[NewGrid], valid_from: datetime, by: Actor, now: datetime
) -> list[GridCode]:
    """Split, merge or redraw: from `valid_from` (midnight of a day) the new grids count, not the old ones.

    Raises CoverageChanged when ground is lost, added or claimed twice; EffectiveInThePast; and what create
    and retire raise."""
    lock()
    linked = replacement(shapes(retire), create, valid_from=valid_from, now=now)
    _retire(retire, valid_from, by=by, now=now)
    created = _create(linked, valid_from, by=by, now=now, in_force=_in_force(valid_from))
    _check_parents(_in_force(valid_from))
    event = GridsReplaced(retired=tuple(retire), created=tuple(created), valid_from=valid_from)
    outbox.publish([event], at=now)
    return created


def _create(
    grids: Sequence[NewGrid], start: datetime, *, by: Actor, now: datetime, in_force: Collection[str]
) -> list[GridCode]:
    for prefix in sorted({grid.code[:9] for grid in grids}):
        by.require("territory.write", prefix)
    check_new_grids(grids, used=_used(grids), villages=live_villages(), first_levels=in_force)
    polygons = np.array([grid.polygon for grid in grids], dtype=object)
    ids = [subject("grid", grid.code) for grid in grids]
    heads = history.append(
        [_created(grid, start, by=by, now=now) for grid in grids]  # one chain per grid
    )
    bulk.insert(
        "territory_grid",
        COLUMNS,
        [
            (grid.code, id_, grid.name, list(grid.predecessors), start, None, m2, boundary, *head)
            for grid, id_, m2, boundary, head in zip(
                grids, ids, areas_m2(polygons).tolist(), shapely.to_wkb(polygons), heads, strict=True
            )
        ],
    )
    stamps.bump("territory")
    return [GridCode(grid.code) for grid in grids]


def _created(grid: NewGrid, start: datetime, *, by: Actor, now: datetime) -> Entry:
    body = {
        "code": grid.code,
        "name": grid.name,
        "predecessors": list(grid.predecessors),
        "valid_from": start.isoformat(),
        "boundary_sha256": hashlib.sha256(shapely.to_wkb(grid.polygon)).hexdigest(),
    }
    return Entry("grid", subject("grid", grid.code), "create", now, author(by), body, GENESIS)


def _retire(codes: Sequence[str], end: datetime, *, by: Actor, now: datetime) -> None:
    for code in codes:
        by.require("territory.write", code)
    unknown = sorted(set(codes) - _known(codes))
    if unknown:
        raise GridsUnknown(grids=listed(unknown))
    closed = sorted(set(codes) - _open_since_before(codes, end))
    if closed:
        raise GridsNotInForce(grids=listed(closed))
    ids = [subject("grid", code) for code in codes]
    body = {"valid_to": end.isoformat()}
    heads = history.append([Entry("grid", id_, "retire", now, author(by), body) for id_ in ids])
    bulk.update(
        "territory_grid",
        ("code", "text"),
        [("valid_to", "timestamptz"), ("trail_seq", "int"), ("trail_digest", "bytea")],
        [(code, end, *head) for code, head in zip(codes, heads, strict=True)],
    )
    stamps.bump("territory")


def _check_parents(in_force: set[str]) -> None:
    """Refuse second-level grids left without their first-level grid."""
    second = {code for code in in_force if level_of(code) is GridLevel.SECOND}
    orphans = sorted({first_level_of(code) for code in second} - in_force)
    if orphans:
        raise FirstLevelMissing(grids=listed(orphans))


def _in_force(at: datetime) -> set[str]:
    return _codes("valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)", [at, at])


def _used(grids: Sequence[NewGrid]) -> set[str]:
    return _known([grid.code for grid in grids])


def _known(codes: Sequence[str]) -> set[str]:
    return _codes("code = ANY(%s)", [list(codes)])


def _open_since_before(codes: Sequence[str], end: datetime) -> set[str]:
    return _codes("code = ANY(%s) AND valid_from < %s AND valid_to IS NULL", [list(codes), end])


def _codes(condition: str, params: list[datetime | list[str]]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code FROM territory_grid WHERE {condition}", params)  # noqa: S608
        return {code for (code,) in cursor.fetchall()}
