"""From a task along its arrows to wherever they lead: each way through gateways is one exit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from onegrid.scenarios.rules.bpmn.process import PREPARE, REGISTRATION, Flow, Kind, Node
from onegrid.scenarios.rules.bpmn.reading import Read
from onegrid.scenarios.rules.bpmn.refusals import BadBpmn, refused

MAX_WAYS: Final = 30
MAX_GATEWAYS: Final = 20
LONGEST: Final = 200  # characters of a condition that is looked into
_OUTCOME: Final = re.compile(r"[$#]?\{?\s*=?\s*\w+\s*={1,3}\s*[\"']?([\w .-]{1,60}?)[\"']?\s*\}?")
_COUNT: Final = re.compile(r"(\w+) < (\d{1,3})")
_COUNTED: Final = re.compile(r"(\w+) = \1 \+ 1")
_SET: Final = re.compile(r"\w+ = (?:\d+|'[^']*')")


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a task: `key` and `names` from the conditions and labels passed, `to` a task or an end.

    `at_most` and `beyond` (a task or an end, too) where the way is counted; `marks` of the arrows passed."""

    to: str
    key: str = ""
    names: tuple[str, ...] = ()
    at_most: int | None = None
    beyond: str | None = None
    marks: tuple[tuple[str, str], ...] = ()


def foreign_scripts(read: Read) -> None:
    """Raise BadBpmn for the first script that does anything but count exits or set a value."""
    for node in read.nodes.values():
        if node.kind is Kind.SCRIPT and not all(
            _COUNTED.fullmatch(x) or _SET.fullmatch(x) for x in node.script
        ):
            raise unsupported(read, node)


def ways(read: Read, node: str) -> list[Way]:
    """All ways out of a node. Raises BadBpmn for splits, scripts and circles that a case cannot follow."""
    leaving = read.leaving(node)
    if len(leaving) > 1:
        zh = f"“{_name(read, node)}”直接引出 {len(leaving)} 条连线（并行）。请用排他网关区分去向。"
        en = f"'{node}' has {len(leaving)} outgoing flows at once (parallel): put an exclusive gateway there."
        raise refused("bpmn-split", zh, en)
    found: list[Way] = []
    for way in (one for flow in leaving for one in _along(read, flow, ())):
        found.append(way)
        if len(found) > MAX_WAYS:
            zh = f"“{_name(read, node)}”的出口超过 {MAX_WAYS} 个。"
            raise refused("bpmn-too-many-exits", zh, f"'{node}' has more than {MAX_WAYS} exits.")
    return found


def _name(read: Read, node: str) -> str:
    return read.nodes[node].name or node


def _along(read: Read, flow: Flow, passed: tuple[str, ...]) -> Iterator[Way]:
    here = read.nodes[flow.target]
    for way in _from(read, here, passed):
        names = (flow.name, *way.names) if flow.name else way.names
        said = _OUTCOME.fullmatch(flow.condition) if len(flow.condition) <= LONGEST else None
        key = "-".join(filter(None, (said[1] if said else "", way.key)))
        yield replace(way, names=names, key=key, marks=(*flow.marks.items(), *way.marks))


def _from(read: Read, here: Node, passed: tuple[str, ...]) -> Iterator[Way]:
    if here.kind is Kind.END or (here.kind is Kind.TASK and here.id != REGISTRATION):
        yield Way(here.id)
        return
    if here.id in passed or len(passed) > MAX_GATEWAYS:
        zh = f"网关“{_name(read, here.id)}”处的连线绕成一圈，或网关层数过多。"
        raise refused("bpmn-circle", zh, f"Flows run in a circle, or too deep, at the gateway '{here.id}'.")
    passed = (*passed, here.id)
    if here.kind is Kind.GATEWAY:
        counted = _counting(read, here)
        if counted is not None:
            yield _bounded(read, *counted, passed)
            return
    elif not _passable(here):
        raise unsupported(read, here)
    for flow in read.leaving(here.id):
        yield from _along(read, flow, passed)


def _passable(here: Node) -> bool:
    """Registration, and a script that only sets what the process begins with."""
    return here.id == REGISTRATION or (here.id == PREPARE and all(map(_SET.fullmatch, here.script)))


def unsupported(read: Read, here: Node) -> BadBpmn:
    """The refusal of one node."""
    zh = f"“{_name(read, here.id)}”处的 {here.kind} 不能导入：只支持开始、结束、用户任务和排他网关。"
    en = f"The {here.kind} at '{here.id}' cannot be imported: only user tasks and exclusive gateways."
    return refused("bpmn-unsupported", zh, en)


def _counting(read: Read, gateway: Node) -> tuple[int, Node, Flow] | None:
    """The bound, the script that counts, and the arrow beyond, of a gateway that counts; else None."""
    leaving = read.leaving(gateway.id)
    bounds = [(flow, found) for flow in leaving if (found := _COUNT.fullmatch(flow.condition))]
    if len(leaving) != 2 or len(bounds) != 1:
        return None
    (within, bound), (beyond,) = bounds[0], [flow for flow in leaving if flow is not bounds[0][0]]
    script = read.nodes[within.target]
    if script.kind is not Kind.SCRIPT or len(script.script) != 1:
        return None
    counted = _COUNTED.fullmatch(script.script[0])
    return (int(bound[2]), script, beyond) if counted and counted[1] == bound[1] else None


def _bounded(read: Read, at_most: int, script: Node, beyond: Flow, passed: tuple[str, ...]) -> Way:
    within = [way for flow in read.leaving(script.id) for way in _along(read, flow, passed)]
    after = list(_along(read, beyond, passed))
    if len(within) != 1 or len(after) != 1 or at_most < 1:
        raise unsupported(read, script)
    return replace(within[0], at_most=at_most, beyond=after[0].to, names=(), marks=after[0].marks)
