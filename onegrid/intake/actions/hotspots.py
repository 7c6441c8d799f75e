"""The round of the hot spots: find bursts, carry the running ones on, begin and end others, tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.intake import events
from onegrid.intake.models import EarlierCount
from onegrid.intake.queries import bursts as queries
from onegrid.intake.queries.bursts import Contents, Late
from onegrid.intake.rules.hotspots import (
    Burst,
    Lately,
    Running,
    Seen,
    Settings,
    Usual,
    has_grown,
    name_of,
    scan,
    square_of,
    threshold,
    track,
    usual,
)
from onegrid.intake.rules.reports import EarlierReport
from onegrid.kernel import bulk, outbox
from onegrid.kernel.ids import new_ids
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Text
from onegrid.territory import queries as territory
from onegrid.workforce.queries import city_day

_ONE_AT_A_TIME: Final = 0x0E1E_D507  # advisory lock of the round
_STALE: Final = 0.2  # the threshold is reckoned anew when so much more or less is known
_COLUMNS: Final = (
    "id", "is_active", "name_zh", "name_en", "grid_code", "grids", "lng", "lat", "radius_m", "window_h",
    "observed", "expected", "score", "reports", "classes", "told", "first_at", "last_at",
    "found_at", "seen_at",
)  # fmt: skip
_MOVING: Final = (
    ("name_zh", "text"), ("name_en", "text"), ("grid_code", "text"), ("grids", "text"), ("lng", "float8"),
    ("lat", "float8"), ("radius_m", "float8"), ("window_h", "float8"), ("observed", "int"),
    ("expected", "float8"), ("score", "float8"), ("reports", "int"), ("classes", "jsonb"), ("told", "int"),
    ("first_at", "timestamptz"), ("last_at", "timestamptz"), ("seen_at", "timestamptz"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did. `known` False: too little is known of what is usual, so nothing was looked for."""

    begun: int = 0
    running: int = 0
    ended: int = 0
    reports: int = 0
    threshold: float = 0.0
    known: bool = True


def scan_settings() -> Settings:
    """How this site looks for hot spots."""
    return Settings(false_alarms=settings.ONEGRID_HOTSPOT_FALSE_ALARMS)


