"""Reports into their table, by COPY."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from onegrid.accounts.rules import Actor
from onegrid.intake.actions.incoming import Incoming
from onegrid.intake.queries import reports, settings
from onegrid.intake.rules.reports import Outcome, OutcomeKind, Reporter
from onegrid.kernel import bulk, crypto

COLUMNS: Final = (
    "id", "channel", "external_id", "holds_key", "fingerprint",
    "kind", "reason", "reason_zh", "reason_en", "case_id", "case_number", "settled_at",
    "class_code", "class_given", "grid_code", "area_code", "urgent", "threats",
    "lng", "lat", "coordinate", "is_doubted", "given_lng", "given_lat", "given_system",
    "accuracy_m", "place_text", "source", "title", "description", "happened_at", "reported_at", "received_at",
    "received_by", "answer_to", "promised_due", "photos", "source_detail", "form",
    "contact", "contact_digest", "answer",
)  # fmt: skip
NONE: Final = "{}"  # an empty array, and an empty JSON object


def record(pairs: Iterable[tuple[Incoming, Outcome]], *, by: Actor, now: datetime) -> None:
    """Keep reports with their outcomes; one rejected at the door is kept once however often it comes."""
    county = settings.county_code()
    kept: list[tuple[object, ...]] = []
    refused: dict[UUID, tuple[object, ...]] = {}
    for each, outcome in pairs:
        row = _row(each, outcome, county, by=by, now=now)
        if outcome.kind is OutcomeKind.REJECTED:
            refused[each.report_id] = row
        else:
            kept.append(row)
    bulk.insert("intake_report", COLUMNS, kept)
    known = reports.existing(list(refused))
    bulk.insert("intake_report", COLUMNS, [row for key, row in refused.items() if key not in known])


def record_suggestions(incoming: Iterable[Incoming], *, now: datetime) -> None:
    """Keep what the model said of the reports it was asked about, for the desk and for the next training."""
    rows = [
        (each.report_id, said.model, now, said.class_code or "", _json(said.document()))
        for each in incoming
        if (said := each.suggestion) is not None
    ]
    bulk.insert("intake_suggestion", ("report_id", "model", "made_at", "class_code", "best"), rows)


def _row(each: Incoming, outcome: Outcome, county: str, *, by: Actor, now: datetime) -> tuple[object, ...]:
    report, kind = each.report, outcome.kind
    contact, digest = sealed(report.reporter)
    return (
        each.report_id, report.channel.value, report.external_id, kind is not OutcomeKind.REJECTED, each.mark,
        kind.value, outcome.reason, outcome.reason_zh, outcome.reason_en,
        outcome.case_id, outcome.case_number, now,
        each.class_code or "", report.class_code or "", each.grid_code or "", each.grid_code or county,
        each.is_urgent, sorted(each.threats) if each.threats else NONE,
        each.lng, each.lat, each.coordinate, each.is_doubted, report.lng, report.lat, report.system or "",
        report.accuracy_m, report.place_text, report.source or "", report.title, report.description,
        report.happened_at, each.at, now, by.account_id, by.account_id if by.kind == "person" else None,
        report.promised_due,
        list(report.photos) if report.photos else NONE, _json(report.source_detail), _json(report.form),
        contact, digest, "",
    )  # fmt: skip


def sealed(reporter: Reporter | None) -> tuple[bytes | None, bytes | None]:
    """Name and phone encrypted, and the phone's keyed hash for exact look-up."""
    if reporter is None or not (reporter.name or reporter.phone):
        return None, None
    contact = crypto.protect(orjson.dumps([reporter.name, reporter.phone]).decode())
    return contact, crypto.lookup_digest(reporter.phone) if reporter.phone else None


def _json(value: object) -> str:
    return orjson.dumps(value).decode() if value else NONE
