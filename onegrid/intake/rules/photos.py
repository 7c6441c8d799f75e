"""Whether two photos show the same picture: how many bits of their 64-bit marks differ."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

NEAR: Final = 6  # bits of 64; two unrelated photos differ in about 32
_WIDTHS: Final = (9, 9, 9, 9, 9, 9, 10)  # NEAR + 1 bands: six differing bits leave one of them untouched
_ALL: Final = (1 << 64) - 1


def distance(one: int, other: int) -> int:
    """How many of the 64 bits of two marks (signed integers) differ: 0 to 64, the same both ways."""
    return ((one ^ other) & _ALL).bit_count()


def distances(mark: int, others: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The distance of one mark to each of many."""
    return np.bitwise_count(np.bitwise_xor(others, np.int64(mark)).view(np.uint64))


def near_identical(one: int | None, other: int | None) -> bool:
    """Whether two marks are of the same picture, scaled or compressed anew; never where one is unknown."""
    return one is not None and other is not None and distance(one, other) <= NEAR


def bands(mark: int) -> tuple[int, ...]:
    """Seven numbers for an index: near-identical marks share at least one of them, others seldom any."""
    left, found = mark & _ALL, []
    for number, width in enumerate(_WIDTHS):
        found.append(number << 10 | left & ((1 << width) - 1))
        left >>= width
    return tuple(found)
