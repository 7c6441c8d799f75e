"""How well a classifier does on rows it has not seen: the card that every model carries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from onegrid.intake.rules.reports import JsonValue

from .model import Floats, Head
from .samples import Lesson, Target, TooFewRows
from .training import Learner, Rows

BINS: Final = 10  # of probability, for the calibration error
HELD_BACK: Final = 0.2  # share of the rows, the latest, that a head is calibrated and judged on
CURVE: Final = (0.125, 0.25, 0.5)  # shares of the rows of the learning curve
MOST_SHOWN: Final = 60  # classes listed one by one in a card


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered for rows not seen in training, and what was right."""

    right: NDArray[np.str_]
    best: NDArray[np.str_]  # three per row, the likeliest first; "" where there are fewer labels
    chance: NDArray[np.float64]  # of the first
    is_sure: NDArray[np.bool_]


def answers(learner: Learner, target: Target, head: Head, rows: Rows) -> Answers:
    """Let a calibrated head answer these rows."""
    labels = np.array(head.labels, dtype=np.str_)
    chances: Floats = head.probabilities(learner.counts[rows])
    order = np.argsort(-chances, axis=1, kind="stable")[:, :3]
    best = np.full((len(rows), 3), "", dtype=labels.dtype)
    best[:, : order.shape[1]] = labels[order]
    chance = chances.max(axis=1).astype(np.float64)
    return Answers(learner.truth[target][rows], best, chance, chance >= head.confidence)


def joined(parts: Sequence[Answers]) -> Answers:
    """The answers of several folds as one."""
    return Answers(*(np.concatenate([getattr(part, name) for part in parts]) for name in Answers.__slots__))


def card_of(found: Answers) -> dict[str, JsonValue]:
    """Macro-F1, accuracy at 1 and 3, calibration error, coverage at the stated confidence, per class."""
    first = found.best[:, 0]
    is_right = first == found.right
    sure = found.is_sure
    per_class = {label: _figures(found.right, first, label) for label in np.unique(found.right).tolist()}
    shown = sorted(per_class, key=lambda label: (-int(per_class[label]["rows"]), label))[:MOST_SHOWN]
    return {
        "rows": len(first),
        "macro_f1": _rounded(np.mean([each["f1"] for each in per_class.values()])),
        "accuracy_at_1": _rounded(is_right.mean()),
        "accuracy_at_3": _rounded((found.best == found.right[:, None]).any(axis=1).mean()),
        "calibration_error": _rounded(calibration_error(found.chance, is_right)),
        "coverage": _rounded(sure.mean()),
        "precision_when_sure": _rounded(is_right[sure].mean()) if sure.any() else None,
        "per_class": {label: {**per_class[label]} for label in shown},
    }


def _figures(right: NDArray[np.str_], said: NDArray[np.str_], label: str) -> dict[str, float]:
    hits = float(((right == label) & (said == label)).sum())
    wanted, given = float((right == label).sum()), float((said == label).sum())
    return {
        "rows": int(wanted),
        "precision": _rounded(hits / given) if given else 0.0,
        "recall": _rounded(hits / wanted),
        "f1": _rounded(2 * hits / (wanted + given)),
    }


def _rounded(value: Any) -> float:
    return round(float(value), 4)


