"""The rule of thumb that the filter is measured against: same class, near, lately, still open."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.matching import REACH_M

from .facts import Fact
from .rates import Lesson
from .tables import Stream

PLAIN_M: Final = 100.0
PLAIN_H: Final = 7 * 24.0


def joins_itself(lesson: Lesson) -> NDArray[np.bool_]:
    """Which matters the road of a report joins by its own rule of thumb, so that nothing is proposed of them:
    same class, at most 50 m, still open."""
    table = lesson.table
    such = (
        (table[:, Fact.SAME_CLASS] == 1) & (table[:, Fact.METRES] >= 0) & (table[:, Fact.METRES] <= REACH_M)
    )
    joined = np.zeros(len(lesson.matters), bool)
    joined[lesson.pairs.new[such & (table[:, Fact.ENDED_HOURS] < 0)]] = True
    return joined


def plain_rule(lesson: Lesson, stream: Stream, *, since: float) -> tuple[float, float]:
    """Recall and share flagged of the rule of thumb: same class, 100 m, 7 days, still open."""
    table, found, matters = lesson.table, lesson.pairs, lesson.matters
    such = (
        (table[:, Fact.SAME_CLASS] == 1) & (table[:, Fact.METRES] >= 0) & (table[:, Fact.METRES] <= PLAIN_M)
        & (table[:, Fact.HOURS] <= PLAIN_H) & (table[:, Fact.ENDED_HOURS] < 0)
        & (matters.at[found.new] >= since)
    )  # fmt: skip
    declared = sum(matters.at[later] >= since for _, later in stream.declared)
    flagged = len(np.unique(found.new[such])) / max(int((matters.at >= since).sum()), 1)
    return float((such & lesson.confirmed).sum() / max(declared, 1)), flagged
