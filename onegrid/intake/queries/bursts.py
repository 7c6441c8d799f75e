"""What hot spots are found from: counts of the last weeks, the reports of the last days, what runs already.

Reporters are never read here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import orjson
from django.conf import settings
from django.db import connection

from onegrid.intake.rules.hotspots import ROWS, STEP, Earlier, Running
from onegrid.kernel import bulk
from onegrid.territory import queries as territory
from onegrid.territory.rules import GridLevel

HISTORY: Final = timedelta(weeks=12)
USUAL_AGAIN: Final = 12, 100  # of so many reports this many tell again, until our own tell

# A fallback coordinate is no place; an alarm that joined its device's case is no further report.
COUNTED: Final = (
    "lng IS NOT NULL AND NOT is_doubted AND NOT kind = 'rejected' AND grid_code <> ''"
    " AND NOT (channel = 'device' AND kind = 'joined')"
)
_SQUARE: Final = f"floor((lng + 180) / {STEP!r})::bigint * {ROWS} + floor((lat + 90) / {STEP!r})::bigint"
_EARLIER: Final = f"""
WITH counted AS (
    SELECT {_SQUARE} AS square, grid_code, reported_at AT TIME ZONE %(zone)s AS local,
           1 AS n, 1 AS ours, (kind = 'joined')::int AS again
      FROM intake_report
     WHERE reported_at >= %(since)s AND reported_at < %(until)s AND {COUNTED}
     UNION ALL
    SELECT square, grid_code, slot AT TIME ZONE %(zone)s, count, 0, 0
      FROM intake_earlier WHERE slot >= %(since)s AND slot < %(until)s)
SELECT square, grid_code, town, hour, sum(n)::bigint, sum(ours)::bigint, sum(again)::bigint
  FROM (SELECT *, left(grid_code, 9) AS town,
               ((extract(isodow FROM local) - 1) * 24 + extract(hour FROM local))::int AS hour
          FROM counted) AS each
 GROUP BY GROUPING SETS ((square, grid_code), (town, hour))
"""  # noqa: S608 - constants only
_FIRST: Final = f"""
SELECT least((SELECT min(reported_at) FROM intake_report WHERE reported_at >= %(since)s AND {COUNTED}),
             (SELECT min(slot) FROM intake_earlier WHERE slot >= %(since)s))
"""  # noqa: S608 - constants only


def earlier(*, now: datetime, window: timedelta) -> Earlier:
    """What came in during the weeks before the longest window: counts only, however many reports there
    were."""
    since, until = now - HISTORY, now - window
    values: dict[str, str | datetime] = {"zone": settings.CITY_TIME_ZONE, "since": since, "until": until}
    squares, grids, counts, ours, again = [], [], [], 0, 0
    hours: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * 168)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, values)
        first = cursor.fetchone()[0] or until
        cursor.execute(_EARLIER, values)
        for square, grid, town, hour, count, own, repeated in cursor.fetchall():
            if square is None:
                hours[town][hour] = float(count)
                continue
            squares.append(square)
            grids.append(grid)
            counts.append(count)
            ours, again = ours + own, again + repeated
    return Earlier(
        np.array(squares, dtype=np.int64),
        tuple(grids),
        np.array(counts, dtype=np.int64),
        {town: np.array(each) for town, each in hours.items()},
        (again + USUAL_AGAIN[0]) / (ours + USUAL_AGAIN[1]),
        max(until - first, timedelta()) / timedelta(weeks=1),
    )


def earlier_reports(*, since: datetime, until: datetime) -> int:
    """How many reports of an earlier system are counted in that time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(count), 0)::bigint FROM intake_earlier WHERE slot >= %s AND slot < %s",
            [since, until],
        )
        return int(cursor.fetchone()[0])


class Late(NamedTuple):
    """One report of the longest window."""

    report_id: UUID
    lng: float
    lat: float
    grid_code: str
    reported_at: datetime


