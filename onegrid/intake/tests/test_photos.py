"""Two photos are of one picture when at most six of their 64 bits differ."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.photos import NEAR, bands, distance, distances, near_identical

marks = st.integers(-(2**63), 2**63 - 1)
places = st.integers(0, 63)


def flipped(mark: int, bits: set[int]) -> int:
    turned = (mark & (2**64 - 1)) ^ sum(1 << bit for bit in bits)
    return turned - (1 << 64) if turned >> 63 else turned


@given(marks, st.sets(places))
def test_the_distance_is_the_number_of_bits_that_differ(mark: int, bits: set[int]) -> None:
    other = flipped(mark, bits)
    assert distance(mark, other) == distance(other, mark) == len(bits)
    assert near_identical(mark, other) == (len(bits) <= NEAR)


@given(marks, st.sets(places, max_size=NEAR))
def test_near_identical_photos_share_a_band_of_the_index(mark: int, bits: set[int]) -> None:
    assert set(bands(mark)) & set(bands(flipped(mark, bits)))


@given(marks, st.lists(marks, max_size=9))
def test_many_distances_at_once_are_the_distances_one_by_one(mark: int, others: list[int]) -> None:
    found = distances(mark, np.array(others, dtype=np.int64)).tolist()
    assert found == [distance(mark, other) for other in others]


def test_an_unknown_photo_is_like_none() -> None:
    assert not near_identical(None, 1)
    assert not near_identical(None, None)
