"""How alike two texts are: the cosine of their word sets, rare words counting more."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .matters import Floats, Ints, Matters
from .words import BUCKETS, Words

HEAD_SHARE = 0.5  # how much the title counts beside the whole text, where both have one

Weights = NDArray[np.float32]  # per bucket


def rarity(texts: list[Words]) -> Weights:
    """How much each word tells: the fewer texts have it, the more (smoothed inverse frequency)."""
    having = np.zeros(BUCKETS)
    if texts:
        np.add.at(having, np.concatenate(texts), 1)
    weights: Weights = (np.log((1 + len(texts)) / (1 + having)) + 1).astype(np.float32)
    return weights


def similarity(new: Matters, old: Matters, i: Ints, j: Ints, weights: Weights) -> Floats:
    """For each pair 0 (nothing in common) to 1 (the same words); NaN where one says nothing.

    `i` must come sorted."""
    whole = _cosine(new.words, old.words, i, j, weights)
    title = _cosine(new.head, old.head, i, j, weights)
    both = (whole + HEAD_SHARE * title) / (1 + HEAD_SHARE)
    return np.where(np.isnan(title), whole, both)


def _cosine(new: tuple[Words, ...], old: tuple[Words, ...], i: Ints, j: Ints, weights: Weights) -> Floats:
    """Row by row of the new ones: their words are laid out once and looked up for all their candidates."""
    result = np.full(len(i), np.nan)
    table = np.zeros(BUCKETS, np.float32)
    starts = np.flatnonzero(np.append(True, i[1:] != i[:-1])) if len(i) else np.zeros(0, np.int64)
    rows = j.tolist()
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(i)], strict=False):
        mine, others = new[int(i[start])], [old[row] for row in rows[start:end]]
        length = np.fromiter(map(len, others), np.int64, end - start)
        spoken = np.flatnonzero(length)
        if not len(mine) or not len(spoken):
            continue
        words = np.concatenate([others[k] for k in spoken.tolist()])
        begins = np.cumsum(length[spoken]) - length[spoken]
        table[mine] = weights[mine]
        own = weights[words]
        shared = np.add.reduceat(table[words] * own, begins)
        size = np.add.reduceat(own * own, begins)
        result[start + spoken] = shared / np.sqrt(size * float(weights[mine] @ weights[mine]))
        table[mine] = 0
    return result


def likest(
    new: Matters, old: Matters, rows: Ints, families: tuple[Ints, Ints], *, most: int, weights: Weights
) -> tuple[Ints, Ints]:
    """For each of these rows the earlier matters of its family with the likest texts."""
    family_new, family_old = families
    chosen = rows.tolist()
    words_new, head_new = (
        _laid_out([texts[row] for row in chosen], weights) for texts in (new.words, new.head)
    )
    words_old, head_old = _laid_out(old.words, weights), _laid_out(old.head, weights)
    found_i, found_j = [], []
    for begin in range(0, len(rows), 256):
        part = rows[begin : begin + 256]
        alike = (words_new[begin : begin + 256] @ words_old.T).toarray()
        alike += HEAD_SHARE * (head_new[begin : begin + 256] @ head_old.T).toarray()
        alike[family_new[part][:, None] != family_old[None, :]] = 0
        alike[old.at[None, :] > new.at[part][:, None]] = 0
        best = np.argpartition(-alike, min(most, alike.shape[1] - 1), axis=1)[:, :most]
        at, column = np.nonzero(np.take_along_axis(alike, best, axis=1) > 0.05)
        found_i.append(part[at])
        found_j.append(best[at, column])
    return np.concatenate(found_i), np.concatenate(found_j)


def _laid_out(texts: Sequence[Words], weights: Weights) -> Any:
    """Word sets as rows of a sparse matrix, each of length 1 so that a product is a cosine."""
    length = np.fromiter(map(len, texts), np.int64, len(texts))
    words = np.concatenate(texts) if len(texts) else np.zeros(0, np.uint16)
    values = weights[words]
    squares = np.bincount(np.repeat(np.arange(len(texts)), length), values**2, len(texts))
    size = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
    cells = values / np.repeat(size, length), words.astype(np.int32), np.append(0, np.cumsum(length))
    return csr_array(cells, shape=(len(texts), BUCKETS))
