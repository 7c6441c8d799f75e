"""Device alarms on record, for the storm rule; and what a case of such alarms consists of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases import queries as cases
from onegrid.intake.queries.reading import may_see_case
from onegrid.intake.rules.pool import ReportNotFound
from onegrid.intake.rules.storms import JOINED, Alarm, Families, Family, read_families
from onegrid.kernel import bulk
from onegrid.kernel.coordinates import EARTH_RADIUS_M
from onegrid.kernel.ids import CaseId
from onegrid.scenarios import queries as scenarios

SETTINGS: Final = Path(__file__).parents[1] / "library" / "storms.yaml"
MOST: Final = 500, 20
"""Of each class so many alarms around are read, and so many more for each one asked about: the latest."""
RUNNING: Final = frozenset({"open", "held"})


@cache
def families() -> Families:
    """The families of classes, part of the program. Raises StormsUnreadable."""
    return read_families(yaml.safe_load(SETTINGS.read_text("utf-8")))


_BEFORE: Final = """
SELECT near.* FROM unnest(%s::text[]) AS wanted (class)
 CROSS JOIN LATERAL (
    SELECT class_code, urgent, grid_code, x, y, extract(epoch FROM reported_at)::float8, case_id, storm, id
      FROM (SELECT *, reason = %s AS storm,
                   CASE WHEN NOT is_doubted THEN lng END AS x, CASE WHEN NOT is_doubted THEN lat END AS y
              FROM intake_report
             WHERE channel = 'device' AND case_id IS NOT NULL AND class_code = wanted.class
               AND reported_at BETWEEN %s AND %s) AS alarm
     WHERE (x BETWEEN %s AND %s AND y BETWEEN %s AND %s) OR x IS NULL OR %s
     ORDER BY reported_at DESC LIMIT %s) AS near
 ORDER BY near.id
"""


def alarms_before(alarms: Sequence[Alarm]) -> list[Alarm]:
    """The alarms on record that may be one storm with these, in the order in which they came in."""
    kinds = list(
        {rule.key: rule for rule in map(families().of, {each.class_code for each in alarms})}.values()
    )
    within = 60 * max(rule.within_min for rule in kinds)
    times = [each.at for each in alarms]
    span = [datetime.fromtimestamp(at, UTC) for at in (min(times) - within, max(times) + within)]
    box, is_anywhere = _box(alarms, max(rule.reach_m for rule in kinds))
    classes, most = bulk.array(_classes(kinds, alarms)), MOST[0] + MOST[1] * len(alarms)
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [classes, JOINED, *span, *box, is_anywhere, most])
        rows = cursor.fetchall()
    homes = _homes([row[6] for row in rows])
    return [_alarm(row, homes) for row in rows]


def _alarm(row: tuple[Any, ...], homes: Mapping[CaseId, tuple[CaseId, bool]]) -> Alarm:
    class_code, urgent, grid, lng, lat, at, case_id, is_storm, _ = row
    home, runs = homes[case_id]
    return Alarm(class_code, urgent, grid, lng, lat, at, home, leads=runs, joined=is_storm)


def _homes(case_ids: Sequence[CaseId]) -> dict[CaseId, tuple[CaseId, bool]]:
    """Where each case is worked now, after a merge in another one; and whether it still runs."""
    states = cases.lead_states(list(set(case_ids)))
    into = cases.lead_states([each.merged_into for each in states.values() if each.merged_into])
    at = {
        each.case_id: into.get(each.merged_into, each) if each.merged_into else each
        for each in states.values()
    }
    return {case_id: (each.case_id, each.phase in RUNNING) for case_id, each in at.items()}


def _classes(kinds: Sequence[Family], alarms: Sequence[Alarm]) -> list[str]:
    """Every listed class of these families."""
    wanted, of = {rule.key for rule in kinds}, families().of
    listed = {str(each.code) for each in scenarios.classes()} | {each.class_code for each in alarms}
    return sorted(code for code in listed if of(code).key in wanted)


def _box(alarms: Sequence[Alarm], reach_m: float) -> tuple[list[float], bool]:
    """West, east, south and north of the alarms with a place, so many metres around; are there others?"""
    places = [(each.lng, each.lat) for each in alarms if each.lng is not None and each.lat is not None]
    if len(places) < len(alarms) or not places:
        return [0.0, 0.0, 0.0, 0.0], True
    high = math.degrees(reach_m / EARTH_RADIUS_M) * 1.01
    wide = high / max(math.cos(math.radians(max(abs(lat) for _, lat in places))), 1e-3)
    lngs, lats = [lng for lng, _ in places], [lat for _, lat in places]
    return [min(lngs) - wide, max(lngs) + wide, min(lats) - high, max(lats) + high], False


@dataclass(frozen=True, slots=True)
class Alarms:
    """The device alarms of one case. `devices`: told apart by `device_id` in the sender's details, else by
    place."""

    alarms: int
    devices: int
    grids: int
    first_at: datetime | None
    last_at: datetime | None


_ALARMS: Final = """
SELECT count(*),
       count(DISTINCT coalesce(nullif(source_detail->>'device_id', ''), lng || ',' || lat, external_id)),
       count(DISTINCT grid_code), min(reported_at), max(reported_at)
  FROM intake_report WHERE case_id = %s AND channel = 'device'
"""


def alarms_of_case(case_id: CaseId, *, actor: Actor) -> Alarms:
    """How many alarms of how many devices make up a case, for whoever may see it. Raises ReportNotFound."""
    if not may_see_case(case_id, actor):
        raise ReportNotFound
    with connection.cursor() as cursor:
        cursor.execute(_ALARMS, [case_id])
        return Alarms(*cursor.fetchone())