def calibration_error(chances: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """How far stated and true probabilities lie apart, on average (ECE over ten bins); 0 for no rows."""
    if not len(chances):
        return 0.0
    bins = np.minimum((chances * BINS).astype(np.int64), BINS - 1)
    sizes = np.bincount(bins, minlength=BINS)
    stated = np.bincount(bins, weights=chances, minlength=BINS)
    true = np.bincount(bins, weights=is_right.astype(np.float64), minlength=BINS)
    return float(np.abs(stated - true)[sizes > 0].sum() / len(chances))


def trained(learner: Learner, target: Target, rows: Rows, *, is_ordered: bool) -> Head:
    """A head that learned all these rows, calibrated on those of a first head that had not seen the last.

    `is_ordered`: the rows stand in their order of time, so the last ones are held back; else every fifth."""
    rows = learner.learnable(target, rows, fewest=1)
    seen, back = held_back(rows, is_ordered=is_ordered)
    seen = learner.learnable(target, seen, fewest=1)
    first = learner.calibrated(target, learner.head(target, seen), back)
    return learner.head(target, rows).as_sure_as(first)


def held_back(rows: Rows, *, is_ordered: bool) -> tuple[Rows, Rows]:
    """The rows to learn from, and those to prove it on."""
    if is_ordered:
        cut = len(rows) - max(1, round(len(rows) * HELD_BACK))
        return rows[:cut], rows[cut:]
    every = round(1 / HELD_BACK)
    last = np.arange(len(rows)) % every == every - 1
    return rows[~last], rows[last]


def evaluated(
    lessons: Sequence[Lesson], target: Target, *, folds: int = 5, seed: int = 0, first: int = 0
) -> dict[str, JsonValue]:
    """The card of rows that no model had seen, and that of the plain rule on the same rows.

    With `first` trained on the rows before it and proved on it and all later ones; else by `folds` of
    cross-validation. Raises TooFewRows."""
    learner = Learner(lessons, seed=seed)
    everything = np.arange(len(lessons))
    rows = learner.learnable(target, everything[:first] if first else everything)
    if first:
        later = everything[first:]
        splits = [(rows, later[learner.truth[target][later] != ""])]
    else:
        cut = StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, learner.truth[target][rows])
        splits = [(rows[train], rows[test]) for train, test in cut]
    parts, plain, curve = list[Answers](), list[Answers](), list[JsonValue]()
    for train, test in splits:
        if not len(test):
            raise TooFewRows(rows=0, labels=0, needed=1, each=1)
        head = trained(learner, target, train, is_ordered=bool(first))
        parts.append(answers(learner, target, head, test))
        plain.append(plain_rule(lessons, target, train, test))
        curve = curve or learning_curve(learner, target, train, test, parts[0])
    rule = {
        key: value for key, value in card_of(joined(plain)).items() if key in {"macro_f1", "accuracy_at_1"}
    }
    times = [lesson.sample.at for lesson in lessons if lesson.sample.at is not None]
    return {
        "target": target.value, "from": min(times).isoformat() if times else None,
        "to": max(times).isoformat() if times else None, "trained_on": len(splits[0][0]),
        "folds": None if first else folds, "seed": seed, **card_of(joined(parts)), "plain_rule": rule,
        "learning_curve": curve,
    }  # fmt: skip


def plain_rule(lessons: Sequence[Lesson], target: Target, train: Rows, test: Rows) -> Answers:
    """What a table of habits gives: the most frequent label of the class named, else of all rows."""
    habits: dict[str, Counter[str]] = {}
    for row in train.tolist():
        for key in (lessons[row].sample.named, None):
            habits.setdefault(key or "", Counter())[lessons[row].truth[target]] += 1
    said = [habits.get(lessons[row].sample.named, habits[""]).most_common(1)[0][0] for row in test.tolist()]
    best = np.full((len(test), 3), "", dtype=np.array(said).dtype)
    best[:, 0] = said
    right = np.array([lessons[row].truth[target] for row in test.tolist()], dtype=np.str_)
    return Answers(right, best, np.ones(len(test)), np.ones(len(test), dtype=np.bool_))


def learning_curve(
    learner: Learner, target: Target, rows: Rows, test: Rows, whole: Answers
) -> list[JsonValue]:
    """What fewer rows would have given, evenly picked; the last point is what all of them gave."""
    points: list[JsonValue] = []
    for share in CURVE:
        some = rows[(np.arange(len(rows)) * share) % 1 < share]
        try:
            head = learner.head(target, learner.learnable(target, some, fewest=1))
        except TooFewRows:
            continue
        points.append(_point(len(some), answers(learner, target, head, test)))
    return [*points, _point(len(rows), whole)]


def _point(rows: int, found: Answers) -> dict[str, JsonValue]:
    card = card_of(found)
    return {"rows": rows, "macro_f1": card["macro_f1"], "accuracy_at_1": card["accuracy_at_1"]}
