"""Which grid a point lies in: as exact as geometry, as fast as an array look-up.

A point on a border belongs to the grid with the lowest code; a point in no grid gets -1. The county is cut
into cells of some 40 m (`cell_table`). Most points lie in a cell wholly within one grid and need one look-up.
A point in a cell that border lines cross is compared with those few lines. Where rounding could decide (on a
border or within a micrometre of it), and where grids overlap, shapely decides."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from onegrid.territory.rules.cell_table import (
    CROSSED,
    CUT,
    DX,
    DY,
    HIGH,
    LOW,
    OFFSET,
    STEP,
    UNSURE,
    CellTable,
)
from onegrid.territory.rules.segments import Floats, Ints, Shapes, Weights, border_segments

CHUNK = 1 << 20  # points at a time: bounds the memory of one call at some 100 MiB
WALK_CHUNK = 1 << 14  # rows of 64 bytes that fit the processor's cache


class Locator:
    """Finds grids by points. Built once from valid polygons (WGS-84 degrees), then only read.

    `known` are the codes it finds and those that count besides (first-level grids divided further)."""

    def __init__(self, codes: Sequence[str], polygons: Shapes, *, known: Iterable[str] = ()) -> None:
        order = np.argsort(np.array(codes, dtype=np.str_), kind="stable")
        self.codes: NDArray[np.str_] = np.array(codes, dtype="U15")[order]
        self._names = np.append(self.codes, "")  # the last one answers -1
        self.known = frozenset(codes) | frozenset(known)
        self._polygons = [polygons[i] for i in order]
        self._weights = Weights(len(self._polygons))
        lines = border_segments(self._polygons, self._weights)
        self._table = CellTable.of(lines, self._weights) if len(lines) else None

    def locate(self, lng: Floats, lat: Floats) -> NDArray[np.int32]:
        """The position in `codes` of the grid of each point; -1 where there is none, NaN included."""
        x, y = np.asarray(lng, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        found = np.full(len(x), -1, dtype=np.int32)
        for start in range(0, len(x) if self._table else 0, CHUNK):
            chunk = slice(start, start + CHUNK)
            self._locate(x[chunk], y[chunk], found[chunk])
        return found

    def locate_codes(self, lng: Floats, lat: Floats) -> NDArray[np.str_]:
        """The code of the grid of each point; "" where there is none."""
        return self._names[self.locate(lng, lat)]

    def _locate(self, x: Floats, y: Floats, found: NDArray[np.int32]) -> None:
        assert self._table
        inside = self._table.raster.contains(x, y)
        if inside.all():
            found[:] = self._look_up(self._table, x, y)
        else:
            found[inside] = self._look_up(self._table, x[inside], y[inside])

    def _look_up(self, table: CellTable, x: Floats, y: Floats) -> Ints:
        what = table.what.take(table.raster.cell(x, y))
        rest = np.flatnonzero(self._not_a_grid(what))
        if len(rest):
            what[rest] = self._compare(table, x.take(rest), y.take(rest), what.take(rest))
        return what

    def _compare(self, table: CellTable, x: Floats, y: Floats, what: Ints) -> Ints:
        """The answers for points that one look-up could not settle."""
        cut = np.flatnonzero((what <= CUT) & (what > CUT + UNSURE))
        what[cut] = _side_of_cut(table, x.take(cut), y.take(cut), CUT - what.take(cut))
        crossed = np.flatnonzero(what <= CUT + UNSURE)
        what[crossed] = _walk(table, x.take(crossed), y.take(crossed), what.take(crossed) - CROSSED)
        rest = np.flatnonzero(self._not_a_grid(what))
        unsettled = rest[what.take(rest) != -self._weights.unit]
        what[rest] = -1
        what[unsettled] = self._ask_shapely(x.take(unsettled), y.take(unsettled))
        return what

    def _not_a_grid(self, what: Ints) -> NDArray[np.bool_]:
        return np.asarray((what < 0) | (what >= len(self.codes)))

    def _ask_shapely(self, x: Floats, y: Floats) -> NDArray[np.int32]:
        """The lowest grid that covers each point, -1 for none."""
        lowest = np.full(len(x), len(self.codes), dtype=np.int32)
        if len(x):
            point, grid = self._tree.query(shapely.points(x, y), predicate="intersects")
            np.minimum.at(lowest, point, grid.astype(np.int32))
        return np.where(lowest < len(self.codes), lowest, -1)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._polygons)


def _side_of_cut(table: CellTable, x: Floats, y: Floats, cell: Ints) -> Ints:
    """Weight sums, less one unit, of points in cells that one line cuts in two."""
    line = table.cut_line.take(cell)
    rows = table.lines.take(line, axis=0)
    side = x * rows[:, DY] - (y * rows[:, DX] + rows[:, OFFSET])
    total = table.cut_right.take(cell) + (side < 0) * rows[:, STEP]
    total[np.abs(side) <= table.doubt] = UNSURE
    return total.astype(table.what.dtype)


def _walk(table: CellTable, x: Floats, y: Floats, cell: Ints) -> Ints:
    """Weight sums, less one unit, of points in cells that several lines cross."""
    total = np.empty(len(x), dtype=table.what.dtype)
    for start in range(0, len(x), WALK_CHUNK):
        chunk = slice(start, start + WALK_CHUNK)
        total[chunk] = _walk_chunk(table, x[chunk], y[chunk], cell[chunk])
    return total


def _walk_chunk(table: CellTable, x: Floats, y: Floats, cell: Ints) -> Floats:
    total, count = table.crossed_start.take(cell), table.crossed_count.take(cell)
    crossing = table.crossed_first.take(cell)
    column = table.raster.centre_x(table.raster.across(x).astype(np.int32))
    unsure = np.zeros(len(x), dtype=bool)
    at = np.arange(len(x))
    while len(at):
        step, doubtful = _pass_line(table, x, y, column, table.crossing.take(crossing))
        total[at] += step
        unsure[at] |= doubtful
        more = np.flatnonzero(count > 1)
        at, x, y, column = at.take(more), x.take(more), y.take(more), column.take(more)
        crossing, count = crossing.take(more) + 1, count.take(more) - 1
    total[unsure] = UNSURE
    return total


def _pass_line(
    table: CellTable, x: Floats, y: Floats, column: Floats, crossing: NDArray[np.int32]
) -> tuple[Floats, NDArray[np.bool_]]:
    """What one line adds on the way up the column to (column, y), then along to (x, y); and where unsure."""
    rows = table.lines.take(crossing >> 1, axis=0)
    level = y * rows[:, DX]
    level += rows[:, OFFSET]
    side, side_at_column = x * rows[:, DY] - level, column * rows[:, DY] - level
    left, left_at_column = side < 0, side_at_column < 0
    beside = (y >= rows[:, LOW]) & (y < rows[:, HIGH])
    times = ((crossing & 1) & left_at_column).astype(np.int8)
    times += beside * (left.view(np.int8) - left_at_column.view(np.int8))
    doubtful = np.minimum(np.abs(side), np.abs(side_at_column)) <= table.doubt
    return times * rows[:, STEP], doubtful
