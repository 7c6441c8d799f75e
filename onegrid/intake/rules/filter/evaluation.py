"""How good the filter is, on a city's own record: learned before a day, asked about the time after it.

Nothing that became known after a report came in is used to judge it. What people did not declare is counted
as wrong though some of it is right, so that precision is a lower bound."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np

from onegrid.intake.rules.reports import JsonValue
from onegrid.kernel.refusals import Refusal

from .candidates import pairs, taken
from .card import card
from .facts import describe
from .messages import same_matter
from .model import Model
from .plain import plain_rule
from .similar import rarity
from .tables import Stream
from .tested import Tested, declared, recall_at, tested
from .training import Lesson, fit

__all__ = [
    "NothingToTest", "Tested", "card", "card_of_lesson", "judge", "learning_curve", "lesson_of", "plain_rule",
    "recall_at", "same_matter", "tested",
]  # fmt: skip


class NothingToTest(Refusal):
    code = "intake.nothing-to-test"
    zh = "训练截止日不在数据的时间范围之内，没有可训练或可评测的记录。请换一个日期。"
    en = "The day to train until lies outside the time of the data; choose another one."


def lesson_of(stream: Stream, *, until: float = inf) -> Lesson:
    """All candidate pairs of a stream with their facts, and which of them people declared the same.

    How much a word tells is learned from what was said before `until` (seconds)."""
    matters = stream.matters
    early = (matters.at < until).tolist()
    weights = rarity([each for each, known in zip(matters.words, early, strict=True) if known and len(each)])
    found = pairs(matters, matters, weights=weights)
    confirmed = declared(found.new, found.old, stream.declared)
    return Lesson(matters, found, describe(matters, matters, found, weights), confirmed, weights)


def learning_curve(
    lesson: Lesson, stream: Stream, *, since: float, shares: Sequence[float] = (0.25, 0.5)
) -> JsonValue:
    """Recall at a burden of 10 % when only the last part of the time before the cut is learned from."""
    curve: dict[str, JsonValue] = {}
    at = lesson.matters.at
    for share in shares:
        begin = since - share * (since - float(at.min()))
        kept = np.flatnonzero(at[lesson.pairs.new] >= begin)
        part = replace(
            lesson,
            pairs=taken(lesson.pairs, kept), table=lesson.table[kept], confirmed=lesson.confirmed[kept],
        )  # fmt: skip
        model = fit(part, since=begin, now=since, version="curve")
        curve[f"{share:.0%}"] = round(recall_at(tested(model, lesson, stream, since=since), 0.10), 4)
    return curve


def judge(stream: Stream, *, since: float, burden: float = 0.10, curve: bool = False) -> dict[str, JsonValue]:
    """Learn from what came before `since`, ask about the rest: the card, with `recall` at this burden first.

    Raises TooFewDecisions, NothingToTest."""
    if not (float(stream.matters.at[0]) < since <= float(stream.matters.at[-1])):
        raise NothingToTest()
    lesson = lesson_of(stream, until=since)
    model = fit(lesson, now=since, version="evaluated", burden=burden)
    done = tested(model, lesson, stream, since=since)
    told: dict[str, JsonValue] = {"recall": round(recall_at(done, burden), 4), "burden": burden}
    told |= card(model, done, lesson, stream, since=since)
    if curve:
        told["learning_curve"] = learning_curve(lesson, stream, since=since)
    return told


def card_of_lesson(model: Model, lesson: Lesson, *, since: float) -> dict[str, JsonValue]:
    """The card of a model on the later part of the lesson itself."""
    new, old = lesson.pairs.new[lesson.confirmed].tolist(), lesson.pairs.old[lesson.confirmed].tolist()
    stream = Stream(lesson.matters, frozenset(zip(old, new, strict=True)))
    done = tested(model, lesson, stream, since=since)
    return card(model, done, lesson, stream, since=since) | {"burden": model.burden}
