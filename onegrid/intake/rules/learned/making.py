"""From what people decided to a model file with its card, ready to be adopted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from onegrid.intake.rules.modelfile import ModelFile, versioned
from onegrid.intake.rules.reports import JsonValue

from .evaluation import answers, card_of, held_back, learning_curve
from .model import LearnedClassifier
from .samples import Lesson, Target, TooFewRows
from .training import PRECISION, Learner

KIND: Final = "classes"


def made(lessons: Sequence[Lesson], *, made_at: datetime, seed: int = 0) -> ModelFile:
    """Learn every target from the lessons, in their order of time, and prove it on the last fifth of them.

    The card tells what the model did on rows it had not seen; the model itself then learned those too. Unit
    and urgency are left out where people decided too few. Raises TooFewRows for the class."""
    learner = Learner(lessons, seed=seed)
    heads, cards = {}, dict[str, JsonValue]()
    for target in Target:
        try:
            rows = learner.learnable(target, np.arange(len(lessons)))
            seen, unseen = held_back(rows, is_ordered=True)
            seen = learner.learnable(target, seen, fewest=1)
        except TooFewRows:
            if target is Target.CLASS:
                raise
            continue
        first = learner.calibrated(target, learner.head(target, seen), unseen)
        found = answers(learner, target, first, unseen)
        curve = learning_curve(learner, target, seen, unseen, found)
        heads[target] = learner.head(target, rows).as_sure_as(first)
        cards[target.value] = {
            "trained_on": len(rows), "labels": len(heads[target].labels), "confidence": first.confidence,
            "stated_precision": PRECISION, "proved_on_later": card_of(found), "learning_curve": curve,
        }  # fmt: skip
    times = [lesson.sample.at for lesson in lessons if lesson.sample.at is not None]
    card: dict[str, JsonValue] = {
        "lessons": len(lessons),
        "from": min(times).isoformat() if times else None,
        "to": max(times).isoformat() if times else None,
        "seed": seed,
        "targets": cards,
    }
    classifier = LearnedClassifier(heads)
    return versioned(KIND, made_at=made_at, card=card, arrays=classifier.arrays(), words=classifier.words())
