"""A form is taken only when it is filled in, and an exit only with its evidence."""

from collections.abc import Mapping

import pytest

from onegrid.scenarios.rules import (
    Choice,
    Definition,
    Draft,
    EvidenceKind,
    Field,
    FieldKind,
    Form,
    Given,
    Problem,
    Text,
    check_form,
    check_values,
    computed,
    parse,
    visible_to,
)
from onegrid.scenarios.rules.conditions import Asks, Comparison
from onegrid.scenarios.rules.fields import Computed, Hidden, Operation
from onegrid.scenarios.tests.files import SMALL, edited


def definition() -> Definition:
    draft = parse(SMALL)
    assert isinstance(draft, Draft)
    return draft.definition


BEFORE = Given(EvidenceKind.PHOTO, "before", 30.0)
AFTER = Given(EvidenceKind.PHOTO, "after", 30.0)


def leaving(
    values: Mapping[str, object],
    *evidence: Given,
    key: str = "done",
    opinion: str = "已修好",
    located: bool = True,
) -> list[tuple[str, str]]:
    lamp = definition()
    stage = lamp.stages["repair"]
    problems = check_form(
        stage,
        stage.exits[key],
        values=values,
        evidence=evidence,
        opinion=opinion,
        base=lamp.form,
        located=located,
    )
    return [(one.code.removeprefix("scenarios."), one.field) for one in problems]


def test_a_complete_form_with_its_evidence_is_taken() -> None:
    assert leaving({"part": "bulb"}, BEFORE, AFTER) == []
    assert leaving({"part": "pole", "pole_height": 8}, BEFORE, AFTER) == []


def test_what_is_required_depends_on_exit_and_answers() -> None:
    assert leaving({}, BEFORE, AFTER) == [("answer-missing", "part")]
    assert leaving({}, BEFORE, key="cannot") == []
    assert leaving({"part": "pole"}, BEFORE, AFTER) == [("answer-missing", "pole_height")]


def test_an_answer_that_is_not_asked_for_is_not_taken_silently() -> None:
    assert leaving({"part": "bulb", "pole_height": 8}, BEFORE, AFTER) == [("answer-not-asked", "pole_height")]
    assert leaving({"part": "bulb", "colour": "red"}, BEFORE, AFTER) == [("answer-unknown", "colour")]


def test_base_facts_may_be_corrected_only_where_the_stage_says_so() -> None:
    assert leaving({"part": "bulb", "lamp_no": "A7"}, BEFORE, AFTER) == []
    assert leaving({"part": "bulb", "dark_street": True}, BEFORE, AFTER) == [
        ("answer-unknown", "dark_street")
    ]


def test_a_base_fact_required_here_must_be_given_unless_it_is_known_already() -> None:
    text = edited(("label: {zh: 灯杆号, en: Lamp number}", "label: 灯杆号, required: {exit: done}"))
    draft = parse(text)
    assert isinstance(draft, Draft)
    stage, base = draft.definition.stages["repair"], draft.definition.form

    def missing(values: dict[str, object], answers: dict[str, object]) -> list[str]:
        found = check_form(
            stage,
            stage.exits["done"],
            values=values,
            evidence=(BEFORE, AFTER),
            opinion="好",
            answers=answers,
            base=base,
        )
        return [one.field for one in found]

    assert missing({"part": "bulb"}, {}) == ["lamp_no"]
    assert missing({"part": "bulb", "lamp_no": "A7"}, {}) == []
    assert missing({"part": "bulb"}, {"lamp_no": "A7"}) == []


def test_missing_evidence_is_named_piece_by_piece() -> None:
    assert leaving({"part": "bulb"}, opinion=" ") == [
        ("evidence-missing", "photo:before"),
        ("evidence-missing", "photo:after"),
        ("evidence-missing", "opinion"),
    ]


def test_a_photo_must_be_taken_near_the_place_if_the_place_is_known() -> None:
    far = Given(EvidenceKind.PHOTO, "after", 900.0)
    nowhere = Given(EvidenceKind.PHOTO, "after", None)
    assert leaving({"part": "bulb"}, BEFORE, far) == [("evidence-missing", "photo:after")]
    assert leaving({"part": "bulb"}, BEFORE, nowhere) == [("evidence-missing", "photo:after")]
    assert leaving({"part": "bulb"}, BEFORE, nowhere, located=False) == []


