"""What is already known about reports that come in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from onegrid.kernel import bulk
from onegrid.kernel.prepared import Prepared

_KNOWN = Prepared(
    "intake_known",
    """
SELECT r.id, r.fingerprint, r.kind, r.reason, r.reason_zh, r.reason_en, r.case_id, r.case_number,
       (SELECT count(*) FROM (
            SELECT 1 FROM intake_report c
             WHERE c.coordinate = i.coordinate
               AND c.reported_at BETWEEN to_timestamp(i.at - i.span) AND to_timestamp(i.at + i.span)
             LIMIT %s::int) beside)
  FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::float8[], %s::float8[])
       WITH ORDINALITY AS i (channel, external_id, coordinate, at, span, n)
  LEFT JOIN LATERAL (
        SELECT * FROM intake_report
         WHERE channel = i.channel AND external_id = i.external_id AND holds_key
        OFFSET 0) r ON TRUE  -- OFFSET 0: look each key up in its index, however large the table
 ORDER BY i.n
""",
)


class Probe(NamedTuple):
    """What is asked about one report: its key, and its coordinate (None: not counted) with the window."""

    channel: str
    external_id: str
    coordinate: int | None
    at: datetime
    window: timedelta


class Known(NamedTuple):
    """The report that holds the same key (None: nobody), and how many reports share the coordinate."""

    report_id: UUID | None
    fingerprint: bytes | None
    kind: str
    reason: str
    reason_zh: str
    reason_en: str
    case_id: UUID | None
    case_number: str
    beside: int


def known(probes: Sequence[Probe], *, count_to: int) -> list[Known]:
    """For each probe what the database knows, in one statement; coordinates are counted up to `count_to`."""
    if not probes:
        return []
    columns = [
        bulk.array(probe.channel for probe in probes),
        bulk.array(probe.external_id for probe in probes),
        bulk.array(probe.coordinate for probe in probes),
        bulk.array(probe.at.timestamp() for probe in probes),
        bulk.array(probe.window.total_seconds() for probe in probes),
    ]
    return [Known(*row) for row in _KNOWN.rows([count_to, *columns])]


def existing(report_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these reports are kept already."""
    if not report_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM intake_report WHERE id = ANY(%s)", [list(report_ids)])
        return {row[0] for row in cursor.fetchall()}
