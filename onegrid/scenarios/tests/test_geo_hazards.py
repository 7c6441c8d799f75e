"""Geological hazard patrol 地质灾害巡查 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import computed
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, told_when_late
from onegrid.scenarios.tests.roads import Road

KEY = "geo-hazards"
POINT: dict[str, Any] = {
    "matter": "point-year",
    "point_no": "示例-001",
    "monitor_name": "监测员",
    "village_responsible": "村责任人",
    "town_responsible": "镇责任人",
}
READY: dict[str, Any] = {"widest_mm": 12, "cards_posted": True, "way_out_clear": True, "marks_in_place": True}
SITE = "photo:site*2"
OUT: dict[str, Any] = {
    "moved_people": 12,
    "everybody_out": True,
    "cordon": True,
    "casualties": False,
    "whole_area": False,
}


def listed() -> Road:
    return Road(KEY, "department", **POINT)


def clue(**answers: Any) -> Road:
    return Road(KEY, "public", **answers)


def evacuated(**answers: Any) -> Road:
    road = Road(KEY, "patrol", abnormal_now=True, signs=["crack"])
    return road.take("safe", "photo:after", **{**OUT, **answers})


@pytest.mark.parametrize(
    ("source", "area", "answers", "first"),
    [
        ("department", "grid", POINT, "pre-flood"),
        ("warning", "town", {"rain_level": "orange"}, "rain-watch"),
        ("public", "grid", {}, "verify"),
        ("media", "town", {}, "town-place"),
        ("patrol", "grid", {"abnormal_now": True}, "evacuate"),
        ("patrol", "grid", {"abnormal_now": False}, "verify"),
    ],
)
def test_a_listed_point_rain_a_clue_and_an_abnormal_sign_have_their_own_ways_in(
    source: str, area: str, answers: dict[str, Any], first: str
) -> None:
    assert Road(KEY, source, area=area, **answers).at == first


def test_a_point_is_checked_before_patrolled_in_and_rechecked_after_the_flood_season() -> None:
    road = listed().take("ready", SITE, "document:awareness-card", **READY)
    road.take("season-over", rounds_made=20, widest_mm=12)
    assert "in-flood" in road.stage.not_same_as
    assert "stable" not in road.open_exits(change="growing")
    road.take("stable", SITE, before_mm=12, after_mm=12, change="stable")
    assert road.way == ["pre-flood", "in-flood", "post-flood", "closed"]


def test_the_season_does_not_begin_before_both_cards_way_out_and_marks_are_there() -> None:
    road = listed()
    assert road.missing("ready", SITE, **READY) == ["document:awareness-card"]
    lacking: dict[str, Any] = {**READY, "cards_posted": False, "shortcomings": "缺明白卡"}
    assert "ready" not in road.open_exits(**lacking)
    road.take("make-good", SITE, **lacking)
    assert (road.at, road.limit) == ("pre-flood", "5 working days")


def test_cracks_are_measured_in_numbers_and_the_growth_is_reckoned() -> None:
    form = definition(KEY).stages["post-flood"].form
    assert computed(form, {"before_mm": 12.0, "after_mm": 15.5})["growth_mm"] == 3.5
    cracks = definition(KEY).stages["pre-flood"].form.get("cracks")
    assert cracks is not None
    assert {one.key: one.unit for one in cracks.columns if one.unit} == {
        "length_m": "m",
        "width_mm": "mm",
        "drop_mm": "mm",
    }


def test_the_monitor_reports_weekly_in_season_and_silence_is_noticed() -> None:
    rounds = definition(KEY).follow_ups["season-round"]
    assert rounds.every is not None
    assert (rounds.who.role, str(rounds.every.default)) == ("grid-head-2", "7 days")
    assert {who.role for who in rounds.alerts[0].tell} >= {"chief-head", "town-command", "department-handler"}
    assert told_when_late(KEY, "season-round") == ["owner", "chief-head", "town-command"]


@pytest.mark.parametrize(
    ("level", "every"),
    [
        ("blue", "4 clock hours"),
        ("yellow", "4 clock hours"),
        ("orange", "2 clock hours"),
        ("red", "2 clock hours"),
    ],
)
def test_under_a_rain_warning_the_point_is_seen_every_two_to_four_hours(level: str, every: str) -> None:
    rounds = definition(KEY).follow_ups["rain-round"]
    assert rounds.every is not None
    assert str(rounds.every.for_("S0207", answers={"rain_level": level})) == every


def test_a_rain_watch_goes_on_with_the_warning_and_ends_with_a_look_after_the_rain() -> None:
    road = Road(KEY, "warning", rain_level="red").take("go-on", points_checked=3, rounds_done=12)
    assert (road.at, road.limit) == ("rain-watch", "24 clock hours")
    assert road.missing("over", "photo:site", points_checked=3, rounds_done=24) == ["after_rain_checked"]
    road.take("over", "photo:site", points_checked=3, rounds_done=24, after_rain_checked=True)
    assert road.ended
    again = Road(KEY, "warning", rain_level="red").take("abnormal")
    assert again.at == "evacuate"


def test_abnormal_means_people_out_first_and_experts_within_24_hours() -> None:
    road = Road(KEY, "patrol", abnormal_now=True, signs=["crack"])
    assert (road.at, road.limit) == ("evacuate", "2 clock hours")
    assert "safe" not in road.open_exits(**{**OUT, "everybody_out": False})
    road.take("safe", "photo:after", **OUT)
    assert (road.at, road.limit) == ("expert", "24 clock hours")
    assert (road.stage.who.role, road.stage.who.unit) == ("department-handler", "natural-resources")


def test_an_area_to_move_and_casualties_open_their_own_cases() -> None:
    road = Road(KEY, "patrol", abnormal_now=True)
    assert opened(road, "safe", **{**OUT, "whole_area": True}) == ["S0210"]
    assert opened(road, "town-help", **{**OUT, "casualties": True}) == ["S1203"]
    assert opened(road, "safe", **OUT) == []


def test_the_town_helps_and_reports_hourly_until_all_are_out() -> None:
    road = Road(KEY, "patrol", abnormal_now=True).take(
        "town-help", **{**OUT, "everybody_out": False, "not_moved": 2}
    )
    road.take("go-on", moved_people=11, everybody_out=False, not_moved=1)
    assert (road.at, road.limit) == ("town-evacuate", "1 clock hour")
    assert "safe" not in road.open_exits(everybody_out=False)
    road.take("safe", "photo:after", moved_people=12, everybody_out=True)
    assert road.at == "expert"


def test_a_new_point_is_listed_with_number_monitor_and_responsible_persons_and_then_managed() -> None:
    road = clue().take("new-point", SITE, finding="new-point", hazard_kind="landslide")
    view: dict[str, Any] = {"expert_view": "treat", "is_new": True, "measures_advised": "削坡"}
    road.take("list-new", "document:expert-report", **view)
    names: dict[str, Any] = {
        "card_no": "1",
        "new_monitor": "甲",
        "new_village_responsible": "乙",
        "new_town_responsible": "丙",
    }
    assert road.missing("listed", "document:awareness-card", "photo:site", card_no="1") == [
        "new_monitor", "new_village_responsible", "new_town_responsible",
    ]  # fmt: skip
    road.take("listed", "document:awareness-card", "photo:site", **names)
    assert road.at == "manage"


def test_treatment_is_accepted_by_another_and_people_return_on_the_experts_word() -> None:
    road = evacuated().take(
        "manage-known",
        "document:expert-report",
        expert_view="treat",
        is_new=False,
        measures_advised="治理",
    )
    road.take("to-treat", manage_result="treat", manage_note="管控中", treat_units=["finance"])
    joint = road.stage.joint
    assert joint is not None and joint.waits_for == ("done",)
    done = ("photo:after*2", "document:completion-report")
    road.take("done", *done, treat_way="works", treat_unit="某公司")
    assert "treat" in road.stage.not_same_as
    road.take("failed", "photo:site", accepted=False, accept_faults="排水沟未做")
    road.take("done", *done, treat_way="works", treat_unit="某公司")
    road.take("passed", "document:acceptance-record", accepted=True)
    road.take("lifted", "document:lifting-notice", struck_off=True)
    assert road.ended


def test_while_the_danger_lasts_the_point_is_measured_daily_and_nobody_goes_back() -> None:
    measure = definition(KEY).follow_ups["daily-measure"]
    assert measure.every is not None
    assert (str(measure.every.default), measure.while_) == ("24 clock hours", ("manage", "treat"))
    assert measure.alerts[0].urgent
    road = evacuated().take("no-hazard", "document:expert-report", expert_view="no-hazard", is_new=False)
    road.take("not-yet", struck_off=False)
    assert road.at == "manage"


def test_a_reported_movement_is_looked_at_within_two_hours() -> None:
    limit = definition(KEY).stages["verify"].limit
    assert str(limit.for_("S0207", answers={"signs": ["stones"]})) == "2 clock hours"
    assert str(limit.for_("S0207", answers={"signs": ["trees"]})) == "24 clock hours"


def test_what_is_untrue_or_elsewhere_ends_or_moves() -> None:
    assert clue().take("untrue", SITE, finding="untrue").ended
    assert clue().take("known-stable", SITE, finding="known-stable").ended
    road = clue()
    for _ in range(3):
        road.take("other-village", SITE, finding="elsewhere", right_grid="350583111201001")
    assert road.at == "town-place"
    road.take("placed", right_grid="350583111201001")
    assert road.at == "verify"
