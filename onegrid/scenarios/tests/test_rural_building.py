"""Rural building, one notice and four presences 农村建房“一告知四到场”, as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import computed
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road, written

JF = "rural-building"
PERMIT: dict[str, Any] = {
    "householder": "样例户主",
    "id_type": "resident",
    "id_no": "999999199001011234",
    "planning_permit_no": "GH1",
    "homestead_no": "ZJD1",
    "site_address": "样例村 1 号",
    "approved_area": 100,
    "approved_storeys": 2,
    "approved_height": 7,
    "old_house_to_go": True,
    "builder": "样例工匠",
    "notice_no": "GZ1",
    "notice_with": ["householder", "village", "town"],
}
NOTICE = ("document:building-notice", "photo:notice-board", "signature:householder", "signature:village")
SIDES = tuple(f"signature:neighbour-{side}" for side in ("east", "west", "south", "north"))
STAKES = [{"stake_no": f"Z{n}", "stake_at": [118.386, 24.96]} for n in range(4)]
NEIGHBOURS = [
    {"side": side, "side_state": "signed", "right_holder": "样例"}
    for side in ("east", "west", "south", "north")
]
ASKED: dict[str, Any] = {"asked_by": "householder", "asked_on": "2026-11-25"}
PRESENT: dict[str, Any] = {"presence_on": "2026-11-27"}
SET_OUT: dict[str, Any] = {**PRESENT, "stakes": STAKES, "neighbours": NEIGHBOURS}
LINE: dict[str, Any] = {
    **PRESENT,
    "approved_front": 10,
    "measured_front": 10.1,
    "approved_depth": 10,
    "measured_depth": 10,
}
FLOOR: dict[str, Any] = {
    **PRESENT, "floor_height": 3, "floor_area": 100, "structure_state": "good", "safety_net": True,
    "scaffold": True, "technician": "样例",
}  # fmt: skip
BUILT: dict[str, Any] = {
    **PRESENT,
    "built_area": 100,
    "built_storeys": 2,
    "built_height": 7,
    "built_use": "dwelling",
}
COMPLETE = (
    "document:quality-paper", "document:completion-record", "signature:village", "signature:builder",
    "signature:householder", "photo:after*2",
)  # fmt: skip


def noticed() -> Road:
    return Road(JF, "department").take("signed", *NOTICE, **PERMIT)


def set_out() -> Road:
    road = noticed().take("asked", **ASKED)
    return road.take(
        "done", *SIDES, "signature:householder", "document:setting-out-sketch", "photo:site*2", **SET_OUT
    )


def in_line() -> Road:
    road = set_out().take("asked", **ASKED)
    return road.take("passed", *SIDES, "signature:householder", "signature:builder", "photo:site*2", **LINE)


def floor(road: Road, number: int, leave: str) -> Road:
    road.take("asked", **ASKED, asked_floor=number)
    return road.take(leave, "photo:site*2", "signature:builder", **FLOOR, accepted_floor=number)


def topped_out() -> Road:
    return floor(floor(in_line(), 1, "next-floor"), 2, "last-floor")


def test_the_four_presences_have_their_limits_and_the_town_answers_for_them() -> None:
    stages = definition(JF).stages
    limits = {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()}
    assert limits == {
        "site-check": ("deputy-chief", "24 clock hours"),
        "notice": ("town-building", "1 working day"),
        "ask-setting-out": ("grid-head-2", "730 days"),
        "setting-out": ("town-building", "5 working days"),
        "ask-line": ("grid-head-2", "730 days"),
        "line-check": ("town-building", "3 working days"),
        "line-rectify": ("deputy-chief", "5 working days"),
        "ask-floor": ("grid-head-2", "730 days"),
        "floor-check": ("town-building", "3 working days"),
        "floor-rectify": ("deputy-chief", "7 working days"),
        "ask-completion": ("grid-head-2", "730 days"),
        "completion": ("town-building", "10 working days"),
        "completion-rectify": ("deputy-chief", "15 working days"),
        "handover": ("town-building", "5 working days"),
        "stopped": ("town-building", "30 days"),
    }


def test_a_house_of_two_floors_goes_from_the_notice_to_the_papers() -> None:
    road = topped_out().take("asked", **ASKED).take("passed", *COMPLETE, **BUILT, old_house_gone=True)
    road.take(
        "done", "document:file-list", files_handed=["notice", "completion"], registration_to="不动产登记中心"
    )
    assert road.way == [
        "notice", "ask-setting-out", "setting-out", "ask-line", "line-check",
        "ask-floor", "floor-check", "ask-floor", "floor-check",
        "ask-completion", "completion", "handover", "closed",
    ]  # fmt: skip


def test_the_notice_needs_permit_approval_signature_and_the_board_on_the_site() -> None:
    road = Road(JF, "department")
    without: dict[str, Any] = {
        key: value for key, value in PERMIT.items() if key not in {"planning_permit_no", "homestead_no"}
    }
    assert road.missing("signed", **without) == ["planning_permit_no", "homestead_no", *NOTICE]
    scenario: Any = written(JF)
    form = {one["key"]: one for one in scenario["form"]}
    assert {key for key, one in form.items() if one.get("personal")} == {
        "householder", "id_no", "householder_phone", "builder_phone",
    }  # fmt: skip


def test_setting_out_is_signed_by_four_neighbours_or_says_why_a_side_is_not() -> None:
    road = noticed().take("asked", **ASKED)
    others = ("signature:householder", "document:setting-out-sketch", "photo:site*2")
    missing = road.missing("done", *SIDES[:3], *others, **SET_OUT)
    assert missing == ["signature:neighbour-north|document:side-note-north"]
    nameless = [*NEIGHBOURS[:3], {"side": "north", "side_state": "none"}]
    answers: dict[str, Any] = {**SET_OUT, "neighbours": nameless}
    assert road.missing("done", *SIDES[:3], "document:side-note-north", *others, **answers) == []
    assert road.missing("done", *SIDES, *others, **{**SET_OUT, "neighbours": NEIGHBOURS[:3]}) == [
        "neighbours"
    ]


def test_neighbours_who_disagree_are_mediated_with_for_a_month() -> None:
    road = noticed().take("asked", **ASKED).take("dispute", neighbours=NEIGHBOURS)
    assert (road.at, road.limit) == ("setting-out", "30 days")
    scenario: Any = written(JF)
    opened = scenario["stages"]["setting-out"]["exits"]["dispute"]["opens"]
    assert [one["class"] for one in opened] == ["S0103"]


def test_the_line_is_measured_against_the_approval_and_put_right_before_it_is_checked_again() -> None:
    form = definition(JF).stages["line-check"].form
    assert computed(form, LINE)["front_deviation"] == pytest.approx(0.1)
    road = set_out().take("asked", **ASKED)
    assert road.missing("failed", "photo:before", "document:rectification-notice", **LINE) == ["fault_text"]
    road.take("failed", "photo:before", "document:rectification-notice", **LINE, fault_text="偏出 0.5 m")
    assert road.at == "line-rectify"
    assert road.take("done", "photo:after", line_remeasured="已移回").at == "line-check"


def test_every_floor_is_asked_for_and_checked_with_its_number() -> None:
    road = in_line().take("asked", **ASKED, asked_floor=1)
    signed = ("photo:site*2", "signature:builder")
    assert road.missing("next-floor", *signed, **FLOOR) == ["accepted_floor"]
    fault: dict[str, Any] = {**FLOOR, "structure_state": "fault"}
    assert road.open_exits(**fault) == {"failed", "nobody-came", "written-reply", "beyond"}
    failed: dict[str, Any] = {
        key: fault[key] for key in ("presence_on", "structure_state", "safety_net", "scaffold", "technician")
    }
    road.take("failed", "photo:before", "document:rectification-notice", **failed, fault_text="钢筋外露")
    road.take("done", "photo:after", floor_mended="已处理")
    road.take("next-floor", *signed, **FLOOR, accepted_floor=1)
    assert road.at == "ask-floor"
    again = definition(JF).stages["floor-check"].exits["next-floor"]
    assert (again.target(taken=29), again.target(taken=30)) == ("ask-floor", "ask-completion")


def test_completion_waits_until_the_old_house_is_gone() -> None:
    road = topped_out().take("asked", **ASKED, joint_departments=["agriculture"])
    assert "old_house_gone" in road.missing("passed", *COMPLETE, **BUILT)
    assert "passed" not in road.open_exits(old_house_gone=False)
    road.take(
        "failed", "photo:before", "document:rectification-notice", **BUILT, old_house_gone=False,
        fault_text="旧宅未拆",
    )  # fmt: skip
    assert road.limit == "15 working days"
    assert road.take("done", "photo:after", completion_mended="已拆旧宅").at == "completion"
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.waits_for) == ("joint_departments", ("passed",))


@pytest.mark.parametrize("key", ["setting-out", "line-check", "floor-check", "completion"])
def test_when_nobody_comes_in_time_it_counts_against_the_town(key: str) -> None:
    stage = definition(JF).stages[key]
    assert stage.lapse == "nobody-came"
    leave = stage.exits["nobody-came"]
    assert (leave.to, str(leave.limit.default) if leave.limit else "", leave.tell_from) == (
        key,
        "2 working days",
        1,
    )
    assert {"town-head", "grid-office"} <= {who.role for who in leave.tell}
    assert any(who.role == "reporter" for message in leave.messages for who in message.to)


@pytest.mark.parametrize("key", ["setting-out", "line-check", "floor-check"])
def test_without_a_presence_the_householder_goes_on_only_with_a_written_reply(key: str) -> None:
    (need, _) = definition(JF).stages[key].exits["written-reply"].needs
    assert str(need).count("written-reply") == 1
    assert "written-reply" not in definition(JF).stages["completion"].exits


@pytest.mark.parametrize("key", ["ask-setting-out", "ask-line", "ask-floor", "ask-completion"])
def test_a_house_abandoned_for_two_years_ends_by_itself(key: str) -> None:
    stage = definition(JF).stages[key]
    assert (stage.lapse, str(stage.limit.default)) == ("abandoned", "730 days")
    assert stage.exits["abandoned"].outcome == "abandoned"


def test_building_beyond_approval_opens_a_linked_violation_at_every_point_and_stops_this_case() -> None:
    scenario: Any = written(JF)
    opening = {
        (key, name): [one["class"] for one in leave["opens"]]
        for key, stage in scenario["stages"].items()
        for name, leave in stage["exits"].items()
        if "opens" in leave
    }
    beyond = {where: classes for where, classes in opening.items() if where[1] == "beyond"}
    assert {key for key, _ in beyond} == {
        "ask-setting-out", "setting-out", "ask-line", "line-check", "ask-floor", "floor-check",
        "ask-completion", "completion",
    }  # fmt: skip
    assert all(classes == ["S0703"] for classes in beyond.values())
    assert opening["site-check", "violation"] == ["S0703", "S0703"]
    road = in_line().take("beyond", "photo:site", asked_by="patrol")
    assert road.at == "stopped"
    road.take("wait").take("resume-floor", "photo:after", linked_result="已拆除超建部分")
    assert road.at == "ask-floor"
    assert in_line().take("beyond", "photo:site", asked_by="patrol").take("ended", linked_result="拆除").ended


def test_a_patrol_that_finds_building_looks_at_the_papers_first() -> None:
    road = Road(JF, "patrol")
    assert road.at == "site-check"
    late = road.take("approved", "photo:site", site_finding="approved", build_progress="基槽")
    assert late.at == "notice"
    unapproved = Road(JF, "public").take(
        "violation", "photo:site*2", site_finding="no-permit", build_progress="一层"
    )
    assert unapproved.at == "archived"
    moved = Road(JF, "hotline").take("other-village", site_finding="elsewhere", right_grid="350583111201002")
    assert moved.at == "site-check"


def test_the_site_is_watched_every_ten_working_days_between_the_presences() -> None:
    watch = definition(JF).follow_ups["site-watch"]
    assert watch.every is not None
    assert str(watch.every.default) == "10 working days"
    alert = watch.alerts[0]
    assert alert.urgent
    assert {who.role for who in alert.tell} >= {"town-building", "town-two-violations"}
    scenario: Any = written(JF)
    assert scenario["follow_ups"]["site-watch"]["late"]["tell"] == ["village-centre", "town-building"]
