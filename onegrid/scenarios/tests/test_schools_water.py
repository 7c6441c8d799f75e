"""Around schools and against drowning 校园周边、防溺水 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, told_when_late
from onegrid.scenarios.tests.roads import Road

KEY = "schools-water"
TERM: dict[str, Any] = {"matter": "term", "school_name": "某小学"}
SEASON: dict[str, Any] = {
    "matter": "season",
    "water_name": "某水库",
    "water_kind": "reservoir",
    "water_responsible": "甲",
}
END = "2027-01-20T18:00:00+08:00"
GEAR: dict[str, Any] = {"ring_ready": True, "rope_ready": True, "sign_ready": True, "patrol_names": "甲乙丙"}
LOST: dict[str, Any] = {"child_missing": True, "child_note": "蓝色上衣", "guardian_phone": "13800000000"}


def in_term() -> Road:
    road = Road(KEY, "department", **TERM)
    return road.take("term-begins", "document:site-record", all_mended=True, term_ends_at=END)


def in_season() -> Road:
    road = Road(KEY, "department", **SEASON)
    return road.take("ready", "photo:site*2", season_ends_at=END, **GEAR)


def problem(code: str = "S0306") -> Road:
    return Road(KEY, "public", **{"class": code})


@pytest.mark.parametrize(
    ("source", "area", "answers", "first"),
    [
        ("department", "grid", TERM, "term-check"),
        ("department", "grid", SEASON, "season-ready"),
        ("patrol", "grid", LOST, "missing-child"),
        ("camera", "grid", {}, "verify"),
        ("hotline", "grid", {}, "verify"),
        ("hotline", "town", {}, "dispatch"),
    ],
)
def test_terms_seasons_missing_children_and_problems_have_their_own_ways_in(
    source: str, area: str, answers: dict[str, Any], first: str
) -> None:
    assert Road(KEY, source, area=area, **answers).at == first


def test_before_term_five_departments_check_with_the_education_bureau() -> None:
    road = Road(KEY, "department", **TERM)
    joint = road.stage.joint
    assert joint is not None
    assert set(joint.units) == {
        "public-security", "market-regulation", "urban-management", "transport", "culture",
    }  # fmt: skip
    assert (joint.closes_all, joint.waits_for) == (True, ("term-begins",))
    assert road.missing("term-begins", "document:site-record", all_mended=True) == ["term_ends_at"]


def test_in_term_there_is_a_weekly_round_and_problems_become_cases_while_rounds_go_on() -> None:
    road = in_term()
    rounds = road.definition.follow_ups["weekly-round"]
    assert rounds.every is not None
    assert (str(rounds.every.default), rounds.while_) == ("7 days", ("term-watch",))
    assert told_when_late(KEY, "weekly-round")
    seen: dict[str, Any] = {"term_next": "problem", "problem_text": "校门口乱停"}
    for kind, code in (
        ("order", "S0306"),
        ("tobacco", "S0306"),
        ("food", "S0803"),
        ("stalls", "E0501"),
        ("traffic", "E0505"),
        ("facility", "C0203"),
    ):
        assert opened(road, "problem", problem_kind=kind, **seen) == [code]
    road.take("problem", "photo:before", problem_kind="traffic", **seen)
    assert road.at == "term-watch"
    assert road.entered is not None and road.entered.assigns.due == "term_ends_at"  # the term keeps its end
    road.take("ended", term_next="ended", term_summary="平安")
    assert road.ended


def test_points_within_200_m_of_the_school_are_listed() -> None:
    points = definition(KEY).form.get("school_points")
    assert points is not None and "200 米" in points.label.zh
    (kind, *_) = points.columns
    assert {"shop", "internet", "traffic", "site"} <= {one.key for one in kind.choices}


def test_a_water_point_is_not_open_for_the_season_without_ring_rope_and_sign() -> None:
    road = Road(KEY, "department", **SEASON)
    lacking: dict[str, Any] = {**GEAR, "rope_ready": False}
    assert "ready" not in road.open_exits(**lacking)
    assert opened(road, "gear-missing", **lacking) == ["S0206"]
    road.take("gear-missing", "photo:site*2", missing_gear="绳")
    assert (road.at, road.limit) == ("season-ready", "3 days")


def test_three_patrols_a_day_are_made_and_fewer_are_noticed() -> None:
    patrols = definition(KEY).follow_ups["daily-patrols"]
    assert patrols.every is not None
    assert str(patrols.every.default) == "24 clock hours"
    (few, gear) = patrols.alerts
    assert {who.role for who in few.tell} == {"owner", "chief-head"}
    assert gear.urgent
    assert told_when_late(KEY, "daily-patrols") == ["owner", "chief-head"]
    sent_away = patrols.form.get("children_sent_away")
    assert sent_away is not None and sent_away.kind == "number"  # a number, never names


def test_a_hazard_at_the_water_becomes_a_case_while_patrols_go_on() -> None:
    road = in_season()
    seen: dict[str, Any] = {"season_next": "problem", "problem_text": "围栏破损"}
    assert opened(road, "problem", **seen) == ["S0206"]
    road.take("problem", "photo:before", **seen)
    assert road.at == "season-watch"
    assert road.take("ended", season_next="ended").ended


def test_somebody_in_the_water_is_rescued_first() -> None:
    road = in_season()
    fallen: dict[str, Any] = {"season_next": "accident", "rescued": False}
    assert opened(road, "accident", **fallen) == ["S1204"]
    road.take("accident", **fallen)
    assert (road.at, road.stage.who.role, road.limit) == ("missing-child", "town-police", "2 clock hours")


def test_a_missing_child_is_searched_for_at_once_and_after_two_hours_by_the_county() -> None:
    road = Road(KEY, "patrol", **LOST)
    acknowledge = road.stage.acknowledge
    assert acknowledge is not None and acknowledge.seconds <= 601
    assert road.stage.messages[0].urgent
    searching: dict[str, Any] = {"search_result": "searching", "searched_places": "河边"}
    assert opened(road, "searching", **searching) == ["S0904"]
    road.take("searching", **searching).take("go-on", county_result="searching")
    assert (road.at, road.limit) == ("county-search", "4 clock hours")
    assert road.take("found", county_result="found").ended
    hurt = Road(KEY, "patrol", **LOST)
    assert opened(hurt, "not-safe", search_result="hurt") == ["S1203"]
    assert in_term().take("missing", term_next="missing").at == "missing-child"


def test_what_is_said_of_a_child_is_personal() -> None:
    assert personal(KEY) == {"child_note", "last_seen_at", "guardian_phone"}


def test_a_problem_goes_to_the_right_department_and_is_checked_by_another() -> None:
    road = problem().take(
        "department", "photo:site", "photo:before", verify_finding="department", problem_kind="internet"
    )
    road.take("department", dispatch_way="department", lead_department="culture")
    assert (road.at, road.stage.who.is_responsible, road.limit) == (
        "department-handle",
        True,
        "5 working days",
    )
    road.take("done", "document:penalty-decision", department_result="已处罚")
    assert {"department-handle", "village-fix", "verify"} == set(road.stage.not_same_as)
    road.take("passed", "photo:after", check_ok=True)
    assert road.ended


def test_what_fails_the_check_is_dispatched_again_and_the_town_head_hears_of_it() -> None:
    road = problem().take("spot", "photo:site", "photo:after", verify_finding="spot")
    road.take("failed", "photo:site", check_ok=False, check_fault="又摆出来")
    assert road.at == "dispatch"
    assert definition(KEY).stages["check"].exits["failed"].tell_from == 1
    road.take("village", dispatch_way="village").take("cannot", cannot_why="需执法")
    assert road.at == "dispatch"


def test_missing_gear_at_the_water_is_completed_within_24_hours() -> None:
    limit = definition(KEY).stages["village-fix"].limit
    assert str(limit.for_("S0206")) == "24 clock hours"
    assert str(limit.for_("S0306")) == "3 working days"
    road = problem("S0206").take("village", "photo:site", verify_finding="village", problem_kind="water")
    assert road.take("done", "photo:after", fix_text="补齐救生圈").at == "check"


def test_not_ours_is_ruled_on_by_the_grid_office() -> None:
    road = problem().take(
        "department", "photo:site", "photo:before", verify_finding="department", problem_kind="site"
    )
    road.take("department", dispatch_way="department", lead_department="housing")
    assert road.missing("not-ours") == ["legal_basis"]
    road.take("not-ours", legal_basis="三定方案第二条").take("ruled", lead_department="urban-management")
    assert road.at == "department-handle"


def test_untrue_and_elsewhere_end_or_move() -> None:
    assert problem().take("untrue", "photo:site", verify_finding="untrue").ended
    road = problem()
    for _ in range(3):
        road.take("other-village", "photo:site", verify_finding="elsewhere", right_grid="350583111201001")
    assert road.at == "dispatch"
    road.take("verify", dispatch_way="verify")
    assert road.at == "verify"
