"""A made-up city for hot spots: squares with very different rates, hours of the day, reports told again."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.hotspots import ROWS, STEP, Earlier, Lately, Settings, Usual, square_of, usual

SIDE: Final = 16  # squares
WEEKS: Final = 11
AGAIN: Final = 0.12
DAY: Final = np.array([1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 6, 4, 4, 8, 9, 9, 6, 4, 3, 3, 2, 1, 1], np.float64)
SETTINGS: Final = Settings()


@dataclass(frozen=True)
class Town:
    """The truth, which the rules never see, and what they know of it."""

    squares: NDArray[np.int64]
    rate: NDArray[np.float64]  # a week
    profile: NDArray[np.float64]
    known: Usual
    earlier: Earlier


def grid_of(square: int) -> str:
    column, row = divmod(square - int(ORIGIN), ROWS)
    return f"350583{100 + column // 8:03d}{row // 4:03d}{100 + column % 8 // 4:03d}"


ORIGIN: Final = int(square_of(np.array([118.3]), np.array([24.9]))[0])


def town(seed: int, *, daily: float = 40) -> Town:
    """A city of 16 by 16 squares with so many reports a day, and eleven weeks of its history."""
    rng = np.random.default_rng(seed)
    columns, rows = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    squares = np.sort((ORIGIN + columns * ROWS + rows).ravel())
    rate = rng.gamma(0.6, size=len(squares))
    rate *= daily * 7 / rate.sum()
    profile = np.tile(DAY, 7) / (7 * DAY.sum())
    counts = rng.poisson(rate * WEEKS)
    grids = tuple(grid_of(int(square)) for square in squares)
    towns = sorted({grid[:9] for grid in grids})
    sizes = [counts[[grid[:9] == code for grid in grids]].sum() for code in towns]
    hours = {code: rng.poisson(profile * size).astype(float) for code, size in zip(towns, sizes, strict=True)}
    had = counts > 0
    earlier = Earlier(
        squares[had], tuple(g for g, h in zip(grids, had, strict=True) if h), counts[had], hours, AGAIN, WEEKS
    )
    areas = dict.fromkeys(grids, 16 * 140 * 153.0)
    known = usual(earlier, dict(zip(squares.tolist(), grids, strict=True)), areas)
    return Town(squares, rate, profile, known, earlier)


def reports(
    city: Town, hours: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What comes in by chance alone from Monday, 0:00, in order of time: squares and hours."""
    where, when = [], []
    for hour in range(hours):
        drawn = rng.poisson(city.rate * (1 - AGAIN) * city.profile[hour % 168])
        first = np.repeat(np.arange(len(city.rate)), drawn)
        again = rng.geometric(1 - AGAIN, len(first)) - 1
        at = hour + rng.random(len(first))
        where += [first, np.repeat(first, again)]
        when += [at, np.repeat(at, again) + 6 * rng.random(int(again.sum()))]
    squares, times = city.squares[np.concatenate(where)], np.concatenate(when)
    order = np.argsort(times)
    return squares[order], times[order]


def until(found: tuple[NDArray[np.int64], NDArray[np.float64]], hour: float) -> Lately:
    """What the scan sees at that hour: the reports of the longest window."""
    squares, times = found
    start, end = np.searchsorted(times, [hour - max(SETTINGS.windows_h), hour])
    return Lately(squares[start:end], hour - times[start:end])


def middle(squares: NDArray[np.int64]) -> tuple[float, float]:
    """The middle of these squares in degrees."""
    lng = float(((squares // ROWS + 0.5) * STEP - 180).mean())
    return lng, float(((squares % ROWS + 0.5) * STEP - 90).mean())
