"""Boosted trees as plain arrays, scored for many rows at once.

Each tree has at most eight leaves. A comparison that fails rules out the leaves on its low side, so that a
byte per tree remembers which leaves are still possible; the first of them is the answer (the method of
QuickScorer, Lucchese et al. 2015). Nothing is pickled, and a single pair costs as few steps as a thousand."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAVES = 8
_LOWEST = np.array([8] + [(n & -n).bit_length() - 1 for n in range(1, 256)], dtype=np.intp)
_ROWS = 20_000  # scored together, to bound memory


class Trees(NamedTuple):
    """`feature`, `threshold`, `mask`: of each comparison `value <= threshold`, tree by tree.

    `starts`: where each tree begins. `leaves`: value of each leaf of each tree, in eight columns. `base`:
    where no tree speaks."""

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    mask: NDArray[np.uint8]
    starts: NDArray[np.int32]
    leaves: NDArray[np.float64]
    base: float

    def score(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds of each row."""
        result = np.full(len(table), self.base)
        if not len(self.starts):
            return result
        tree = np.arange(len(self.starts))
        for begin in range(0, len(table), _ROWS):
            part = table[begin : begin + _ROWS].astype(np.float64)
            kept = np.where(part[:, self.feature] <= self.threshold, np.uint8(255), self.mask)
            leaf = _LOWEST[np.bitwise_and.reduceat(kept, self.starts, axis=1)]
            result[begin : begin + _ROWS] += self.leaves[tree, leaf].sum(axis=1)
        return result

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """As kept in a model file."""
        kept = {f"{prefix}.{name}": np.asarray(getattr(self, name)) for name in self._fields}
        return {name: np.atleast_1d(array) for name, array in kept.items()}


def from_arrays(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Trees:
    """The inverse of `Trees.arrays`. Raises KeyError where a part is missing."""
    parts = {name: arrays[f"{prefix}.{name}"] for name in Trees._fields}
    base = float(parts.pop("base").ravel()[0])
    return Trees(**parts, base=base)


def from_boosting(predictors: list[NDArray[Any]], base: float) -> Trees:
    """The trees of scikit-learn's HistGradientBoosting, one structured array of nodes each."""
    comparisons: list[_Comparison] = []
    starts: list[int] = []
    leaves: list[list[float]] = []
    for nodes in predictors:
        if nodes[0]["is_leaf"]:
            base += float(nodes[0]["value"])
            continue
        starts.append(len(comparisons))
        values: list[float] = []
        _walk(nodes, 0, values, comparisons)
        leaves.append(values + [0.0] * (LEAVES - len(values)))
    return Trees(
        np.array([each.feature for each in comparisons], np.int16),
        np.array([each.threshold for each in comparisons], np.float64),
        np.array([each.mask for each in comparisons], np.uint8),
        np.array(starts, np.int32),
        np.array(leaves, np.float64).reshape(len(starts), LEAVES),
        base,
    )


class _Comparison(NamedTuple):
    feature: int
    threshold: float
    mask: int


def _walk(nodes: NDArray[Any], at: int, values: list[float], comparisons: list[_Comparison]) -> None:
    """Number the leaves from low to high; a failed comparison rules out those on its low side."""
    node = nodes[at]
    if node["is_leaf"]:
        values.append(float(node["value"]))
        return
    place, first = len(comparisons), len(values)
    comparisons.append(_Comparison(int(node["feature_idx"]), float(node["num_threshold"]), 255))
    _walk(nodes, int(node["left"]), values, comparisons)
    ruled_out = sum(1 << leaf for leaf in range(first, len(values)))
    comparisons[place] = comparisons[place]._replace(mask=255 & ~ruled_out)
    _walk(nodes, int(node["right"]), values, comparisons)
