"""The evaluation card of a model: what it finds at what burden, and how far its numbers hold."""

from collections import Counter
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.reports import JsonValue

from .matters import Floats, Ints, Matters
from .model import BURDENS, Model
from .plain import plain_rule
from .rates import Lesson
from .tables import Stream
from .tested import Tested, recall_at, shown

BINS: Final = 10


def card(model: Model, done: Tested, lesson: Lesson, stream: Stream, *, since: float) -> dict[str, JsonValue]:
    """The evaluation card: recall by burden, precision from below, calibration, families, the plain rule."""
    matters, rows = lesson.matters, done.rows
    plain, plain_flagged = plain_rule(lesson, stream, since=since)
    reached = np.zeros(len(matters))
    reached[done.scored.new] = done.scored.redundant
    redundant = np.zeros(len(matters), bool)
    redundant[[later for _, later in stream.declared]] = True
    return {
        "reports": len(matters),
        "tested": len(rows),
        "declared": done.declared,
        "among_candidates": int((lesson.confirmed & (matters.at[lesson.pairs.new] >= since)).sum()),
        "recall_at_3": _by_burden(lambda burden: recall_at(done, burden)),
        "recall_at_1": _by_burden(lambda burden: recall_at(done, burden, first=1)),
        "precision_from_below": _by_burden(lambda burden: _precision(done, redundant, burden)),
        "flagged_at_trained_threshold": _by_burden(
            lambda burden: _flagged(model, matters, reached[rows], rows, burden)
        ),
        "calibration_error": round(_calibration(reached[rows], redundant[rows]), 5),
        "families": _families(done, matters, stream, since=since),
        "plain_rule": {"recall": round(plain, 4), "flagged": round(plain_flagged, 4)},
    }


def _by_burden(share: Callable[[float], float]) -> dict[str, JsonValue]:
    return {f"{burden:.0%}": round(share(burden), 4) for burden in BURDENS}


def _precision(done: Tested, redundant: NDArray[np.bool_], burden: float) -> float:
    flagged = np.unique(done.scored.new[shown(done, burden)])
    return float(redundant[flagged].mean()) if len(flagged) else 0.0


def _flagged(model: Model, matters: Matters, reached: Floats, rows: Ints, burden: float) -> float:
    needed = np.array([model.threshold(matters.family[row], burden) for row in rows.tolist()])
    return float((reached >= needed).mean()) if len(rows) else 0.0


def _calibration(reached: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error over bins of equal size."""
    order = np.argsort(reached, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return float(
        sum(abs(reached[part].mean() - right[part].mean()) * len(part) for part in parts) / max(len(order), 1)
    )


def _families(done: Tested, matters: Matters, stream: Stream, *, since: float) -> dict[str, JsonValue]:
    """By family at a burden of 10 %: reports, flagged ones, declared pairs and found ones."""
    seen = shown(done, 0.10)
    hits = seen & done.right
    found = set(zip(done.scored.old[hits].tolist(), done.scored.new[hits].tolist(), strict=True))
    flagged = np.unique(done.scored.new[seen]).tolist()
    late = [pair for pair in stream.declared if matters.at[pair[1]] >= since]
    family = matters.family
    counts = {
        "reports": Counter(family[row] for row in done.rows.tolist()),
        "flagged": Counter(family[row] for row in flagged),
        "declared": Counter(family[later] for _, later in late),
        "found": Counter(family[later] for earlier, later in late if (earlier, later) in found),
    }
    names = sorted(counts["reports"], key=lambda name: -counts["declared"][name])
    return {name: {what: count[name] for what, count in counts.items()} for name in names}
