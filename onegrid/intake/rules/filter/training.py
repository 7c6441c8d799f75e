"""Learning the filter from what people decided: which pairs were the same matter, and which were not.

Forests are monotone where the field is: nearer, liker and of one class never makes a pair less likely to be
the same."""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from onegrid.kernel.refusals import Refusal

from .candidates import taken
from .facts import Fact, Table
from .matters import Floats
from .model import BURDENS, Model, score, with_rates
from .rates import Lesson, codes, decayed, own_left_out, rates_of
from .trees import Trees, from_boosting

WEIGHT_HALF_LIFE_DAYS: Final = 60.0  # of decisions in the forests
FEWEST: Final = 20  # confirmed pairs
HELD_OUT: Final = 0.25  # the last part of the time, for the probabilities and thresholds
OTHERS: Final = 60_000  # pairs not confirmed that are learned from

FLAG: Final = (
    Fact.METRES, Fact.HOURS, Fact.SAME_CLASS, Fact.SAME_FAMILY, Fact.SAME_ADDRESS, Fact.ENDED_HOURS,
    Fact.DUE_SHARE, Fact.BURST, Fact.CROWD, Fact.TEXT, Fact.PHOTO, Fact.SAME_REPORTER, Fact.CLASS_RATE,
    Fact.PAIR_RATE,
)  # fmt: skip
RANK: Final = (
    Fact.METRES, Fact.HOURS, Fact.SAME_CLASS, Fact.SAME_FAMILY, Fact.SAME_ADDRESS, Fact.ORDER, Fact.TEXT,
    Fact.PHOTO, Fact.SAME_REPORTER,
)  # fmt: skip
RISING: Final = {
    Fact.SAME_CLASS, Fact.SAME_FAMILY, Fact.SAME_ADDRESS, Fact.BURST, Fact.TEXT, Fact.PHOTO,
    Fact.CLASS_RATE, Fact.PAIR_RATE,
}  # fmt: skip
FALLING: Final = {Fact.METRES}


__all__ = ["FEWEST", "HELD_OUT", "Lesson", "TooFewDecisions", "fit", "rates_of"]


class Forest(NamedTuple):
    """How a forest grows: facts, rounds, learning rate, pairs a leaf holds at least, monotone or free."""

    facts: tuple[Fact, ...]
    rounds: int
    rate: float
    leaf: int
    monotone: bool


FLAG_FOREST: Final = Forest(FLAG, 120, 0.06, 20, monotone=True)
RANK_FOREST: Final = Forest(RANK, 100, 0.05, 10, monotone=False)


class TooFewDecisions(Refusal):
    code = "intake.too-few-decisions"
    zh = "可供学习的已确认重复件只有 {found} 对，至少需要 {needed} 对。请先在业务端确认或否决更多并案建议。"
    en = "Only {found} confirmed pairs to learn from, {needed} are needed; decide more proposals first."


