"""The learned classifier at work: up to three likely values per target, each with its probability.

A linear model over hashed features; a score becomes a probability by one temperature per target. Below the
confidence that was stated when it was trained, it abstains and says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.modelfile import ModelDamaged, ModelFile

from .features import FACTS, WIDTH, Counts, counts
from .samples import Sample, Target

BEST: Final = 3
AT_ONCE: Final = 5_000  # samples scored in one piece, so that memory stays bounded
Floats = NDArray[np.float32]


class Guess(NamedTuple):
    """One likely value of a target; `probability` 0 to 1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Guesses:
    """The likely values of one target, the likeliest first. `is_sure`: it may be acted on."""

    best: tuple[Guess, ...]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What is learned for one target. Scores of a report are features @ weights + bias."""

    labels: tuple[str, ...]
    scale: "Scale"
    weights: Floats  # column by label
    bias: Floats
    temperature: float
    confidence: float

    def as_sure_as(self, other: "Head") -> "Head":
        """The same with the temperature and confidence of another."""
        return replace(self, temperature=other.temperature, confidence=other.confidence)

    def scores(self, found: Counts) -> Floats:
        """One row per report, one column per label."""
        scores: Floats = self.scale.features(found) @ self.weights + self.bias
        return scores

    def probabilities(self, found: Counts) -> Floats:
        """One row per report, one column per label; each row adds up to 1."""
        return softmax(self.scores(found) / self.temperature)


class Scale:
    """Which features count for a target, and for how much."""

    def __init__(self, columns: NDArray[np.int32], weights: Floats) -> None:
        self.columns, self.weights = columns, weights
        self._place = np.full(WIDTH, -1, dtype=np.int32)
        self._place[columns] = np.arange(len(columns), dtype=np.int32)
        self._is_text = columns < FACTS

    def features(self, found: Counts) -> Counts:
        """Damped counts times weight; the text and the facts of a report have length 1 each, or 0."""
        places = self._place[found.indices]
        known = places >= 0
        rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))[known]
        places = places[known]
        values = found.data[known]
        is_text = self._is_text[places]
        values = np.where(is_text, 1 + np.log(np.maximum(values, 1)), values) * self.weights[places]
        part = rows * 2 + is_text
        lengths = np.sqrt(np.bincount(part, weights=values * values, minlength=2 * found.shape[0]))
        values = (values / np.maximum(lengths[part], 1e-9)).astype(np.float32)
        ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=found.shape[0]))])
        made = type(found)((values, places, ends.astype(np.int32)), shape=(found.shape[0], len(self.columns)))
        made.has_canonical_format = False
        return made


class LearnedClassifier:
    """A trained model read from its file."""

    def __init__(self, heads: Mapping[Target, Head], version: str = "") -> None:
        self.heads, self.version = heads, version

    @classmethod
    def read(cls, model: ModelFile) -> "LearnedClassifier":
        """The classifier of a model file. Raises ModelDamaged where parts are missing or do not fit."""
        try:
            heads = {target: _head(model, target) for target in Target if target.value in model.words}
        except (KeyError, IndexError, ValueError) as error:
            raise ModelDamaged(where="classes") from error
        return cls(heads, model.version)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The numbers of a model file; `read` takes them back."""
        found: dict[str, NDArray[Any]] = {}
        for target, head in self.heads.items():
            found |= {
                f"{target}.columns": head.scale.columns,
                f"{target}.scale": head.scale.weights,
                f"{target}.weights": head.weights.astype(np.float16),
                f"{target}.bias": head.bias,
                f"{target}.sure": np.array([head.temperature, head.confidence]),
            }
        return found

    def words(self) -> dict[str, tuple[str, ...]]:
        """The labels of a model file."""
        return {target.value: head.labels for target, head in self.heads.items()}

    def tell(self, samples: Sequence[Sample]) -> list[dict[Target, Guesses]]:
        """The likely values of every target for each report, in their order."""
        told: list[dict[Target, Guesses]] = [{} for _ in samples]
        for start in range(0, len(samples), AT_ONCE):
            found = counts(samples[start : start + AT_ONCE])
            for target, head in self.heads.items():
                for offset, guesses in enumerate(_best(head, head.probabilities(found))):
                    told[start + offset][target] = guesses
        return told


def _head(model: ModelFile, target: Target) -> Head:
    columns, scale, weights, bias, sure = (
        model.arrays[f"{target}.{name}"] for name in ("columns", "scale", "weights", "bias", "sure")
    )
    labels = model.words[target.value]
    fits = weights.shape == (len(columns), len(labels)) and len(scale) == len(columns)
    if not (
        fits
        and len(bias) == len(labels) > 0
        and 0 <= columns.min(initial=0) <= columns.max(initial=0) < WIDTH
    ):
        raise ModelDamaged(where=target.value)
    temperature, confidence = sure.tolist()
    size = Scale(columns.astype(np.int32), scale.astype(np.float32))
    return Head(labels, size, weights.astype(np.float32), bias.astype(np.float32), temperature, confidence)


def softmax(scores: Floats) -> Floats:
    """Scores of each row as probabilities."""
    raised: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Floats = raised / raised.sum(axis=1, keepdims=True)
    return made


def _best(head: Head, probabilities: Floats) -> list[Guesses]:
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :BEST]
    values = np.take_along_axis(probabilities, order, axis=1)
    return [
        Guesses(
            tuple(Guess(head.labels[label], value) for label, value in zip(labels, chances, strict=True)),
            chances[0] >= head.confidence,
        )
        for labels, chances in zip(order.tolist(), values.tolist(), strict=True)
    ]
