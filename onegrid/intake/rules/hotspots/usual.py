"""What is usual: how many reports a place has in an hour of the week, smoothed where little is known.

A place's own count says little when it is small, so it leans on what its grid, town and city have
(empirical Bayes, gamma-Poisson: the fewer the counts differ beyond chance, the more they lean); likewise
the hours of a town's week lean on the city's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .squares import HEIGHT_M, Squares, width_m

HOURS: Final = 168  # of a week, from Monday 0:00 local time
FEW: Final = 50  # reports; with fewer nothing can be said of how much places differ
ENOUGH: Final = 100, 2.0  # reports and weeks, below which nothing is usual yet
LEAN: Final = 168.0  # so many reports of the wider place are mixed into the hours of the narrower

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came in during the weeks before: `counts` of each square and grid, and of the hours of each
    town's week. `again`: the share of reports that told once more of a matter known already."""

    squares: Squares
    grids: tuple[str, ...]
    counts: Indices
    hours: Mapping[str, Floats]
    again: float
    weeks: float


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual rate of every square that ever had a report.

    `mean`: reports a week; `shape` of the gamma distribution that says how surely it is known (large:
    surely). `profile`: the share of the week's reports in each hour, by town. `clump`: reports of one
    matter come together, so that counts vary this much more than Poisson's."""

    squares: Squares
    town: Indices
    mean: Floats
    shape: Floats
    profile: Floats
    week: Floats  # expected reports of each town in a week
    again: float
    known: int  # reports that this rests on
    weeks: float

    @property
    def clump(self) -> float:
        return (1 + self.again) / (1 - self.again)

    @property
    def suffices(self) -> bool:
        """Whether it rests on enough to call anything unusual."""
        return self.known >= ENOUGH[0] and self.weeks >= ENOUGH[1]

    def window(self, hour: float, hours: float) -> Floats:
        """For each town the share of a week's reports that fall into the `hours` before this hour of the
        week."""
        return self.profile @ overlap(hour, hours)


def overlap(hour: float, hours: float) -> Floats:
    """How much of each hour of the week lies in the window of so many hours that ends at `hour`."""
    start = hour - hours
    slots = np.arange(np.floor(start), np.ceil(hour))
    length = np.minimum(slots + 1, hour) - np.maximum(slots, start)
    return np.bincount(slots.astype(np.int64) % HOURS, weights=length, minlength=HOURS).astype(np.float64)


def usual(earlier: Earlier, new: Mapping[int, str], areas: Mapping[str, float]) -> Usual:
    """The usual rates from what came in earlier. `new`: squares of late reports with their grids, which may
    never have had one before; `areas`: every grid of the city with its m²."""
    squares, grids, counts = _merged(earlier, new)
    codes = sorted({*areas, *grids})
    towns = sorted({code[:9] for code in codes})
    town_of = np.array([towns.index(code[:9]) for code in codes], dtype=np.int64)
    at = {code: index for index, code in enumerate(codes)}
    grid_of = np.array([at[code] for code in grids], dtype=np.int64)
    by_grid = np.bincount(grid_of, weights=counts, minlength=len(codes))
    sizes = np.bincount(town_of, minlength=len(towns)).astype(np.float64)
    total = max(float(counts.sum()), 1.0)
    town_mean, _ = shrunk(
        np.bincount(town_of, weights=by_grid, minlength=len(towns)), total * sizes / sizes.sum()
    )
    grid_mean, _ = shrunk(by_grid, (town_mean / sizes)[town_of])
    room = _room(codes, areas, np.bincount(grid_of, minlength=len(codes)), width_m(squares))
    prior = grid_mean / room
    empty = room - np.bincount(grid_of, minlength=len(codes))
    mean, shape = shrunk(counts, prior[grid_of], nothing_at=prior, times=empty)
    weeks = max(earlier.weeks, 1.0)
    return Usual(
        squares=squares,
        town=town_of[grid_of],
        mean=mean / weeks,
        shape=shape,
        profile=_profiles(towns, earlier.hours),
        week=town_mean / weeks,
        again=min(max(earlier.again, 0.0), 0.8),
        known=int(earlier.counts.sum()),
        weeks=earlier.weeks,
    )


def shrunk(
    counts: Floats | Indices, prior: Floats, *, nothing_at: Floats | None = None, times: Floats | None = None
) -> tuple[Floats, Floats]:
    """Counts drawn towards what is expected of each, and the gamma shape that is left of the doubt.

    `nothing_at`, `times`: further places with no report at all, so many of each."""
    excess = float(((counts - prior) ** 2 - prior).sum())
    weight = float((prior**2).sum())
    if nothing_at is not None and times is not None:
        excess += float((times * (nothing_at**2 - nothing_at)).sum())
        weight += float((times * nothing_at**2).sum())
    if counts.sum() < FEW:
        spread = 1.0
    else:
        spread = float(np.clip(weight / excess, 0.05, 100.0)) if excess > 0 else 100.0
    shape = counts.astype(np.float64) + spread
    return prior * shape / (prior + spread), shape


def _merged(earlier: Earlier, new: Mapping[int, str]) -> tuple[Squares, list[str], Indices]:
    """Each square once, in order, with its count; it belongs to the grid that has most of its reports."""
    grid: dict[int, str] = dict(new)
    for index in np.argsort(earlier.counts, kind="stable").tolist():
        grid[int(earlier.squares[index])] = earlier.grids[index]
    squares = np.array(sorted(grid), dtype=np.int64)
    at = np.searchsorted(squares, earlier.squares)
    counts = np.bincount(at, weights=earlier.counts, minlength=len(squares)).astype(np.int64)
    return squares, [grid[square] for square in squares.tolist()], counts


def _room(codes: list[str], areas: Mapping[str, float], seen: Indices, wide_m: float) -> Floats:
    """How many squares each grid has, at least those seen."""
    usual_area = float(np.median(list(areas.values()))) if areas else 0.0
    area = np.array([areas.get(code, usual_area) for code in codes])
    return np.maximum(np.maximum(area / (wide_m * HEIGHT_M), seen), 1.0)


def _profiles(towns: list[str], hours: Mapping[str, Floats]) -> Floats:
    """The share of each hour of the week, by town; the city's leans on its days and hours taken apart."""
    none = np.zeros(HOURS)
    table = np.array([hours.get(town, none) for town in towns]).reshape(len(towns), HOURS)
    whole = table.sum(axis=0)
    total = whole.sum()
    days = (whole.reshape(7, 24).sum(axis=1) + 1) / (total + 7)
    day_hours = (whole.reshape(7, 24).sum(axis=0) + 1) / (total + 24)
    city = (whole + LEAN * np.outer(days, day_hours).ravel()) / (total + LEAN)
    found: Floats = (table + LEAN * city) / (table.sum(axis=1, keepdims=True) + LEAN)
    return found
