"""The definitions that come with the product say what domain practice asks for."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules import (
    ARCHIVED,
    CLOSED,
    AreaLevel,
    Definition,
    Draft,
    EvidenceKind,
    Given,
    Source,
    check_form,
    check_values,
    parse,
    soundness,
)
from onegrid.scenarios.rules.accountability import named_units, needs, unknown_names
from onegrid.scenarios.rules.class_document import parse_classes
from onegrid.scenarios.rules.classes import ClassInfo, ClassKind, ClassTree, UnknownClass, Urgency
from onegrid.scenarios.rules.document import schema
from onegrid.scenarios.rules.findings import DefinitionRefused
from onegrid.scenarios.rules.live import LiveScenarios, contested
from onegrid.scenarios.rules.parsing import stored
from onegrid.scenarios.rules.printing import as_json
from onegrid.scenarios.rules.words import Text
from onegrid.scenarios.tests.factories import version_of
from onegrid.scenarios.tests.files import LIBRARY, SCENARIOS


def tree() -> ClassTree:
    classes = parse_classes((LIBRARY / "classes.yaml").read_text())
    assert not isinstance(classes, DefinitionRefused), classes
    return ClassTree(classes)


def definition(key: str) -> Definition:
    draft = parse((LIBRARY / f"{key}.yaml").read_text())
    assert isinstance(draft, Draft), draft
    return draft.definition


HJ, LW, YS = "environment-sanitation", "illegal-construction", "business-environment"


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_definition_is_sound_and_names_only_what_exists(file: Path) -> None:
    found = definition(file.stem)
    assert found.key == file.stem
    assert soundness(found) == []
    assert unknown_names(found, units=named_units(found), classes=tree()) == []


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_sentence_stands_in_chinese_and_english(file: Path) -> None:
    def texts(value: object) -> list[dict[str, str]]:
        if isinstance(value, dict):
            own = [value] if set(value) == {"zh", "en"} else []
            return own + [one for part in value.values() for one in texts(part)]
        return [one for part in value for one in texts(part)] if isinstance(value, list) else []

    found = texts(as_json(definition(file.stem)))
    assert len(found) > 50
    for one in found:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one["zh"]) or one["zh"] == "12345", one
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in one["en"]), one


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_definition_read_back_from_its_stored_data_is_the_same(file: Path) -> None:
    draft = parse(file.read_text())
    assert isinstance(draft, Draft)
    assert isinstance(draft.data, dict)
    assert stored(json.loads(json.dumps(draft.data))) == draft.definition


def test_the_published_schema_is_the_one_the_files_are_read_by() -> None:
    assert json.loads((LIBRARY / "scenario.schema.json").read_text()) == schema()


def test_the_published_schema_takes_the_library_and_refuses_a_wrong_key() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    check = jsonschema.Draft202012Validator(schema())
    for file in SCENARIOS:
        draft = parse(file.read_text())
        assert isinstance(draft, Draft)
        assert isinstance(draft.data, dict)
        assert list(check.iter_errors(draft.data)) == []
        assert list(check.iter_errors({**draft.data, "stagess": {}}))
        assert list(check.iter_errors({**draft.data, "escalation": [{"at": "half"}]}))


# 环境卫生问题处置


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("E0102", "4 office hours"),  # 暴露垃圾
        ("E0103", "2 working days"),  # 积存垃圾渣土
        ("E0104", "2 office hours"),  # 道路不洁
        ("E0105", "15 working days"),  # 水域不洁
        ("E0106", "4 office hours"),  # 绿地脏乱
        ("E0115", "2 clock hours"),  # 焚烧垃圾
        ("E0109", "1 working day"),
        ("E01", "2 working days"),
    ],
)
def test_sanitation_is_handled_in_the_grid_within_the_limit_of_its_class(code: str, limit: str) -> None:
    first = definition(HJ).first_stage(channel="public")
    assert first.key == "grid-handle"
    assert str(first.limit.for_(code, class_limit=tree().get(code).limit)) == limit


def test_sanitation_goes_up_grid_town_urban_management_other_departments() -> None:
    stages = definition(HJ).stages
    assert stages["grid-handle"].exits["beyond-grid"].to == "town-handle"
    assert stages["town-handle"].exits["to-urban-management"].to == "urban-handle"
    assert stages["urban-handle"].exits["to-department"].to == "department-handle"
    assert (stages["urban-handle"].who.role, stages["urban-handle"].who.unit) == (
        "department-handler",
        "urban-management",
    )
    assert stages["department-handle"].who.is_responsible
    assert {stages[key].exits["done"].to for key in stages if "done" in stages[key].exits} == {"check"}


def test_what_a_worker_cleared_on_the_spot_still_goes_to_somebody_elses_check() -> None:
    sanitation = definition(HJ)
    spot = {"solved_on_spot": True}
    assert sanitation.first_stage(channel="worker", answers=spot).key == "check"
    assert sanitation.first_stage(channel="public", answers=spot).key == "grid-handle"
    check = sanitation.stages["check"]
    assert set(check.not_same_as) == {"grid-handle", "town-handle", "urban-handle", "department-handle"}


def test_sanitation_is_done_only_with_photos_of_before_and_after() -> None:
    stage = definition(HJ).stages["grid-handle"]
    found = check_form(
        stage, stage.exits["done"], values={"cause": "careless"}, evidence=(), opinion="已清理"
    )
    assert [one.field for one in found] == ["photo:before", "photo:after"]
    photos = (Given(EvidenceKind.PHOTO, "before"), Given(EvidenceKind.PHOTO, "after", 120.0))
    assert (
        check_form(stage, stage.exits["done"], values={"cause": "careless"}, evidence=photos, opinion="好")
        == []
    )


# 两违防治


def test_two_violations_has_every_stage_with_its_limit() -> None:
    stages = definition(LW).stages
    assert {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()} == {
        "assign": ("chief-head", "4 office hours"),
        "town-reassign": ("town-two-violations", "1 working day"),
        "verify": ("deputy-chief", "24 clock hours"),
        "determine": ("chief-head", "2 working days"),
        "village-handle": ("chief-head", "7 working days"),
        "town-handle": ("town-two-violations", "3 working days"),
        "department-handle": ("two-violations-office", "15 working days"),
        "supervise": ("two-violations-office", "5 working days"),
    }


def test_building_that_goes_on_against_the_order_is_dealt_with_in_three_days() -> None:
    limit = definition(LW).stages["village-handle"].limit
    going_on = {"construction_state": "under-construction", "obeys_stop": False}
    assert str(limit.for_("S0703", answers=going_on)) == "3 days"
    assert str(limit.for_("S0703", answers={**going_on, "obeys_stop": True})) == "7 working days"
    assert str(limit.for_("S0703", answers={"construction_state": "finished"})) == "7 working days"


def test_a_clue_in_another_village_goes_there_by_way_of_the_town() -> None:
    found = definition(LW)
    assert found.first_stage(channel="department", area=AreaLevel.TOWN).key == "town-reassign"
    assert found.first_stage(channel="department", source=Source.SATELLITE).key == "assign"
    assert found.stages["verify"].exits["other-village"].to == "town-reassign"
    leave = found.stages["town-reassign"].exits["reassigned"]
    assert (leave.to, leave.new_grid, leave.assigns.grid) == ("assign", True, "right_grid")


def test_the_survey_offers_the_exit_that_fits_its_finding() -> None:
    stage = definition(LW).stages["verify"]
    before = [Given(EvidenceKind.PHOTO, "before", 10.0)] * 2
    values = {"violation": "none"}
    assert check_form(stage, stage.exits["untrue"], values=values, evidence=before, opinion="未见") == []
    (found,) = check_form(stage, stage.exits["other-village"], values=values, evidence=before, opinion="未见")
    assert found.code == "scenarios.exit-not-open"
    assert stage.exits["untrue"].to == ARCHIVED
    (near,) = check_form(stage, stage.exits["untrue"], values=values, evidence=before[:1], opinion="未见")
    assert near.field == "photo:before"


def test_departments_investigate_jointly_one_task_each_and_the_main_task_waits_for_all() -> None:
    joint = definition(LW).stages["department-handle"].joint
    assert joint is not None
    assert joint.units == (
        "natural-resources",
        "urban-management",
        "agriculture",
        "forestry",
        "water",
        "transport",
    )
    assert (joint.closes_all, joint.waits_for, joint.chosen_by) == (True, ("done",), "departments")
    assert str(joint.limit.default) == "5 working days" if joint.limit else False


def test_the_town_reports_every_three_working_days_and_the_county_hears_of_it_from_the_third_time() -> None:
    leave = definition(LW).stages["town-handle"].exits["continue"]
    assert leave.to == "town-handle"
    assert leave.limit is not None
    assert str(leave.limit.default) == "3 working days"
    assert leave.tell_from == 3
    assert "two-violations-office" in {who.role for who in leave.tell}


def test_somebody_looks_every_three_days_while_building_goes_on_and_resumed_building_is_an_alarm() -> None:
    follow_up = definition(LW).follow_ups["status-report"]
    assert follow_up.every is not None
    assert (
        str(follow_up.every.for_("S0703", answers={"construction_state": "under-construction"})) == "3 days"
    )
    assert str(follow_up.every.for_("S0703", answers={"construction_state": "stopped"})) == "10 working days"
    (alert,) = follow_up.alerts
    assert alert.urgent
    assert {who.role for who in alert.tell} >= {"chief-head", "town-two-violations"}


def test_a_satellite_clue_needs_its_spot_number_and_a_patrol_three_photos() -> None:
    form = definition(LW).form
    land = {"land_area": 120}
    satellite = check_values(form, land, answers={"source": "satellite"})
    assert [one.field for one in satellite] == ["spot_no"]
    patrol = check_values(form, {**land, "construction_state": "stopped"}, answers={"source": "patrol"})
    assert [one.field for one in patrol] == ["report_photos"]


def test_supervision_may_send_back_to_each_earlier_stage_with_a_reason() -> None:
    stage = definition(LW).stages["supervise"]
    back = {leave.to for leave in stage.exits.values() if not leave.ends}
    assert back == {"determine", "village-handle", "town-handle", "department-handle"}
    (found, *_) = check_form(
        stage, stage.exits["redo-town"], values={"means": ["visit"]}, evidence=(), opinion="未拆"
    )
    assert found.field == "fail_reason"
    assert stage.exits["passed"].to == CLOSED


# 营商环境问题


@pytest.mark.parametrize(
    ("grade", "limit"),
    [
        (None, "10 working days"),
        ("simple", "5 working days"),
        ("cross", "15 working days"),
        ("legacy", "30 days"),
    ],
)
def test_a_business_problem_has_the_limit_of_its_grade(grade: str | None, limit: str) -> None:
    answers = {"grade": grade} if grade else {}
    assert str(definition(YS).stages["handle"].limit.for_("S1301", answers=answers)) == limit


def test_the_lead_department_may_ask_for_ten_more_days_again_and_again_counted() -> None:
    found = definition(YS)
    rule = found.extension_of(found.stages["handle"])
    assert rule is not None
    assert (str(rule.step), rule.at_most, rule.decided_by.role) == (
        "10 working days",
        None,
        "business-office",
    )
    missing = check_values(rule.form, {"result_so_far": "在办"})
    assert [one.field for one in missing] == ["next_plan", "expected_on"]


def test_a_mid_term_report_is_due_at_half_time() -> None:
    report = definition(YS).follow_ups["mid-term"]
    assert (report.at_percent, report.every, report.who.is_responsible) == (50, None, True)
    forecast = report.form.get("forecast")
    assert forecast is not None
    assert [one.key for one in forecast.choices] == ["in-time", "late", "unsolvable", "against-rules"]


def test_not_ours_needs_the_article_contact_and_date_and_is_ruled_on() -> None:
    found = definition(YS)
    stage = found.stages["handle"]
    missing = check_form(stage, stage.exits["not-ours"], values={}, evidence=(), opinion="非我局职责")
    assert {one.field for one in missing} == {"legal_basis", "objection_contact", "objection_on"}
    assert stage.exits["not-ours"].to == "objection"
    assert found.stages["objection"].exits["upheld"].assigns.unit == "ruled_department"


def test_not_satisfied_means_once_more_and_then_the_leader_and_silence_is_no_satisfaction() -> None:
    stage = definition(YS).stages["rate"]
    again = stage.exits["unsatisfied"]
    assert (again.target(taken=0), again.target(taken=1), again.target(taken=2)) == (
        "handle",
        "leader",
        "leader",
    )
    assert stage.lapse == "no-answer"
    assert stage.exits["no-answer"].outcome == "not-rated"
    assert str(stage.limit.default) == "7 days"


def test_an_enterprise_may_hide_its_name_from_the_department() -> None:
    field = definition(YS).form.get("enterprise_name")
    assert field is not None
    assert field.hidden is not None
    assert set(field.hidden.from_) == {"department-handler", "department-deputy", "department-head"}


def test_only_units_that_may_be_chosen_must_have_a_handler() -> None:
    whos = {
        need.who.unit
        for need in needs(definition(YS), classes=tree())
        if need.who.role == "department-handler"
    }
    assert "business-office" not in whos  # the office sorts, it never leads
    assert {"finance", "market-regulation", "human-resources"} <= whos


# 事项类别


def test_the_dictionary_knows_components_events_and_matters() -> None:
    classes = tree()
    assert len(classes) > 150
    kinds = {one.kind for one in classes}
    assert kinds == set(ClassKind)
    assert all(one.unit and one.urgency and one.limit for one in classes)


def test_a_minor_class_has_from_its_parent_what_it_does_not_say() -> None:
    rubbish = tree().get("E0102")
    assert (rubbish.unit, rubbish.urgency, rubbish.kind) == (
        "urban-management",
        Urgency.MEDIUM,
        ClassKind.EVENT,
    )
    assert [str(one.limit) for one in tree().get("E0101").milestones] == [
        "4 office hours",
        "7 working days",
        "20 working days",
    ]


@pytest.mark.parametrize("code", ["S1201", "S1202", "S1203", "S1204", "S1205", "S1206", "E0403"])
def test_fire_collapse_casualties_gas_drowning_riot_and_violence_are_matters_of_life(code: str) -> None:
    assert tree().get(code).life_threatening


def test_each_keyword_points_to_one_class() -> None:
    words = [word for one in tree() for word in one.keywords]
    assert sorted(words) == sorted(set(words))


def test_an_unknown_class_is_refused_by_name() -> None:
    with pytest.raises(UnknownClass, match="E9999"):
        tree().get("E9999")


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_a_circle_of_parents_never_hangs_the_dictionary(pairs: list[tuple[int, int]]) -> None:
    infos = [ClassInfo(str(code), Text("类", "Class"), parent=str(parent)) for code, parent in pairs]
    classes = ClassTree(infos)
    for one in classes:
        assert classes.lineage(one.code)[0] == one.code
        assert one in classes.under(one.code)


# 哪个场景办


def test_the_scenario_that_names_the_nearest_class_takes_the_matter() -> None:
    live = LiveScenarios([version_of(definition(key)) for key in (HJ, LW, YS)], classes=tree())

    def taker(code: str) -> str | None:
        found = live.for_class(code, "350583100")
        return found.key if found else None

    assert taker("E0102") == HJ
    assert taker("E0101") == LW  # an unlawful shed is a building violation, not litter
    assert taker("S0703") == LW
    assert taker("S1302") == YS
    assert taker("S0101") is None


def test_a_version_on_trial_in_a_town_goes_before_the_countys() -> None:
    county, trial = version_of(definition(HJ)), version_of(definition(HJ), number=2, towns=("350583101",))
    live = LiveScenarios([county, trial], classes=tree())
    assert live.for_class("E0102", "350583101") == trial
    assert live.for_class("E0102", "350583100") == county
    assert live.of(HJ, "350583101") == trial


def test_two_scenarios_cannot_take_the_same_class_in_the_same_place() -> None:
    ours = version_of(definition(HJ))
    other = version_of(dataclasses.replace(definition(LW), classes=("E01",)))
    assert contested(ours, [other]) == {"E01": other}
    assert contested(ours, [version_of(definition(LW))]) == {}


def test_limits_never_vanish_when_a_class_says_nothing() -> None:
    rule = definition(HJ).stages["grid-handle"].limit
    assert rule.for_("X9", class_limit=None) == Limit.parse("2 working days")
