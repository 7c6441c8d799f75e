"""A learned filter on made-up reports: what it proposes, how it is kept, and how it is judged."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from onegrid.intake.rules.filter import evaluation, generated
from onegrid.intake.rules.filter.evaluation import (
    NothingToTest,
    judge,
    lesson_of,
    plain_rule,
    recall_at,
)
from onegrid.intake.rules.filter.model import BURDENS, PROPOSALS, Model
from onegrid.intake.rules.filter.stored import as_file, from_file
from onegrid.intake.rules.filter.tables import Stream
from onegrid.intake.rules.filter.training import Lesson, TooFewDecisions, fit
from onegrid.intake.rules.modelfile import ModelDamaged, pack, unpack

Learned = tuple[Stream, Lesson, Model, float]
MADE = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def learned() -> Learned:
    stream = generated.stream(1, reports=2500)
    since = float(stream.matters.at[1875])
    lesson = lesson_of(stream, until=since)
    return stream, lesson, fit(lesson, now=since, version="test"), since


def test_a_larger_burden_never_asks_for_more(learned: Learned) -> None:
    thresholds = [learned[2].threshold("A", burden) for burden in BURDENS]
    assert thresholds == sorted(thresholds, reverse=True)


def test_probabilities_of_at_most_three_proposals_add_up_to_no_more_than_the_reports(
    learned: Learned,
) -> None:
    stream, lesson, model, since = learned
    scored = evaluation.tested(model, lesson, stream, since=since).scored
    assert np.bincount(scored.new).max() <= PROPOSALS
    assert ((scored.probability >= 0) & (scored.redundant <= 1)).all()
    whole = np.zeros(len(stream.matters))
    whole[scored.new] = scored.redundant
    assert (np.bincount(scored.new, scored.probability, len(whole)) <= whole + 1e-9).all()


def test_a_stored_model_stores_again_as_the_same_bytes(learned: Learned) -> None:
    data = pack(as_file(learned[2], card={}, made_at=MADE))
    assert pack(as_file(from_file(unpack(data)), card={}, made_at=MADE)) == data


def test_a_file_with_a_part_missing_is_refused(learned: Learned) -> None:
    file = as_file(learned[2], card={}, made_at=MADE)
    arrays = {name: array for name, array in file.arrays.items() if name != "rates.pair"}
    with pytest.raises(ModelDamaged):
        from_file(replace(file, arrays=arrays))


def test_it_finds_more_than_the_rule_of_thumb_at_the_same_share_flagged(learned: Learned) -> None:
    stream, lesson, model, since = learned
    plain, flagged = plain_rule(lesson, stream, since=since)
    assert recall_at(evaluation.tested(model, lesson, stream, since=since), flagged) > plain


def test_what_happens_after_the_cut_changes_no_proposal_before_it(learned: Learned) -> None:
    stream, lesson, model, since = learned
    matters = stream.matters
    late = matters.at >= since
    other = replace(
        matters,
        ended=np.where(matters.ended >= since, np.inf, matters.ended),
        words=tuple(matters.words[0] if after else w for after, w in zip(late, matters.words, strict=True)),
        class_code=tuple("Z9" if after else c for after, c in zip(late, matters.class_code, strict=True)),
    )
    changed = Stream(other, frozenset(pair for pair in stream.declared if not late[pair[1]]))
    begin = since - 20 * 86400
    again = lesson_of(changed, until=since)
    one = evaluation.tested(model, lesson, stream, since=begin).scored
    two = evaluation.tested(fit(again, now=since, version="test"), again, changed, since=begin).scored
    early, same = ~late[one.new], ~late[two.new]
    assert np.array_equal(one.old[early], two.old[same])
    assert np.allclose(one.probability[early], two.probability[same])


def test_too_few_decisions_and_no_time_to_test_are_refused(learned: Learned) -> None:
    stream, lesson, _, since = learned
    with pytest.raises(TooFewDecisions):
        fit(replace(lesson, confirmed=np.zeros_like(lesson.confirmed)), now=since, version="none")
    with pytest.raises(NothingToTest):
        judge(stream, since=float(stream.matters.at[-1]) + 1)


def test_the_learning_curve_learns_from_the_last_quarter_of_the_time_alone(learned: Learned) -> None:
    stream, lesson, _, since = learned
    curve = evaluation.learning_curve(lesson, stream, since=since, shares=(0.25,))
    assert isinstance(curve, dict) and curve.keys() == {"25%"}
