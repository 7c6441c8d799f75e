"""Fallback points: a coordinate that repeats implausibly often is no coordinate.

Many senders put their town hall, or the city's centre, where they have no place. Such a point would gather
unrelated matters into one case, so that reports on it are treated as without place."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

DEGREE = 10_000_000  # a coordinate is "exactly the same" to 1e-7 degrees, one centimetre


@dataclass(frozen=True, slots=True)
class Sighting:
    """One report's coordinate: `at` in seconds since the epoch; `before`: how many stored reports lie on it
    within the window of time around `at` (counted up to `limit`). `limit` 0: never doubted."""

    key: int
    at: float
    before: int
    limit: int
    window: timedelta


def exact(
    lng: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """WGS-84 coordinates to 1e-7 degrees, and one integer for each that is equal exactly when both are."""
    east, north = (np.rint(np.stack([lng, lat]) * DEGREE)).astype(np.int64)
    return east / DEGREE, north / DEGREE, (east << 32) | (north & 0xFFFF_FFFF)


def implausible(sightings: Sequence[Sighting | None]) -> list[bool]:
    """Which reports, in order, stand on a coordinate that `limit` earlier ones within the window share.

    Counts stored reports and the earlier ones of this batch alike, so that a batch counts as its parts do."""
    times: dict[int, list[float]] = {}
    doubted: list[bool] = []
    for one in sightings:
        if one is None or not one.limit:
            doubted.append(False)
            continue
        seen = times.setdefault(one.key, [])
        span = one.window.total_seconds()
        beside = bisect_right(seen, one.at + span) - bisect_left(seen, one.at - span)
        doubted.append(one.before + beside >= one.limit)
        insort(seen, one.at)
    return doubted
