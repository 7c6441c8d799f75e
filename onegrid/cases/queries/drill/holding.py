"""Holding a drill: everything read from the city, the drill played, and beside it each what-if on a core."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from onegrid.cases.queries.drill.habits import habits_of
from onegrid.cases.queries.drill.people import post_cards
from onegrid.cases.queries.drill.streams import historic, synthetic
from onegrid.cases.queries.drill.versions import drafted, live_version
from onegrid.cases.queries.grounds import ground_of
from onegrid.cases.rules.drill.findings import effect, findings
from onegrid.cases.rules.drill.playing import Drill
from onegrid.cases.rules.drill.refusals import DrillInterrupted, NoFile
from onegrid.cases.rules.drill.results import Found, result_of
from onegrid.cases.rules.drill.setting import Setting
from onegrid.cases.rules.drill.streams import Stream
from onegrid.cases.rules.drill.what_if import WhatIf
from onegrid.kernel.stepping import SteppingCalendar, ticks
from onegrid.kernel.texts import read_utf8
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import VersionInfo
from onegrid.territory import queries as territory
from onegrid.workforce.rules import DutyTable, leaf_grids
from onegrid.workforce.rules.roles import OWNER_ROLE

CORES: Final = 2
Progress = Callable[[float], None]  # told again and again which share of the drill is played, 0 to 1


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drilled. `scenario`: a version, a live key, a round (`key/2`), or the path of a file.

    `start`: a moment on the first day; `stream`: "historic" or "synthetic", that with `per_day` matters.
    `habits`: a file of assumptions, or what it would say."""

    scenario: str | VersionInfo
    start: datetime
    days: int = 30
    stream: str = "synthetic"
    per_day: float | None = None
    seed: int = 1
    habits: Path | Mapping[str, Any] | None = None
    what_ifs: tuple[WhatIf, ...] = ()
    most_open: int = 400_000


def hold(order: Order, *, now: datetime, progress: Progress = lambda share: None) -> Found:
    """Hold the drill on this city: the result with its findings and the effect of each what-if, as JSON.

    Raises NotLive, NotSound, NoHistory, NoFile, BadHabits, NoSuchStage, NoSuchPerson, DrillInterrupted."""
    setting = setting_of(order, now=now)
    changed = [one.applied(setting) for one in order.what_ifs]  # refuses what is not there
    others = [(one.label(setting), other) for one, other in zip(order.what_ifs, changed, strict=True)]
    results = _played([setting, *(other for _, other in others)], progress)
    base = results[0]
    effects = [
        effect(base, other, label=label) for (label, _), other in zip(others, results[1:], strict=True)
    ]
    told = [*findings(base), *(one["finding"] for one in effects)]
    return {**base, "what_if": effects, "findings": told}


def setting_of(order: Order, *, now: datetime) -> Setting:
    """Everything that the drill needs, read from the city as it is `now`."""
    version = version_of(order.scenario, now=now)
    definition = version.definition
    live = territory.live_codes()
    ground = replace(ground_of(definition), is_live_grid=live.__contains__)  # as of now: no query for each
    calendar = SteppingCalendar.of(ground.calendar)
    grids = [code for code in leaf_grids(live) if version.towns is None or code.startswith(version.towns)]
    if order.stream == "historic":
        stream: Stream = historic(definition, days=order.days, now=now)
        said = f"历史流量，最近 {order.days} 天的真实事件"
    else:
        stream, said = synthetic(version, grids, per_day=order.per_day, now=now)
    return Setting(
        version=version, ground=ground, cards=post_cards(ground.duties, now=order.start),
        habits=habits_of(definition, calendar, given=order.habits), stream=stream, stream_zh=said,
        grids=grids, units=_departments(ground.duties),
        start=_midnight(order.start), days=order.days, seed=order.seed, most_open=order.most_open,
    )  # fmt: skip


def _departments(duties: DutyTable) -> tuple[str, ...]:
    """Units that may be made to answer for a matter."""
    return tuple(sorted({entry.unit for entry in duties.posts.values() if entry.role == OWNER_ROLE}))


def version_of(scenario: str | VersionInfo, *, now: datetime) -> VersionInfo:
    """The version at hand, the live one of that key, the one built in a round (`key/2`), or a draft's file.

    Raises NotLive, NoProject, NotBuilt, NotSound, NoFile."""
    if isinstance(scenario, VersionInfo):
        return scenario
    file = Path(scenario)
    if file.suffix in {".yaml", ".yml"}:
        return drafted(_text_of(file))
    key, _, number = scenario.partition("/")
    if number.isdigit():
        return scenarios.built(key, number=int(number))
    return live_version(scenario, now=now)


def _text_of(file: Path) -> str:
    try:
        return read_utf8(file)
    except OSError:
        raise NoFile(file=str(file)) from None


def _midnight(at: datetime) -> int:
    local = at.astimezone(ZoneInfo(settings.CITY_TIME_ZONE))
    return ticks(local.replace(hour=0, minute=0, second=0, microsecond=0))


def _played(drills: Sequence[Setting], progress: Progress) -> list[Found]:
    """Each drill's result; several are played side by side, a core each."""
    if len(drills) == 1:
        return [_play(drills[0], progress)]
    results: list[Found] = []
    for begin in range(0, len(drills), CORES):
        batch = drills[begin : begin + CORES]
        results += _side_by_side(batch, _part(progress, begin / len(drills), len(batch) / len(drills)))
    return results


def _part(progress: Progress, before: float, part: float) -> Progress:
    """Progress of some of the drills as progress of all."""
    return lambda share: progress(before + share * part)


def _side_by_side(drills: Sequence[Setting], progress: Progress) -> list[Found]:
    """Raises DrillInterrupted where a process ended without an answer."""
    fork = get_context("fork")  # a child has the setting without reading it again
    ends: dict[Connection, int] = {}
    children: list[ForkProcess] = []
    for nth, setting in enumerate(drills):
        mine, theirs = fork.Pipe(duplex=False)
        child = fork.Process(target=_play_for, args=(setting, theirs))
        child.start()
        theirs.close()
        ends[mine] = nth
        children.append(child)
    try:
        return _answers(ends, progress)
    finally:
        for child in children:
            child.terminate()  # one that has answered has nothing left to do
            child.join()
        for mine in ends:
            mine.close()


def _answers(ends: Mapping[Connection, int], progress: Progress) -> list[Found]:
    answers: list[Found] = [{} for _ in ends]
    shares = [0.0 for _ in ends]
    waiting = dict(ends)
    while waiting:
        for end in wait(list(waiting)):
            assert isinstance(end, Connection)
            try:
                told = end.recv()
            except (EOFError, ConnectionError):
                raise DrillInterrupted from None
            if isinstance(told, float):
                shares[ends[end]] = told
                progress(sum(shares) / len(shares))
                continue
            if isinstance(told, BaseException):
                raise told
            answers[waiting.pop(end)] = told
    return answers


def _play_for(setting: Setting, answer: Connection) -> None:
    """In a child: how far it is, then the result, or why there is none."""
    connection.connection = None  # the parent's; a child that reads the past opens its own
    try:
        answer.send(_play(setting, answer.send))
    except Exception as fault:  # noqa: BLE001 - the parent raises it
        answer.send(fault)


def _play(setting: Setting, progress: Progress) -> Found:
    with _few_collections():
        drill = Drill(setting, on_day=lambda day: progress(day / setting.days))
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
