"""Case numbers: prefix, day, county and the day's count, without a lock that openings would wait for.

Each connection takes a few counts ahead, so that a single opening seldom asks for one; counts left over
when a connection ends stay gaps, as those of a rolled-back batch do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from psycopg import Connection

from onegrid.cases.rules.opening import Opening, case_number

AHEAD = 16  # counts taken at once


@dataclass(slots=True)
class _Memory:
    """What one connection knows: counts taken and not used, and where each day began (that never changes)."""

    counts: list[int] = field(default_factory=list)
    bases: dict[date, int] = field(default_factory=dict)


_memories: WeakKeyDictionary[Connection[object], _Memory] = WeakKeyDictionary()


def numbers(openings: Sequence[Opening]) -> list[str]:
    """One new number per opening; no number is ever given twice."""
    connection.ensure_connection()
    memory = _memories.setdefault(connection.connection, _Memory())
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    days = [opening.opened_at.astimezone(zone).date() for opening in openings]
    bases = {day: _base(day, memory) for day in dict.fromkeys(days)}
    counts = _take(len(openings), memory, above=max(bases.values()))
    return [
        case_number(
            opening.version.definition.prefix,
            day=f"{day:%Y%m%d}",
            county=opening.grid_code[:6],
            count=count - bases[day],
        )
        for opening, day, count in zip(openings, days, counts, strict=True)
    ]


def _take(count: int, memory: _Memory, *, above: int) -> list[int]:
    """So many counts beyond the beginning of every day concerned; older ones are let go."""
    held = [one for one in memory.counts if one > above]
    if len(held) < count:
        with connection.cursor() as cursor:
            wanted = max(count - len(held), AHEAD if count < AHEAD else 0)
            cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [wanted])
            held += [row[0] for row in cursor.fetchall()]
    memory.counts = held[count:]
    return held[:count]


def _base(day: date, memory: _Memory) -> int:
    """Where the sequence stood at the day's first number; that first opening sets it once and for all."""
    if day in memory.bases:
        return memory.bases[day]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_number_day (day, base) SELECT %s, nextval('cases_number')"
            " WHERE NOT EXISTS (SELECT 1 FROM cases_number_day WHERE day = %s) ON CONFLICT DO NOTHING",
            [day, day],
        )
        cursor.execute("SELECT base FROM cases_number_day WHERE day = %s", [day])
        base = int(cursor.fetchone()[0])
    transaction.on_commit(lambda: memory.bases.__setitem__(day, base))
    return base
