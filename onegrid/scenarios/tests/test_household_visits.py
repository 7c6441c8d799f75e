"""Visits and help to households in need 困难家庭走访帮扶 as practice asks for it."""

import pytest

from onegrid.scenarios.rules import check_values
from onegrid.scenarios.rules.accountability import needs
from onegrid.scenarios.tests.files import definition, tree
from onegrid.scenarios.tests.roads import Road

KEY = "household-visits"
ITEMS = [{"need_kind": "food", "need_what": "米油", "need_cost": 300}]
TRUE = {
    "finding": "true-need",
    "need_items": ITEMS,
    "agrees": True,
    "house_unsafe": False,
    "poverty_risk": False,
}
HELPED = {"asked_by": "visit", "household_says": "done"}


def visited(**facts: object) -> Road:
    """A visit that found a need, sent on to be verified."""
    known = {"household_head": "张某", "has_need": True, "needs": ["food"], "need_text": "断粮", **facts}
    return Road(KEY, "visit", **known).take("assigned")


def with_town(**facts: object) -> Road:
    return visited(**facts).take("town", "signature:householder", **TRUE)


def with_county(**facts: object) -> Road:
    return with_town(**facts).take("to-county", to_county_items="住房修缮")


@pytest.mark.parametrize("source", ["visit", "patrol", "department", "public", "hotline"])
@pytest.mark.parametrize("area", ["grid", "village", "town"])
def test_whoever_visits_the_town_assigns(source: str, area: str) -> None:
    road = Road(KEY, source, area)
    assert road.at == ("town-assign" if area == "grid" else "town-place")
    assert road.stage.who.role == "town-civil-affairs"


def test_what_the_village_can_do_is_done_and_confirmed_by_the_household() -> None:
    road = visited().take("village", "signature:householder", **TRUE)
    assert road.limit == "5 working days"
    road.take("done", "document:receipt", village_done=["goods"])
    assert road.missing("confirmed", **HELPED) == ["signature:householder|voice:call"]
    road.take("confirmed", "signature:householder", **HELPED)
    assert road.way == ["town-assign", "verify", "village-help", "confirm", "closed"]


def test_it_goes_up_village_town_county_department() -> None:
    road = visited().take("village", "signature:householder", **TRUE).take("beyond", beyond_items="缺资金")
    road.take("continue", town_done="已申请")
    assert (road.at, road.limit) == ("town-help", "5 working days")
    road.take("to-county", to_county_items="住房")
    road.take("dispatched", lead_department="housing", joint_departments=["finance"])
    assert (road.at, road.stage.who.is_responsible) == ("department-help", True)
    assert road.missing("partly", department_done="已立项") == ["rest_by"]
    road.take("done", "document:approval", department_done="已修缮")
    assert road.take("confirmed", "voice:call", asked_by="phone", household_says="done").at == "closed"


def test_the_urgent_is_sent_on_in_two_hours_and_visited_within_a_day() -> None:
    stages = definition(KEY).stages
    urgent = {"urgent_need": True}
    assert str(stages["town-assign"].limit.for_("S0408", answers=urgent)) == "2 clock hours"
    assert str(stages["verify"].limit.for_("S0408", answers=urgent)) == "1 day"
    assert str(stages["verify"].limit.for_("S0408")) == "3 working days"
    assert [message.urgent for message in stages["town-assign"].messages] == [False, True]


def test_a_visit_without_a_need_is_only_recorded() -> None:
    road = Road(KEY, "visit", has_need=False)
    assert road.open_exits() == {"record-only", "other-grid"}
    assert road.take("record-only").at == "archived"
    facts = {"visited_by": "team", "visited_on": "2026-11-24", "household_head": "张某", "has_need": False}
    assert check_values(definition(KEY).form, facts, answers={"source": "visit"}) == []
    missing = check_values(definition(KEY).form, {**facts, "has_need": True}, answers={"source": "visit"})
    assert {one.field for one in missing} == {"needs", "need_text"}


