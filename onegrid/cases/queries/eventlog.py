"""Cases with their trails, through one server-side cursor: any number in bounded memory, of one moment."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction

from onegrid.accounts.queries import scope_sql
from onegrid.accounts.rules import Actor
from onegrid.cases.queries.pages import VERBS_ZH
from onegrid.cases.rules.eventlog import LoggedPost, Recorded, Trace, trace_of
from onegrid.cases.rules.moves import MOVES
from onegrid.kernel.ids import PostId, VersionId
from onegrid.scenarios import queries as scenarios
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import ROLES

EXPORT: Final = "case.export"
CASES_AT_ONCE: Final = 200
ROWS_AT_ONCE: Final = 2000
_COLUMNS: Final = (
    "id", "number", "scenario", "version_id", "class_code", "grid_code", "unit", "channel", "urgency",
    "phase", "outcome", "opened_at", "closed_at", "repeat_of",
)  # fmt: skip
_WIDTH: Final = len(_COLUMNS)
_SELECT: Final = (
    f"SELECT {', '.join(f'c.{name}' for name in _COLUMNS)},"  # noqa: S608 - constants only
    " t.seq, t.verb, t.at, t.account_id IS NOT NULL, t.post_id, t.body"
    " FROM cases_case c JOIN kernel_trail t ON t.subject_id = c.id WHERE t.subject_kind = 'case'"
)
"""Ordered by case and step, so that the cases of the snapshot follow one another whole."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which cases go into a log: of one scenario ("" all), opened within [since, until)."""

    scenario: str = ""
    since: datetime | None = None
    until: datetime | None = None


def check_filter(wanted: LogFilter) -> None:
    """Raises UnknownScenario."""
    if wanted.scenario:
        scenarios.check_key(wanted.scenario)


def log_scope(actor: Actor) -> tuple[str, list[str]]:
    """SQL for the cases that the actor may take out: those of his places; an auditor's are all.

    Raises NotPermitted."""
    if actor.kind == "person" and actor.allows("audit.read"):
        return "TRUE", []
    actor.require(EXPORT)
    return scope_sql(actor, "c.grid_code", permission=EXPORT)


def traces(wanted: LogFilter, *, actor: Actor) -> Iterator[Trace]:
    """The cases within the actor's reach with their events. Raises NotPermitted at the first."""
    sql, params = _statement(wanted, *log_scope(actor))
    moves = {**VERBS_ZH, **{verb: move.zh for verb, move in MOVES.items()}}
    posts: dict[UUID, LoggedPost] = {}
    with transaction.atomic(), closing(connection.chunked_cursor().cursor) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(sql, params)
        cases = (list(rows) for _, rows in groupby(iter(cursor), key=lambda row: row[0]))
        for some in _batches(cases):
            _learn(posts, {row[_WIDTH + 4] for rows in some for row in rows})
            yield from (_trace(rows, posts, moves) for rows in some)


def _statement(wanted: LogFilter, scope: str, bounds: list[str]) -> tuple[str, list[Any]]:
    where, params = f" AND ({scope})", list[Any](bounds)
    for sql, value in (
        ("c.scenario = %s", wanted.scenario),
        ("c.opened_at >= %s", wanted.since),
        ("c.opened_at < %s", wanted.until),
    ):
        if value:
            where += f" AND {sql}"
            params.append(value)
    return f"{_SELECT}{where} ORDER BY c.id, t.seq", params


def _batches(cases: Iterator[list[tuple[Any, ...]]]) -> Iterator[list[list[tuple[Any, ...]]]]:
    while some := list(islice(cases, CASES_AT_ONCE)):
        yield some


def _learn(posts: dict[UUID, LoggedPost], named: set[UUID | None]) -> None:
    """Read the posts not known yet; closed ones have a name, too."""
    new = [PostId(one) for one in named if one is not None and one not in posts]
    for post_id, info in workforce.posts_by_id(new).items() if new else ():
        role = ROLES[info.role].zh if info.role in ROLES else info.role
        posts[post_id] = LoggedPost(info.key, info.title_zh, role, info.unit_zh, info.territory)


@lru_cache(maxsize=256)
def _stage_names(version_id: VersionId) -> Mapping[str, str]:
    """A version never changes, so its names are put together once."""
    return {key: stage.name.zh for key, stage in scenarios.version(version_id).definition.stages.items()}


def _trace(rows: list[tuple[Any, ...]], posts: dict[UUID, LoggedPost], moves: dict[str, str]) -> Trace:
    about = dict(zip(_COLUMNS, rows[0], strict=False))
    version = scenarios.version(VersionId(about.pop("version_id")))
    steps = [Recorded._make((*row[_WIDTH:-1], orjson.loads(row[-1]))) for row in rows]
    names = _stage_names(version.version_id)
    events, named = trace_of(steps, posts=posts, stages=names, moves=moves)
    return Trace(
        case_id=about.pop("id"),
        scenario_name=version.definition.name.zh,
        scenario_version=version.number,
        events=events,
        posts=named,
        **about,
    )