LABEL = Text("栏", "Field")
SHA = "0" * 64
WRONG: list[tuple[Field, object]] = [
    (Field("f", FieldKind.TEXT, LABEL), 5),
    (Field("f", FieldKind.TEXT, LABEL, max_length=3), "四个字了"),
    (Field("f", FieldKind.TEXT, LABEL, pattern=r"[A-Z]\d{2}"), "A1"),
    (Field("f", FieldKind.TEXT, LABEL), "a\x00b"),
    (Field("f", FieldKind.NUMBER, LABEL), "7"),
    (Field("f", FieldKind.NUMBER, LABEL), True),
    (Field("f", FieldKind.NUMBER, LABEL), float("nan")),
    (Field("f", FieldKind.NUMBER, LABEL, minimum=0), -1),
    (Field("f", FieldKind.MONEY, LABEL, maximum=10), 11),
    (Field("f", FieldKind.DATE, LABEL), "2026-02-30"),
    (Field("f", FieldKind.DATE, LABEL), "20260228"),
    (Field("f", FieldKind.DATETIME, LABEL), "2026-02-28T10:00:00"),  # no zone
    (Field("f", FieldKind.YES_NO, LABEL), "yes"),
    (Field("f", FieldKind.CHOICE, LABEL, choices=(Choice("a", LABEL),)), "b"),
    (Field("f", FieldKind.CHOICES, LABEL, choices=(Choice("a", LABEL),)), ["a", "a"]),
    (Field("f", FieldKind.CHOICES, LABEL, choices=(Choice("a", LABEL),)), "a"),
    (Field("f", FieldKind.UNIT, LABEL, choices=(Choice("water", LABEL),)), "housing"),
    (Field("f", FieldKind.UNITS, LABEL, at_least=2), ["water"]),
    (Field("f", FieldKind.GRID, LABEL), "350583"),
    (Field("f", FieldKind.GRID, LABEL, levels=("1",)), "350583100200001"),
    (Field("f", FieldKind.POINT, LABEL), [200, 30]),
    (Field("f", FieldKind.POINT, LABEL), [118.4, True]),
    (Field("f", FieldKind.POLYGON, LABEL), [[0, 0], [0, 1], [1, 1], [2, 2]]),
    (Field("f", FieldKind.CIRCLE, LABEL), {"centre": [118, 24], "radius_m": -5}),
    (Field("f", FieldKind.PHOTO, LABEL), [{"label": "before"}]),
    (Field("f", FieldKind.PHOTO, LABEL, labels=("after",)), [{"sha": SHA, "label": "before"}]),
    (Field("f", FieldKind.PHOTO, LABEL, at_least=2), [{"sha": SHA}]),
    (Field("f", FieldKind.COMPUTED, LABEL), 3),
]


@pytest.mark.parametrize(("field", "answer"), WRONG)
def test_an_answer_of_the_wrong_kind_is_refused_with_its_label(field: Field, answer: object) -> None:
    (found,) = check_values(Form((field,)), {"f": answer})
    assert found.code == "scenarios.answer-wrong"
    assert "栏" in found.zh
    assert "Field" in found.en


RIGHT: list[tuple[Field, object]] = [
    (Field("f", FieldKind.DATETIME, LABEL), "2026-02-28T10:00:00+08:00"),
    (Field("f", FieldKind.GRID, LABEL, levels=("1",)), "350583100200000"),
    (Field("f", FieldKind.POINT, LABEL), [118.4, 24.9]),
    (Field("f", FieldKind.POLYGON, LABEL), [[0, 0], [0, 1], [1, 1], [0, 0]]),
    (Field("f", FieldKind.PHOTO, LABEL, labels=("after",)), [{"sha": SHA, "label": "after"}]),
    (Field("f", FieldKind.NUMBER, LABEL, required=Asks("f", Comparison.IS, (0,))), 0),
]


@pytest.mark.parametrize(("field", "answer"), RIGHT)
def test_an_answer_of_the_right_kind_is_taken(field: Field, answer: object) -> None:
    assert check_values(Form((field,)), {"f": answer}) == []


def test_a_choice_may_depend_on_another_answer() -> None:
    near_water = Asks("place", Comparison.IS, ("river",))
    field = Field(
        "f", FieldKind.CHOICE, LABEL, choices=(Choice("algae", LABEL, near_water), Choice("dirt", LABEL))
    )
    place = Field("place", FieldKind.TEXT, LABEL)
    assert check_values(Form((place, field)), {"f": "algae", "place": "river"}) == []
    assert [one.field for one in check_values(Form((place, field)), {"f": "algae", "place": "road"})] == ["f"]


def test_a_table_is_checked_row_by_row_and_the_place_named() -> None:
    area = Field("area", FieldKind.NUMBER, LABEL, minimum=0, required=Asks("use", Comparison.IS, ("living",)))
    use = Field("use", FieldKind.TEXT, LABEL)
    floors = Form((Field("floors", FieldKind.TABLE, LABEL, columns=(use, area)),))
    rows = [{"use": "living", "area": 80}, {"use": "living"}, {"use": "store", "area": -1}]
    found: list[Problem] = check_values(floors, {"floors": rows})
    assert [(one.code.removeprefix("scenarios."), one.field) for one in found] == [
        ("answer-missing", "floors.1.area"),
        ("answer-wrong", "floors.2.area"),
    ]


def test_computed_fields_are_reckoned_and_never_guess() -> None:
    def field(key: str, operation: Operation, *of: str) -> Field:
        return Field(key, FieldKind.COMPUTED, LABEL, computed=Computed(operation, of))

    form = Form(
        (
            field("total", Operation.SUM, "floors.area"),
            field("over", Operation.DIFFERENCE, "total", "approved"),
            field("share", Operation.RATIO, "over", "approved"),
            field("days", Operation.DAYS_BETWEEN, "begun", "ended"),
        )
    )
    answers = {
        "floors": [{"area": 80}, {"area": 70.5}],
        "approved": 120,
        "begun": "2026-02-27",
        "ended": "2026-03-02",
    }
    assert computed(form, answers) == {
        "total": 150.5,
        "over": 30.5,
        "share": 30.5 / 120,
        "days": 3.0,
    }
    nothing = computed(form, {"approved": 0})
    assert (nothing["over"], nothing["share"], nothing["days"]) == (0.0, None, None)


def test_a_hidden_answer_is_masked_for_the_roles_named_and_for_nobody_else() -> None:
    asked = Asks("hide", Comparison.IS, (True,))
    form = Form((Field("name", FieldKind.TEXT, LABEL, hidden=Hidden(("department-handler",), asked)),))
    answers = {"name": "某企业", "hide": True}
    assert visible_to(form, answers, roles=frozenset({"department-handler"}))["name"] is None
    assert visible_to(form, answers, roles=frozenset({"business-office"}))["name"] == "某企业"
    assert (
        visible_to(form, {**answers, "hide": False}, roles=frozenset({"department-handler"}))["name"]
        == "某企业"
    )
