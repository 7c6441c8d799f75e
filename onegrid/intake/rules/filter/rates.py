"""How often people found reports of a class redundant, and near pairs of two classes the same.

Recent decisions count more (half-life 30 days): what a city's departments hold for redundant changes from one
month to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from .candidates import Pairs
from .facts import Fact, Table
from .matters import Floats, Ints, Matters
from .model import Rates, with_rates
from .similar import Weights

HALF_LIFE_DAYS: Final = 30.0
SHRINK: Final = 10.0  # reports that a class's own rate must outweigh
NEAR_M: Final = 60.0
SEEN: Final = 0.05  # decayed reports below which a class or pair of classes has no rate of its own
DAY: Final = 86400.0

_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: all matters in time, their candidate pairs with facts, and which are confirmed.

    `confirmed`: per pair. `weights`: how much each word tells."""

    matters: Matters
    pairs: Pairs
    table: Table
    confirmed: NDArray[np.bool_]
    weights: Weights


class _Counts(NamedTuple):
    """What was decided, each decision decayed: by class of the report, and by classes of near pairs.

    `code`: class of each matter, `which`: entry of `key` of each pair, `own`: weight of a near pair."""

    names: list[str]
    code: Ints
    weight: Floats
    redundant: NDArray[np.bool_]
    many: Floats
    found: Floats
    key: Ints
    which: Ints
    own: Floats
    seen: Floats
    same: Floats


def _counts(lesson: Lesson, *, now: float) -> _Counts:
    matters, pairs = lesson.matters, lesson.pairs
    weight = np.where(matters.at < now, decayed(now - matters.at, HALF_LIFE_DAYS), 0)
    redundant = np.zeros(len(matters), bool)
    redundant[pairs.new[lesson.confirmed]] = True
    code, names = codes(matters.class_code)
    own = weight[pairs.new] * (np.nan_to_num(pairs.metres, nan=np.inf) < NEAR_M)
    key, which = np.unique(code[pairs.old] * len(names) + code[pairs.new], return_inverse=True)
    return _Counts(
        names, code, weight, redundant, _sums(code, weight, len(names)),
        _sums(code, weight * redundant, len(names)), key, which, own, _sums(which, own, len(key)),
        _sums(which, own * lesson.confirmed, len(key)),
    )  # fmt: skip


def _sums(group: Ints, weight: Floats, many: int) -> Floats:
    return np.bincount(group, weight, many).astype(np.float64)


def rates_of(lesson: Lesson, *, now: float) -> Rates:
    """How often reports of each class, and near pairs of each two classes, are found to be the same."""
    counts = _counts(lesson, now=now)
    general = max(counts.found.sum() / max(counts.many.sum(), 1e-9), 1e-5)
    by_class = np.log((counts.found + SHRINK * general) / (counts.many + SHRINK))
    relation = _relation(lesson.table)
    same, other, apart = (_share(counts.own * (relation == kind), lesson.confirmed) for kind in range(3))
    first = np.unique(counts.which, return_index=True)[1]
    prior = np.array([same, other, apart])[relation[first]]
    by_pair = np.log((counts.same + SHRINK * prior) / (counts.seen + SHRINK))
    names = counts.names
    pairs = [(names[k // len(names)], names[k % len(names)]) for k in counts.key.tolist()]
    return Rates(
        {name: rate for name, rate, seen in _listed(names, by_class, counts.many) if seen > SEEN},
        {pair: rate for pair, rate, seen in _listed(pairs, by_pair, counts.seen) if seen > SEEN},
        float(np.log(general)),
        (float(np.log(same)), float(np.log(other)), float(np.log(apart))),
    )


def _share(weight: Floats, confirmed: NDArray[np.bool_]) -> float:
    return max(float((weight * confirmed).sum()) / max(float(weight.sum()), 1.0), 1e-5)


def _listed(names: Sequence[_Name], rates: Floats, seen: Floats) -> Iterable[tuple[_Name, float, float]]:
    return zip(names, rates.tolist(), seen.tolist(), strict=True)


def own_left_out(lesson: Lesson, rates: Rates, *, now: float) -> Table:
    """The facts with rates in which a report's own decision has no part, so that it can't tell its answer."""
    pairs, counts = lesson.pairs, _counts(lesson, now=now)
    table = with_rates(lesson.table.copy(), lesson.matters, lesson.matters, pairs, rates)
    code, weight = counts.code, counts.weight
    many, found = counts.many[code] - weight, counts.found[code] - weight * counts.redundant
    general = np.exp(rates.general)
    table[:, Fact.CLASS_RATE] = np.log((found + SHRINK * general) / (many + SHRINK))[pairs.new]
    seen = counts.seen[counts.which] - counts.own
    same = counts.same[counts.which] - counts.own * lesson.confirmed
    prior = np.exp(np.array(rates.by_relation))[_relation(lesson.table)]
    table[:, Fact.PAIR_RATE] = np.log((same + SHRINK * prior) / (seen + SHRINK))
    return table


def _relation(table: Table) -> Ints:
    """0 of one class, 1 of one family, 2 of two."""
    return 2 - table[:, Fact.SAME_FAMILY].astype(np.int64) - table[:, Fact.SAME_CLASS].astype(np.int64)


def decayed(age_s: Floats, half_life_days: float) -> Floats:
    """The weight of what is so old (seconds)."""
    aged: Floats = np.exp2(-np.maximum(age_s, 0) / DAY / half_life_days)
    return aged


def codes(texts: tuple[str, ...]) -> tuple[Ints, list[str]]:
    """Each text as a number, and the texts by number."""
    known: dict[str, int] = {}
    code = np.array([known.setdefault(each, len(known)) for each in texts], dtype=np.int64)
    return code, list(known)
