"""Which version a handbook is made from, and the names that stand in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from onegrid.kernel.ids import VersionId
from onegrid.scenarios.queries.live import classes, live, version
from onegrid.scenarios.rules import Definition, Text, VersionInfo
from onegrid.scenarios.rules.accountability import named_units
from onegrid.scenarios.rules.handbook import Edition, Names
from onegrid.scenarios.rules.refusals import NoScenario, NoSuchNumber
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce

WHOLE: Final = "全市"


@dataclass(frozen=True, slots=True)
class Printed:
    """A version with what its handbook says of it."""

    version: VersionInfo
    edition: Edition


def printed(key: str, *, number: int | None = None, now: datetime) -> Printed:
    """The version of that number; without one the version live `now`, else the newest.

    Raises NoScenario or NoSuchNumber."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, v.number, v.published_at FROM scenarios_version v"
            " JOIN scenarios_scenario s ON s.id = v.scenario_id WHERE s.key = %s ORDER BY v.number",
            [key],
        )
        rows = cursor.fetchall()
    if not rows:
        raise NoScenario(key=key)
    places = _places(key, now)
    wanted = number or next((n for _, n, _ in reversed(rows) if n in places), rows[-1][1])
    found = next((row for row in rows if row[1] == wanted), None)
    if found is None:
        raise NoSuchNumber(key=key, number=wanted, last=rows[-1][1])
    edition = Edition(found[1], workforce.city_day(found[2]), places.get(found[1], ""))
    return Printed(version(VersionId(found[0])), edition)


def _places(key: str, now: datetime) -> dict[int, str]:
    """Where each version of a scenario is live, in words."""
    found: dict[int, str] = {}
    for one in live(now).versions:
        if one.key == key:
            found[one.number] = WHOLE if one.towns is None else "、".join(_town_names(one.towns))
    return found


def _town_names(codes: Iterable[str]) -> list[str]:
    names = territory.paths(codes)
    return [name.rpartition("/")[2] for name in names.values()]


def names_of(definitions: Iterable[Definition], *, more: Iterable[str] = ()) -> Names:
    """Names of the units these definitions speak of, and of all matter classes."""
    keys = {key for one in definitions for key in named_units(one)} | set(more)
    known = workforce.units_by_key(sorted(keys))
    units = {key: Text(unit.name_zh, unit.name_en) for key, unit in known.items()}
    return Names(units, {one.code: one.name for one in classes()})
