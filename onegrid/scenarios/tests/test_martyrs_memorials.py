"""Care of martyrs' memorials 烈士纪念设施保护 as practice asks for it."""

import pytest

from onegrid.scenarios.rules import check_values
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road

KEY = "martyrs-memorials"
SEEN = "photo:before"
DONE = {"finding": "done", "cause_found": "natural", "spot_measures": ["cleaned"]}
DIFFICULT = {"finding": "difficult", "cause_found": "natural", "difficulty": "需专业修缮"}
STANDARD = {"accepted_by": "visit", "meets_standard": True}
SHORT = {"accepted_by": "photos", "meets_standard": False, "short_of": ["whole"]}


def reported(**facts: object) -> Road:
    """A damaged memorial that somebody is sent to."""
    known = {"facility_name": "某烈士陵园", "facility_kind": "cemetery", "problems": ["fence"], **facts}
    return Road(KEY, "patrol", **known).take("assigned")


def with_bureau(**facts: object) -> Road:
    return reported(**facts).take("difficult-bureau", SEEN, **DIFFICULT)


def test_what_can_be_set_right_at_once_is_accepted_by_the_bureau() -> None:
    road = reported(problems=["dirty"])
    assert road.missing("done", SEEN, **DONE) == ["photo:after"]
    road.take("done", SEEN, "photo:after", **DONE).take("passed", "photo:after", **STANDARD)
    assert road.way == ["assign", "feedback", "accept", "closed"]
    assert set(road.definition.stages["accept"].not_same_as) == {"feedback", "town-handle", "veterans-handle"}


@pytest.mark.parametrize(
    ("finding", "exits"),
    [
        ("untrue", {"untrue"}),
        ("done", {"done"}),
        ("difficult", {"difficult-town", "difficult-bureau"}),
        ("elsewhere", {"other-village"}),
    ],
)
def test_the_answer_from_the_site_is_untrue_done_or_difficult(finding: str, exits: set[str]) -> None:
    assert reported().open_exits(finding=finding) == exits


def test_the_difficult_is_repaired_by_the_town_and_a_failed_acceptance_comes_back() -> None:
    road = reported().take("difficult-town", SEEN, **DIFFICULT)
    assert road.limit == "10 working days"
    road.take("continue", "photo:during", repair_note="备料", expected_on="2026-12-20")
    road.take("done", "photo:after*2", repair_note="已修复")
    assert "passed" not in road.open_exits(**SHORT)
    assert road.missing("fail-town", **SHORT) == ["fail_reason"]
    road.take("fail-town", fail_reason="字迹未描", **SHORT)
    assert road.at == "town-handle"


def test_the_bureau_orders_the_town_to_repair_by_a_date() -> None:
    road = with_bureau()
    order = {"repair_order_no": "2026-1", "repair_by": "2026-12-20T18:00:00+08:00"}
    assert road.missing("ordered", **order) == ["document:repair-order"]
    road.take("ordered", "document:repair-order", **order)
    assert road.at == "town-handle"
    assert road.definition.stages["veterans-handle"].exits["ordered"].assigns.due == "repair_by"


def test_man_made_damage_is_described_and_handled_with_the_police() -> None:
    road = reported(problems=["defiled"])
    man_made = {**DIFFICULT, "cause_found": "man-made"}
    assert road.missing("difficult-bureau", SEEN, **man_made) == ["cause_note"]
    road.take("difficult-bureau", SEEN, cause_note="墙面被涂画", **man_made)
    road.take("with-departments", joint_departments=["public-security"])
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.closes_all) == ("joint_departments", True)
    road.take("repair-first", joint_summary="已查处").take(
        "repaired", "document:penalty-decision", bureau_note="已清洗"
    )
    assert road.take("passed", "document:penalty-decision", **STANDARD).at == "closed"


def test_defilement_and_danger_of_collapse_do_not_wait() -> None:
    stages = definition(KEY).stages
    danger = {"problems": ["collapse"]}
    limits = {key: str(stages[key].limit.for_("S0905", answers=danger)) for key in ("assign", "feedback")}
    assert limits == {"assign": "2 clock hours", "feedback": "4 clock hours"}
    assert [message.urgent for message in stages["assign"].messages] == [False, True]
    road = reported(problems=["collapse"])
    assert road.missing("difficult-town", SEEN, **DIFFICULT) == ["fenced_off"]


def test_a_large_repair_is_planned_and_reported_on() -> None:
    road = with_bureau().take("project", bureau_note="已列计划", project_plan="明年第一季度")
    assert (road.at, road.limit) == ("veterans-handle", "30 working days")


def test_a_veterans_matter_goes_to_the_bureau_and_gets_an_answer() -> None:
    road = Road(KEY, "hotline", facility_kind="not-memorial", matter_text="优待证")
    assert "assigned" not in road.open_exits()
    road.take("veterans-matter")
    assert road.open_exits() == {"project", "answered", "not-ours"}
    assert road.take("answered", "document:reply", bureau_note="已办").at == "closed"


def test_a_memorial_elsewhere_goes_by_the_town_to_its_grid_or_to_the_bureau() -> None:
    assert Road(KEY, "media", "town").at == "town-assign"
    road = reported().take("other-village", SEEN, finding="elsewhere")
    road.take("reassigned", right_grid="350583111201001").take("other-village").take("to-bureau")
    assert road.at == "veterans-handle"


def test_what_no_village_ever_saw_is_not_sent_back_to_a_village() -> None:
    road = Road(KEY, "hotline", "town", problems=["broken"]).take("to-bureau")
    road.take("repaired", "photo:after*2", bureau_note="已修")
    assert road.open_exits(**SHORT) == {"fail-town", "fail-bureau"}


def test_an_inspection_names_its_round_kind_and_problems() -> None:
    facts = {"facility_name": "某纪念碑", "inspection_round": "festival"}
    missing = check_values(definition(KEY).form, facts, answers={"source": "inspection"})
    assert [one.field for one in missing] == ["facility_kind", "problems"]


def test_a_memorial_in_repair_is_watched_and_new_damage_is_an_alarm() -> None:
    watch = definition(KEY).follow_ups["memorial-watch"]
    assert watch.every is not None
    assert str(watch.every.for_("S0905", answers={"problems": ["encroached"]})) == "2 working days"
    assert str(watch.every.for_("S0905")) == "10 working days"
    (alert,) = watch.alerts
    assert alert.urgent
    assert watch.late is not None
