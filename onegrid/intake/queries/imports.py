"""Imports: where they stand, their faulty rows."""

from collections.abc import Iterator
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.intake.models import Import, ImportFault
from onegrid.intake.rules.imports import LIVE, Fault
from onegrid.kernel.refusals import NotFound


def import_(import_id: UUID, *, actor: Actor) -> Import:
    """One import, for whoever started it. Raises NotFound."""
    found = Import.objects.filter(id=import_id).first()
    if found is None or (actor.kind != "system" and found.started_by != actor.account_id):
        raise NotFound(what="导入")
    return found


def waiting_imports() -> list[UUID]:
    """Imports to be begun or taken up again, oldest first."""
    return list(Import.objects.filter(state__in=LIVE).order_by("created_at").values_list("id", flat=True))


def faults(import_id: UUID, *, page: int = 1000) -> Iterator[Fault]:
    """The faulty rows in the order of the file, read page by page."""
    after = -1
    while True:
        rows = list(
            ImportFault.objects.filter(import_id=import_id, row__gt=after)
            .order_by("row")
            .values_list("row", "reason", "reason_zh", "reason_en", "cells")[:page]
        )
        yield from (Fault(row, code, zh, en, tuple(cells)) for row, code, zh, en, cells in rows)
        if len(rows) < page:
            return
        after = rows[-1][0]
