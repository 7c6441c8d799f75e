"""Running statistics of bounded size: sums, the greatest, and a histogram from which quantiles are read."""

from math import log
from typing import Final

_LEAST_S: Final = 30.0
_STEP: Final = log(1.1)  # each bin is a tenth wider than the one before
_BINS: Final = 170  # up to ten years
HOUR: Final = 3600.0


class Tally:
    """Lengths of time in seconds, counted one by one and never kept."""

    __slots__ = ("bins", "count", "most", "total")

    def __init__(self) -> None:
        self.count, self.total, self.most = 0, 0.0, 0.0
        self.bins = [0] * _BINS

    def add(self, seconds: float) -> None:
        """Count one length."""
        self.count += 1
        self.total += seconds
        self.most = max(self.most, seconds)
        nth = 0 if seconds < _LEAST_S else min(_BINS - 1, 1 + int(log(seconds / _LEAST_S) / _STEP))
        self.bins[nth] += 1

    @property
    def mean(self) -> float:
        """Seconds on average; 0 where nothing was counted."""
        return self.total / self.count if self.count else 0.0

    def quantile(self, share: float) -> float:
        """The length below which this share lies, good to a tenth."""
        wanted, seen = share * self.count, 0
        for nth, found in enumerate(self.bins):
            seen += found
            if seen >= wanted and found:
                return min(self.most, 0.0 if nth == 0 else _LEAST_S * 1.1**nth)
        return self.most

    def as_hours(self) -> dict[str, float | int]:
        """For the report: hours with four digits after the point."""
        return {
            "count": self.count,
            "mean_h": round(self.mean / HOUR, 4),
            "p50_h": round(self.quantile(0.5) / HOUR, 4),
            "p90_h": round(self.quantile(0.9) / HOUR, 4),
            "max_h": round(self.most / HOUR, 4),
        }
