"""The cell table of the locator: the plane cut into equal small cells, and what each of them holds.

Two facts make it exact. The map from a coordinate to its column (row) never falls where the coordinate grows,
so a border line lies in no cell outside the columns and rows of its ends. And every cell that a line touches,
or passes within `slack`, is marked: an unmarked cell lies wholly within one grid, or in none."""

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from onegrid.territory.rules.segments import Floats, Ints, Segments, Weights

CELLS_PER_SEGMENT = 16  # more cells: a slower build, fewer exact tests
FEWEST_CELLS, MOST_CELLS = 1 << 10, 1 << 25
ROUNDING = 64 * 2.0**-52  # generous bound of the relative error of a few floating-point operations
_LOWER_HALF = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Raster:
    """Equal cells over the bounding box of some border lines; `slack` bounds the rounding error there."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    height: float
    columns: int
    rows: int
    slack: float

    @classmethod
    def over(cls, lines: Segments) -> Self:
        """Cells about as wide as high on the ground, some sixteen for each border line."""
        x0, x1 = float(min(lines.ax.min(), lines.bx.min())), float(max(lines.ax.max(), lines.bx.max()))
        y0, y1 = float(lines.ay.min()), float(lines.by.max())
        slack = ROUNDING * max(abs(x0), abs(x1), abs(y0), abs(y1))
        squeeze = max(0.1, math.cos(math.radians(min(90.0, max(abs(y0), abs(y1))))))
        cells = min(max(CELLS_PER_SEGMENT * len(lines), FEWEST_CELLS), MOST_CELLS)
        side = math.sqrt((x1 - x0) * squeeze * (y1 - y0) / cells)
        width, height = max(side / squeeze, 1000 * slack), max(side, 1000 * slack)
        x0, y0 = x0 - 0.618 * width, y0 - 0.618 * height  # keeps round coordinates off the cell centres
        columns, rows = int((x1 - x0) / width) + 2, int((y1 - y0) / height) + 2
        return cls(x0, y0, x1, y1, width, height, columns, rows, slack)

    def across(self, x: Floats) -> Floats:
        """Columns from the left edge, fractions included; its whole part is the column."""
        result = x - self.x0
        result *= 1 / self.width
        return result

    def up(self, y: Floats) -> Floats:
        """Rows from the lower edge, fractions included; its whole part is the row."""
        result = y - self.y0
        result *= 1 / self.height
        return result

    def cell(self, x: Floats, y: Floats) -> NDArray[np.int32]:
        """The cells of points within the bounds."""
        cell = self.up(y).astype(np.int32)
        cell *= np.int32(self.columns)
        cell += self.across(x).astype(np.int32)
        return cell

    def contains(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Which points lie within the bounds; NaN and infinity do not."""
        return np.asarray((x >= self.x0) & (x <= self.x1) & (y >= self.y0) & (y <= self.y1))

    def centre_x(self, column: NDArray[Any]) -> Floats:
        return np.asarray(column * self.width + (self.x0 + 0.5 * self.width))

    def centre_y(self, row: NDArray[Any]) -> Floats:
        return np.asarray(row * self.height + (self.y0 + 0.5 * self.height))


def weight_sums(lines: Segments, raster: Raster, weights: Weights) -> Ints:
    """For every cell the weights of the polygons around its centre, less one `unit`.

    Right of each line on the level of the centres the sum changes by its step: a running total fills the rows
    and is unsure where a line passes within `slack` of the centre."""
    first = np.ceil(raster.up(lines.ay) - 0.5).astype(np.int32)
    line, row = _spread(first, np.ceil(raster.up(lines.by) - 0.5).astype(np.int32) - first)
    x = _x_at(lines, line, raster.centre_y(row))
    column = np.ceil(raster.across(x) - 0.5).astype(np.int32)
    row *= np.int32(raster.columns)
    row += column
    key = _sorted_pairs(row, line)
    totals = np.empty(len(key) + 1, dtype=weights.dtype)
    totals[0] = -weights.unit
    np.negative(lines.step.take(key & _LOWER_HALF), out=totals[1:])
    np.cumsum(totals, out=totals)
    return totals.repeat(np.diff(key >> 32, prepend=0, append=raster.columns * raster.rows))


def touched_cells(lines: Segments, raster: Raster) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Every pair (cell, line) where the line touches the cell or comes within `slack`, by cell."""
    first = raster.up(lines.ay).astype(np.int32)
    line, row = _spread(first, raster.up(lines.by).astype(np.int32) - first + 1)
    left, right = _reach(lines, line, row, raster)
    first = raster.across(left).astype(np.int32)
    count = raster.across(right).astype(np.int32) - first + 1
    row *= np.int32(raster.columns)
    row += first
    piece, cell = _spread(row, count)
    key = _sorted_pairs(cell, line.take(piece))
    return (key >> 32).astype(np.int32), key & _LOWER_HALF


def _reach(
    lines: Segments, line: NDArray[np.intp], row: NDArray[np.int32], raster: Raster
) -> tuple[Floats, Floats]:
    """The westmost and eastmost x of each line within its row, widened by the rounding error."""
    ax, ay, bx, by = (ends.take(line) for ends in (lines.ax, lines.ay, lines.bx, lines.by))
    low = raster.y0 + row * raster.height
    high = low + raster.height
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slope = (bx - ax) / (by - ay)
        slack = (1 + np.abs(slope)) * raster.slack
        enter = ax + (np.maximum(low, ay) - ay) * slope
        leave = ax + (np.minimum(high, by) - ay) * slope
        west, east = np.minimum(enter, leave) - slack, np.maximum(enter, leave) + slack
    return np.fmax(west, np.minimum(ax, bx)), np.fmin(east, np.maximum(ax, bx))


def _x_at(lines: Segments, line: NDArray[np.intp], y: Floats) -> Floats:
    """Where each line stands at the height y, never beyond its ends."""
    ax, ay, bx, by = (ends.take(line) for ends in (lines.ax, lines.ay, lines.bx, lines.by))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x = ax + (y - ay) * ((bx - ax) / (by - ay))
    return np.asarray(np.fmin(np.fmax(x, np.minimum(ax, bx)), np.maximum(ax, bx)))


def _spread(first: NDArray[np.int32], count: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """For item i the numbers first[i], first[i] + 1, …, count[i] of them; as (item, number)."""
    item = np.arange(len(count)).repeat(count)
    shift = first - (np.cumsum(count) - count).astype(np.int32)
    number = np.arange(len(item), dtype=np.int32)
    number += shift.take(item)
    return item, number


def _sorted_pairs(major: NDArray[np.int32], minor: NDArray[np.intp]) -> NDArray[np.int64]:
    """Pairs sorted by major, then minor: major in the upper 32 bits, minor in the lower."""
    key = major.astype(np.int64)
    key <<= 32
    key |= minor
    key.sort()
    return key
