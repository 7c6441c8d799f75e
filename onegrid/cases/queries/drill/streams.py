"""What comes in: the city's own past cases one by one, or a made-up stream after their pattern."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from onegrid.cases.rules.drill.deeds import deciding
from onegrid.cases.rules.drill.refusals import NoHistory, NothingComes
from onegrid.cases.rules.drill.streams import HOURS, Arrival, Historic, Kind, Synthetic
from onegrid.kernel.stepping import ticks
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Definition, Source, VersionInfo
from onegrid.scenarios.rules.classes import ClassInfo
from onegrid.scenarios.rules.classes import Urgency as ClassUrgency

PER_GRID_AND_DAY: Final = 0.1  # matters, assumed where there is no history
_PAGE: Final = 20_000
_URGENCY: Final = {ClassUrgency.HIGH: 3, ClassUrgency.MEDIUM: 2, ClassUrgency.LOW: 1, None: 2}
_SOURCES: Final = {one.value: one for one in Source}

_OURS: Final = "(scenario = %s OR class_code = ANY(%s))"


@dataclass(frozen=True)
class Past:
    """The past cases of a scenario or of its classes, read anew each time, in the order of their reports.

    Grid, class and unit are those that a case had in the end."""

    key: str
    codes: tuple[str, ...]
    since: datetime

    def __iter__(self) -> Iterator[Arrival]:
        mark: tuple[Any, ...] = (self.since, "00000000-0000-0000-0000-000000000000")
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT opened_at, id, grid_code, class_code, unit, urgency, channel, source"  # noqa: S608 - constants only
                    f" FROM cases_case WHERE {_OURS} AND (opened_at, id) > (%s, %s)"
                    " ORDER BY opened_at, id LIMIT %s",
                    [self.key, list(self.codes), *mark, _PAGE],
                )
                rows = cursor.fetchall()
            for at, _, grid, class_code, unit, urgency, channel, source in rows:
                kind = Kind(class_code, unit, urgency, channel, _SOURCES.get(source))
                yield Arrival(ticks(at), grid, kind)
            if len(rows) < _PAGE:
                return
            mark = rows[-1][:2]


def historic(definition: Definition, *, days: int, now: datetime) -> Historic:
    """The last `days` days in which cases came in. Raises NoHistory."""
    codes = class_codes(definition, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(opened_at) FROM cases_case WHERE {_OURS}",  # noqa: S608 - constants only
            [definition.key, list(codes)],
        )
        (last,) = cursor.fetchone()
    if last is None:
        raise NoHistory(key=definition.key, name=definition.name.zh)
    return Historic(Past(definition.key, codes, last - timedelta(days=days)))


def synthetic(
    version: VersionInfo, grids: Sequence[str], *, per_day: float | None, now: datetime
) -> tuple[Synthetic, str]:
    """A steady stream over the grids, and a sentence that says where its rate and pattern come from.

    Raises NothingComes."""
    definition = version.definition
    classes = _classes(definition, now=now)
    past, span = _past_grids(definition.key, [one.code for one in classes])
    rate, said = _rate(per_day, sum(past.values()), span, len(grids))
    kinds = [
        Kind(one.code, one.unit or "", _URGENCY[one.urgency], source.channel, source)
        for one in classes
        for source in told_apart(definition)
    ]
    if not kinds or not grids:
        raise NothingComes(name=definition.name.zh, key=definition.key)
    weights = [1.0 + past.get(grid, 0) for grid in grids]
    pattern = "网格分布按历史" if past else "各网格均匀（假定）"
    said = f"模拟流量，{said}，{pattern}，类别与来源均匀（假定），时段分布为假定"
    return Synthetic(rate, grids, weights, kinds, [1.0] * len(kinds), HOURS), said


def _rate(per_day: float | None, count: int, span: float, grids: int) -> tuple[float, str]:
    if per_day is not None:
        return per_day, f"每天 {per_day:g} 件（指定）"
    if count and span >= 1:
        return count / span, f"每天 {count / span:.1f} 件（按历史 {count} 件）"
    return (
        PER_GRID_AND_DAY * grids,
        f"每天 {PER_GRID_AND_DAY * grids:.1f} 件（假定每网格每天 {PER_GRID_AND_DAY} 件）",
    )


def _past_grids(key: str, codes: list[str]) -> tuple[dict[str, int], float]:
    """How many past cases each grid had, and over how many days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT grid_code, count(*), min(opened_at), max(opened_at) FROM cases_case"  # noqa: S608 - constants only
            f" WHERE {_OURS} GROUP BY grid_code ORDER BY grid_code",
            [key, codes],
        )
        rows = cursor.fetchall()
    if not rows:
        return {}, 0.0
    span = max(row[3] for row in rows) - min(row[2] for row in rows)
    return {row[0]: row[1] for row in rows}, span / timedelta(days=1)


def class_codes(definition: Definition, *, now: datetime) -> tuple[str, ...]:
    """The classes that the scenario takes, down to the last."""
    return tuple(one.code for one in _classes(definition, now=now))


def _classes(definition: Definition, *, now: datetime) -> list[ClassInfo]:
    """Classes that a report can have here: nothing below them, and not nearer to another live scenario."""
    tree = scenarios.classes()
    theirs = {
        code
        for version in scenarios.live(now).versions
        if version.key != definition.key
        for code in version.definition.classes
    }
    found = {one.code: one for code in definition.classes for one in tree.under(code)}
    return [
        one
        for code, one in sorted(found.items())
        if not tree.children(code) and _is_ours(tree.lineage(code), set(definition.classes), theirs)
    ]


def _is_ours(lineage: Sequence[str], ours: set[str], theirs: set[str]) -> bool:
    nearest = next((code for code in lineage if code in ours or code in theirs), "")
    return nearest in ours


def told_apart(definition: Definition) -> list[Source]:
    """Sources of discovery, of those between which the definition makes no difference only the first."""
    sources = list(definition.discovery) or [Source.PATROL]
    if deciding(definition) & {"source", "channel"}:
        return sources
    first: dict[tuple[bool, ...], Source] = {}
    for source in sources:
        first.setdefault(tuple(source in start.sources for start in definition.starts), source)
    return list(first.values())
