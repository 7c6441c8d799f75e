"""The squares in which reports are counted, and circles made of them."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from onegrid.kernel.coordinates import EARTH_RADIUS_M, Degrees

STEP: Final = 360 / 2**18
"""Side of a square in degrees (exact in binary): 153 m high, in the south of China some 140 m wide."""
ROWS: Final = 1 << 20
HEIGHT_M: Final = math.radians(STEP) * EARTH_RADIUS_M
PORTION: Final = 5_000  # centres at once, so that memory stays small

Squares = NDArray[np.int64]


def square_of(lng: Degrees, lat: Degrees) -> Squares:
    """The number of the square of each place (degrees, WGS-84): column times `ROWS` plus row."""
    column = np.floor((np.asarray(lng, np.float64) + 180) / STEP).astype(np.int64)
    row = np.floor((np.asarray(lat, np.float64) + 90) / STEP).astype(np.int64)
    number: Squares = column * ROWS + row
    return number


def width_m(squares: Squares) -> float:
    """How wide a square is in the middle of these, in metres."""
    lat = (float(np.median(squares % ROWS)) + 0.5) * STEP - 90 if len(squares) else 0.0
    return HEIGHT_M * max(math.cos(math.radians(lat)), 0.01)


def circle(radius_m: float, wide_m: float) -> Squares:
    """The steps from a square to those whose middle is at most so many metres from its own; itself
    always."""
    columns, rows = int(radius_m // wide_m), int(radius_m // HEIGHT_M)
    column, row = np.meshgrid(np.arange(-columns, columns + 1), np.arange(-rows, rows + 1))
    near = np.hypot(column * wide_m, row * HEIGHT_M) <= radius_m
    steps: Squares = (column[near] * ROWS + row[near]).astype(np.int64)
    return steps


def circles(centres: Squares, known: Squares, radii_m: Sequence[float]) -> list[sparse.csr_array]:
    """For each radius the matrix that says which of the `known` squares (sorted, not empty) lie around
    each."""
    wide, found, none = width_m(known), [], np.zeros(0, np.int32)
    for radius_m in radii_m:
        owners, others = [], []
        for start in range(0, len(centres), PORTION):
            wanted = centres[start : start + PORTION, None] + circle(radius_m, wide)[None, :]
            at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
            owner, step = np.nonzero(known[at] == wanted)
            owners.append((owner + start).astype(np.int32))
            others.append(at[owner, step].astype(np.int32))
        lies = np.concatenate(owners or [none]), np.concatenate(others or [none])
        shape = (len(centres), len(known))
        found.append(sparse.csr_array((np.ones(len(lies[0])), lies), shape=shape))
    return found
