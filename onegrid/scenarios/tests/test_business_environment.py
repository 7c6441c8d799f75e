"""Business environment problems 营商环境问题 as practice asks for it."""

import pytest

from onegrid.scenarios.rules import (
    check_form,
    check_values,
)
from onegrid.scenarios.rules.accountability import needs
from onegrid.scenarios.tests.files import YS, definition, tree


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
