"""Cells: one integer per place, so that "near here" and "in this view" are range scans on a B-tree.

A cell is the Morton number (the bits of column and row interleaved) of a point in the square of 360 by 360
degrees, cut in four 26 times: 52 bits, exact in int64 and in a JSON number. A leaf cell is 5.4e-6 degrees,
0.6 m, wide and high. All the leaves of a coarser cell are one contiguous range.

Why not S2 or H3: their libraries take one point a call, ours takes an array at numpy's speed (a million
points in a fraction of a second); an H3 cell does not contain its children exactly, so that a range of
children is no neighbourhood; and a Morton range needs nothing of the database but an index on int8. The price
is a cell that narrows towards the poles (in China 0.6 to 0.95 of its height), which costs a few more rows in
a scan and no correctness: ranges name candidates, the distance decides."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.coordinates import EARTH_RADIUS_M, Degrees, on_earth

LEVEL = 26
NO_CELL = -1  # the cell of what is no coordinate
SIDE = 1 << LEVEL
LEAF = 360 / SIDE  # degrees

Cells = NDArray[np.int64]


@dataclass(frozen=True)
class CellRanges:
    """Ranges of leaf cells, both ends included; `owner` is the index of the point each belongs to."""

    owner: NDArray[np.intp]
    lo: Cells
    hi: Cells


def cell_of(lng: float | Degrees, lat: float | Degrees) -> Cells:
    """The leaf cell of each point (WGS-84, degrees); NO_CELL where there is no coordinate."""
    valid = on_earth(lng, lat)
    column = _steps(np.where(valid, lng, 0)) & (SIDE - 1)  # 180 degrees east is 180 degrees west
    return np.where(valid, _interleave(column, _steps(np.where(valid, lat, 0))), NO_CELL)


def parent(cell: Cells, *, level: int) -> Cells:
    """The first leaf of the cell of that level (0 the whole square, 26 the leaf itself) around each leaf."""
    shift = 2 * (LEVEL - level)
    return cell >> shift << shift


def range_of(cell: int, *, level: int) -> tuple[int, int]:
    """First and last leaf of the cell of that level around a leaf."""
    shift = 2 * (LEVEL - level)
    first = cell >> shift << shift
    return first, first + (1 << shift) - 1


def neighbourhood(lng: float, lat: float, radius_m: float) -> list[tuple[int, int]]:
    """At most nine ranges that hold every point within the radius of this one (see `neighbourhoods`)."""
    found = neighbourhoods(np.array([lng]), np.array([lat]), radius_m)
    return list(zip(found.lo.tolist(), found.hi.tolist(), strict=True))


def neighbourhoods(lng: Degrees, lat: Degrees, radius_m: float | Degrees) -> CellRanges:
    """For each point at most nine ranges that hold every point within its radius, and some beyond.

    Distances are those of `coordinates.distance_m`. Works over the date line and the poles. The cells are
    the smallest that are as wide as the radius. A point that is no coordinate has no ranges."""
    valid = np.flatnonzero(on_earth(lng, lat))
    x, y = lng[valid], lat[valid]
    wide, tall = _half_extent(y, np.broadcast_to(np.asarray(radius_m, np.float64), lng.shape)[valid])
    level = np.floor(np.log2(360 / np.maximum(wide, tall)) - 1e-9).clip(0, LEVEL).astype(np.int64)
    shift = (LEVEL - level)[:, None]
    step = np.arange(3)
    column, last_column = _steps(x - wide)[:, None] >> shift, _steps(x + wide)[:, None] >> shift
    row, last_row = _steps(y - tall)[:, None] >> shift, _steps(y + tall)[:, None] >> shift
    column, row = column + step, row + step
    touched = (column <= last_column)[:, :, None] & (row <= last_row)[:, None, :]
    touched &= ((row >= 0) & (row < SIDE >> shift))[:, None, :]
    around = _interleave((column & (SIDE - 1 >> shift))[:, :, None], row[:, None, :] & (SIDE - 1))
    first = np.where(touched, around << 2 * shift[:, :, None], np.iinfo(np.int64).max).reshape(len(x), 9)
    first.sort(axis=1)
    used = first < np.iinfo(np.int64).max
    owner = np.repeat(np.arange(len(x)), used.sum(axis=1))
    merged = _merge(owner, first[used], first[used] + (1 << 2 * shift[owner, 0]) - 1)
    return CellRanges(valid[merged.owner], merged.lo, merged.hi)


def rectangle(
    west: float, south: float, east: float, north: float, *, at_most: int = 16
) -> list[tuple[int, int]]:
    """At most so many ranges that hold every point of a rectangle, borders included, and some beyond.

    West greater than east means over the date line. What is no rectangle has no ranges."""
    if not (on_earth(west, south) and on_earth(east, north) and south <= north):
        return []
    columns = int(_steps(west)), int(_steps(east)) + (SIDE if west > east else 0)
    rows = int(_steps(south)), int(_steps(north))
    shift = next(shift for shift in range(LEVEL + 1) if _count(columns, shift) * _count(rows, shift) <= 1024)
    column = np.arange(columns[0] >> shift, (columns[1] >> shift) + 1) & (SIDE - 1 >> shift)
    row = np.arange(rows[0] >> shift, (rows[1] >> shift) + 1)
    first = np.sort(_interleave(column[:, None], row).ravel()) << 2 * shift
    merged = _merge(np.zeros(len(first), np.intp), first, first + (1 << 2 * shift) - 1)
    gaps = merged.lo[1:] - merged.hi[:-1]
    kept = np.sort(np.argsort(-gaps, kind="stable")[: at_most - 1])
    lo, hi = merged.lo[np.append(0, kept + 1)], merged.hi[np.append(kept, len(gaps))]
    return list(zip(lo.tolist(), hi.tolist(), strict=True))


def _steps(degrees: float | Degrees) -> Cells:
    """How many leaves from the edge of the square; never falls when the degrees grow."""
    return np.floor((np.asarray(degrees, np.float64) + 180) / LEAF).astype(np.int64)


def _count(steps: tuple[int, int], shift: int) -> int:
    return (steps[1] >> shift) - (steps[0] >> shift) + 1


def _half_extent(lat: Degrees, radius_m: Degrees) -> tuple[Degrees, Degrees]:
    """Half the width and height in degrees of the box around a circle, a hair too large."""
    angle = np.abs(radius_m) / EARTH_RADIUS_M
    tall = np.degrees(angle)
    over_pole = np.abs(lat) + tall >= 90
    ratio = np.where(over_pole, 1, np.sin(angle) / np.maximum(np.cos(np.radians(lat)), 1e-12))
    wide = np.where(over_pole, 180, np.degrees(np.arcsin(np.minimum(ratio, 1))))
    slack = 1 + 1e-9
    return np.minimum(wide * slack + 1e-9, 180), np.minimum(tall * slack + 1e-9, 180)


def _merge(owner: NDArray[np.intp], lo: Cells, hi: Cells) -> CellRanges:
    """Join touching or repeated ranges of one owner; they come sorted and equally long."""
    if not len(lo):
        return CellRanges(owner, lo, hi)
    starts = np.append(True, (owner[1:] != owner[:-1]) | (lo[1:] > hi[:-1] + 1))
    return CellRanges(owner[starts], lo[starts], hi[np.append(starts[1:], True)])


def _interleave(column: Cells, row: Cells) -> Cells:
    return _spread(row) << 1 | _spread(column)


def _spread(number: Cells) -> Cells:
    """Move the bits of a number of up to 32 bits apart, one empty place after each."""
    for shift, mask in _SPREADING:
        number = (number | number << shift) & mask
    return number


_SPREADING = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