def lately(*, now: datetime, window: timedelta) -> list[Late]:
    """The reports of the window that count, without anything of their reporters."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, lng, lat, grid_code, reported_at FROM intake_report"  # noqa: S608 - constants only
            f" WHERE reported_at > %s AND reported_at <= %s AND {COUNTED}",
            [now - window, now],
        )
        return [Late(*row) for row in cursor.fetchall()]


def hour_of_week(now: datetime) -> float:
    """How far the city's week has gone, in hours since Monday, 0:00."""
    local = now.astimezone(ZoneInfo(settings.CITY_TIME_ZONE))
    return local.weekday() * 24 + local.hour + local.minute / 60 + local.second / 3600


def areas() -> Mapping[str, float]:
    """The second-level grids in force with their m²; the first-level ones where there are no others."""
    found = territory.grids(level=GridLevel.SECOND) or territory.grids()
    return {str(each.code): each.area_m2 for each in found}


def running() -> list[Running]:
    """The hot spots that have not ended, with their reports."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.id, array_agg(m.report_id), h.lng, h.lat, h.radius_m, h.told, h.seen_at"
            " FROM intake_hotspot h JOIN intake_hotspot_member m ON m.hotspot_id = h.id"
            " WHERE h.is_active GROUP BY h.id ORDER BY h.id"
        )
        return [Running(row[0], frozenset(row[1]), *row[2:]) for row in cursor.fetchall()]


class Level(NamedTuple):
    """The threshold of a day, and what it was reckoned from."""

    day: date
    known: int
    false_alarms: float
    threshold: float


def level() -> Level | None:
    """The threshold reckoned last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT day, known, false_alarms, threshold FROM intake_hotspot_level")
        row = cursor.fetchone()
    return Level(*row) if row else None


@dataclass(slots=True)
class Contents:
    """All that belonged to a hot spot: reports by class and by grid, their middle, the first and the
    last."""

    classes: dict[str, int]
    grids: dict[str, int]
    lng: float
    lat: float
    first_at: datetime
    last_at: datetime

    @property
    def reports(self) -> int:
        return sum(self.classes.values())


_CONTENTS: Final = """
SELECT m.hotspot_id, r.class_code, r.grid_code, count(*), avg(r.lng), avg(r.lat),
       min(r.reported_at), max(r.reported_at)
  FROM intake_hotspot_member m JOIN intake_report r ON r.id = m.report_id
 WHERE m.hotspot_id = ANY(%s::uuid[])
 GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2, 3
"""


def contents(hotspot_ids: Sequence[UUID]) -> dict[UUID, Contents]:
    """What each hot spot consists of, in one statement."""
    found: dict[UUID, list[tuple[str, str, int, float, float, datetime, datetime]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CONTENTS, [bulk.array(hotspot_ids)])
        for hotspot_id, *row in cursor.fetchall():
            found.setdefault(hotspot_id, []).append(tuple(row))
    return {hotspot_id: _contents(rows) for hotspot_id, rows in found.items()}


def _contents(rows: Sequence[tuple[str, str, int, float, float, datetime, datetime]]) -> Contents:
    classes: dict[str, int] = {}
    grids: dict[str, int] = {}
    for code, grid, count, *_ in rows:
        classes[code] = classes.get(code, 0) + count
        grids[grid] = grids.get(grid, 0) + count
    total = sum(classes.values())
    return Contents(
        dict(sorted(classes.items(), key=lambda each: (-each[1], each[0]))),
        dict(sorted(grids.items(), key=lambda each: (-each[1], each[0]))),
        sum(row[2] * row[3] for row in rows) / total,
        sum(row[2] * row[4] for row in rows) / total,
        min(row[5] for row in rows),
        max(row[6] for row in rows),
    )


def classes_json(classes: Mapping[str, int]) -> str:
    """Counts by class as JSON text, for a bulk write."""
    return orjson.dumps(dict(classes)).decode()
