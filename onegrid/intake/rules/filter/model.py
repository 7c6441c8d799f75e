"""The score of the filter: how likely a report is redundant, and with which earlier matter.

Two small forests answer two questions. `flag`: is this pair the same matter? The highest answer of a
report's pairs is how likely the report is redundant. `rank`: given that it is, which one? Rates of redundancy
per class and pair of classes are learned from what people decided, recent decisions counting more."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .candidates import Pairs, place_in_group
from .facts import Fact, Table
from .matters import Floats, Ints, Matters
from .similar import Weights
from .trees import Trees

KIND = "matching"
PROPOSALS = 3
BURDENS = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20)
PLACELESS_TEXT = 0.2  # without a place, texts less alike are no proposal


@dataclass(frozen=True, slots=True)
class Rates:
    """Log shares; what is not listed has the general one (by relation: same class, same family, other)."""

    by_class: dict[str, float]
    by_pair: dict[tuple[str, str], float]
    general: float
    by_relation: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained filter. `slope`, `offset`: from log-odds to a probability that holds (Platt 1999).

    `thresholds`: the probability above which so large a share of the reports carries a proposal, in the
    order of `BURDENS`, for all classes and per family. `burden`: the share wanted, `burdens`: of single
    families."""

    version: str
    flag: Trees
    rank: Trees
    rates: Rates
    weights: Weights
    slope: float
    offset: float
    thresholds: tuple[float, ...]
    by_family: dict[str, tuple[float, ...]]
    burden: float
    burdens: dict[str, float]

    def threshold(self, family: str, burden: float | None = None) -> float:
        """The probability a report must reach to carry proposals, at this burden (share of reports flagged).

        A family with a burden of its own is judged by its own reports, the others by all."""
        if burden is None and family in self.burdens and family in self.by_family:
            return float(np.interp(self.burdens[family], BURDENS, self.by_family[family]))
        return float(np.interp(self.burden if burden is None else burden, BURDENS, self.thresholds))


class Scored(NamedTuple):
    """Proposals, best first within each new matter: rows of new and old, probability, row of the facts.

    `redundant`: probability that the new matter is one of the earlier ones, whichever."""

    new: Ints
    old: Ints
    probability: Floats
    redundant: Floats
    row: Ints


def with_rates(table: Table, new: Matters, old: Matters, pairs: Pairs, rates: Rates) -> Table:
    """The facts with the two rates filled in."""
    i, j = pairs.new.tolist(), pairs.old.tolist()
    relation = 2 - table[:, Fact.SAME_FAMILY].astype(int) - table[:, Fact.SAME_CLASS].astype(int)
    table[:, Fact.CLASS_RATE] = [rates.by_class.get(new.class_code[a], rates.general) for a in i]
    table[:, Fact.PAIR_RATE] = [
        rates.by_pair.get((old.class_code[b], new.class_code[a]), rates.by_relation[r])
        for a, b, r in zip(i, j, relation.tolist(), strict=True)
    ]
    return table


def score(model: Model, table: Table, pairs: Pairs) -> Scored:
    """The three best candidates of each new matter, with no threshold applied. `pairs` sorted by new matter.

    Where no place is known, the likeness of the texts decides the order."""
    if not len(table):
        none, zero = np.zeros(0, np.int64), np.zeros(0)
        return Scored(none, none, zero, zero, none)
    odds = model.slope * model.flag.score(table) + model.offset
    placeless = table[:, Fact.METRES] < 0
    order_by = np.where(placeless, table[:, Fact.TEXT] * 10 - 20, model.rank.score(table))
    ranked = np.lexsort((-order_by, pairs.new))
    group, order_by = pairs.new[ranked], order_by[ranked]
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    length = np.diff(np.append(starts, len(group)))
    whole = np.repeat(_logistic(np.maximum.reduceat(odds[ranked], starts)), length)
    highest = np.repeat(np.maximum.reduceat(order_by, starts), length)
    weight = np.exp(np.clip(order_by - highest, -30, 0))
    share = weight / np.repeat(np.add.reduceat(weight, starts), length)
    best = place_in_group(group) < PROPOSALS
    row = ranked[best]
    return Scored(pairs.new[row], pairs.old[row], (whole * share)[best], whole[best], row)


def _logistic(odds: Floats) -> Floats:
    probability: Floats = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
    return probability
