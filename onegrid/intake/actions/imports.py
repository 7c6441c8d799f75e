"""Files of reports: taken in batch by batch, each with its counts in one transaction.

Killed and started again, an import goes on after the last committed row; the same file sent twice is the
same import. Every row ends in exactly one count; those rejected are kept with reason and cells."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice
from typing import IO, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings as site
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.intake.actions.files import mark_of, records_of, rows_of
from onegrid.intake.actions.receiving import receive
from onegrid.intake.models import Import
from onegrid.intake.rules.access import check_channels
from onegrid.intake.rules.imports import LIVE, Fault, FileTooLarge, ImportState
from onegrid.intake.rules.reports import Channel, OutcomeKind, ReportIn
from onegrid.intake.rules.rows import Layout, Terms, layout_of, report_of, text_of
from onegrid.intake.rules.sheets import Record
from onegrid.kernel import bulk
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.ids import AccountId, new_id
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios

BATCH: Final = 1000
COUNTS: Final = ("opened", "joined", "pooled", "rejected", "repeated")
SIZE_LIMIT: Final = 200 << 20  # bytes of an uploaded file
Progress = Callable[[int, int], None]  # rows read, rows there are, about


@transaction.atomic
def start_import(
    file: IO[bytes], *, name: str, channel: Channel, system: CoordinateSystem | None, by: Actor, now: datetime
) -> Import:
    """Keep a file for import. The same contents under the same terms are the same import, begun only once;
    one that failed as a whole is tried again. Raises FileTooLarge, NotPermitted, ChannelNotYours."""
    by.require("report.import")
    check_channels(by, [channel])
    size = file.seek(0, 2)
    if size > SIZE_LIMIT:
        raise FileTooLarge(size=size >> 20, limit=SIZE_LIMIT >> 20)
    terms = {"mark": mark_of(file), "channel": channel.value, "system": system.value if system else ""}
    found = Import.objects.filter(**terms).first()
    if found is not None and found.state != ImportState.FAILED:
        return found
    kept = found or Import(id=new_id(), created_at=now, **terms)
    kept.file_name, kept.rows, kept.state = name, rows_of(file), ImportState.WAITING.value
    kept.started_by, kept.started_by_name = by.account_id, by.name
    kept.reason = kept.reason_zh = kept.reason_en = ""
    kept.finished_at = None
    kept.stored_as = default_storage.save(f"imports/{kept.id}", File(file))
    kept.save()
    return kept


def run_import(import_id: UUID, *, now: datetime, progress: Progress = lambda done, rows: None) -> Import:
    """Take in what is left of an import. Two processes may run the same one: each batch goes in once."""
    found = Import.objects.get(id=import_id)
    if found.state not in LIVE:
        return found
    try:
        with default_storage.open(found.stored_as) as file:
            _take_in(found, file, now=now, progress=progress)
    except Refusal as refusal:
        reasons = {
            "reason": refusal.code,
            "reason_zh": refusal.message("zh"),
            "reason_en": refusal.message("en"),
        }
        _end(import_id, ImportState.FAILED, now=now, **reasons)
    else:
        _end(import_id, ImportState.DONE, now=now, rows=sum(map(F, COUNTS)))
        default_storage.delete(found.stored_as)
    return Import.objects.get(id=import_id)


def _end(import_id: UUID, state: ImportState, *, now: datetime, **facts: object) -> None:
    Import.objects.filter(id=import_id, state__in=LIVE).update(state=state.value, finished_at=now, **facts)


def _take_in(found: Import, file: IO[bytes], *, now: datetime, progress: Progress) -> None:
    with closing(records_of(file, name=found.file_name)) as rows:
        _take_in_rows(found, rows, now=now, progress=progress)


def _take_in_rows(found: Import, rows: Iterator[Record], *, now: datetime, progress: Progress) -> None:
    layout = layout_of(next(rows, Record(0, ())))
    terms = Terms(
        channel=Channel(found.channel),
        mark=found.mark[:16],
        zone=ZoneInfo(site.CITY_TIME_ZONE),
        system=CoordinateSystem(found.system) if found.system else None,
        class_names=_class_names(),
    )
    unnamed = [layout.headings[index] for index in layout.unnamed]
    Import.objects.filter(id=found.id, state__in=LIVE).update(
        state=ImportState.RUNNING.value, headings=list(layout.headings), unnamed=unnamed
    )
    for batch in _batches(rows, after=found.last_row):
        _take_in_batch(found, batch, layout, terms, now=now)
        progress(batch[-1].row - 1, found.rows)  # the heading is no row of its own


def _class_names() -> dict[str, str]:
    """Class codes by Chinese and English name; a name that two classes share names none."""
    tree = scenarios.classes()
    names = [(name.casefold(), each.code) for each in tree for name in (each.name.zh, each.name.en)]
    codes = dict(names)
    shared = {name for name, code in names if codes[name] != code}
    return {name: code for name, code in codes.items() if name not in shared}


def _batches(rows: Iterator[Record], *, after: int) -> Iterator[list[Record]]:
    left = (record for record in rows if record.row > after)
    while batch := list(islice(left, BATCH)):
        yield batch


@transaction.atomic
def _take_in_batch(
    found: Import, batch: Sequence[Record], layout: Layout, terms: Terms, *, now: datetime
) -> None:
    current = Import.objects.select_for_update().get(id=found.id)
    if current.last_row >= batch[-1].row:
        return  # another process was faster
    readable, faults = _read(batch, layout, terms)
    starter_id = AccountId(found.started_by) if found.started_by else None
    starter = replace(SYSTEM, account_id=starter_id, name=found.started_by_name)
    outcomes = receive([report for _, report in readable], by=starter, now=now)
    faults += [
        Fault(record.row, outcome.reason, outcome.reason_zh, outcome.reason_en, _cells(record))
        for (record, _), outcome in zip(readable, outcomes, strict=True)
        if outcome.kind is OutcomeKind.REJECTED
    ]
    columns = ("import_id", "row", "reason", "reason_zh", "reason_en", "cells")
    rows = [(found.id, f.row, f.reason, f.reason_zh, f.reason_en, list(f.cells)) for f in faults]
    bulk.insert("intake_import_fault", columns, rows)
    kinds = [outcome.kind for outcome in outcomes] + [OutcomeKind.REJECTED] * (len(batch) - len(readable))
    counts = asdict(current.counts.and_(kinds))
    Import.objects.filter(id=found.id).update(last_row=batch[-1].row, **counts)


def _read(
    batch: Sequence[Record], layout: Layout, terms: Terms
) -> tuple[list[tuple[Record, ReportIn]], list[Fault]]:
    readable, faults = [], []
    for record in batch:
        try:
            readable.append((record, report_of(record, layout, terms)))
        except Refusal as refusal:
            zh, en = refusal.message("zh"), refusal.message("en")
            faults.append(Fault(record.row, refusal.code, zh, en, _cells(record)))
    return readable, faults


def _cells(record: Record) -> tuple[str, ...]:
    return tuple(text_of(cell) for cell in record.cells)
