"""Importing grids from a boundary file: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import GridCode
from onegrid.kernel.refusals import Refusal
from onegrid.territory.actions.grids import create_grids, replace_grids
from onegrid.territory.actions.reading import Boundaries
from onegrid.territory.actions.writing import lock
from onegrid.territory.queries import county_bounds, grids, live_codes, shapes, used_codes
from onegrid.territory.rules.codes import GridLevel, first_level_of
from onegrid.territory.rules.coverage import OVERLAP_M2, UNION_M2, Coverage, Progress, coverage, ignore
from onegrid.territory.rules.grids import FirstLevelMissing, NewGrid, listed
from onegrid.territory.rules.imports import (
    Prepared,
    Repair,
    check_ground_free,
    check_near,
    check_within,
    prepare,
)


class NotSound(Refusal):
    code = "territory.not-sound"
    zh = "未写入：重叠 {overlap:,.1f} m²，空隙 {gap:,.1f} m²，超出一级网格 {beyond:,.1f} m²"
    zh += "（每处重叠允许 {overlap_allowed:g} m²，空隙和超出允许 {gap_allowed:g} m²）。"
    en = "Nothing was written: {overlap:,.1f} m² overlap, {gap:,.1f} m² of gaps, {beyond:,.1f} m² beyond the"
    en += " first level ({overlap_allowed:g} m² per overlap and {gap_allowed:g} m² per gap are allowed)."


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import found and did. `coverage` is of the whole level in the places touched, as it will be."""

    created: tuple[GridCode, ...]
    unchanged: tuple[str, ...]
    repairs: tuple[Repair, ...]
    coverage: Coverage
    written: bool


def import_grids(
    boundaries: Boundaries,
    *,
    level: GridLevel,
    code: str,
    name: str,
    by: Actor,
    now: datetime,
    valid_from: datetime | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress = ignore,
) -> ImportReport:
    """Create the grids of a boundary file; `code` and `name` are templates over its fields (`rules.imports`).

    Grids already in force with the same name and boundary are left alone, so that a file can be sent again.
    Gaps and overlaps are reported; with `strict` they refuse the file (NotSound). With `dry_run` everything
    is done and taken back. Raises what `rules.imports` and create_grids raise."""
    with transaction.atomic():
        lock()
        prepared = _prepare(boundaries, code=code, name=name, level=level)
        fresh = _fresh(prepared, level)
        _check_place(fresh, level, file=boundaries.file)
        found = _coverage(prepared.grids, level, progress)
        check_ground_free(found.overlaps, fresh)
        if strict and not found.sound:
            raise _not_sound(found)
        created = create_grids(fresh, by=by, now=now, valid_from=valid_from) if fresh else []
        if dry_run:
            transaction.set_rollback(True)
    skipped = {grid.code for grid in prepared.grids} - set(created)
    return ImportReport(tuple(created), tuple(sorted(skipped)), prepared.repairs, found, not dry_run)


def replace_from(
    boundaries: Boundaries,
    *,
    retire: Sequence[str],
    level: GridLevel,
    code: str,
    name: str,
    valid_from: datetime,
    by: Actor,
    now: datetime,
) -> list[GridCode]:
    """Replace grids in force by those of a boundary file, which must cover the same ground."""
    prepared = _prepare(boundaries, code=code, name=name, level=level)
    return replace_grids(retire=retire, create=prepared.grids, valid_from=valid_from, by=by, now=now)


def _prepare(boundaries: Boundaries, *, code: str, name: str, level: GridLevel) -> Prepared:
    in_force = shapes(_codes(level))
    return prepare(
        boundaries.features, code=code, name=name, level=level, in_force=in_force, used=used_codes()
    )


def _fresh(prepared: Prepared, level: GridLevel) -> list[NewGrid]:
    """The grids that are not there already as they are."""
    known = {each.code: each.name for each in grids(level=level)}
    there = shapes(known)
    return [
        grid
        for grid in prepared.grids
        if known.get(GridCode(grid.code)) != grid.name or not there[grid.code].equals_exact(grid.polygon)
    ]


def _check_place(fresh: Sequence[NewGrid], level: GridLevel, *, file: str) -> None:
    """Refuse grids that lie where their codes say they cannot."""
    if level is GridLevel.FIRST:
        check_near(fresh, county_bounds(), file=file)
        return
    touched = {first_level_of(grid.code) for grid in fresh}
    areas = shapes(touched & live_codes())
    if missing := sorted(touched - set(areas)):
        raise FirstLevelMissing(grids=listed(missing))
    if fresh:
        check_within(fresh, areas, file=file)


def _coverage(new: Sequence[NewGrid], level: GridLevel, progress: Progress) -> Coverage:
    """How the level will cover the counties (second level: the first-level grids) that the file touches."""
    if level is GridLevel.FIRST:
        touched = {grid.code[:6] for grid in new}
        areas: dict[str, BaseGeometry] = {}
    else:
        touched = {grid.code[:12] for grid in new}
        areas = shapes(first_level_of(village) for village in touched)
    digits = 6 if level is GridLevel.FIRST else 12
    polygons = shapes(code for code in _codes(level) if code[:digits] in touched)
    polygons |= {grid.code: grid.polygon for grid in new}
    shown = np.fromiter(polygons.values(), dtype=object, count=len(polygons))
    return coverage(list(polygons), shown, areas=areas, progress=progress)


def _codes(level: GridLevel) -> list[GridCode]:
    return [each.code for each in grids(level=level)]


def _not_sound(found: Coverage) -> NotSound:
    return NotSound(
        overlap=found.overlap_m2,
        gap=found.gap_m2,
        beyond=found.beyond_m2,
        overlap_allowed=OVERLAP_M2,
        gap_allowed=UNION_M2,
    )
