"""What a flow chart shows of a definition: the stages that are drawn, in order, and where each exit leads.

Virtual stages are left out: an exit to one leads to whatever lies behind it. The order is that of the file,
as far as every arrow that is no return can point down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.words import ENDS


@dataclass(frozen=True, slots=True)
class Leaving:
    """One arrow: its label and the stage key or end it points to."""

    label: str
    to: str

    @property
    def ends(self) -> bool:
        return self.to in ENDS


@dataclass(frozen=True, slots=True)
class Step:
    """One box: what stands in it, who may begin there, and its arrows."""

    key: str
    name: str
    lines: tuple[str, ...]
    leavings: tuple[Leaving, ...]
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """The chart before it has a shape. `ends` names the two ends in the language of the chart."""

    title: str
    steps: tuple[Step, ...]
    ends: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """How the words of a chart are said: the lines of a stage, an exit's label, a start's label."""

    title: str
    name: Callable[[Stage], str]
    lines: Callable[[Stage], tuple[str, ...]]
    label: Callable[[Exit], str]
    beyond: Callable[[Exit], str]
    begins: Callable[[int], str]
    ends: Mapping[str, str]


def flow_of(definition: Definition, tell: Telling) -> Flow:
    """The chart of a definition, its words said by `tell`."""
    order = ordered(definition)
    begins: dict[str, list[str]] = {}
    for index, start in enumerate(definition.starts):
        for key in _behind(definition, start.stage):
            begins.setdefault(key, []).append(tell.begins(index))
    steps = tuple(
        Step(
            key,
            tell.name(definition.stages[key]),
            tell.lines(definition.stages[key]),
            tuple(_leavings(definition, definition.stages[key], tell)),
            tuple(begins.get(key, ())),
        )
        for key in order
    )
    return Flow(tell.title, steps, tell.ends)


def _leavings(definition: Definition, stage: Stage, tell: Telling) -> Iterator[Leaving]:
    for leave in stage.exits.values():
        for key in _behind(definition, leave.to):
            yield Leaving(tell.label(leave), key)
        for key in _behind(definition, leave.beyond) if leave.beyond else ():
            yield Leaving(tell.beyond(leave), key)


def _behind(definition: Definition, key: str) -> list[str]:
    """The stages or ends that are drawn in place of this one: itself unless it is virtual."""
    found: dict[str, None] = {}
    waiting, seen = [key], set[str]()
    while waiting:
        one = waiting.pop(0)
        stage = definition.stages.get(one)
        if stage is None or not stage.virtual:
            if stage is not None or one in ENDS:
                found[one] = None
        elif one not in seen:
            seen.add(one)
            ways = stage.exits.values()
            waiting += [to for way in ways for to in (way.to, way.beyond) if to is not None]
    return list(found)


def ordered(definition: Definition) -> list[str]:
    """The drawn stages from top to bottom: returns apart, nobody stands above whoever leads to him.

    Among those that may come next, the first of the file comes first.
    """
    drawn = [key for key, stage in definition.stages.items() if not stage.virtual]
    ways = {key: _ways(definition, key) for key in drawn}
    returns = _returns(ways)
    waiting = {key: sum((one, key) not in returns and key in ways[one] for one in drawn) for key in drawn}
    order: list[str] = []
    while waiting:
        free = next((key for key in waiting if waiting[key] == 0), next(iter(waiting)))
        del waiting[free]
        order.append(free)
        for key in ways[free]:
            if key in waiting and (free, key) not in returns:
                waiting[key] -= 1
    return order


def _ways(definition: Definition, key: str) -> list[str]:
    """The drawn stages to which the exits of a stage lead, each once."""
    exits = definition.stages[key].exits.values()
    targets = [to for leave in exits for to in (leave.to, leave.beyond) if to is not None]
    behind = (one for to in targets for one in _behind(definition, to))
    return [one for one in dict.fromkeys(behind) if one in definition.stages]


def _returns(ways: Mapping[str, list[str]]) -> set[tuple[str, str]]:
    """The arrows that close a loop: to the stage itself, or to one above it in the file that leads to it."""
    place = {key: index for index, key in enumerate(ways)}
    led = {key: _led_to(ways, key) for key in ways}
    return {(key, to) for key in ways for to in ways[key] if place[to] <= place[key] and key in led[to]}


def _led_to(ways: Mapping[str, list[str]], key: str) -> set[str]:
    """The stages that can be reached from this one; itself too."""
    found, waiting = {key}, [key]
    while waiting:
        for one in ways[waiting.pop()]:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
