"""Three-in-one premises and small places “三合一”场所与九小场所消防 as practice asks for it."""

import pytest

from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road

KEY = "three-in-one"
SURVEYED = "photo:before*2"
CHECKED = {
    "sleepers": 3,
    "ways_out": 1,
    "checklist": [{"check_item": "疏散出口", "check_result": "bad", "check_mend": "增设出口"}],
}
REPORTED = {"place_kind": "three-in-one", "place_name": "某加工店", "hazards": ["living-in", "no-partition"]}


def visited(**facts: object) -> Road:
    """A hazard that the deputy chief is about to look at."""
    return Road(KEY, "patrol", **{**REPORTED, **facts}).take("assigned")


def rectifying(**facts: object) -> Road:
    """A general hazard whose owner was told to rectify."""
    papers = ("document:rectification-notice", "signature:operator")
    return visited(**facts).take("confirmed", SURVEYED, *papers, finding="general", **CHECKED)


def grave() -> Road:
    """A grave hazard under control of the town."""
    finding = {"finding": "grave", "people_cleared": True}
    return visited().take("grave", SURVEYED, "document:rectification-notice", **finding, **CHECKED)


ACCEPTED = {"accept_items": [{"accept_item": "疏散出口", "accept_good": True}], "still_sleeping": False}
ACCEPTANCE = ("photo:after*2", "signature:acceptance-team*2")


def test_a_general_hazard_is_rectified_under_the_grid_and_accepted_by_a_team() -> None:
    road = rectifying()
    assert road.limit == "7 working days"
    road.take("done", "photo:after*2", rectified_items=["people-out"])
    assert "signature:acceptance-team" in road.missing("passed", "photo:after*2", **ACCEPTED)
    road.take("passed", *ACCEPTANCE, **ACCEPTED)
    assert road.way == ["assign", "verify", "rectify", "accept", "closed"]
    assert {"rectify", "town-handle", "fire-handle"} <= set(road.definition.stages["accept"].not_same_as)


def test_the_grid_may_ask_once_for_more_time_with_a_date_and_safety_until_then() -> None:
    found = definition(KEY)
    rule = found.extension_of(found.stages["rectify"])
    assert rule is not None
    assert (rule.at_most, rule.step, rule.decided_by.role) == (1, None, "town-safety")
    assert rule.form.keys() == {"extension_reason", "expected_on", "interim_measure"}


def test_a_refusal_goes_grid_town_fire_brigade_and_ends_sealed_until_rectified() -> None:
    road = rectifying().take("to-town", "photo:during", beyond_reason="refuses", beyond_note="拒不整改")
    assert (road.at, road.limit) == ("town-handle", "15 working days")
    road.take("to-fire", "document:rectification-notice", summary_to_fire="多次约谈无效")
    seal = {"fire_finding": "无独立疏散", "seal_no": "2026-1", "sealed_part": "二楼"}
    seal["sealed_until"] = "2026-12-24"
    assert road.missing("seal", "photo:during*2", **seal) == ["document:seal-decision"]
    road.take("seal", "document:seal-decision", "photo:during*2", **seal)
    road.take("broken", "photo:site", sealed_note="擅自拆封")
    broken = road.definition.stages["sealed"].exits["broken"]
    assert broken.tell_from == 1
    assert "town-police" in {who.role for who in broken.tell}
    papers = ("document:penalty-decision", "document:service-receipt")
    road.take("penalised", *papers, fire_finding="拆封", decision_no="2")
    assert road.take("passed", *ACCEPTANCE, **ACCEPTED).at == "closed"


def test_a_grave_hazard_is_under_control_in_four_hours_before_anything_else() -> None:
    road = grave()
    assert (road.at, road.limit, str(road.stage.acknowledge)) == ("control", "4 clock hours", "1 clock hour")
    assert road.stage.messages[0].urgent
    assert road.open_exits(cooperates=False) == {"to-fire"}
    assert "resettled" in road.missing("to-town", controls=["people-out"], cooperates=True)
    road.take("to-town", "photo:during*2", controls=["stop-use"], cooperates=True)
    assert road.limit == "5 working days"


@pytest.mark.parametrize(("stage", "limit"), [("verify", "24 clock hours"), ("rectify", "24 clock hours")])
def test_an_e_bike_hazard_is_gone_within_a_day(stage: str, limit: str) -> None:
    assert str(definition(KEY).stages[stage].limit.for_("S0208")) == limit


def test_what_was_removed_on_the_spot_is_checked_by_somebody_else() -> None:
    assert Road(KEY, "patrol", solved_on_spot=True, **REPORTED).at == "spot-check"
    road = visited().take("removed", SURVEYED, "photo:after", finding="removed")
    assert "verify" in road.stage.not_same_as
    road.take("not-removed", "photo:site", spot_note="仍在楼道")
    assert road.at == "rectify"
    road = Road(KEY, "renewal", solved_on_spot=True).take("removed", "photo:after")
    assert road.at == "closed"


def test_where_people_still_sleep_nothing_is_accepted() -> None:
    road = rectifying().take("done", "photo:after*2", rectified_items=["partition"])
    assert "passed" not in road.open_exits(still_sleeping=True)
    failed = {"still_sleeping": True, "fail_reason": "仍住人"}
    road.take("fail-grid", "photo:site", **failed)
    road.take("done", "photo:after*2", rectified_items=["people-out"])
    assert road.take("fail-grid", "photo:site", **failed).at == "town-handle"


def test_departments_act_together_under_the_fire_brigade() -> None:
    road = grave().take("to-fire", "photo:during", controls=["guard"], cooperates=False)
    assert road.missing("with-departments") == ["joint_departments"]
    road.take("with-departments", joint_departments=["public-security", "market-regulation"])
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.closes_all, joint.waits_for) == ("joint_departments", True, ("done",))
    assert road.take("done", joint_summary="已取缔").at == "accept"


def test_unsafe_structure_and_unlawful_extension_open_cases_of_their_own() -> None:
    for key in ("confirmed", "grave"):
        opens = definition(KEY).stages["verify"].exits[key].opens
        assert [one.class_code for one in opens] == ["S0203", "S0703"]


def test_a_place_known_only_to_town_or_village_gets_its_grid_first() -> None:
    assert Road(KEY, "hotline", "town").at == "town-assign"
    assert Road(KEY, "department", "village").at == "town-assign"
    road = Road(KEY, "hotline", "town").take("reassigned", right_grid="350583111201001")
    assert road.at == "assign"
    road.take("other-village").take("not-found")
    assert road.at == "archived"


def test_people_back_or_a_broken_seal_is_an_alarm_and_a_grave_hazard_is_watched_daily() -> None:
    watch = definition(KEY).follow_ups["rectify-watch"]
    assert watch.every is not None
    assert str(watch.every.for_("S0209", answers={"finding": "grave"})) == "1 working day"
    alarm, reminder = watch.alerts
    assert (alarm.urgent, reminder.urgent) == (True, False)
    assert {who.role for who in alarm.tell} >= {"chief-head", "town-safety", "town-police"}
    assert watch.late is not None


def test_the_owners_name_and_phone_are_personal() -> None:
    form = definition(KEY).form
    assert {one.key for one in form.fields if one.personal} == {"owner_name", "owner_phone"}
