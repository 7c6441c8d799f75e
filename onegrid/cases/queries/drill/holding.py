"""Holding a drill: everything read from the city, the drill played, and beside it each what-if on a core."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from onegrid.cases.queries.drill.habits import habits_of
from onegrid.cases.queries.drill.people import post_cards
from onegrid.cases.queries.drill.streams import historic, synthetic
from onegrid.cases.queries.grounds import ground_of
from onegrid.cases.rules.drill.findings import effect, findings
from onegrid.cases.rules.drill.playing import Drill
from onegrid.cases.rules.drill.refusals import NoFile
from onegrid.cases.rules.drill.results import Found, result_of
from onegrid.cases.rules.drill.setting import Setting
from onegrid.cases.rules.drill.streams import Stream
from onegrid.cases.rules.drill.what_if import WhatIf
from onegrid.kernel.ids import VersionId
from onegrid.kernel.stepping import SteppingCalendar, ticks
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import DefinitionRefused, VersionInfo, parse
from onegrid.scenarios.rules.refusals import NotLive, not_sound
from onegrid.territory import queries as territory
from onegrid.workforce.rules import DutyTable, leaf_grids
from onegrid.workforce.rules.roles import OWNER_ROLE

CORES: Final = 2
DRAFT: Final = VersionId(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drilled. `scenario`: a live key, a round (`key/2`), or the path of a scenario file.

    `start`: a moment on the first day; `stream`: "historic" or "synthetic", that with `per_day` matters."""

    scenario: str
    start: datetime
    days: int = 30
    stream: str = "synthetic"
    per_day: float | None = None
    seed: int = 1
    habits: Path | None = None
    what_ifs: tuple[WhatIf, ...] = ()
    most_open: int = 400_000


def hold(order: Order) -> Found:
    """Hold the drill on this city: the result with its findings and the effect of each what-if, as JSON.

    Raises NotLive, NotSound, NoHistory, NoFile, BadHabits, NoSuchStage, NoSuchPerson."""
    setting = setting_of(order)
    others = [(one.label(setting), one.applied(setting)) for one in order.what_ifs]
    results = _played([setting, *(other for _, other in others)])
    base = results[0]
    effects = [
        effect(base, other, label=label) for (label, _), other in zip(others, results[1:], strict=True)
    ]
    told = [*findings(base), *(one["finding"] for one in effects)]
    return {**base, "what_if": effects, "findings": told}


def setting_of(order: Order) -> Setting:
    """Everything that the drill needs, read from the city."""
    version = version_of(order.scenario)
    definition = version.definition
    live = territory.live_codes()
    ground = replace(ground_of(definition), is_live_grid=live.__contains__)  # as of now: no query for each
    calendar = SteppingCalendar.of(ground.calendar)
    grids = [code for code in leaf_grids(live) if version.towns is None or code.startswith(version.towns)]
    if order.stream == "historic":
        stream: Stream = historic(definition, days=order.days)
        said = f"历史流量，最近 {order.days} 天的真实事件"
    else:
        stream, said = synthetic(version, grids, per_day=order.per_day)
    return Setting(
        version=version, ground=ground, cards=post_cards(ground.duties, now=order.start),
        habits=habits_of(definition, calendar, file=order.habits), stream=stream, stream_zh=said, grids=grids,
        units=_departments(ground.duties),
        start=_midnight(order.start), days=order.days, seed=order.seed, most_open=order.most_open,
    )  # fmt: skip


def _departments(duties: DutyTable) -> tuple[str, ...]:
    """Units that may be made to answer for a matter."""
    return tuple(sorted({entry.unit for entry in duties.posts.values() if entry.role == OWNER_ROLE}))


def version_of(scenario: str) -> VersionInfo:
    """The live version of that key, the one built in a round (`key/2`), or a draft from its file.

    Raises NotLive, NoProject, NotBuilt, NotSound, NoFile."""
    file = Path(scenario)
    if file.suffix in {".yaml", ".yml"}:
        return _draft(file)
    key, _, number = scenario.partition("/")
    if number.isdigit():
        return scenarios.built(key, number=int(number))
    found = [version for version in scenarios.live().versions if version.key == scenario]
    if not found:
        raise NotLive(key=scenario)
    return min(found, key=lambda version: version.towns is not None)


def _draft(file: Path) -> VersionInfo:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoFile(file=str(file)) from None
    draft = parse(text)
    if isinstance(draft, DefinitionRefused):
        raise not_sound(draft.findings)
    return VersionInfo(DRAFT, draft.definition.key, 0, draft.definition, None)


def _midnight(at: datetime) -> int:
    local = at.astimezone(ZoneInfo(settings.CITY_TIME_ZONE))
    return ticks(local.replace(hour=0, minute=0, second=0, microsecond=0))


def _played(drills: Sequence[Setting]) -> list[Found]:
    """Each drill's result; several are played side by side, a core each."""
    if len(drills) == 1:
        return [_play(drills[0])]
    results: list[Found] = []
    for begin in range(0, len(drills), CORES):
        results += _side_by_side(drills[begin : begin + CORES])
    return results


def _side_by_side(drills: Sequence[Setting]) -> list[Found]:
    fork = get_context("fork")  # a child has the setting without reading it again
    ends = []
    for setting in drills:
        mine, theirs = fork.Pipe(duplex=False)
        child = fork.Process(target=_play_for, args=(setting, theirs))
        child.start()
        theirs.close()
        ends.append((mine, child))
    try:
        answers = [mine.recv() for mine, _ in ends]
    finally:
        for mine, child in ends:
            mine.close()
            child.join()
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def _play_for(setting: Setting, answer: Connection) -> None:
    """In a child: the result, or why there is none."""
    connection.connection = None  # the parent's; a child that reads the past opens its own
    try:
        answer.send(_play(setting))
    except Exception as fault:  # noqa: BLE001 - the parent raises it
        answer.send(fault)


def _play(setting: Setting) -> Found:
    with _few_collections():
        drill = Drill(setting)
        drill.play()
        return result_of(drill)


@contextmanager
def _few_collections() -> Iterator[None]:
    """What a drill keeps has no cycles worth looking for every few thousand objects."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
