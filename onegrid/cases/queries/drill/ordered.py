"""Ordered drills as the desk lists and opens them, and which of them wait for the worker."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases.models import DrillOrder
from onegrid.cases.rules.drill.ordering import LIVE
from onegrid.cases.rules.drill.refusals import NoDrill
from onegrid.scenarios import queries as scenarios

_HELD = "onegrid.drill"


def drill(drill_id: UUID, *, actor: Actor) -> DrillOrder:
    """One drill with its report. Raises NoDrill, also outside the owner unit and the grid office."""
    found = DrillOrder.objects.filter(id=drill_id).first()
    if found is None or not scenarios.speaks_for(found.key, actor=actor):
        raise NoDrill
    return found


def drills(key: str, *, actor: Actor, after: UUID | None = None, limit: int = 50) -> Sequence[DrillOrder]:
    """Up to `limit` drills of a scenario without their reports, newest first, after that one.

    Raises NoProject, NotYourProject."""
    scenarios.check_drill(key, actor=actor)
    rows = DrillOrder.objects.filter(key=key).order_by("-id").defer("report", "source")
    return list((rows.filter(id__lt=after) if after else rows)[:limit])


def waiting_drills() -> list[UUID]:
    """Drills to be begun, or begun by a process that died, oldest first."""
    rows = DrillOrder.objects.filter(state__in=LIVE).order_by("id")
    return list(rows.values_list("id", flat=True))


def drills_to_hold() -> bool:
    """Whether a drill waits while no process holds any."""
    if not waiting_drills():
        return False
    with only_one() as nobody_else:
        return nobody_else


@contextmanager
def only_one() -> Iterator[bool]:
    """True in the one process that may hold ordered drills of this city now; it ends with the process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_HELD])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_HELD])
