"""How unlikely a burst must be: weeks of reports in which nothing but chance is at work are made up and
watched, and the threshold is put where the false alarms of a month are as many as the setting promises."""

from typing import Final

import numpy as np
from scipy import sparse

from .scanning import Settings, scores, shares_at, weighed
from .squares import Squares, circles
from .usual import HOURS, Floats, Indices, Usual

ARRIVALS: Final = 20_000  # reports that are made up
DAYS: Final = (10, 84)  # … in at least and at most so many days
MONTH_H: Final = 30 * 24
FAINT: Final = 2.0  # scores below are not looked at
PEAKS: Final = 40  # episodes to which the tail is fitted
AGAIN_WITHIN_H: Final = 6.0
Made = tuple[Indices, Floats]  # made-up reports: the index of the square of each, and its hour
QUIET_H: Final = 24.0  # so long after its last high score an episode is over


def threshold(usual: Usual, settings: Settings, rng: np.random.Generator) -> float:
    """The score that chance alone reaches `settings.false_alarms` times a month, for this city.

    The highest episodes of the made-up weeks are few, so that an exponential tail is fitted to the
    uppermost."""
    warm = int(max(settings.windows_h))
    daily = max(float(usual.week.sum()) / 7, 1e-6)
    hours = int(np.clip(ARRIVALS / daily, *DAYS)) * 24
    made = made_up(usual, warm + hours, rng)
    peaks = np.sort(_episodes(usual, made, warm, settings))[::-1]
    if len(peaks) < 4:
        return FAINT + float(np.log10(max(MONTH_H / hours, 1.0))) + 1.0
    base = peaks[min(PEAKS, len(peaks) - 1)]
    upper = peaks[peaks > base]
    if not len(upper):
        return float(base)
    wanted = settings.false_alarms * hours / MONTH_H
    return float(base + (upper - base).mean() * np.log(len(upper) / wanted))


def made_up(usual: Usual, hours: int, rng: np.random.Generator) -> Made:
    """Reports of so many hours as they usually come, in order: the index of each one's square, and its hour.

    The week begins on Monday, 0:00. What is doubtful about the rates is drawn too."""
    rate = usual.mean * rng.gamma(usual.shape) / usual.shape * (1 - usual.again)
    squares, times = [], []
    for hour in range(hours):
        drawn = rng.poisson(rate * usual.profile[usual.town, hour % HOURS])
        where = np.repeat(np.arange(len(rate)), drawn)
        again = rng.geometric(1 - usual.again, len(where)) - 1
        first = hour + rng.random(len(where))
        later = np.repeat(first, again) + AGAIN_WITHIN_H * rng.random(int(again.sum()))
        squares += [where, np.repeat(where, again)]
        times += [first, later]
    at, when = np.concatenate(squares), np.concatenate(times)
    order = np.argsort(when, kind="stable")
    return at[order].astype(np.int64), when[order]


def _episodes(usual: Usual, made: Made, warm: int, settings: Settings) -> Floats:
    """The highest score of each episode: high scores close by each other in place and time are one."""
    rings = circles(usual.squares, usual.squares, settings.radii_m)
    reach, watch = rings[-1], _Watch(usual, made, rings, settings)
    peak = np.zeros(len(usual.squares))  # of the episode around each square that is not over
    last = np.full(len(usual.squares), -np.inf)
    ended: list[float] = []
    for hour in range(warm + 1, int(made[1][-1]) + 1 if len(made[1]) else 0):
        over = (peak > 0) & (hour - last > QUIET_H)
        ended += peak[over].tolist()
        peak[over] = 0
        rows, best = watch.look(hour)
        for row, score in sorted(zip(rows.tolist(), best.tolist(), strict=True), key=lambda one: -one[1]):
            around = reach.indices[reach.indptr[row] : reach.indptr[row + 1]]
            running = around[peak[around] > 0]
            holder = int(running[np.argmax(peak[running])]) if len(running) else row
            peak[holder], last[holder] = max(peak[holder], score), hour
    return np.array(ended + peak[peak > 0].tolist())


class _Watch:
    """Looks at the made-up reports hour by hour; what does not change from look to look is kept."""

    def __init__(self, usual: Usual, made: Made, rings: list[sparse.csr_array], settings: Settings) -> None:
        self.usual, self.made, self.settings = usual, made, settings
        self.circles: sparse.csr_array = sparse.csr_array(sparse.vstack(rings))
        self.rings = np.arange(len(rings)) * len(usual.squares)
        self.shares = [shares_at(usual, hour, settings) for hour in range(HOURS)]

    def look(self, hour: int) -> tuple[Squares, Floats]:
        """The squares that had a report in the last hour and score high, with their scores."""
        at, times = self.made
        end = int(np.searchsorted(times, hour, side="right"))
        rows = np.unique(at[int(np.searchsorted(times, hour - 1)) : end])
        if not len(rows):
            return rows, np.zeros(0)
        starts = np.searchsorted(times, [hour - hours for hours in self.settings.windows_h]).tolist()
        size = len(self.usual.squares)
        counts = np.array([np.bincount(at[start:end], minlength=size) for start in starts], np.float64).T
        known = weighed(self.usual, counts, self.shares[hour % HOURS])
        chosen = self.circles[(self.rings[:, None] + rows[None, :]).ravel()]
        found = scores(chosen, known, self.settings)[0]
        best = found.reshape(len(self.rings), len(rows), -1).max(axis=(0, 2))
        high = best >= FAINT
        return rows[high], best[high]
