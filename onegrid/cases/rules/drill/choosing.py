"""A random choice, by weight, that keeps the type of what is chosen."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(choices: Sequence[T], weights: Sequence[float] | None, rng: np.random.Generator) -> T:
    """One of `choices`; without weights each is as likely as the next."""
    share = None if weights is None else np.array(weights, dtype=np.float64) / sum(weights)
    return choices[int(rng.choice(len(choices), p=share))]
