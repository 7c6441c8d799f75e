"""What is known of a pair of matters at the moment the new one comes: the numbers that the model weighs.

Unknown is -1 throughout (a value that no known fact has), so that one model serves cities without texts,
photos or places. Nothing that became known later is used."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.photos import near_identical

from .candidates import Pairs, place_in_group
from .matters import Floats, Ints, Matters, numbered
from .similar import Weights, similarity

SPOT_M = 15.0  # the same spot
CROWD_M = 100.0
GROUP_M = 60.0
BURST_H = 48.0
CROWD_H = 30 * 24.0

UNKNOWN = -1.0


class Fact(IntEnum):
    """The columns."""

    METRES = 0
    HOURS = 1  # since the earlier matter was opened
    SAME_CLASS = 2
    SAME_FAMILY = 3
    SAME_ADDRESS = 4
    ENDED_HOURS = 5  # since the earlier one ended; unknown: it runs
    DUE_SHARE = 6  # how much of the earlier one's time limit is gone
    BURST = 7  # matters of the new one's class on the same spot within two days
    CROWD = 8  # of its class within 100 m and 30 days: local density
    ORDER = 9  # 0 the earliest of its family within 60 m, 1 the next …
    TEXT = 10  # likeness of the texts, 0 to 1
    PHOTO = 11  # 1 a photo nearly the same, 0 none
    SAME_REPORTER = 12
    SAME_CHANNEL = 13
    CLASS_RATE = 14  # log of the share of reports of the new one's class that people find redundant
    PAIR_RATE = 15  # log of the share of near pairs of these two classes that people find the same


Table = NDArray[np.float32]


def describe(new: Matters, old: Matters, pairs: Pairs, weights: Weights) -> Table:
    """The facts of each pair, rates left unknown. `pairs` sorted by new matter."""
    i, j, metres = pairs
    table = np.full((len(i), len(Fact)), UNKNOWN, np.float32)
    if not len(i):
        return table
    text = similarity(new, old, i, j, weights)
    table[:, Fact.METRES] = np.where(np.isfinite(metres), metres, UNKNOWN)
    table[:, Fact.SAME_CLASS] = _same(new.class_code, old.class_code, i, j)
    table[:, Fact.SAME_FAMILY] = _same(new.family, old.family, i, j)
    table[:, Fact.SAME_ADDRESS] = _equal(new.address[i], old.address[j])
    table[:, Fact.TEXT] = np.where(np.isnan(text), UNKNOWN, text)
    table[:, Fact.PHOTO] = _photos(new, old, i, j)
    table[:, Fact.SAME_REPORTER] = _equal(new.reporter[i], old.reporter[j])
    table[:, Fact.SAME_CHANNEL] = _same(new.channel, old.channel, i, j)
    _fill_times(table, new.at[i], old, j)
    _fill_others(table, pairs, new, old)
    return table


def _fill_times(table: Table, at: Floats, old: Matters, j: Ints) -> None:
    """How long ago the earlier one came and ended, and how much of its time limit is gone."""
    before, ended = old.at[j], old.ended[j]
    span = old.due[j] - before
    known = np.isfinite(span) & (span > 0)
    table[:, Fact.HOURS] = (at - before) / 3600
    table[:, Fact.ENDED_HOURS] = np.where(ended <= at, np.minimum((at - ended) / 3600, 1e6), UNKNOWN)
    table[:, Fact.DUE_SHARE] = np.where(known, (at - before) / np.where(known, span, 1), UNKNOWN)


def _fill_others(table: Table, pairs: Pairs, new: Matters, old: Matters) -> None:
    """What the other pairs of the same new matter say of this one."""
    i, j, metres = pairs
    before = old.at[j]
    hours = (new.at[i] - before) / 3600
    far = np.where(np.isfinite(metres), metres, np.inf)
    same_class, same_family = table[:, Fact.SAME_CLASS] == 1, table[:, Fact.SAME_FAMILY] == 1
    table[:, Fact.BURST] = _count(i, same_class & (far < SPOT_M) & (hours < BURST_H))
    table[:, Fact.CROWD] = _count(i, same_class & (far < CROWD_M) & (hours < CROWD_H))
    table[:, Fact.ORDER] = _order(i, before, same_family & (far < GROUP_M))


def _same(new: Sequence[str], old: Sequence[str], i: Ints, j: Ints) -> NDArray[np.bool_]:
    """Whether both sides of a pair carry the same text."""
    here, there = numbered(new, old)
    same: NDArray[np.bool_] = here[i] == there[j]
    return same


def _equal(one: Ints, other: Ints) -> Floats:
    """Whether two keyed numbers are the same, unknown where one is 0."""
    return np.where((one == 0) | (other == 0), UNKNOWN, one == other)


def _count(group: Ints, which: NDArray[np.bool_]) -> Floats:
    """Of each pair: how many pairs of its new matter are such."""
    count = np.bincount(group, weights=which.astype(np.float64), minlength=int(group[-1]) + 1)
    return count[group].astype(np.float64)


def _order(group: Ints, before: Floats, which: NDArray[np.bool_]) -> Floats:
    """0, 1, 2 … by time among such pairs of the same new matter."""
    order = np.full(len(group), UNKNOWN)
    rows = np.flatnonzero(which)
    rows = rows[np.lexsort((before[rows], group[rows]))]
    order[rows] = place_in_group(group[rows])
    return order


def _photos(new: Matters, old: Matters, i: Ints, j: Ints) -> Floats:
    """Whether a photo of the one shows the same picture as one of the other."""
    found = np.full(len(i), UNKNOWN)
    if not any(new.photos):
        return found
    for k, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        if new.photos[a] and old.photos[b]:
            found[k] = any(near_identical(x, y) for x in new.photos[a] for y in old.photos[b])
    return found
