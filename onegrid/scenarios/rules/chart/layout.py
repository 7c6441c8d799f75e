"""Places for everything in a chart: one stage a row, so that it fits a page's width however long it is.

Exits that end stand at the right with their end; exits further down run in lanes at the right and come in
from above; returns and loops run in lanes at the left and come in from the left. All arrows to one stage
share a lane, and no two labels share a place. Between two rows the chart may be cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onegrid.scenarios.rules.chart.flow import Flow, Leaving, Step
from onegrid.scenarios.rules.chart.shapes import (
    BOX,
    ENTRY,
    GAP,
    LANE,
    LINE,
    MARGIN,
    PILL,
    SIDE,
    SIZE,
    Box,
    Label,
    Line,
    width_of,
    wrapped,
)

_BELOW = 7  # from a label's last line to its arrow
_ABOVE = 15  # from the top of a label to its first line's foot


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with every place fixed. `cuts`: heights at which it may be cut into pieces."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    lines: tuple[Line, ...]
    cuts: tuple[float, ...]


def pieces(chart: Chart, *, highest: float) -> list[tuple[float, float]]:
    """The chart cut between its rows into pieces no higher than this, as (top, bottom); one row at least."""
    found, top, last = [], 0.0, 0.0
    for cut in (*chart.cuts, chart.height):
        if cut - top > highest and last > top:
            found.append((top, last))
            top = last
        last = cut
    return [*found, (top, chart.height)]


@dataclass(slots=True)
class _Side:
    """The arrows leaving a row at one side: label lines and target, stacked."""

    items: list[tuple[list[str], Leaving]] = field(default_factory=list)

    @property
    def height(self) -> float:
        return sum(len(lines) * LINE + _BELOW + 6 for lines, _ in self.items)


@dataclass(slots=True)
class _Row:
    step: Step
    number: int
    right: _Side = field(default_factory=_Side)
    left: _Side = field(default_factory=_Side)
    down: list[str] = field(default_factory=list)  # labels of exits straight to the next row
    looped: bool = False  # an arrow comes in at the left
    name: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    top: float = 0
    height: float = 0

    @property
    def bottom(self) -> float:
        return self.top + self.height


def lay_out(flow: Flow) -> Chart:
    """The chart with all its places."""
    rows = _rows(flow)
    height = _stack(rows)
    right, left = _Lanes(rows, down=True), _Lanes(rows, down=False)
    x = MARGIN + left.count * LANE + SIDE
    drawing = _Drawing(flow, rows, x, left, right)
    drawing.draw()
    width = x + BOX + SIDE + right.count * LANE + MARGIN
    cuts = tuple(row.bottom + 3 for row in rows[:-1])
    return Chart(
        flow.title,
        width,
        height,
        tuple(drawing.boxes),
        tuple(drawing.labels),
        tuple(drawing.lines),
        cuts,
    )


def _rows(flow: Flow) -> list[_Row]:
    rows = [_Row(step, number) for number, step in enumerate(flow.steps, 1)]
    number = {row.step.key: row.number for row in rows}
    for row in rows:
        row.name = wrapped(f"{row.number}. {row.step.name}", BOX - 24, size=SIZE + 1)
        row.lines = [line for text in row.step.lines for line in wrapped(text, BOX - 24, size=SIZE - 1)]
        for leaving in row.step.leavings:
            _place(row, leaving, number)
        row.down = list(dict.fromkeys(row.down))
    for row in rows:
        for _, leaving in (*row.left.items, *row.right.items):
            if not leaving.ends:
                target = rows[number[leaving.to] - 1]
                target.looped |= target.number <= row.number
    return rows


def _place(row: _Row, leaving: Leaving, number: Mapping[str, int]) -> None:
    to = number.get(leaving.to)
    if to == row.number + 1:
        row.down += wrapped(leaving.label, SIDE + BOX / 2 - 40)
        return
    room = SIDE - 18 - (PILL if leaving.ends else 0)
    side = row.left if to is not None and to <= row.number else row.right
    lines = wrapped(leaving.label, room)
    if to is not None:
        fits = width_of(f"{lines[-1]} → {to}") <= room
        lines[-1:] = [f"{lines[-1]} → {to}"] if fits else [lines[-1], f"→ {to}"]
    side.items.append((lines, leaving))


def _starts(row: _Row) -> list[str]:
    room = SIDE - 46 if row.number > 1 else 2 * SIDE
    return [line for text in row.step.begins for line in wrapped(text, room, size=SIZE - 1)]


def _stack(rows: list[_Row]) -> float:
    """Give every row its place from above; the height of the whole."""
    y: float = MARGIN
    for row in rows:
        starts = len(_starts(row)) * LINE + 10 if row.step.begins else 0
        y += starts + 26 if row.number == 1 and starts else 0
        row.top = y
        left = row.left.height + (ENTRY if row.looped else 0)
        left += starts + 8 if row.number > 1 and starts else 0
        own = len(row.name) * (LINE + 1) + len(row.lines) * LINE + 14
        row.height = max(own, left + 6, row.right.height + 6)
        y = row.bottom + GAP + (len(row.down) - 1) * LINE * bool(row.down)
    return rows[-1].bottom + MARGIN if rows else 2 * MARGIN


class _Lanes:
    """Lanes beside the boxes: one per stage that arrows come to, lanes of stages far apart shared."""

    def __init__(self, rows: list[_Row], *, down: bool) -> None:
        spans: dict[str, tuple[int, int]] = {}
        number = {row.step.key: row.number for row in rows}
        for row in rows:
            for _, leaving in (row.right if down else row.left).items:
                if not leaving.ends:
                    low, high = spans.get(leaving.to, (number[leaving.to], number[leaving.to]))
                    spans[leaving.to] = min(low, row.number), max(high, row.number)
        self.of: dict[str, int] = {}
        taken: list[list[tuple[int, int]]] = []
        for key, span in sorted(spans.items(), key=lambda one: (one[1][1] - one[1][0], one[1])):
            lane = next((i for i, others in enumerate(taken) if not _meets(span, others)), len(taken))
            if lane == len(taken):
                taken.append([])
            taken[lane].append(span)
            self.of[key] = lane
        self.count = len(taken)


def _meets(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] <= high and low <= span[1] for low, high in others)


class _Drawing:
    """The shapes of all rows."""

    def __init__(self, flow: Flow, rows: list[_Row], x: float, left: _Lanes, right: _Lanes) -> None:
        self.flow, self.rows, self.x, self.left, self.right = flow, rows, x, left, right
        self.number = {row.step.key: row.number for row in rows}
        self.boxes: list[Box] = []
        self.labels: list[Label] = []
        self.lines: list[Line] = []
        self.sources: dict[tuple[str, bool], list[float]] = {}
        self.entries: dict[str, float] = {}

    def draw(self) -> None:
        for row in self.rows:
            self._box(row)
            self._beginning(row)
            self._down(row)
            self._right(row)
            self._left(row)
        self._lanes()

    def _box(self, row: _Row) -> None:
        self.boxes.append(Box(self.x, row.top, BOX, row.height, "stage"))
        inner = len(row.name) * (LINE + 1) + len(row.lines) * LINE
        y = row.top + (row.height - inner) / 2 + 13
        for line in row.name:
            self.labels.append(Label(self.x + BOX / 2, y, line, "middle", bold=True))
            y += LINE + 1
        for line in row.lines:
            self.labels.append(Label(self.x + BOX / 2, y, line, "middle", tone="quiet"))
            y += LINE

    def _beginning(self, row: _Row) -> None:
        lines = _starts(row)
        if not lines:
            self.entries[row.step.key] = row.top + 12
            return
        high = len(lines) * LINE + 10
        wide = max(width_of(line, size=SIZE - 1) for line in lines) + 22
        if row.number == 1:
            x, y, head = self.x + BOX / 2 - wide / 2, row.top - high - 26, (self.x + BOX / 2, row.top)
            tail = (self.x + BOX / 2, y + high)
        else:
            x, y, head = self.x - wide - 26, row.top + 4, (self.x, row.top + 4 + high / 2)
            tail = (x + wide, head[1])
        self.boxes.append(Box(x, y, wide, high, "start", rounded=True))
        self.lines.append(Line((tail, head), "start", head=True))
        for index, line in enumerate(lines):
            self.labels.append(Label(x + wide / 2, y + 18 + index * LINE, line, "middle", tone="start"))
        self.entries[row.step.key] = row.top + 12 + (high + 8 if row.number > 1 else 0)

    def _down(self, row: _Row) -> None:
        if not row.down:
            return
        x, below = self.x + BOX / 2, self.rows[row.number]
        self.lines.append(Line(((x, row.bottom), (x, below.top)), "forward", head=True))
        for index, line in enumerate(row.down):
            self.labels.append(Label(x + 9, row.bottom + _ABOVE + index * LINE, line, tone="forward"))

    def _right(self, row: _Row) -> None:
        y, start = row.top, self.x + BOX
        for lines, leaving in row.right.items:
            for index, line in enumerate(lines):
                tone = leaving.to if leaving.ends else "forward"
                self.labels.append(Label(start + 9, y + _ABOVE + index * LINE, line, tone=tone))
            y += len(lines) * LINE + _BELOW
            if leaving.ends:
                self._end(leaving, start, y)
            else:
                lane = start + SIDE + self.right.of[leaving.to] * LANE
                self.lines.append(Line(((start, y), (lane, y)), "forward"))
                self.sources.setdefault((leaving.to, True), []).append(y)
            y += 6

    def _end(self, leaving: Leaving, start: float, y: float) -> None:
        x = start + SIDE - PILL - 4
        self.lines.append(Line(((start, y), (x, y)), leaving.to, head=True))
        self.boxes.append(Box(x, y - 11, PILL, 22, leaving.to, rounded=True))
        words = self.flow.ends[leaving.to]
        self.labels.append(Label(x + PILL / 2, y + 4, words, "middle", bold=True, tone="on " + leaving.to))

    def _left(self, row: _Row) -> None:
        y = self.entries[row.step.key] - 12 + (ENTRY if row.looped else 0)
        for lines, leaving in row.left.items:
            for index, line in enumerate(lines):
                place = self.x - 9, y + _ABOVE + index * LINE
                self.labels.append(Label(*place, line, "end", tone="back"))
            y += len(lines) * LINE + _BELOW
            lane = self._left_lane(leaving.to)
            self.lines.append(Line(((self.x, y), (lane, y)), "back"))
            self.sources.setdefault((leaving.to, False), []).append(y)
            y += 6

    def _left_lane(self, key: str) -> float:
        return MARGIN + (self.left.count - 1 - self.left.of[key]) * LANE

    def _lanes(self) -> None:
        """The shared part of the arrows to each stage, from the farthest source to the stage."""
        for (key, down), sources in self.sources.items():
            row = self.rows[self.number[key] - 1]
            if down:
                x, y, into = self.x + BOX + SIDE + self.right.of[key] * LANE, row.top - 12, self.x + BOX * 0.8
                way = ((x, min(sources)), (x, y), (into, y), (into, row.top))
                self.lines.append(Line(way, "forward", head=True))
            else:
                x, y = self._left_lane(key), self.entries[key]
                self.lines.append(Line(((x, max(sources)), (x, y), (self.x, y)), "back", head=True))
