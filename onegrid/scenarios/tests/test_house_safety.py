"""House safety hazards 房屋安全隐患整治 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import AreaLevel, Source, check_values
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road, written

FW = "house-safety"
HOUSE: dict[str, Any] = {
    "structure": "brick-concrete",
    "storeys": 4,
    "use": "rented",
    "judged_with": ["expert", "owner"],
}
JUDGED = ("photo:ruler", "photo:before*2", "document:judgement-form", "signature:expert", "signature:owner")
SAFE: dict[str, Any] = {
    "emergency_measures": ["stop-use", "cleared", "fence", "signs"],
    "cleared_people": 0,
    "health_code": "red",
}
REPORT: dict[str, Any] = {"commissioned_by": "owner", "agency": "样例鉴定所", "report_no": "JD1"}
END = "2027-03-01T18:00:00+08:00"


def judged(grade: str) -> Road:
    road = Road(FW, "patrol").take("assigned")
    return road.take("judged", *JUDGED, **HOUSE, judgement=grade, judgement_note="裂缝")


def general(term: str = "days-60") -> Road:
    return judged("general").take(
        "general", "document:hazard-notice", health_code="yellow", cure_term=term, appraisal_needed=False
    )


def major() -> Road:
    return judged("major").take("major", "document:hazard-notice", health_code="red")


def appraised(grade: str) -> Road:
    road = major().take("controlled", "photo:during*2", **SAFE)
    return road.take("dangerous", "document:appraisal-report", **REPORT, appraisal_grade=grade, plan_by=END)


def passed(road: Road) -> Road:
    return road.take(
        "passed", "photo:after", "document:acceptance-record", "signature:expert",
        accepted_view="合格", green_again=True, file_complete=True,
    )  # fmt: skip


def test_every_stage_has_its_post_and_its_limit() -> None:
    stages = definition(FW).stages
    assert {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()} == {
        "town-assign": ("town-building", "4 office hours"),
        "assign": ("chief-head", "4 office hours"),
        "judge": ("deputy-chief", "72 clock hours"),
        "determine": ("chief-head", "1 working day"),
        "emergency": ("chief-head", "2 clock hours"),
        "town-emergency": ("town-command", "4 clock hours"),
        "county-emergency": ("department-handler", "8 clock hours"),
        "appraise": ("town-building", "15 working days"),
        "rectify": ("town-building", "90 days"),
        "department-handle": ("department-handler", "15 working days"),
        "accept": ("town-desk", "5 working days"),
    }


def test_a_general_hazard_is_judged_coded_cured_and_accepted() -> None:
    road = general()
    assert (road.at, road.limit) == ("rectify", "60 days")
    done: dict[str, Any] = {"measures_done": ["strengthen"], "contractor": "样例建筑", "qualified": True}
    assert road.missing("done", "photo:after*2", measures_done=["strengthen"]) == ["contractor", "qualified"]
    passed(road.take("done", "photo:after*2", **done))
    assert road.way == ["assign", "judge", "determine", "rectify", "accept", "closed"]


@pytest.mark.parametrize(
    ("term", "limit"), [("days-30", "30 days"), ("days-60", "60 days"), ("days-90", "90 days")]
)
def test_a_general_hazard_has_thirty_to_ninety_days(term: str, limit: str) -> None:
    assert general(term).limit == limit


def test_the_site_judgement_is_signed_by_expert_and_owner_with_a_ruler_at_the_crack() -> None:
    road = Road(FW, "patrol").take("assigned")
    missing = road.missing("judged", **HOUSE, judgement="general", judgement_note="裂缝")
    assert missing == [
        "photo:ruler", "photo:before", "document:judgement-form", "signature:expert", "signature:owner",
    ]  # fmt: skip
    assert road.open_exits(judgement="none") == {"no-hazard"}
    none = road.take(
        "no-hazard", "photo:site", "document:judgement-form", "signature:expert",
        judgement="none", judged_with=["expert"],
    )  # fmt: skip
    assert none.at == "archived"


def test_sudden_danger_begins_with_stopping_clearing_fencing_and_warning() -> None:
    road = Road(FW, "public", sudden=True)
    assert (road.at, road.limit) == ("emergency", "2 clock hours")
    assert set(road.missing("controlled", "photo:during*2")) == {
        "emergency_measures", "cleared_people", "health_code",
    }  # fmt: skip
    people: dict[str, Any] = {**SAFE, "cleared_people": 9}
    assert road.missing("controlled", "photo:during*2", **people) == ["sheltered_where"]
    assert road.take("controlled", "photo:during*2", **people, sheltered_where="村部").at == "appraise"
    told = {who.role for message in definition(FW).stages["emergency"].messages for who in message.to}
    assert told >= {"owner", "town-command", "grid-office"}


def test_what_looked_sudden_and_is_not_is_judged_like_any_other() -> None:
    road = Road(FW, "public", sudden=True).take("no-danger", "photo:site")
    assert (road.at, road.limit) == ("judge", "72 clock hours")


def test_what_the_village_cannot_do_goes_to_the_town_and_to_departments_together() -> None:
    road = major().take("cannot", emergency_measures=["stop-use"], difficulty="住户不肯搬")
    road.take("county", support_units=["public-security", "civil-affairs"])
    assert road.at == "county-emergency"
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.closes_all, joint.waits_for) == ("support_units", True, ("controlled",))
    assert road.take("continue").limit == "8 clock hours"
    assert road.take("controlled", "photo:during", joint_summary="已撤离", health_code="red").at == "appraise"


def test_an_appraisal_leads_to_the_cure_by_plan_or_lifts_the_hazard_and_may_be_paid_by_the_town() -> None:
    road = appraised("c")
    assert road.entered is not None
    assert (road.at, road.entered.assigns.due) == ("rectify", "plan_by")
    safe = major().take("controlled", "photo:during*2", **SAFE)
    by_town: dict[str, Any] = {**REPORT, "commissioned_by": "town", "appraisal_grade": "b"}
    assert safe.missing("usable", "document:appraisal-report", **by_town) == ["fee_recovery"]
    safe.take("usable", "document:appraisal-report", **by_town, appraisal_fee=3000, fee_recovery=True)
    assert safe.at == "accept"
    assert "管控不解除" in definition(FW).stages["appraise"].task.zh  # type: ignore[union-attr]


def test_grade_d_asks_for_all_four_and_the_file_keeps_only_the_number_of_a_legal_paper() -> None:
    road = appraised("d")
    done: dict[str, Any] = {"measures_done": ["demolish"], "contractor": "样例", "qualified": True}
    assert road.missing("done", "photo:after*2", **done) == ["grade_d_all"]
    road.take(
        "done", "photo:after*2", **done, grade_d_all=["sealed", "cleared", "cordoned", "demolished"],
        legal_paper_no="WS1",
    )  # fmt: skip
    assert passed(road).ended
    assert "grade_d_all" not in appraised("c").missing("done", "photo:after*2", **done)


def test_a_cure_that_is_refused_goes_to_housing_and_comes_back_with_a_plan() -> None:
    road = general().take(
        "cannot", "photo:during", measures_running=["isolation"], cannot_reason="业主拒不整改"
    )
    assert (road.at, road.stage.who.unit) == ("department-handle", "housing")
    road.take("back", "document:cure-plan", department_measures="责令停止使用")
    road.take("continue", "photo:during", measures_running=["strengthen"])
    assert (road.at, road.limit) == ("rectify", "30 days")
    assert road.take("worse", "photo:during").at == "emergency"


def test_a_failed_acceptance_goes_back_with_a_reason() -> None:
    road = general().take(
        "done", "photo:after*2", measures_done=["strengthen"], contractor="样例", qualified=True
    )
    assert road.missing("failed", "photo:site", accepted_view="不合格") == ["fail_reason"]
    assert road.take("failed", "photo:site", accepted_view="不合格", fail_reason="裂缝未补").at == "rectify"
    assert set(definition(FW).stages["accept"].not_same_as) == {"rectify", "department-handle", "appraise"}


@pytest.mark.parametrize(
    ("answers", "every"),
    [
        ({"judgement": "general", "health_code": "yellow"}, "10 working days"),
        ({"judgement": "major"}, "1 working day"),
        ({"judgement": "sudden"}, "1 working day"),
        ({"sudden": True}, "1 working day"),
        ({"judgement": "people-back"}, "1 working day"),
    ],
)
def test_the_house_is_reported_on_every_ten_working_days_or_every_one(
    answers: dict[str, object], every: str
) -> None:
    report = definition(FW).follow_ups["house-report"]
    assert report.every is not None
    assert str(report.every.for_("S0203", answers=answers)) == every


def test_people_back_in_the_house_are_an_alarm_at_once() -> None:
    report = definition(FW).follow_ups["house-report"]
    alert = report.alerts[0]
    assert alert.urgent
    assert {who.role for who in alert.tell} >= {"chief-head", "town-building", "town-command"}
    (found,) = check_values(report.form, {"house_state": "people-back"})
    assert found.field == "house_note"
    scenario: Any = written(FW)
    assert scenario["follow_ups"]["house-report"]["late"]["tell"] == ["owner", "chief-head"]


def test_a_sealed_house_lived_in_again_is_looked_at_within_hours_and_cleared() -> None:
    road = Road(FW, "renewal", report_kind="reoccupied")
    assert road.limit == "1 clock hour"
    road.take("assigned")
    assert road.limit == "12 clock hours"
    road.take("danger", "photo:before", judgement="people-back", judgement_note="二楼有人")
    assert road.at == "emergency"


@pytest.mark.parametrize("area", list(AreaLevel))
def test_a_clue_of_a_department_begins_with_the_town(area: AreaLevel) -> None:
    found = definition(FW).first_stage(channel="department", source=Source.DEPARTMENT, area=area)
    assert found.key == "town-assign"
    problems = check_values(definition(FW).form, {}, answers={"source": "department"})
    assert [one.field for one in problems] == ["department_signal"]


def test_owners_are_personal_and_the_code_belongs_to_the_house() -> None:
    scenario: Any = written(FW)
    form = {one["key"]: one for one in scenario["form"]}
    assert form["owner_name"]["personal"] and form["owner_phone"]["personal"]
    field = definition(FW).stages["determine"].form.get("health_code")
    assert field is not None
    assert field.label.zh == "房屋健康码"