def fit(
    lesson: Lesson,
    *,
    now: float,
    version: str,
    since: float = -inf,
    burden: float = 0.10,
    burdens: Mapping[str, float] | None = None,
    left: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> Model:
    """A model from decisions before `now` (seconds). Same lesson, same model.

    `since`: where the lesson leaves out what was decided before. `burden`: share of the reports that may
    carry proposals; `burdens`: of a family's reports, where it is another; `left`: the reports that come
    before the filter, where another rule joins the others first. Raises TooFewDecisions."""
    known = lesson.matters.at[lesson.pairs.new] < now
    if (found := int((lesson.confirmed & known).sum())) < FEWEST:
        raise TooFewDecisions(found=found, needed=FEWEST)
    at = lesson.matters.at
    cut = float(np.quantile(at[(at >= since) & (at < now)], 1 - HELD_OUT))
    if not (before := int((lesson.confirmed & (at[lesson.pairs.new] < cut)).sum())):
        raise TooFewDecisions(found=before, needed=FEWEST)
    early = _forests(lesson, now=cut, version=version, seed=seed)
    slope, offset = _probability(early, lesson, cut, now)
    whole = _forests(lesson, now=now, version=version, seed=seed)
    chosen = (at >= cut) & (at < now) & (True if left is None else left)
    everywhere, by_family = _thresholds(replace(early, slope=slope, offset=offset), lesson, chosen)
    return replace(
        whole, slope=slope, offset=offset, thresholds=everywhere, by_family=by_family, burden=burden,
        burdens=dict(burdens or {}),
    )  # fmt: skip


def _forests(lesson: Lesson, *, now: float, version: str, seed: int) -> Model:
    matters, pairs = lesson.matters, lesson.pairs
    at = matters.at[pairs.new]
    known = np.flatnonzero(at < now)
    rates = rates_of(lesson, now=now)
    table = own_left_out(lesson, rates, now=now)
    rng = np.random.default_rng(seed)
    others = np.flatnonzero(~lesson.confirmed[known])
    share = min(1.0, OTHERS / max(len(others), 1))
    some = known[lesson.confirmed[known] | (rng.random(len(known)) < share)]
    even = np.where(lesson.confirmed[some], 1, 1 / share)
    weight = even * decayed(now - at[some], WEIGHT_HALF_LIFE_DAYS)
    flag = _boost(table[some], lesson.confirmed[some], weight, FLAG_FOREST, seed=seed)
    redundant = np.zeros(len(matters), bool)
    redundant[pairs.new[known[lesson.confirmed[known]]]] = True
    ranked = known[redundant[pairs.new[known]]]
    rank = _boost(table[ranked], lesson.confirmed[ranked], np.ones(len(ranked)), RANK_FOREST, seed=seed)
    flat = tuple(0.0 for _ in BURDENS)
    return Model(version, flag, rank, rates, lesson.weights, 1.0, 0.0, flat, {}, 0.10, {})


def _boost(table: Table, confirmed: NDArray[np.bool_], weight: Floats, wanted: Forest, *, seed: int) -> Trees:
    sides = [(each in RISING) - (each in FALLING) if wanted.monotone else 0 for each in wanted.facts]
    forest = HistGradientBoostingClassifier(
        max_iter=wanted.rounds, learning_rate=wanted.rate, max_leaf_nodes=6, l2_regularization=5.0,
        min_samples_leaf=wanted.leaf, monotonic_cst=sides, early_stopping=False, random_state=seed,
    )  # fmt: skip
    with threadpool_limits(1):  # small forests: more threads wait for each other longer than they work
        forest.fit(table[:, list(wanted.facts)], confirmed, sample_weight=weight)
    nodes: list[NDArray[Any]] = [round_[0].nodes for round_ in forest._predictors]
    trees = from_boosting(nodes, float(np.ravel(forest._baseline_prediction)[0]))
    return trees._replace(feature=np.array(wanted.facts, np.int16)[trees.feature])


def _probability(model: Model, lesson: Lesson, since: float, until: float) -> tuple[float, float]:
    """Slope and offset that make the highest log-odds of a report a probability, on time not learned from."""
    odds, right = _highest(model, lesson, since, until)
    if right.sum() < 5 or right.all():
        return 1.0, 0.0
    platt = LogisticRegression(C=1e3).fit(odds[:, None], right)
    slope = float(platt.coef_[0, 0])
    return (slope, float(platt.intercept_[0])) if slope > 0 else (1.0, 0.0)


def _highest(model: Model, lesson: Lesson, since: float, until: float) -> tuple[Floats, NDArray[np.bool_]]:
    pairs = lesson.pairs
    at = lesson.matters.at[pairs.new]
    rows = np.flatnonzero((at >= since) & (at < until))
    some = taken(pairs, rows)
    table = with_rates(lesson.table[rows].copy(), lesson.matters, lesson.matters, some, model.rates)
    odds = model.flag.score(table)
    new = pairs.new[rows]
    starts = np.flatnonzero(np.append(True, new[1:] != new[:-1])) if len(new) else np.zeros(0, int)
    if not len(starts):
        return np.zeros(0), np.zeros(0, bool)
    return np.maximum.reduceat(odds, starts), np.logical_or.reduceat(lesson.confirmed[rows], starts)


def _thresholds(
    model: Model, lesson: Lesson, chosen: NDArray[np.bool_]
) -> tuple[tuple[float, ...], dict[str, tuple[float, ...]]]:
    """For each burden the probability that so large a share of the chosen reports reached."""
    reached = np.zeros(len(lesson.matters))
    rows = np.flatnonzero(chosen[lesson.pairs.new])
    some = taken(lesson.pairs, rows)
    table = with_rates(lesson.table[rows].copy(), lesson.matters, lesson.matters, some, model.rates)
    scored = score(model, table, some)
    reached[scored.new] = scored.redundant
    steps = _quantiles(reached[chosen])
    family, names = codes(lesson.matters.family)
    per = {name: reached[chosen & (family == k)] for k, name in enumerate(names)}
    return steps, {name: _quantiles(values) for name, values in per.items() if len(values) >= 500}


def _quantiles(values: Floats) -> tuple[float, ...]:
    if not len(values):
        return tuple(1.0 for _ in BURDENS)
    return tuple(
        float(each) for each in np.quantile(values, [1 - burden for burden in BURDENS], method="higher")
    )
