"""Where the cases of a drill come from: made up at a steady rate, or the city's own past, one by one."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Final, NamedTuple

from onegrid.cases.rules.drill.chance import Wheel, draw, key_of
from onegrid.scenarios.rules import Source

DAY: Final = 86_400_000_000  # microseconds
HOURS: Final = tuple(
    1.0 if hour < 7 or hour >= 22 else (6.0 if 8 <= hour < 18 else 3.0) for hour in range(24)
)
"""How many matters come in each hour of the day, where no history tells: most of them by day (assumed)."""
EVEN: Final = (1.0,) * 24
_STREAM: Final = 0x53545245414D  # draws of the stream have keys of their own


class Kind(NamedTuple):
    """What is alike in many reports."""

    class_code: str
    unit: str
    urgency: int
    channel: str
    source: Source | None


class Arrival(NamedTuple):
    """A matter that comes in. `at` in microseconds since 1970, UTC."""

    at: int
    grid: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A made-up stream: Poisson with `per_day` matters on average, spread over hours, grids and kinds."""

    per_day: float
    grids: Sequence[str]
    grid_weights: Sequence[float]
    kinds: Sequence[Kind]
    kind_weights: Sequence[float]
    hours: tuple[float, ...] = HOURS
    """Weight of each hour of the local day; none is zero."""

    def arrivals(self, *, start: int, days: int, seed: int) -> Iterator[Arrival]:
        """In the order of time. `start`: midnight of the first day, microseconds since 1970."""
        if self.per_day <= 0:
            return
        place, what = Wheel.of(self.grid_weights), Wheel.of(self.kind_weights)
        sums = [0.0, *accumulate(weight / sum(self.hours) for weight in self.hours)]
        passed, number = 0.0, 0
        while True:
            key = key_of(seed ^ _STREAM, number)
            number += 1
            passed += -log(1.0 - draw(key, 0)) / self.per_day
            if passed >= days:
                return
            at = start + _moment(passed, sums)
            yield Arrival(at, self.grids[place.at(draw(key, 1))], self.kinds[what.at(draw(key, 2))])


def _moment(passed: float, sums: Sequence[float]) -> int:
    """Days of matters that have come in, as microseconds: within a day by the weight of its hours."""
    day = int(passed)
    share = passed - day
    hour = min(bisect_right(sums, share) - 1, 23)
    inside = (share - sums[hour]) / (sums[hour + 1] - sums[hour])
    return day * DAY + int((hour + min(inside, 0.999999)) / 24 * DAY)


@dataclass(frozen=True)
class Historic:
    """The city's own cases, moved so that the first one falls into the drill: by whole weeks, which keeps the
    days of the week, and by whole days where the drill is shorter than a week."""

    past: Iterable[Arrival]

    def arrivals(self, *, start: int, days: int, seed: int) -> Iterator[Arrival]:
        """In the order of time."""
        span = 7 * DAY if days >= 7 else DAY
        shift: int | None = None
        for one in self.past:
            if shift is None:
                shift = -(-(start - one.at) // span) * span
            at = one.at + shift
            if at >= start + days * DAY:
                return
            yield one._replace(at=at)


Stream = Synthetic | Historic
