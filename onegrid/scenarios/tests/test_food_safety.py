"""Food safety guarantors 食品安全包保 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, told_when_late
from onegrid.scenarios.tests.roads import Road

KEY = "food-safety"
BUSINESS: dict[str, Any] = {
    "matter": "guarantee",
    "business_name": "某餐馆",
    "business_kind": "restaurant",
    "risk_grade": "c",
    "guarantor_level": "village",
    "guarantor_name": "包保干部",
}
BANQUET: dict[str, Any] = {
    "matter": "banquet",
    "host_name": "某户",
    "host_phone": "13800000000",
    "banquet_at": "2026-12-01T11:00:00+08:00",
    "tables": 12,
    "cook_name": "某厨师",
}
PLAN: dict[str, Any] = {
    "banquet_plan": "guide",
    "helper_name": "协管员",
    "cook_certificate": True,
    "risk_told": True,
}
DAY: dict[str, Any] = {"dishes": 12, "samples_kept": 12, "people_ate": 120}
NOTICE: dict[str, Any] = {"must_mend": "生熟分开", "stop_sale": False}
ILL: dict[str, Any] = {"ill_now": 5, "in_hospital": 2, "deaths": 0}
SAFE: dict[str, Any] = {"food_sealed": True, "samples_sent": True, "trade_stopped": True}


def noticed(term: str = "seven") -> Road:
    """A complaint found true, with its notice delivered."""
    road = Road(KEY, "hotline")
    road.take("problem", "photo:site", "photo:before", check_finding="problem", goods_sealed=True)
    delivered = ("document:rectification-notice", "signature:business-owner")
    return road.take("issued", *delivered, rectify_term=term, **NOTICE)


@pytest.mark.parametrize(
    ("source", "answers", "first"),
    [
        ("department", BUSINESS, "file"),
        ("hotline", {}, "check"),
        ("public", BANQUET, "banquet"),
        ("patrol", {"matter": "outbreak", "sick_count": 3}, "outbreak"),
        ("clinic", {"sick_count": 3, "ate_at": "某食堂"}, "outbreak"),
    ],
)
def test_a_business_a_complaint_a_banquet_and_an_outbreak_have_their_own_ways_in(
    source: str, answers: dict[str, Any], first: str
) -> None:
    assert Road(KEY, source, **answers).at == first


@pytest.mark.parametrize(
    ("grade", "every"), [("a", "180 days"), ("b", "180 days"), ("c", "90 days"), ("d", "90 days")]
)
def test_every_business_is_visited_at_least_quarterly_or_half_yearly_by_its_grade(
    grade: str, every: str
) -> None:
    visit = definition(KEY).follow_ups["guarantor-visit"]
    assert visit.every is not None
    assert str(visit.every.for_("S0803", answers={"risk_grade": grade})) == every
    assert told_when_late(KEY, "guarantor-visit") == ["owner", "town-market", "grid-office"]


def test_guarantors_are_of_four_levels() -> None:
    level = definition(KEY).form.get("guarantor_level")
    assert level is not None
    assert [one.key for one in level.choices] == ["prefecture", "county", "town", "village"]


@pytest.mark.parametrize(("term", "limit"), [("seven", "7 days"), ("fifteen", "15 days")])
def test_a_problem_gets_a_notice_seven_or_fifteen_days_and_somebody_elses_check(
    term: str, limit: str
) -> None:
    road = noticed(term)
    assert (road.at, road.limit) == ("rectify", limit)
    road.take("done", "photo:after", mended_items="已改")
    assert "rectify" in road.stage.not_same_as
    assert road.stage.who.role == "town-market"
    road.take("passed", "photo:after", recheck_result="mended")
    assert road.way == ["check", "notice", "rectify", "recheck", "closed"]


def test_a_second_failure_or_a_refusal_is_filed_as_a_case() -> None:
    road = noticed()
    for _ in range(2):
        road.take("done", "photo:after", mended_items="已改")
        road.take("failed", "photo:site", recheck_result="not-mended", recheck_fault="仍混放")
    assert (road.at, road.stage.who.unit) == ("law", "market-regulation")
    assert noticed().take("refused", "photo:site", refuse_reason="不配合").at == "law"
    road.take(
        "punished",
        "document:filing-decision",
        "document:penalty-decision",
        filed=True,
        file_no="示例1号",
        decision_no="示例2号",
        penalty=5000,
    )
    assert road.ended


def test_a_notice_nobody_signs_for_is_kept_in_picture_and_filed() -> None:
    road = Road(KEY, "hotline")
    road.take("problem", "photo:site", "photo:before", check_finding="problem", goods_sealed=True)
    paper = "document:rectification-notice"
    assert road.missing("refused-paper", paper, rectify_term="seven", **NOTICE) == ["video|photo:site"]
    assert road.take("refused-paper", paper, "video", rectify_term="seven", **NOTICE).at == "law"


def test_a_case_is_filed_and_punished_or_not_filed_with_the_reason() -> None:
    road = Road(KEY, "media")
    serious = ("photo:site", "photo:before", "document:site-record")
    road.take("serious", *serious, check_finding="serious", goods_sealed=True)
    assert road.missing("not-filed", filed=False) == ["not_filed_reason", "document:no-filing-decision"]
    road.take("not-filed", "document:no-filing-decision", filed=False, not_filed_reason="轻微及时改正")
    assert road.ended


def test_a_guaranteed_business_stays_on_the_list_after_it_mended() -> None:
    road = Road(KEY, "department", **BUSINESS)
    road.take("problem", "photo:before", file_next="problem", visit_findings="过期")
    delivered = ("document:rectification-notice", "signature:business-owner")
    road.take("issued", *delivered, rectify_term="seven", **NOTICE)
    road.take("done", "photo:after", mended_items="已下架")
    road.take("passed-file", "photo:after", recheck_result="mended-file")
    assert road.at == "file"
    road.take("renew", file_next="renew").take("closed-down", file_next="closed-down")
    assert road.ended


def test_a_banquet_is_reported_before_guided_and_its_samples_kept() -> None:
    road = Road(KEY, "public", **BANQUET)
    assert road.missing("guide", **PLAN) == ["signature:host"]
    road.take("guide", "signature:host", **PLAN)
    assert road.entered is not None and road.entered.assigns.due == "banquet_at"
    well: dict[str, Any] = {**DAY, "somebody_unwell": False, "kitchen_problem": False}
    assert road.missing("fine", "photo:site", **well) == ["photo:close"]
    road.take("fine", "photo:site", "photo:close", **well)
    assert road.ended
    assert personal(KEY) == {"host_name", "host_phone", "cook_name"}


def test_a_banquet_with_a_bad_kitchen_is_mended_and_with_sick_people_is_an_outbreak() -> None:
    kitchen = Road(KEY, "public", **BANQUET).take("guide", "signature:host", **PLAN)
    kitchen.take("mend", "photo:site", somebody_unwell=False, kitchen_problem=True, **DAY)
    assert kitchen.at == "notice"
    sick = Road(KEY, "public", **BANQUET).take("guide", "signature:host", **PLAN)
    assert "fine" not in sick.open_exits(somebody_unwell=True, kitchen_problem=False)
    sick.take("unwell", "photo:site", somebody_unwell=True, people_unwell=2, kitchen_problem=False, **DAY)
    assert sick.at == "outbreak"
    assert Road(KEY, "public", **BANQUET).take("cancelled", banquet_plan="cancelled").ended


def test_an_outbreak_brings_health_and_market_within_two_hours() -> None:
    road = Road(KEY, "clinic", sick_count=5, ate_at="某食堂")
    assert (road.limit, road.stage.who.unit) == ("2 clock hours", "market-regulation")
    joint = road.stage.joint
    assert joint is not None and joint.limit is not None
    assert (joint.units, str(joint.limit.default)) == (("health",), "2 clock hours")
    assert set(joint.waits_for) == {"controlled", "not-food"}
    assert "controlled" not in road.open_exits(**{**SAFE, "food_sealed": False})
    road.take("controlled", "photo:site", **ILL, **SAFE)
    assert road.at == "law"


def test_what_spreads_goes_up_and_what_is_no_food_poisoning_may_be_a_disease() -> None:
    road = Road(KEY, "clinic", sick_count=5, ate_at="某食堂")
    assert opened(road, "not-food", **ILL) == ["S0801"]
    assert opened(road, "not-food", **{**ILL, "ill_now": 1}) == []
    road.take("widening", **ILL)
    assert (road.at, road.stage.who.role, road.limit) == ("command", "county-leader", "4 clock hours")
    road.take("go-on", command_decision="扩大排查").take(
        "controlled", "document:minutes", command_decision="立案"
    )
    assert road.at == "law"


def test_patients_are_reported_every_two_hours_and_each_new_one_is_an_alarm() -> None:
    patients = definition(KEY).follow_ups["patients"]
    assert patients.every is not None
    assert (patients.who.role, str(patients.every.default)) == ("town-hospital", "2 clock hours")
    assert patients.alerts[0].urgent


def test_food_still_on_sale_during_rectification_is_an_alarm() -> None:
    progress = definition(KEY).follow_ups["rectify-progress"]
    assert {who.role for who in progress.alerts[0].tell} == {"owner", "town-market"}
    assert progress.while_ == ("rectify",)


def test_a_complaint_is_looked_into_within_a_day_and_an_empty_one_is_answered() -> None:
    road = Road(KEY, "hotline")
    assert (road.limit, road.stage.who.role) == ("24 clock hours", "town-market")
    road.take("fine", "photo:site", check_finding="fine")
    assert road.ended
