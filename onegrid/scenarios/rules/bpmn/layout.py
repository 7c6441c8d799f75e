"""Where each node and arrow of a process is drawn: shapes never overlap, arrows run in channels of their own.

Columns hold task, gateway, counter and script; each stage is a block of rows. An arrow to another block goes
right to a vertical channel of its own, then left above the block it leads to, then down into it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from onegrid.scenarios.rules.bpmn.process import Flow, Kind, Node, Process

ROW: Final = 90
CENTRES: Final = (80, 270, 500, 700, 850)
CHANNEL: Final = 14
FIRST_CHANNEL: Final = 940
FAN: Final = 570
MARGIN: Final = 60
COUNTERS: Final = 3  # column of the counting gateways
BELOW: Final = 38  # how far below its middle a used-up exit leaves a counter
LABEL: Final = (85, 16)
_SIZES: Final = {
    Kind.START: (36, 36),
    Kind.END: (36, 36),
    Kind.TASK: (180, 60),
    Kind.GATEWAY: (50, 50),
    Kind.SCRIPT: (110, 50),
    Kind.TIMER: (36, 36),
}

_ROUND: Final = (Kind.START, Kind.END, Kind.TIMER)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> Point:
        return self.x + self.width, self.centre[1]

    @property
    def left(self) -> Point:
        return self.x, self.centre[1]

    @property
    def bottom(self) -> Point:
        return self.centre[0], self.y + self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """Bounds of each node by id, way of each flow by id, bounds of their labels by the same ids."""

    boxes: dict[str, Box]
    ways: dict[str, tuple[Point, ...]]
    labels: dict[str, Box]


def laid_out(process: Process) -> Layout:
    """The drawing of the process."""
    nodes = {node.id: node for node in process.nodes}
    block_of = {
        row: block
        for block in range(len(process.rows) - 1)
        for row in range(process.rows[block], process.rows[block + 1])
    }
    far = [flow for flow in process.flows if _is_far(nodes[flow.source], nodes[flow.target])]
    arriving: dict[int, list[Flow]] = defaultdict(list)
    for flow in far:
        arriving[block_of[nodes[flow.target].row]].append(flow)
    tops = _tops(process, arriving)
    boxes = {node.id: _box(node, tops) for node in process.nodes if node.kind is not Kind.TIMER}
    boxes |= {node.id: _on_edge(boxes[node.on]) for node in process.nodes if node.kind is Kind.TIMER}
    lanes = _lanes(process)
    ways: dict[str, tuple[Point, ...]] = {}
    for channel, flow in enumerate(far):
        source, block = nodes[flow.source], block_of[nodes[flow.target].row]
        out = _out(source, boxes[source.id], lanes[flow.id])
        order = (arriving[block].index(flow), len(arriving[block]), tops[process.rows[block]])
        ways[flow.id] = _far_way(out, boxes[flow.target], channel, order)
    near = [flow for flow in process.flows if flow.id not in ways]
    ways |= {flow.id: _near_way(nodes[flow.source], nodes[flow.target], boxes) for flow in near}
    labels = {flow.id: _label(ways[flow.id]) for flow in process.flows if flow.name}
    labels |= {node.id: _beside(boxes[node.id]) for node in process.nodes if node.kind in _ROUND}
    return Layout(boxes, ways, labels)


def _is_far(source: Node, target: Node) -> bool:
    """Arrows within a block go straight; all others (also those back to the own stage) take a channel."""
    if source.kind is Kind.TIMER or target.kind in (Kind.GATEWAY, Kind.SCRIPT):
        return False
    return target.column <= source.column or source.row != target.row


def _lanes(process: Process) -> dict[str, int]:
    """Which arrow of its node each arrow is, counted from 0."""
    seen: Counter[str] = Counter()
    lanes: dict[str, int] = {}
    for flow in process.flows:
        lanes[flow.id] = seen[flow.source]
        seen[flow.source] += 1
    return lanes


def _tops(process: Process, arriving: dict[int, list[Flow]]) -> dict[int, float]:
    """The upper edge of each row, with room above a block for the arrows that lead to it."""
    tops: dict[int, float] = {}
    y: float = MARGIN
    for block in range(len(process.rows) - 1):
        y += 30 + CHANNEL * len(arriving[block])
        for row in range(process.rows[block], process.rows[block + 1]):
            tops[row] = y
            y += ROW
    return tops


def _box(node: Node, tops: dict[int, float]) -> Box:
    width, height = _SIZES[node.kind]
    return Box(CENTRES[node.column] - width / 2, tops[node.row] + (ROW - height) / 2, width, height)


def _on_edge(task: Box) -> Box:
    """A timer sits on the lower edge of its task, in the middle."""
    x, y = task.bottom
    return Box(x - 18, y - 18, 36, 36)


def _near_way(source: Node, target: Node, boxes: dict[str, Box]) -> tuple[Point, ...]:
    a, b = boxes[source.id], boxes[target.id]
    if source.kind is Kind.TIMER:
        if target.column == source.column:
            return a.bottom, (b.centre[0], b.y)
        return a.bottom, (a.centre[0], b.centre[1]), b.left
    if target.row < source.row:
        return (b.centre[0], a.y), b.bottom
    if target.row == source.row:
        return a.right, b.left
    return a.right, (FAN, a.centre[1]), (FAN, b.centre[1]), b.left


def _out(source: Node, box: Box, lane: int) -> tuple[Point, ...]:
    """The way out of a node as far as it is its own: the arrows of a gateway fan out, one to a row."""
    if lane == 0:
        return (box.right,)
    x, y = box.centre
    if source.column != COUNTERS:
        return box.right, (FAN, y), (FAN, y + lane * ROW)
    drop = BELOW if source.counts else lane * ROW
    return box.bottom, (x, y + drop)


def _far_way(
    out: tuple[Point, ...], target: Box, channel: int, arriving: tuple[int, int, float]
) -> tuple[Point, ...]:
    """`arriving`: which of how many arrows into the block this is, and the upper edge of the block."""
    number, count, top = arriving
    x = FIRST_CHANNEL + CHANNEL * channel
    above = top - 12 - CHANNEL * number
    spread = target.width * (number + 1) / (count + 1) if target.width > 100 else target.width / 2
    into = target.x + spread
    return *out, (x, out[-1][1]), (x, above), (into, above), (into, target.y)


def _beside(circle: Box) -> Box:
    """The name of an event stands to the lower right of its circle."""
    return Box(circle.x + 40, circle.y + 20, 70, LABEL[1])


def _label(way: tuple[Point, ...]) -> Box:
    """Above the first stretch of the arrow that goes right for long enough."""
    for (x, y), (end, level) in pairwise(way):
        if y == level and end - x >= LABEL[0]:
            return Box(x + 4, y - LABEL[1] - 2, *LABEL)
    x, y = way[0]
    return Box(x + 4, y - LABEL[1] - 2, *LABEL)
