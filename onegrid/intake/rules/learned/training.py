"""Training of the learned classifier from what people decided, and the proof of it on later rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.svm import LinearSVC

from .features import FACTS, PAIRS, Counts, counts
from .model import Floats, Head, Scale, softmax
from .samples import Lesson, Target, TooFewRows

FEWEST: Final = 60  # rows one can learn anything from
FEWEST_OF_LABEL: Final = 4  # rows of a label that is learned at all
FEWEST_TEXT, FEWEST_FACT = 3, 1  # reports in which a feature must occur
SINGLE: Final = 0.6  # a single sign tells less than a pair of signs
MOST_WEIGHTS: Final = 4_000_000  # of one target: 8 MB as half floats
NEVER: Final = 2.0  # a confidence that no answer reaches
PRECISION: Final = 0.9  # of what is answered rather than left to a person
TEMPERATURES: Final = np.geomspace(0.03, 3, 60)
Rows = NDArray[np.intp]
Labels = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Settings:
    """`cost`: how much a wrong row costs against a simple model. `even`: every label counts alike, however
    rare it is; else every row does."""

    cost: float
    even: bool


SETTINGS: Final = {
    Target.CLASS: Settings(1.0, even=True),
    Target.UNIT: Settings(1.0, even=False),
    Target.URGENCY: Settings(0.5, even=False),
}


class Learner:
    """Learns from lessons in their order of time; the same lessons and seed give the same model."""

    def __init__(self, lessons: Sequence[Lesson], *, seed: int = 0) -> None:
        self.seed = seed
        self.counts = counts([lesson.sample for lesson in lessons])
        self.truth = {
            target: np.array([lesson.truth.get(target, "") for lesson in lessons], dtype=np.str_)
            for target in Target
        }

    def learnable(self, target: Target, rows: Rows, *, fewest: int = FEWEST) -> Rows:
        """The rows whose label people decided and which is frequent enough. Raises TooFewRows."""
        truth = self.truth[target][rows]
        labels, number = np.unique(truth[truth != ""], return_counts=True)
        kept = labels[number >= FEWEST_OF_LABEL]
        found = rows[np.isin(truth, kept)]
        if len(found) < fewest or len(kept) < 2:
            raise TooFewRows(rows=len(found), labels=len(kept), needed=fewest, each=FEWEST_OF_LABEL)
        return found

    def head(self, target: Target, rows: Rows) -> Head:
        """Learn one target from these rows; its scores are not probabilities yet."""
        truth, settings = self.truth[target][rows], SETTINGS[target]
        labels, wanted = np.unique(truth, return_inverse=True)
        scale = _scale(self.counts[rows], wanted)
        learner = LinearSVC(
            C=settings.cost, class_weight="balanced" if settings.even else None, random_state=self.seed,
            max_iter=2_000,
        )  # fmt: skip
        learner.fit(scale.features(self.counts[rows]), wanted)
        weights, bias = learner.coef_.T.astype(np.float32), learner.intercept_.astype(np.float32)
        if len(labels) == 2:
            weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
        return _slim(Head(tuple(labels.tolist()), scale, weights, bias, 1.0, NEVER))

    def calibrated(self, target: Target, head: Head, unseen: Rows) -> Head:
        """The head with the temperature and confidence that rows it has not seen give."""
        index = {label: nth for nth, label in enumerate(head.labels)}
        rows = unseen[np.isin(self.truth[target][unseen], head.labels)]
        if not len(rows):
            return head
        wanted = np.array([index[str(label)] for label in self.truth[target][rows]])
        scores = head.scores(self.counts[rows])
        losses = [_loss(softmax(scores / heat), wanted) for heat in TEMPERATURES.tolist()]
        temperature = float(TEMPERATURES[int(np.argmin(losses))])
        chances = softmax(scores / temperature)
        sure = _confidence(chances.max(axis=1), chances.argmax(axis=1) == wanted)
        return replace(head, temperature=temperature, confidence=sure)


def _scale(found: Counts, wanted: NDArray[np.intp]) -> Scale:
    """Which features count: the rarer a piece of text and the more it keeps to few labels, the more.

    Inverse document frequency times one less the entropy of the labels, each label weighing the same."""
    reports, width = found.shape
    is_there = found.copy()
    is_there.data = np.ones_like(is_there.data)
    seen = np.bincount(found.indices, minlength=width)
    is_text = np.arange(width) < FACTS
    columns = np.flatnonzero(seen >= np.where(is_text, FEWEST_TEXT, FEWEST_FACT)).astype(np.int32)
    sizes = np.bincount(wanted).astype(np.float64)
    members = csr_array((np.ones(reports), (wanted, np.arange(reports))), shape=(len(sizes), reports))
    within = (members @ is_there)[:, columns].toarray().T
    shares = (within + 0.5 * len(sizes) * sizes / reports) / sizes
    shares /= shares.sum(axis=1, keepdims=True)
    blur = -(shares * np.log(shares)).sum(axis=1) / np.log(len(sizes))
    rarity = np.log((1 + reports) / (1 + seen[columns])) + 1
    weights = np.where(is_text[columns], rarity * 2 * (1 - blur), 1.0)
    weights[columns < PAIRS] *= SINGLE
    return Scale(columns, weights.astype(np.float32))


def _loss(chances: Floats, wanted: NDArray[Any]) -> float:
    return float(-np.log(np.maximum(chances[np.arange(len(wanted)), wanted], 1e-9)).mean())


def _confidence(chances: Floats, is_right: NDArray[np.bool_]) -> float:
    """The lowest probability from which on PRECISION of the answers are right; NEVER if there is none."""
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= PRECISION)
    enough = enough[enough >= min(20, len(order) - 1)]
    return max(0.5, float(chances[order[enough[-1]]])) if len(enough) else NEVER


def _slim(head: Head) -> Head:
    """Without the features that tell least, and in half precision: as a model file keeps it."""
    most = MOST_WEIGHTS // len(head.labels)
    kept = np.arange(len(head.weights))
    if len(kept) > most:
        telling = np.abs(head.weights).max(axis=1) * head.scale.weights
        kept = np.sort(np.argsort(-telling, kind="stable")[:most])
    scale = Scale(head.scale.columns[kept], head.scale.weights[kept])
    weights = head.weights[kept].astype(np.float16).astype(np.float32)
    return replace(head, scale=scale, weights=weights)
