"""Work safety of enterprises 企业安全生产 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import check_values
from onegrid.scenarios.rules.answer_kinds import offered
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road, written

AQ = "enterprise-safety"
FACTS: dict[str, Any] = {
    "survey_finding": "fact",
    "enterprise": "样例石材厂",
    "industry": "manufacturing",
    "hazard_type": "dust",
    "checklist": [{"check_item": "dust-removal", "item_result": "hazard", "item_note": "未清扫"}],
}
SURVEY = ("photo:before*2", "document:site-record")
AGREED: dict[str, Any] = {"consulted": ["enterprise", "town-safety", "expert"], "expert_view": "整改"}
LISTING: dict[str, Any] = {
    "lead_department": "emergency",
    "fix_duty": "样例",
    "fix_measures": "停用",
    "fix_money": 100000,
    "fix_time": "year",
    "fix_plan": "专人看守",
}


def confirmed(**facts: Any) -> Road:
    """A hazard that was found on patrol and is true on site."""
    return Road(AQ, "patrol", **facts).take("assigned").take("confirmed", *SURVEY, **FACTS)


def general() -> Road:
    agreed: dict[str, Any] = {**AGREED, "hazard_grade": "general", "rectify_term": "seven"}
    return confirmed().take("general", "document:minutes", "signature:enterprise", **agreed)


def major() -> Road:
    agreed: dict[str, Any] = {**AGREED, "hazard_grade": "major", "use_stopped": True, "evacuated": 12}
    return confirmed(suspected_major=True).take("major", "photo:during*2", "document:minutes", **agreed)


def listed() -> Road:
    road = major().take("listed", "document:emergency-plan", **LISTING)
    return road.take(
        "announced", "document:listing-notice", "photo:site", listing_no="GP1", listed_on="2026-11-25"
    )


def test_every_stage_has_its_post_and_its_limit() -> None:
    stages = definition(AQ).stages
    assert {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()} == {
        "confirm": ("village-centre", "0.5 clock hours"),
        "assign": ("chief-head", "4 office hours"),
        "town-assign": ("town-safety", "1 working day"),
        "verify": ("deputy-chief", "1 working day"),
        "consult": ("chief-head", "1 working day"),
        "urge-rectify": ("deputy-chief", "7 working days"),
        "town-handle": ("town-safety", "15 working days"),
        "county-lead": ("safety-office", "5 working days"),
        "listing": ("safety-office", "5 working days"),
        "department-rectify": ("department-handler", "30 days"),
        "file-case": ("department-handler", "30 days"),
        "penalty": ("department-handler", "90 days"),
        "accept": ("inspector", "3 working days"),
        "delist": ("safety-office", "5 working days"),
    }


def test_a_device_alarm_is_confirmed_by_a_person_first_and_silence_counts_as_real() -> None:
    road = Road(AQ, "device")
    assert (road.at, road.limit) == ("confirm", "0.5 clock hours")
    assert road.take("real", alarm_finding="unreachable", confirmed_with="电话三次").at == "assign"
    false = Road(AQ, "device").take("false-alarm", alarm_finding="fault", confirmed_with="安全管理员")
    assert false.at == "archived"


def test_a_suspected_major_hazard_is_assigned_and_surveyed_at_once() -> None:
    road = Road(AQ, "enterprise", suspected_major=True)
    assert road.limit == "0.5 clock hours"
    road.take("assigned")
    assert road.limit == "2 clock hours"
    assert Road(AQ, "enterprise").take("assigned").limit == "1 working day"


def test_the_checklist_offers_what_belongs_to_the_industry() -> None:
    table = definition(AQ).stages["verify"].form.get("checklist")
    assert table is not None
    item = next(one for one in table.columns if one.key == "check_item")

    def items(industry: str) -> set[str]:
        return {one.key for one in offered(item, {"industry": industry})}

    assert items("construction") - items("manufacturing") == {"scaffold"}
    assert items("catering") - items("other") == {"gas-detectors"}
    row = [{"check_item": "wiring", "item_result": "hazard"}]
    problems = check_values(
        definition(AQ).stages["verify"].form,
        {"survey_finding": "fact", "checklist": row},
        answers={"exit": "confirmed"},
    )
    assert [one.field for one in problems] == ["checklist.0.item_note"]


def test_a_general_hazard_is_put_right_under_the_village_and_checked_by_somebody_else() -> None:
    road = general()
    assert (road.at, road.limit) == ("urge-rectify", "7 working days")
    done: dict[str, Any] = {"notice_no": "ZG1", "rectified_how": "已清扫"}
    papers = ("document:rectification-notice", "photo:before", "photo:after")
    road.take("rectified", *papers, **done).take("passed", "photo:after", accepted_items="已消除")
    assert road.way == ["assign", "verify", "consult", "urge-rectify", "accept", "closed"]
    assert set(definition(AQ).stages["accept"].not_same_as) >= {
        "urge-rectify",
        "town-handle",
        "department-rectify",
    }


def test_the_village_may_set_three_working_days() -> None:
    agreed: dict[str, Any] = {**AGREED, "hazard_grade": "general", "rectify_term": "three"}
    road = confirmed().take("general", "document:minutes", "signature:enterprise", **agreed)
    assert road.limit == "3 working days"


def test_who_refuses_to_be_inspected_or_to_put_it_right_is_dealt_with_by_the_town() -> None:
    shut = Road(AQ, "public").take("assigned").take("closed-door", "photo:site", survey_finding="closed-door")
    assert (shut.at, shut.limit) == ("town-handle", "15 working days")
    road = general().take(
        "refused", "document:rectification-notice", "photo:during", notice_no="ZG1", refusal="拒签"
    )
    road.take("cannot", "photo:during", town_measures="检查执法", cannot_reason="须部门查处")
    assert road.at == "county-lead"


def test_a_major_hazard_stops_people_first_and_goes_to_the_county_in_the_same_move() -> None:
    road = confirmed()
    assert set(road.missing("major", "document:minutes", **AGREED, hazard_grade="major")) == {
        "use_stopped", "evacuated", "photo:during",
    }  # fmt: skip
    road = major()
    assert road.at == "county-lead"
    (message,) = definition(AQ).stages["consult"].exits["major"].messages
    assert message.urgent
    assert {who.role for who in message.to} == {"safety-office", "department-handler"}


def test_a_listed_hazard_has_five_points_a_notice_on_the_site_and_at_most_a_year() -> None:
    road = major()
    assert set(road.missing("listed", "document:emergency-plan", lead_department="emergency")) == {
        "fix_duty", "fix_measures", "fix_money", "fix_time", "fix_plan",
    }  # fmt: skip
    assert road.missing("back-to-town") == ["scenarios.exit-not-open"]
    road = listed()
    assert (road.at, road.limit) == ("department-rectify", "365 days")
    limits = definition(AQ).stages["department-rectify"].limit.all()
    assert max(int(one.value) for one in limits) == 365
    road.take("rectified", "photo:after", department_measures="已整改")
    assert "passed" not in road.open_exits()
    road.take("passed-listed", "photo:after", accepted_items="已消除")
    assert (road.at, road.limit) == ("delist", "5 working days")
    assert road.take("delisted", "document:delisting-notice").ended


def test_more_time_for_a_department_is_decided_by_the_county_office() -> None:
    found = definition(AQ)
    rule = found.extension_of(found.stages["department-rectify"])
    assert rule is not None
    assert rule.decided_by.role == "safety-office"
    assert {one.key for one in rule.form.fields} == {"result_so_far", "next_plan"}


@pytest.mark.parametrize(
    ("leave", "paper", "answers", "at"),
    [
        ("filed", "document:filing-decision", {"file_no": "LA1"}, "penalty"),
        ("not-filed", "document:no-filing-decision", {"not_filed_reason": "已自行整改"}, "accept"),
    ],
)
def test_filing_needs_its_decision(leave: str, paper: str, answers: dict[str, Any], at: str) -> None:
    road = listed().take("file", "document:site-record", offence="拒不停用")
    assert road.missing(leave, **answers) == [paper]
    assert road.take(leave, paper, **answers).at == at


def test_a_penalty_needs_its_decision_which_then_stands_for_the_photo_after() -> None:
    road = listed().take("file", "document:site-record", offence="拒不停用")
    road.take("filed", "document:filing-decision", file_no="LA1")
    decided: dict[str, Any] = {"decision_no": "CF1", "fine": 20000, "order_stop": True}
    assert road.missing("decided", **decided) == ["document:penalty-decision", "document:service-receipt"]
    road.take("decided", "document:penalty-decision", "document:service-receipt", **decided)
    assert road.missing("passed-listed", accepted_items="无") == ["photo:after|document:penalty-decision"]
    assert road.take("passed-listed", "document:penalty-decision", accepted_items="已关停").at == "delist"


def test_a_failed_check_goes_back_to_the_village_once_and_then_up() -> None:
    back = definition(AQ).stages["accept"].exits["redo-village"]
    assert [back.target(taken=count) for count in range(3)] == ["urge-rectify", "town-handle", "town-handle"]
    road = general().take(
        "rectified", "document:rectification-notice", "photo:before", "photo:after",
        notice_no="ZG1", rectified_how="已清扫",
    )  # fmt: skip
    assert road.missing("redo-town", "photo:site", accepted_items="仍有粉尘") == ["fail_reason"]
    assert (
        road.take("redo-county", "photo:site", accepted_items="仍有", fail_reason="未改").at == "county-lead"
    )


def test_the_place_is_watched_until_it_is_put_right_every_working_day_if_major() -> None:
    watch = definition(AQ).follow_ups["rectify-watch"]
    assert watch.every is not None
    assert str(watch.every.for_("S0202", answers={"hazard_grade": "major"})) == "1 working day"
    assert str(watch.every.for_("S0202", answers={"hazard_grade": "general"})) == "5 working days"
    started = {
        (stage.key, leave.key)
        for stage in definition(AQ).stages.values()
        for leave in stage.exits.values()
        if "rectify-watch" in leave.starts
    }
    assert started == {
        ("verify", "closed-door"), ("consult", "general"), ("consult", "general-town"), ("consult", "major"),
    }  # fmt: skip
    scenario: Any = written(AQ)
    assert scenario["follow_ups"]["rectify-watch"]["late"]["tell"] == ["owner", "chief-head"]


def test_a_clue_elsewhere_goes_by_way_of_the_town() -> None:
    road = Road(AQ, "hotline", area="town")
    assert road.at == "town-assign"
    road.take("reassigned", right_grid="350583111201001").take("assigned")
    road.take("other-village", survey_finding="elsewhere")
    assert road.at == "town-assign"
    assert road.take("outside-town").at == "archived"
    assert Road(AQ, "hotline").take("assigned").take("untrue", "photo:site", survey_finding="untrue").ended