@transaction.atomic
def watch(*, now: datetime) -> Round:
    """Look for hot spots: a burst that goes on stays the same hot spot, one that is over ends.

    Set-based: counts of the last weeks and the reports of the last days, whatever their number, in one
    statement each. Who answers for the place is told when one begins, doubles, or ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    rule = scan_settings()
    window = timedelta(hours=max(rule.windows_h))
    reports, before = queries.lately(now=now, window=window), queries.running()
    at = square_of(np.array([each.lng for each in reports]), np.array([each.lat for each in reports]))
    new = dict(zip(at.tolist(), (each.grid_code for each in reports), strict=True))
    rates = usual(queries.earlier(now=now, window=window), new, queries.areas())
    if not rates.suffices:
        return _over(before, now=now)
    limit = _threshold(rates, rule, now=now)
    ages = np.array([(now - each.reported_at).total_seconds() / 3600 for each in reports])
    hour = queries.hour_of_week(now)
    bursts = scan(Lately(at, ages), rates, hour=hour, threshold=limit - rule.ease, settings=rule)
    seen = [_seen(burst, reports) for burst in bursts]
    tracked = track(seen, before, threshold=limit, now=now)
    begun = dict(zip(tracked.begins, new_ids(len(tracked.begins)), strict=True))
    _write(bursts, reports, begun=begun, goes_on=tracked.goes_on, before=before, now=now)
    _end(tracked.ends, now=now)
    going = len(before) - len(tracked.ends) + len(begun)
    return Round(len(begun), going, len(tracked.ends), len(reports), limit)


def _over(before: Sequence[Running], *, now: datetime) -> Round:
    """Nothing can be said; what ran ends in its time."""
    ends = track([], before, threshold=0.0, now=now).ends
    _end(ends, now=now)
    return Round(running=len(before) - len(ends), ended=len(ends), known=False)


def _threshold(rates: Usual, rule: Settings, *, now: datetime) -> float:
    """The threshold of the day, reckoned when the day is new or much more or less is known."""
    day, kept = city_day(now), queries.level()
    if (
        kept is not None
        and (kept.day, kept.false_alarms) == (day, rule.false_alarms)
        and abs(kept.known - rates.known) <= _STALE * rates.known
    ):
        return kept.threshold
    found = threshold(rates, rule, np.random.default_rng(day.toordinal()))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_hotspot_level (id, day, known, false_alarms, threshold)"
            " VALUES (1, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET day = EXCLUDED.day,"
            " known = EXCLUDED.known, false_alarms = EXCLUDED.false_alarms, threshold = EXCLUDED.threshold",
            [day, rates.known, rule.false_alarms, found],
        )
    return found


def _seen(burst: Burst, reports: Sequence[Late]) -> Seen:
    members = [reports[index] for index in burst.members.tolist()]
    lng = sum(each.lng for each in members) / len(members)
    lat = sum(each.lat for each in members) / len(members)
    return Seen(frozenset(each.report_id for each in members), lng, lat, burst.radius_m, burst.score)


def _write(
    bursts: Sequence[Burst],
    reports: Sequence[Late],
    *,
    begun: dict[int, UUID],
    goes_on: dict[int, UUID],
    before: Sequence[Running],
    now: datetime,
) -> None:
    """Rows, members and news of the bursts that begin or go on."""
    ids = {**begun, **goes_on}
    if not ids:
        return
    _join(bursts, reports, ids)
    told = {each.hotspot_id: each.told for each in before}
    contents = queries.contents(list(ids.values()))
    fresh, changed = [], []
    news: list[events.HotspotEvent] = []
    for index, hotspot_id in ids.items():
        inside, name = contents[hotspot_id], _name(contents[hotspot_id])
        known = told.get(hotspot_id)
        tells = known is None or has_grown(inside.reports, known)
        values = _values(bursts[index], inside, name, inside.reports if tells else known or 0)
        if known is None:
            fresh.append((hotspot_id, True, *values, inside.first_at, inside.last_at, now, now))
        else:
            changed.append((hotspot_id, *values, inside.first_at, inside.last_at, now))
        if tells:
            kind = events.HotspotBegan if known is None else events.HotspotGrew
            usually = bursts[index].expected
            news.append(_news(kind, hotspot_id, name, inside=inside, usual=usually, at=now))
    bulk.insert("intake_hotspot", _COLUMNS, fresh)
    _update(changed)
    outbox.publish(news, at=now)


def _join(bursts: Sequence[Burst], reports: Sequence[Late], ids: dict[int, UUID]) -> None:
    """Count the reports in; those that belong to it already stay."""
    pairs = [
        (hotspot_id, reports[member])
        for index, hotspot_id in ids.items()
        for member in bursts[index].members.tolist()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_hotspot_member (hotspot_id, report_id, area_code)"
            " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) ON CONFLICT DO NOTHING",
            [
                bulk.array(hotspot_id for hotspot_id, _ in pairs),
                bulk.array(report.report_id for _, report in pairs),
                bulk.array(report.grid_code for _, report in pairs),
            ],
        )


def _values(burst: Burst, inside: Contents, name: Text, told: int) -> tuple[object, ...]:
    grids = list(inside.grids)
    return (
        name.zh, name.en, grids[0], bulk.array(grids), inside.lng, inside.lat, burst.radius_m, burst.window_h,
        burst.observed, burst.expected, burst.score, inside.reports,
        queries.classes_json(inside.classes), told,
    )  # fmt: skip


def _update(rows: Sequence[tuple[object, ...]]) -> None:
    """Carry the running ones on. The arrays of grids travel as text, because those of an array must be
    even."""
    if not rows:
        return
    names = ", ".join(name for name, _ in _MOVING)
    changes = ", ".join(f"{name} = new.{name}{'::text[]' if name == 'grids' else ''}" for name, _ in _MOVING)
    arrays = ", ".join(["%s::uuid[]", *(f"%s::{kind}[]" for _, kind in _MOVING)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE intake_hotspot AS old SET {changes}"  # noqa: S608 - constants only
            f" FROM unnest({arrays}) AS new (id, {names}) WHERE old.id = new.id",
            [bulk.array(column) for column in zip(*rows, strict=True)],
        )


def _name(inside: Contents) -> Text:
    grid = next(iter(inside.grids))
    tree = scenarios.classes()
    listed = {code: one.name for code in inside.classes if code and (one := tree.get(code)) is not None}
    return name_of(territory.paths([grid]).get(grid, grid), inside.classes, listed)


def _news(
    kind: type[events.HotspotEvent],
    hotspot_id: UUID,
    name: Text,
    *,
    inside: Contents,
    usual: float,
    at: datetime,
) -> events.HotspotEvent:
    return kind(
        hotspot_id=hotspot_id, name_zh=name.zh, name_en=name.en, grids=tuple(inside.grids),
        reports=inside.reports, expected=round(usual, 1), at=at,
    )  # fmt: skip


def _end(hotspot_ids: Sequence[UUID], *, now: datetime) -> None:
    if not hotspot_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_hotspot SET is_active = FALSE, ended_at = %s WHERE id = ANY(%s::uuid[])"
            " RETURNING id, name_zh, name_en, grids, reports, expected",
            [now, bulk.array(hotspot_ids)],
        )
        ended = cursor.fetchall()
    outbox.publish(
        [
            events.HotspotEnded(
                hotspot_id=row[0], name_zh=row[1], name_en=row[2], grids=tuple(row[3]), reports=row[4],
                expected=round(row[5], 1), at=now,
            )
            for row in ended
        ],
        at=now,
    )  # fmt: skip


@transaction.atomic
def load_earlier(reports: Sequence[EarlierReport], *, by: Actor) -> int:
    """Count reports that an earlier system took in, so that hot spots know what is usual from the first day
    on; returns how many lie in a grid. Nothing but hour, square and number is kept; the same hours loaded
    again replace what was there. Raises NotPermitted."""
    by.require("report.import")
    lng, lat = np.array([each.lng for each in reports]), np.array([each.lat for each in reports])
    grids = territory.locator().locate_codes(lng, lat).tolist() if reports else []
    counts: dict[tuple[datetime, int, str], int] = {}
    for each, square, grid in zip(reports, square_of(lng, lat).tolist(), grids, strict=True):
        if grid:
            key = (each.at.replace(minute=0, second=0, microsecond=0), square, grid)
            counts[key] = counts.get(key, 0) + 1
    EarlierCount.objects.filter(slot__in={slot for slot, _, _ in counts}).delete()
    bulk.insert(
        "intake_earlier", ("slot", "square", "grid_code", "count"), [(*k, n) for k, n in counts.items()]
    )
    return sum(counts.values())
