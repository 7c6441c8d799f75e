"""The verification pool as a desk sees it, and its rows locked for a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import Actor
from onegrid.intake.queries.suggesting import Suggested, suggested
from onegrid.intake.rules.reports import Channel, OutcomeKind
from onegrid.intake.rules.suggestions import Suggestion, suggestion_of
from onegrid.intake.rules.threats import Threat
from onegrid.kernel import clock
from onegrid.kernel.http import decode_cursor, encode_cursor
from onegrid.kernel.ids import ReportId
from onegrid.scenarios.rules import Source
from onegrid.territory import queries as territory

PERMISSION = "pool.decide"

_SUGGESTED = "SELECT report_id, model, class_code, best FROM intake_suggestion WHERE report_id = ANY(%s)"
_WAITING = (
    "id, channel, reason, reason_zh, reason_en, class_code, class_given, grid_code, area_code, urgent,"
    " threats, lng, lat, is_doubted, place_text, source, title, description, reported_at, received_at,"
    " promised_due, photos"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report in the pool, without its reporter. `lng`, `lat`: WGS-84, not the place if `is_doubted`."""

    report_id: ReportId
    channel: Channel
    reason: str
    reason_zh: str
    reason_en: str
    class_code: str
    class_given: str
    grid_code: str
    area_code: str
    is_urgent: bool
    threats: tuple[Threat, ...]
    lng: float | None
    lat: float | None
    is_doubted: bool
    place_text: str
    source: Source | None
    title: str
    description: str
    reported_at: datetime
    received_at: datetime
    promised_due: datetime | None
    photos: tuple[str, ...]
    proposal: Suggested | None = None  # of the learned classifier


_COLUMNS = Waiting.__slots__[:-1]  # those of its own row, as in _WAITING


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the pool; `next_cursor` is the mark of the page after it, "" on the last."""

    items: list[Waiting]
    next_cursor: str


def pool(
    actor: Actor,
    *,
    area: str = "",
    channel: Channel | None = None,
    cursor: str = "",
    limit: int = 50,
    now: datetime | None = None,
) -> Page:
    """The waiting reports in the actor's scope, urgent ones first, then the longest waiting."""
    actor.require(PERMISSION)
    scope, params = scope_sql(actor, "area_code", permission=PERMISSION)
    conditions = ["kind = 'pooled'", scope]
    values: list[str | bool | int] = [*params]
    if area:
        territory.check_area(area)
        conditions.append("area_code >= %s AND area_code < %s")
        values += [area, area + "~"]
    if channel:
        conditions.append("channel = %s")
        values.append(channel.value)
    if cursor:
        urgent, report_id = decode_cursor(cursor, 2)
        conditions.append("(urgent < %s OR (urgent = %s AND id > %s))")
        values += [bool(urgent), bool(urgent), report_id]
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT {_WAITING} FROM intake_report WHERE {' AND '.join(conditions)}"  # noqa: S608 - own SQL
            " ORDER BY urgent DESC, id LIMIT %s",
            [*values, limit + 1],
        )
        items = [_waiting(row) for row in sql.fetchall()]
        sql.execute(_SUGGESTED, [[each.report_id for each in items]])
        said = {row[0]: suggestion_of(row[1], row[2], orjson.loads(row[3])) for row in sql.fetchall()}
    items = _with_suggested(items, said, now=now or clock.now())
    last = items[limit - 1] if len(items) > limit else None
    return Page(items[:limit], encode_cursor(last.is_urgent, last.report_id) if last else "")


def _with_suggested(
    items: list[Waiting], said: Mapping[ReportId, Suggestion], *, now: datetime
) -> list[Waiting]:
    asked = [each for each in items if each.report_id in said]
    made = suggested(
        [said[each.report_id] for each in asked], towns=[each.grid_code[:9] for each in asked], now=now
    )
    known = {each.report_id: proposal for each, proposal in zip(asked, made, strict=True)}
    return [replace(each, proposal=known.get(each.report_id)) for each in items]


def _waiting(row: Sequence[Any]) -> Waiting:
    item = dict(zip(_COLUMNS, row, strict=True))
    item["channel"] = Channel(item["channel"])
    item["threats"] = tuple(Threat(each) for each in item["threats"])
    item["source"] = Source(item["source"]) if item["source"] else None
    item["photos"] = tuple(item["photos"])
    return Waiting(**item)


@dataclass(frozen=True, slots=True)
class Held:
    """A report whose row is locked for a decision: what filing needs, and where it stands."""

    waiting: Waiting
    kind: OutcomeKind
    case_id: UUID | None
    case_number: str
    settled_at: datetime
    received_by: UUID | None
    form: dict[str, Any]


def lock(report_ids: Sequence[ReportId]) -> dict[ReportId, Held]:
    """The reports with their rows locked in the order of their ids until the transaction ends."""
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT {_WAITING}, kind, case_id, case_number, settled_at, received_by, form"  # noqa: S608
            " FROM intake_report WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(report_ids)],
        )
        rows = sql.fetchall()
    width = len(_COLUMNS)
    found = {}
    for row in rows:
        waiting, (kind, case_id, number, settled_at, sender, form) = _waiting(row[:width]), row[width:]
        found[waiting.report_id] = Held(
            waiting, OutcomeKind(kind), case_id, number, settled_at, sender, orjson.loads(form)
        )
    return found
