"""What each cell of a raster holds: one grid, nothing, or border lines with all that comparing a point needs.

For a cell that border lines cross the table keeps a start sum: the weight sum of the polygons around its
centre, reduced to the lower end of the centre's column. From there one walks up the column to the height of
the point, then along its row to the point, and adds the step of each line passed. A cell that a single line
cuts right through needs no walk: the point lies left or right of the line."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from onegrid.territory.rules.raster import Raster, touched_cells, weight_sums
from onegrid.territory.rules.segments import Floats, Ints, Segments, Weights

# What the table says of a cell besides its grid (0 and up) or nothing (minus one unit):
CROSSED = -(1 << 31)  # + k: cell k of those that border lines cross
CUT = -(1 << 30)  # - k: cell k of those that a single line cuts in two
UNSURE = -(1 << 29)  # a line runs through its centre

DX, DY, OFFSET, LOW, HIGH, STEP = range(6)  # columns of the table of lines


@dataclass(frozen=True, slots=True)
class CellTable:
    """The lines and cells of one set of polygons; `doubt` is the |side| below which rounding may decide."""

    raster: Raster
    what: Ints
    lines: Floats
    doubt: float
    cut_line: NDArray[np.intp]
    cut_right: Floats  # weight sum right of the line, less one unit
    crossed_start: Floats
    crossed_first: NDArray[np.int32]
    crossed_count: NDArray[np.int32]
    crossing: NDArray[np.int32]  # line * 2 + (1 if the line passes the centre's column)

    @classmethod
    def of(cls, lines: Segments, weights: Weights) -> Self:
        """Compile the border lines of a territory (at least one)."""
        raster = Raster.over(lines)
        what = weight_sums(lines, raster, weights)
        crossings = _Crossings.of(lines, raster)
        first = np.flatnonzero(np.diff(crossings.cell, prepend=-1))
        count = np.diff(first, append=len(crossings.cell))
        cells = crossings.cell.take(first)
        around_centre = what.take(cells)
        start = around_centre - np.add.reduceat(crossings.step_to_centre(lines), first)
        cut = np.flatnonzero(count == 1)
        cut = cut[crossings.runs_through(lines, raster, first.take(cut))]
        cutting = first.take(cut)
        left = crossings.side.take(cutting) < 0
        cut_line = crossings.line.take(cutting)
        what[cells] = CROSSED + np.arange(len(cells))
        what[cells.take(cut)] = CUT - np.arange(len(cut))
        what[crossings.cell[np.abs(crossings.side) <= crossings.doubt]] = UNSURE
        return cls(
            raster=raster,
            what=what,
            lines=crossings.table,
            doubt=crossings.doubt,
            cut_line=cut_line,
            cut_right=around_centre.take(cut) - left * crossings.table[:, STEP].take(cut_line),
            crossed_start=start.astype(np.float64),
            crossed_first=first.astype(np.int32),
            crossed_count=count.astype(np.int32),
            crossing=(crossings.line * 2 + crossings.passes_column).astype(np.int32),
        )


@dataclass(frozen=True, slots=True)
class _Crossings:
    """All pairs of a cell and a line that touches it, by cell."""

    cell: NDArray[np.int32]
    line: NDArray[np.intp]
    x: Floats  # centre of the cell
    y: Floats
    side: Floats  # of the centre: negative where it lies left of the line
    passes_column: NDArray[np.bool_]
    table: Floats
    doubt: float

    @classmethod
    def of(cls, lines: Segments, raster: Raster) -> Self:
        cell, line = touched_cells(lines, raster)
        row = cell // np.int32(raster.columns)
        x, y = raster.centre_x(cell - row * np.int32(raster.columns)), raster.centre_y(row)
        dx, dy = lines.bx - lines.ax, lines.by - lines.ay
        offset = lines.ax * dy - lines.ay * dx
        side = x * dy.take(line) - (y * dx.take(line) + offset.take(line))
        passes_column = (lines.ax.take(line) <= x) != (lines.bx.take(line) <= x)
        table = np.zeros((len(lines), 8))  # eight wide: a row is one cache line
        for column, values in enumerate((dx, dy, offset, lines.ay, lines.by, lines.step)):
            table[:, column] = values
        doubt = raster.slack * float((np.abs(dx) + np.abs(dy)).max())
        return cls(cell, line, x, y, side, passes_column, table, doubt)

    def step_to_centre(self, lines: Segments) -> NDArray[Any]:
        """What each line adds on the way up the column to the centre."""
        return np.asarray((self.passes_column & (self.side < 0)) * lines.step.take(self.line))

    def runs_through(self, lines: Segments, raster: Raster, pair: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Of these pairs, those whose line has both ends clearly outside the cell."""
        line, x, y = self.line.take(pair), self.x.take(pair), self.y.take(pair)
        half_width, half_height = 0.5 * raster.width + raster.slack, 0.5 * raster.height + raster.slack
        outside_a = np.abs(lines.ax.take(line) - x) > half_width
        outside_a |= np.abs(lines.ay.take(line) - y) > half_height
        outside_b = np.abs(lines.bx.take(line) - x) > half_width
        outside_b |= np.abs(lines.by.take(line) - y) > half_height
        return np.asarray(outside_a & outside_b)
