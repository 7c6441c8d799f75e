"""The learned classifier: any text is survived, probabilities add up, the same lessons give the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.intake.rules.learned import features
from onegrid.intake.rules.learned.evaluation import calibration_error, evaluated, held_back
from onegrid.intake.rules.learned.making import made
from onegrid.intake.rules.learned.model import Guess, Guesses, LearnedClassifier
from onegrid.intake.rules.learned.samples import Lesson, Sample, Target, TooFewRows
from onegrid.intake.rules.modelfile import ModelDamaged, ModelFile, pack, unpack
from onegrid.intake.rules.suggestions import suggested
from onegrid.scenarios.rules.classes import ClassInfo, ClassTree
from onegrid.scenarios.rules.words import Text

MADE = datetime(2026, 11, 24, 8, tzinfo=UTC)
SAID = {
    "rubbish": [
        "楼下垃圾没人收，臭味很大",
        "路边又有一堆生活垃圾",
        "垃圾清运车三天没来了",
        "小区门口垃圾满地",
    ],
    "noise": ["夜里施工吵得睡不着", "广场舞音乐声音太大", "隔壁装修噪声扰民", "酒吧半夜音响太响"],
    "lamp": ["村口的灯晚上不亮", "巷子太黑，灯坏了", "灯杆倒了没有照明", "街上一排灯都灭了"],
}
UNITS = {"rubbish": "sanitation", "noise": "police", "lamp": "works"}


def lessons(rounds: int = 12) -> list[Lesson]:
    return [
        Lesson(
            Sample(text=f"{text}，第{n}次反映", channel="public", at=MADE + timedelta(hours=n)),
            {Target.CLASS: label, Target.UNIT: UNITS[label]},
        )
        for n in range(rounds)
        for label, texts in SAID.items()
        for text in texts
    ]


@pytest.fixture(scope="module")
def model() -> ModelFile:
    return made(lessons(), made_at=MADE)


@pytest.fixture(scope="module")
def classifier(model: ModelFile) -> LearnedClassifier:
    return LearnedClassifier.read(unpack(pack(model)))


def test_what_was_taught_is_told_of_words_it_never_saw(classifier: LearnedClassifier) -> None:
    for text, label in (("门前垃圾臭", "rubbish"), ("装修太吵，声音大", "noise"), ("灯不亮", "lamp")):
        (told,) = classifier.tell([Sample(text=text)])
        assert told[Target.CLASS].best[0].label == label
        assert told[Target.UNIT].best[0].label == UNITS[label]


texts = st.one_of(
    st.text(),
    st.sampled_from(
        ["", "灯", "😀🏽👨‍👩‍👧", "垃圾" * 50_000, "street lamp 路灯 фонарь مصباح", "\0\ud800", "１２３ ｶﾞ"]
    ),
)
coordinates = st.none() | st.floats(-400, 400) | st.sampled_from([float("inf"), float("nan")])
samples = st.builds(
    Sample, text=texts, named=st.text(max_size=5), channel=st.text(max_size=5), town=st.text(max_size=9),
    grid=st.text(max_size=15), place=texts, lng=coordinates, lat=coordinates,
    at=st.none() | st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(samples, max_size=4))
def test_any_report_is_survived_and_each_is_told_as_if_it_came_alone(
    classifier: LearnedClassifier, batch: list[Sample]
) -> None:
    together = classifier.tell(batch)
    for sample, told in zip(batch, together, strict=True):
        (alone,) = classifier.tell([sample])
        for target, guesses in told.items():
            chances = [guess.probability for guess in guesses.best]
            assert chances == sorted(chances, reverse=True)
            assert min(chances) >= 0
            assert sum(chances) == pytest.approx(1, abs=1e-5)  # of three labels
            assert [g.label for g in guesses.best] == [g.label for g in alone[target].best]
            assert chances == pytest.approx([g.probability for g in alone[target].best], abs=1e-5)


def test_the_same_lessons_and_seed_give_the_same_file(model: ModelFile) -> None:
    assert pack(made(lessons(), made_at=MADE)) == pack(model)


def test_the_card_tells_of_rows_the_model_had_not_seen(model: ModelFile) -> None:
    whole: Any = model.card
    card = whole["targets"]["class"]
    assert whole["lessons"] == 144
    assert set(whole["targets"]) == {"class", "unit"}
    proved = card["proved_on_later"]
    assert proved["rows"] == 29
    assert proved["macro_f1"] == 1.0
    assert {"accuracy_at_1", "accuracy_at_3", "calibration_error", "coverage", "per_class"} <= set(proved)
    assert [point["rows"] for point in card["learning_curve"]][-1] == 115


def test_no_word_of_a_report_is_in_the_model(model: ModelFile) -> None:
    assert model.words == {"class": ("lamp", "noise", "rubbish"), "unit": ("police", "sanitation", "works")}
    assert "垃圾" not in str(model.card)


def test_too_few_lessons_are_refused() -> None:
    for few in ([], lessons(1), [each for each in lessons() if each.truth[Target.CLASS] == "lamp"]):
        with pytest.raises(TooFewRows):
            made(few, made_at=MADE)


def test_a_model_whose_parts_do_not_fit_is_refused(model: ModelFile) -> None:
    without = {name: array for name, array in model.arrays.items() if name != "class.bias"}
    short = {**model.arrays, "class.weights": model.arrays["class.weights"][1:]}
    outside = {**model.arrays, "class.columns": model.arrays["class.columns"] + features.WIDTH}
    for arrays in (without, short, outside):
        with pytest.raises(ModelDamaged):
            LearnedClassifier.read(ModelFile("classes", "1", MADE, {}, arrays, model.words))


def test_what_came_later_never_teaches() -> None:
    taught = [Lesson(each.sample, {Target.CLASS: each.truth[Target.CLASS]}) for each in lessons()]
    first = len(taught) // 2
    before = evaluated(taught, Target.CLASS, first=first)
    mixed = ["lamp", "noise", "rubbish"]
    turned = [Lesson(each.sample, {Target.CLASS: mixed[n % 3]}) for n, each in enumerate(taught[first:])]
    after = evaluated([*taught[:first], *turned], Target.CLASS, first=first)
    assert before["trained_on"] == after["trained_on"] == first
    assert before["accuracy_at_1"] == 1.0
    assert isinstance(after["accuracy_at_1"], float)
    assert after["accuracy_at_1"] < 0.6


def test_folds_answer_every_row_once_beside_the_plain_rule() -> None:
    named = [
        Lesson(Sample(text="", named=label), {Target.UNIT: UNITS[label]}) for label in SAID for _ in range(30)
    ]
    card = evaluated(named, Target.UNIT, folds=3)
    assert (card["rows"], card["accuracy_at_1"], card["folds"]) == (90, 1.0, 3)
    assert card["plain_rule"] == {"macro_f1": 1.0, "accuracy_at_1": 1.0}


@given(st.integers(5, 500), st.booleans())
def test_rows_are_held_back_once_and_the_latest_where_they_are_ordered(count: int, is_ordered: bool) -> None:
    seen, back = held_back(np.arange(count), is_ordered=is_ordered)
    assert sorted([*seen, *back]) == list(range(count))
    assert not is_ordered or seen.max() < back.min()


def test_the_calibration_error_is_the_distance_of_stated_and_true_probability() -> None:
    half = np.array([True, False] * 50)
    for stated, error in ((0.5, 0.0), (0.9, 0.4), (0.0, 0.5)):
        assert calibration_error(np.full(100, stated), half) == pytest.approx(error)
    assert calibration_error(np.array([]), np.array([], dtype=bool)) == 0


def listed(code: str, *, life_threatening: bool = False) -> ClassInfo:
    return ClassInfo(code, Text(code, code), life_threatening=life_threatening)


def test_the_model_decides_only_what_is_listed_sure_unnamed_and_no_danger_to_life() -> None:
    tree = ClassTree([listed("lamp"), listed("fire", life_threatening=True)])
    sure, unsure = 0.95, 0.4
    for label, chance, may_decide, decided in (
        ("lamp", sure, True, "lamp"),
        ("lamp", unsure, True, None),
        ("lamp", sure, False, None),
        ("fire", sure, True, None),
        ("gone", sure, True, None),
    ):
        guesses = Guesses((Guess(label, chance), Guess("lamp", 0.01)), chance >= 0.5)
        said = suggested("v1", {Target.CLASS: guesses}, classes=tree, may_decide=may_decide)
        assert said.class_code == decided, label
        assert all(guess.label in tree for guess in said.best[Target.CLASS])


def test_a_latin_word_is_one_sign_and_spaces_case_and_widths_do_not_matter() -> None:
    def read(text: str) -> list[int]:
        signs: list[int] = features.signs([text]).tolist()
        *found, gap = signs
        assert gap == 0
        return found

    assert len(read("Street Lamp out")) == len(set(read("street lamp out"))) == 3
    assert read("tab bat") != read("bat tab")
    assert read("ＬＥＤ 路 灯\n１２号") == read("led路灯7号")
    assert len(read("灯" * 100_000)) == features.HEAD + features.TAIL
    assert features.signs(["灯", "", "a"]).tolist()[1:3] == [0, 0]
    assert len(features.signs([])) == 0
