"""The scan: circles of several radii around every place that had a report lately, over several windows of
time.

For each the reports counted are compared with those usual there and then. The usual rate is known with
doubt and reports of one matter come together, so that the count is negative binomial; the score is -log10
of the chance of so many or more. What the whole city has more than usual (a storm, the end of a holiday)
counts for every place (the conditional scan of Kulldorff 1997); the windows reach back from now
(prospective, Kulldorff 2001)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from .squares import Squares, circles
from .usual import Floats, Indices, Usual

FLOOR: Final = 5.0  # the city counts as having at least so many reports outside a circle


@dataclass(frozen=True, slots=True)
class Settings:
    """How the scan looks. `false_alarms`: so many a month in the whole county, when nothing but chance is
    at work.

    `at_least` reports and `ratio` times the usual make a burst worth telling; `ease`: a running one stays
    while its score is not lower than this under the threshold."""

    radii_m: tuple[float, ...] = (100.0, 250.0, 500.0, 1000.0)
    windows_h: tuple[float, ...] = (3.0, 12.0, 24.0, 72.0, 168.0)
    false_alarms: float = 2.0
    at_least: int = 5
    ratio: float = 2.0
    ease: float = 1.0


class Lately(NamedTuple):
    """The reports of the longest window: the square of each, and how many hours ago it came in."""

    squares: Squares
    age_h: Floats


class Burst(NamedTuple):
    """More than usual in a circle and window; `members` are indices into the reports scanned."""

    score: float
    radius_m: float
    window_h: float
    observed: int
    expected: float
    members: Indices


class Weighing(NamedTuple):
    """What one look at the city has for every square and window: reports, usual number, doubt about it."""

    counts: Floats
    mean: Floats
    doubt: Floats
    outside: Floats  # reports of the whole city
    usual: Floats  # … and their usual number
    clump: float


def shares_at(usual: Usual, hour: float, settings: Settings) -> Floats:
    """The share of the week of each town and window that ends at this hour (0 is Monday, 0:00)."""
    return np.array([usual.window(hour, hours) for hours in settings.windows_h]).T


def weighed(usual: Usual, counts: Floats, shares: Floats) -> Weighing:
    """What is known of every square for windows with these shares of the week."""
    mean = usual.mean[:, None] * shares[usual.town]
    return Weighing(
        counts, mean, mean**2 / usual.shape[:, None], counts.sum(axis=0), usual.week @ shares, usual.clump
    )


def scores(circle: sparse.csr_array, known: Weighing, settings: Settings) -> tuple[Floats, Floats, Floats]:
    """Score, observed and expected of each circle (row) in each window (column); no burst scores 0."""
    together = circle @ np.hstack([known.counts, known.mean, known.doubt])
    observed, mean, doubt = np.hsplit(together, 3)
    share = np.clip(mean / np.maximum(known.usual, 1e-12), 1e-12, 0.95)
    rest = np.maximum(np.maximum(known.usual * (1 - share), known.outside - observed), FLOOR)
    expected = share / (1 - share) * rest
    factor = expected / np.maximum(mean, 1e-300)
    extra = np.maximum((known.clump - 1) * expected + doubt * factor**2, 1e-9 * expected)
    spread = expected**2 / extra
    worth = (observed >= settings.at_least) & (observed >= settings.ratio * expected)
    chance = np.ones_like(expected)
    chance[worth] = special.betainc(observed[worth], spread[worth], (expected / (spread + expected))[worth])
    return -np.log10(np.maximum(chance, 1e-300)), observed, expected


def scan(lately: Lately, usual: Usual, *, hour: float, threshold: float, settings: Settings) -> list[Burst]:
    """The bursts that score at least `threshold`, the most unlikely first; no two share a square."""
    at = np.searchsorted(usual.squares, lately.squares)
    counts = counted(at, lately.age_h, len(usual.squares), settings.windows_h)
    known = weighed(usual, counts, shares_at(usual, hour, settings))
    centres = np.unique(lately.squares)
    rings = circles(centres, usual.squares, settings.radii_m)
    found: list[tuple[float, int, int, int, int, float]] = []
    for ring, circle in enumerate(rings):
        score, observed, expected = scores(circle, known, settings)
        for row, window in zip(*np.nonzero(score >= threshold), strict=True):
            facts = int(observed[row, window]), float(expected[row, window])
            found.append((float(score[row, window]), ring, int(window), int(row), *facts))
    found.sort(key=lambda one: (-one[0], one[1], one[2], one[3]))
    return _apart(found, rings, at, lately.age_h, settings)


def _apart(
    found: Sequence[tuple[float, int, int, int, int, float]],
    rings: Sequence[sparse.csr_array],
    at: Indices,
    age_h: Floats,
    settings: Settings,
) -> list[Burst]:
    taken: NDArray[np.bool_] = np.zeros(rings[0].shape[1] if rings else 0, dtype=np.bool_)
    bursts = []
    for score, ring, window, row, observed, expected in found:
        circle = rings[ring]
        inside = circle.indices[circle.indptr[row] : circle.indptr[row + 1]]
        if taken[inside].any():
            continue
        taken[inside] = True
        hours = settings.windows_h[window]
        members = np.flatnonzero(np.isin(at, inside) & (age_h <= hours))
        bursts.append(Burst(score, settings.radii_m[ring], hours, observed, expected, members))
    return bursts


def counted(at: Indices, age_h: Floats, squares: int, windows_h: Sequence[float]) -> Floats:
    """Reports of each square (row) in each window (column)."""
    return np.array(
        [np.bincount(at[age_h <= hours], minlength=squares) for hours in windows_h], dtype=np.float64
    ).T
