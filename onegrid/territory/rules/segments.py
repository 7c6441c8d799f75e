"""Polygons taken apart into border lines: each line once, with what lies on its two sides.

A polygon carries a weight (see `Weights`). For any point, the weights of the polygons around it add up to a
sum that tells how many they are and, when it is exactly one, which. A border line that two grids share
becomes one line whose step swaps the one weight for the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Shapes = Sequence[BaseGeometry | None] | NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight of polygon i: `unit + i`. Within any sum, less than `unit` means no polygon at all and
    `unit` to `unit + count - 1` exactly one; larger sums mean several. Sums never overflow `dtype`."""

    count: int

    @property
    def unit(self) -> int:
        return 1 << self.count.bit_length()

    @property
    def dtype(self) -> type[np.signedinteger[Any]]:
        return np.int32 if self.count < 1 << 15 else np.int64

    def of(self, index: NDArray[np.intp]) -> Ints:
        return (self.unit + index).astype(self.dtype)


@dataclass(frozen=True, slots=True)
class Segments:
    """Border lines from a to b, pointing up (to the right where level), none twice.

    `step` is the weight sum left of the line minus that to its right."""

    ax: Floats
    ay: Floats
    bx: Floats
    by: Floats
    step: Ints

    def __len__(self) -> int:
        return len(self.ax)


@dataclass(frozen=True, slots=True)
class _Rings:
    """All rings one after another as complex numbers; `weight` is negative where the inside lies right."""

    points: NDArray[np.complex128]
    start: NDArray[np.intp]
    weight: Ints


def border_segments(polygons: Shapes, weights: Weights) -> Segments:
    """The border lines of valid polygons and multipolygons; missing and empty ones have none."""
    shapes = np.fromiter(polygons, dtype=object, count=len(polygons))
    present = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not len(present):
        nothing = np.empty(0)
        return Segments(nothing, nothing, nothing, nothing, np.empty(0, weights.dtype))
    rings = _rings(shapes[present], present, weights)
    a, b = rings.points[:-1], rings.points[1:]
    between = rings.start[1:] - 1  # from the end of one ring to the start of the next: no border line
    step = np.repeat(rings.weight, np.diff(rings.start, append=len(rings.points)))[:-1]
    step = np.where(_points_down(a, b), -step, step)
    order = _neighbours_first(a, b, between)
    return _merge(a.take(order), b.take(order), step.take(order))


def _rings(polygons: NDArray[np.object_], owner: NDArray[np.intp], weights: Weights) -> _Rings:
    _, points, offsets = shapely.to_ragged_array(polygons, include_z=False)
    ring_ends, part_ends = offsets[0], offsets[1]
    parts = np.diff(offsets[2]) if len(offsets) == 3 else np.ones(len(owner), dtype=np.intp)
    ring_owner = owner.repeat(parts).repeat(np.diff(part_ends))
    shell = np.zeros(len(ring_ends) - 1, dtype=bool)
    shell[part_ends[:-1]] = True
    start = ring_ends[:-1].astype(np.intp)
    z = np.ascontiguousarray(points).view(np.complex128).ravel()
    inside_left = _anticlockwise(z, start) == shell
    return _Rings(z, start, np.where(inside_left, 1, -1).astype(weights.dtype) * weights.of(ring_owner))


def _anticlockwise(z: NDArray[np.complex128], start: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rings run against the clock, by the sign of their area."""
    x, y = z.real - z.real.min(), z.imag - z.imag.min()
    doubled = x[:-1] * y[1:] - x[1:] * y[:-1]
    doubled[start[1:] - 1] = 0
    return np.asarray(np.add.reduceat(doubled, start) > 0)


def _points_down(a: NDArray[np.complex128], b: NDArray[np.complex128]) -> NDArray[np.bool_]:
    return np.asarray((b.imag < a.imag) | ((b.imag == a.imag) & (b.real < a.real)))


def _neighbours_first(
    a: NDArray[np.complex128], b: NDArray[np.complex128], left_out: NDArray[np.intp]
) -> NDArray[np.int64]:
    """An order of the lines by the place of their middle, which puts equal lines next to each other.

    Middle and position share one 63-bit key, because numpy sorts plain integers several times faster."""
    position_bits = len(a).bit_length()
    place_bits = (62 - position_bits) // 2
    key = _scaled(a.imag, b.imag, place_bits) << place_bits
    key |= _scaled(a.real, b.real, place_bits)
    key <<= position_bits
    key |= np.arange(len(a))
    key[left_out] = np.iinfo(np.int64).max
    key.sort()
    return key[: len(a) - len(left_out)] & ((1 << position_bits) - 1)


def _scaled(a: Floats, b: Floats, bits: int) -> NDArray[np.int64]:
    """The middles between a and b as whole numbers of that many bits."""
    total = a + b
    low = total.min()
    total -= low
    total *= ((1 << bits) - 1) / max(float(total.max()), 1e-300)
    return total.astype(np.int64)


def _merge(a: NDArray[np.complex128], b: NDArray[np.complex128], step: Ints) -> Segments:
    """One line of each run of equal ones, with the sum of their steps."""
    before_a, before_b, this_a, this_b = a[:-1], b[:-1], a[1:], b[1:]
    same = (this_a == before_b) & (this_b == before_a)
    same |= (this_a == before_a) & (this_b == before_b)
    first = np.flatnonzero(np.concatenate(([True], ~same)))
    total = np.add.reduceat(step, first, dtype=step.dtype)
    a, b = a.take(first), b.take(first)
    down = _points_down(a, b)
    low, high = np.where(down, b, a), np.where(down, a, b)
    return Segments(low.real.copy(), low.imag.copy(), high.real.copy(), high.imag.copy(), total)