def test_the_six_needs_are_food_clothing_schooling_medical_care_housing_and_water() -> None:
    field = definition(KEY).form.get("needs")
    assert field is not None
    keys = ["food", "clothing", "schooling", "medical", "housing", "water"]
    assert [one.key for one in field.choices] == keys


def test_a_household_that_wants_no_help_is_left_alone() -> None:
    road = visited()
    assert "village" not in road.open_exits(**{**TRUE, "agrees": False})
    assert road.take("no-need", finding="no-need").at == "archived"


def test_the_sender_may_name_the_helper_and_a_house_elsewhere_comes_back_to_the_town() -> None:
    road = visited()
    assert {who.role for who in road.stage.assignable} >= {"deputy-chief", "grid-head"}
    road.take("other-village", finding="elsewhere")
    assert road.stage.exits["placed"].new_grid
    road.take("placed", right_grid="350583111201001").take("assigned")
    assert road.at == "verify"
    road = Road(KEY, "public", "town").take("not-here")
    assert road.at == "archived"


def test_not_ours_is_settled_by_the_county_and_the_lead_may_join_others() -> None:
    road = with_county().take("dispatched", lead_department="water")
    assert road.missing("not-ours") == ["legal_basis"]
    road.take("not-ours", legal_basis="三定方案第三条").take("dispatched", lead_department="housing")
    assert road.at == "department-help"
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.closes_all) == ("joint_departments", True)
    assert joint.waits_for == ("done", "partly")
    whos = [one.who for one in needs(definition(KEY), classes=tree())]
    handlers = {who.unit for who in whos if who.role == "department-handler"}
    assert {"education", "health", "housing", "water", "veterans"} <= handlers


def test_the_second_dissatisfaction_goes_to_the_county() -> None:
    road = with_town()
    unhappy = {"asked_by": "visit", "household_says": "not-done", "still_needed": "仍缺"}
    done = {"town_done": "已办", "policy_used": ["temporary-relief"]}
    road.take("done", "document:receipt", **done).take("redo", **unhappy)
    assert road.at == "town-help"
    road.take("done", "document:receipt", **done)
    assert road.open_exits(household_says="not-done") == {"redo"}
    assert road.take("redo", **unhappy).at == "county-assign"


def test_what_the_rules_do_not_allow_is_explained_and_not_called_solved() -> None:
    road = with_county().take("dispatched", lead_department="civil-affairs")
    told = {"department_done": "不符合", "rule_article": "规定第五条", "instead": "慈善帮扶"}
    road.take("explained", **told).take("understood", asked_by="phone", household_says="understands")
    outcomes = {key: leave.outcome for key, leave in definition(KEY).stages["confirm"].exits.items()}
    assert outcomes["understood"] == "explained"
    assert outcomes["not-reached"] == "not-confirmed"


def test_an_unsafe_house_and_a_poverty_risk_open_cases_of_their_own() -> None:
    for key in ("village", "town"):
        opens = definition(KEY).stages["verify"].exits[key].opens
        assert [one.class_code for one in opens] == ["S0203", "S0407"]


def test_whoever_helped_does_not_ask_whether_it_helped() -> None:
    confirm = definition(KEY).stages["confirm"]
    assert set(confirm.not_same_as) == {"verify", "village-help", "town-help", "department-help"}


def test_somebody_looks_in_while_the_household_waits() -> None:
    revisit = definition(KEY).follow_ups["revisit"]
    assert revisit.every is not None
    assert str(revisit.every.for_("S0408", answers={"urgent_need": True})) == "1 day"
    assert str(revisit.every.for_("S0408")) == "10 working days"
    assert revisit.late is not None


def test_what_a_household_tells_is_personal_and_erased_ninety_days_after_the_end() -> None:
    found = definition(KEY)
    forms = [found.form, *(stage.form for stage in found.stages.values())]
    personal = {one.key for form in forms for one in form.fields if one.personal}
    assert personal >= {"household_head", "household_phone", "household_kind", "need_text", "need_items"}
    assert found.erase_days == 90
