"""Drills ordered on the desk: taken down at once, held one by one by the worker.

A drill writes nothing but its report, so one whose process died is simply begun anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.db import transaction

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.cases.actions import drilling
from onegrid.cases.models import DrillOrder
from onegrid.cases.queries import drill as drills
from onegrid.cases.queries.drill import Order
from onegrid.cases.rules.drill.ordering import (
    MOST_BEGUN,
    MOST_WAITING,
    DrillState,
    Wanted,
    what_ifs_of,
)
from onegrid.cases.rules.drill.refusals import DrillInterrupted, TooManyWaiting
from onegrid.cases.rules.drill.results import Found
from onegrid.kernel.ids import AccountId, VersionId, new_id
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import VersionInfo

Clock = Callable[[], datetime]


class _Stopped(Exception):
    """Whoever holds the drills is told to end."""


@transaction.atomic
def order_drill(key: str, wanted: Wanted, *, by: Actor, now: datetime) -> UUID:
    """Put a drill of a scenario on the worker's list; returns its id.

    The owner unit and the grid office may; a version's drill that is to be kept with its project only who may
    record one. Raises NoProject, NotYourProject, NotPossible, TooManyWaiting, and what `check_order` does."""
    scenarios.check_drill(key, actor=by)
    version = drills.check_order(key, wanted, now=now)
    is_draft = bool(wanted.source)
    if wanted.record and not is_draft:
        scenarios.check_drill_record(version.version_id, actor=by)
    waiting = len(drills.waiting_drills())
    if waiting >= MOST_WAITING:
        raise TooManyWaiting(count=waiting)
    row = DrillOrder(id=new_id(), key=key, number=version.number, source=wanted.source)
    row.version_id = None if is_draft else version.version_id
    row.asked = wanted.asked(start=_start(wanted, now), towns=version.towns)
    row.record = wanted.record and not is_draft
    row.ordered_by, row.ordered_by_name, row.ordered_at = by.account_id, by.name, now
    row.save()
    return UUID(str(row.id))


def _start(wanted: Wanted, now: datetime) -> datetime:
    if wanted.start is None:
        return now
    return datetime.combine(wanted.start, time(), ZoneInfo(settings.CITY_TIME_ZONE))


def hold_ordered_drills(clock: Clock, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Hold the drills that wait, and those whose process died, oldest first; returns how many ended.

    Only one process of a city does so at a time; the others return at once. `go_on` is asked again and again:
    when it says no, the drill in hand is put back."""
    ended = 0
    with drills.only_one() as ours:
        while ours and go_on() and (waiting := drills.waiting_drills()):
            try:
                _hold(DrillOrder.objects.get(id=waiting[0]), clock, go_on)
            except _Stopped:
                break
            ended += 1
    return ended


def _hold(row: DrillOrder, clock: Clock, go_on: Callable[[], bool]) -> None:
    now = clock()
    try:
        if row.begun >= MOST_BEGUN:
            raise DrillInterrupted
        row.state, row.progress = str(DrillState.RUNNING), 0.0
        row.begun, row.begun_at = row.begun + 1, now
        row.save()
        version = _version(row)
        result = drills.hold(_order(row, version), now=now, progress=_teller(row, go_on))
    except Refusal as refusal:
        _refused(row, refusal)
        row.state, row.finished_at = str(DrillState.FAILED), clock()
        row.save()
    else:
        _keep(row, result, now=clock())


def _version(row: DrillOrder) -> VersionInfo:
    if row.version_id is None:
        return drills.drafted(row.source)
    towns = row.asked["towns"]
    version = scenarios.version(VersionId(row.version_id))
    return replace(version, towns=None if towns is None else tuple(towns))


def _order(row: DrillOrder, version: VersionInfo) -> Order:
    asked: Mapping[str, Any] = row.asked
    return Order(
        version,
        datetime.fromisoformat(asked["start"]),
        days=asked["days"],
        stream=asked["stream"],
        per_day=asked["per_day"],
        seed=asked["seed"],
        habits=asked["assumptions"],
        what_ifs=what_ifs_of(asked),
    )


def _teller(row: DrillOrder, go_on: Callable[[], bool]) -> drills.Progress:
    """Write down each whole percent; stop when told to."""

    def tell(share: float) -> None:
        if not go_on():
            row.state, row.begun = str(DrillState.WAITING), row.begun - 1
            row.save()
            raise _Stopped
        if share - row.progress >= 0.01:
            row.progress = share
            DrillOrder.objects.filter(id=row.id).update(progress=share)

    return tell


@transaction.atomic
def _keep(row: DrillOrder, result: Found, *, now: datetime) -> None:
    """The report, and its summary with the project; where that is refused by now, why."""
    row.state, row.progress, row.finished_at = str(DrillState.DONE), 1.0, now
    row.report = orjson.dumps(result).decode()
    if row.record and row.version_id is not None:
        try:
            by = SYSTEM
            if row.ordered_by:
                by = drilling.recorder(AccountId(row.ordered_by), name=row.ordered_by_name, now=now)
            drilling.record(VersionId(row.version_id), drills.summary(result), by=by, now=now)
            row.recorded = True
        except Refusal as refusal:
            _refused(row, refusal)
    row.save()


def _refused(row: DrillOrder, refusal: Refusal) -> None:
    row.reason, row.reason_zh, row.reason_en = refusal.code, refusal.message("zh"), refusal.message("en")
    findings = refusal.params.get("findings", [])
    row.findings = findings if isinstance(findings, list) else []
