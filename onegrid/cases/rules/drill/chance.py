"""Chance in a drill: numbers that depend on seed, case and step alone, never on the order of events.

So the same seed gives the same drill, and a drill with one more person meets the very same cases."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Final, Protocol

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15


def mixed(value: int) -> int:
    """64 bits scrambled so that neighbours have nothing in common (SplitMix64, Steele et al. 2014)."""
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def key_of(seed: int, number: int) -> int:
    """The key from which all draws of one case come."""
    return mixed(mixed(seed & _MASK) ^ number)


def draw(key: int, nth: int) -> float:
    """The n-th number of this key, evenly spread over 0 <= u < 1."""
    return (mixed(key ^ (nth * 0xD1342543DE82EF95 & _MASK)) >> 11) * 2.0**-53


class Distribution(Protocol):
    """How long something takes. `at(u)` is the length in seconds below which a share `u` of all lie."""

    def at(self, u: float) -> float: ...

    @property
    def mean(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Exponential:
    """Lengths in seconds with this mean and no memory: what is assumed where nothing is known."""

    mean: float

    def at(self, u: float) -> float:
        """The u-quantile, in seconds."""
        return -log(1.0 - u) * self.mean


@dataclass(frozen=True, slots=True)
class Empirical:
    """Lengths as they were in history: quantiles in seconds, evenly spaced from the least to the greatest."""

    quantiles: tuple[float, ...]

    def at(self, u: float) -> float:
        """The u-quantile, in seconds, straight lines between those that are known."""
        place = u * (len(self.quantiles) - 1)
        low = int(place)
        if low + 1 >= len(self.quantiles):
            return self.quantiles[-1]
        return self.quantiles[low] + (place - low) * (self.quantiles[low + 1] - self.quantiles[low])

    @property
    def mean(self) -> float:
        """Seconds on average."""
        inner = sum(self.quantiles) - (self.quantiles[0] + self.quantiles[-1]) / 2
        return inner / (len(self.quantiles) - 1) if len(self.quantiles) > 1 else self.quantiles[0]


@dataclass(frozen=True, slots=True)
class Wheel:
    """A choice by weight: `at(u)` is the index of what is chosen."""

    sums: tuple[float, ...]

    @classmethod
    def of(cls, weights: Sequence[float]) -> "Wheel":
        """Choices with these weights, of which one at least is above zero."""
        return cls(tuple(accumulate(weights)))

    def at(self, u: float) -> int:
        """Which one."""
        return min(bisect_right(self.sums, u * self.sums[-1]), len(self.sums) - 1)
