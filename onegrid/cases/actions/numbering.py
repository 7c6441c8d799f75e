"""Case numbers: prefix, day, county and the day's count, without a lock that openings would wait for."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from onegrid.cases.rules.opening import Opening, case_number

_bases: dict[tuple[str, date], int] = {}
"""Committed bases by database and day; a base never changes."""


def numbers(openings: Sequence[Opening]) -> list[str]:
    """One new number per opening.

    Numbers of one day grow and never repeat; a rolled-back batch leaves a gap."""
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    days = [opening.opened_at.astimezone(zone).date() for opening in openings]
    bases = {day: _base(day) for day in Counter(days)}
    counts = _take(len(openings))
    return [
        case_number(
            opening.version.definition.prefix,
            day=f"{day:%Y%m%d}",
            county=opening.grid_code[:6],
            count=count - bases[day],
        )
        for opening, day, count in zip(openings, days, counts, strict=True)
    ]


def _take(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def _base(day: date) -> int:
    """Where the sequence stood at the day's first number; that first opening sets it once and for all."""
    key = (str(connection.settings_dict["NAME"]), day)
    if key in _bases:
        return _bases[key]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_number_day (day, base) SELECT %s, nextval('cases_number')"
            " WHERE NOT EXISTS (SELECT 1 FROM cases_number_day WHERE day = %s) ON CONFLICT DO NOTHING",
            [day, day],
        )
        cursor.execute("SELECT base FROM cases_number_day WHERE day = %s", [day])
        base = int(cursor.fetchone()[0])
    transaction.on_commit(lambda: _bases.__setitem__(key, base))
    return base
