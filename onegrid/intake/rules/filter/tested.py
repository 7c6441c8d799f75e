"""What a model offers the reports after a day, beside what people declared about them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidates import place_in_group, taken
from .matters import Ints
from .model import PROPOSALS, Model, Scored, score, with_rates
from .rates import Lesson
from .tables import Stream


@dataclass(frozen=True, slots=True)
class Tested:
    """A stream after the cut: what each later report was offered, and what was declared."""

    rows: Ints  # of the reports tested
    scored: Scored
    right: NDArray[np.bool_]  # per proposal
    declared: int


def tested(model: Model, lesson: Lesson, stream: Stream, *, since: float) -> Tested:
    """What the model proposes to the reports from `since` (seconds) on."""
    matters = lesson.matters
    rows = np.flatnonzero(matters.at[lesson.pairs.new] >= since)
    some = taken(lesson.pairs, rows)
    scored = score(model, with_rates(lesson.table[rows].copy(), matters, matters, some, model.rates), some)
    late = frozenset(pair for pair in stream.declared if matters.at[pair[1]] >= since)
    right = declared(scored.new, scored.old, late)
    return Tested(np.flatnonzero(matters.at >= since), scored, right, len(late))


def declared(new: Ints, old: Ints, pairs: frozenset[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which of these rows people declared the same; `pairs`: (earlier, later)."""
    return np.fromiter(
        (each in pairs for each in zip(old.tolist(), new.tolist(), strict=True)), bool, len(new)
    )


def recall_at(done: Tested, burden: float, *, first: int = PROPOSALS) -> float:
    """Share of the declared pairs among the first proposals, when at most so many reports carry any."""
    place = place_in_group(done.scored.new) if len(done.scored.new) else np.zeros(0, np.int64)
    return float((done.right & shown(done, burden) & (place < first)).sum() / max(done.declared, 1))


def shown(done: Tested, burden: float) -> NDArray[np.bool_]:
    """The proposals of the most doubtful reports, at most this share of all."""
    reached = np.zeros(int(done.rows[-1]) + 1 if len(done.rows) else 0)
    reached[done.scored.new] = done.scored.redundant
    allowed = int(len(done.rows) * burden)
    ordered = np.sort(reached[done.rows])[::-1]
    if allowed >= len(ordered):
        return np.ones(len(done.scored.new), bool)
    return np.asarray(done.scored.redundant > ordered[allowed])
