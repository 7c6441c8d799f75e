"""The filter learned: from decisions of people, or from made-up reports for the model that comes along."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from onegrid.intake.rules.filter import evaluation, generated
from onegrid.intake.rules.filter.plain import joins_itself
from onegrid.intake.rules.filter.stored import as_file
from onegrid.intake.rules.filter.training import HELD_OUT, Lesson, fit
from onegrid.intake.rules.modelfile import ModelFile


def made_up_lesson() -> Lesson:
    """Made-up reports of a quarter of a year."""
    return evaluation.lesson_of(generated.stream())


def learn_matching(
    lesson: Lesson, *, now: datetime, burden: float = 0.10, burdens: Mapping[str, float] | None = None
) -> ModelFile:
    """A model of all decisions, with the card of one that learned from the first three quarters of the time.

    The burden is that of the reports which the road does not join by itself. Raises TooFewDecisions."""
    at = lesson.matters.at
    cut, end = float(np.quantile(at, 1 - HELD_OUT)), float(at.max()) + 1
    left = ~joins_itself(lesson)
    early = fit(lesson, now=cut, version="early", burden=burden, burdens=burdens, left=left)
    card = evaluation.card_of_lesson(early, lesson, since=cut)
    model = fit(lesson, now=end, version="whole", burden=burden, burdens=burdens, left=left)
    return as_file(model, card=card, made_at=now)
