"""The pairs worth comparing: a new matter and an earlier one that may be the same.

Near and of the same family of classes; or so near that even another family may mean the same thing; or
without a place on one side, but with the same address or reporter, or a like text. Only matters that are open
when the new one comes, or ended just now. Which pairs there are does not depend on the order of the rows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .matters import Floats, Ints, Matters, numbered, origin_of, plane
from .similar import Weights, likest, rarity

REACH_M = 130.0  # of the same family
BESIDE_M = 40.0  # of another family
ENDED_WITHIN = 3 * 86400.0  # seconds: a matter that ended so lately may have ended in vain
OTHER_WITHIN = 45 * 86400.0  # of another family, or by reporter: opened within
MOST = 24  # per new matter, the nearest
CROWDED = 1000  # matters: an address, or a reporter, of more of them tells nothing
LIKE = 8  # by text alone, the likest

_APART = 1e9  # metres between the planes of two families


class Pairs(NamedTuple):
    """Rows of the new and of the earlier matters; `metres` NaN where a place is missing."""

    new: Ints
    old: Ints
    metres: Floats


def taken(pairs: Pairs, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Pairs:
    """Some of the pairs, in this order."""
    return Pairs(pairs.new[rows], pairs.old[rows], pairs.metres[rows])


def pairs(new: Matters, old: Matters, *, weights: Weights | None = None) -> Pairs:
    """The candidates of each new matter among earlier ones (`old.at` before `new.at`), nearest first.

    The same case on both sides is no pair; of two with the same time the smaller id is the earlier one.
    `weights`: how much each word tells, by default as the earlier matters have it."""
    if not len(new) or not len(old):
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing, np.zeros(0))
    family_new, family_old = numbered(new.family, old.family)
    origin = origin_of(np.concatenate([new.lat, old.lat]))
    here, there = (np.stack(plane(side.lng, side.lat, origin=origin), 1) for side in (new, old))
    found = [
        _near(here, there, (family_new, family_old), reach=REACH_M),
        _near(here, there, None, reach=BESIDE_M),
        _equal(new.address, old.address),
        _equal(new.reporter, old.reporter),
        _alike(new, old, (family_new, family_old), weights),
    ]
    i, j = (np.concatenate([each[side] for each in found]) for side in (0, 1))
    i, j = np.divmod(np.unique(i * len(old) + j), len(old))
    some = Pairs(i, j, np.hypot(*(here[i] - there[j]).T))
    keep = _possible(new, old, some, same_family=family_new[i] == family_old[j])
    return _nearest(taken(some, keep), new, old)


def _near(
    here: Floats, there: Floats, families: tuple[Ints, Ints] | None, *, reach: float
) -> tuple[Ints, Ints]:
    """Rows at most `reach` metres apart, where families are given: of the same one."""
    sides = []
    for points, family in zip((here, there), families or (None, None), strict=True):
        rows = np.flatnonzero(np.isfinite(points).all(axis=1))
        level = np.zeros(len(rows)) if family is None else family[rows] * _APART
        sides.append((rows, np.column_stack([points[rows], level])))
    (rows_new, at_new), (rows_old, at_old) = sides
    if not len(rows_new) or not len(rows_old):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    near = cKDTree(at_new).sparse_distance_matrix(cKDTree(at_old), reach, output_type="ndarray")
    return rows_new[near["i"]], rows_old[near["j"]]


def _equal(new: Ints, old: Ints) -> tuple[Ints, Ints]:
    """Rows with the same number on both sides, 0 being none."""
    order = np.argsort(old, kind="stable")
    lo = np.searchsorted(old[order], new, "left")
    count = np.searchsorted(old[order], new, "right") - lo
    count = np.where((new == 0) | (count > CROWDED), 0, count)
    i = np.repeat(np.arange(len(new)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, order[lo[i] + within]


def _alike(
    new: Matters, old: Matters, families: tuple[Ints, Ints], weights: Weights | None
) -> tuple[Ints, Ints]:
    """Of matters without a place: those of the same family with the likest texts, placed or not."""
    said = np.fromiter((len(each) > 0 for each in new.words), bool, len(new))
    rows = np.flatnonzero(~new.placed & said)
    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    told = rarity([*old.words]) if weights is None else weights
    return likest(new, old, rows, families, most=LIKE, weights=told)


def _possible(
    new: Matters, old: Matters, some: Pairs, *, same_family: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Those whose earlier matter came before, runs or ended just now, and lies where the new one may be."""
    i, j, metres = some
    at, before = new.at[i], old.at[j]
    same = np.fromiter(
        (new.case_id[a] == old.case_id[b] for a, b in zip(i.tolist(), j.tolist(), strict=True)), bool, len(i)
    )
    tied = np.flatnonzero(before == at)
    earlier = before < at
    earlier[tied] = [old.case_id[j[k]] < new.case_id[i[k]] for k in tied.tolist()]
    lately = same_family | (before > at - OTHER_WITHIN)
    too_far = np.nan_to_num(metres) > REACH_M  # the same address or reporter, but two places
    possible: NDArray[np.bool_] = earlier & ~same & (old.ended[j] > at - ENDED_WITHIN) & lately & ~too_far
    return possible


def _nearest(some: Pairs, new: Matters, old: Matters) -> Pairs:
    """At most `MOST` a new matter: of its class first, then the nearest, then the newest."""
    i, j, metres = some
    code_new, code_old = numbered(new.class_code, old.class_code)
    far = np.where(np.isfinite(metres), metres, REACH_M) + 200.0 * (code_new[i] != code_old[j])
    ordered = taken(some, np.lexsort((-old.at[j], far, i)))
    return taken(ordered, place_in_group(ordered.new) < MOST)


def place_in_group(group: Ints) -> Ints:
    """0, 1, 2 … within each run of equal numbers."""
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    length = np.diff(np.append(starts, len(group)))
    return np.arange(len(group)) - np.repeat(starts, length)
