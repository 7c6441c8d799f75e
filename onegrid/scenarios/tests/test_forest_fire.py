"""Forest fire 森林防灭火 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import check_values
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road, written

LH = "forest-fire"
AT = "2026-11-25T09:20:00+08:00"
TEAM: dict[str, Any] = {"assembled_at": AT, "on_site_at": AT, "team_size": 12}
TOWN: dict[str, Any] = {"town_on_site_at": AT, "town_team": 30, "people_moved": 0}
RECORD: dict[str, Any] = {
    "fire_cause": "lightning", "burnt_area": 2, "forest_area": 0, "casualties": 0,
    "assemble_minutes": 5, "arrive_minutes": 18,
}  # fmt: skip


def verified() -> Road:
    return Road(LH, "patrol").take("assigned")


def controlled() -> Road:
    return verified().take("controlled", "photo:before", "photo:after", fire_finding="controlled", **TEAM)


def reinforced() -> Road:
    wanted: dict[str, Any] = {"people_moved": 20, "help_wanted": "水泵 2 台"}
    return verified().take("reinforce", "photo:during", fire_finding="spreading", **TEAM, **wanted)


def test_every_stage_has_its_post_and_its_clock_round_the_clock_until_the_fire_is_out() -> None:
    stages = definition(LH).stages
    assert {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()} == {
        "camera-check": ("grid-office", "0.1 clock hours"),
        "town-assign": ("town-command", "0.1 clock hours"),
        "assign": ("chief-head", "0.1 clock hours"),
        "verify": ("deputy-chief", "0.33 clock hours"),
        "town-reinforce": ("town-command", "1 clock hour"),
        "county-support": ("department-handler", "2 clock hours"),
        "guard": ("chief-head", "24 clock hours"),
        "town-archive": ("town-desk", "2 working days"),
    }


def test_a_small_fire_is_put_out_by_the_village_watched_and_archived_by_the_town() -> None:
    road = controlled()
    road.take("cold", "photo:after", guards=4).take("archived", "photo:after", **RECORD)
    assert road.way == ["assign", "verify", "guard", "town-archive", "closed"]
    assert set(definition(LH).stages["town-archive"].not_same_as) == {"verify", "town-reinforce", "guard"}


def test_village_town_and_county_hear_of_a_fire_in_the_same_moment() -> None:
    messages = definition(LH).stages["assign"].messages
    assert all(message.urgent for message in messages)
    told = {(who.role, who.unit) for message in messages for who in message.to}
    assert told == {
        ("owner", None), ("town-command", None), ("grid-office", None), ("department-handler", "emergency"),
        ("department-handler", "forestry"), ("department-handler", "fire-rescue"),
    }  # fmt: skip


def test_the_chief_head_may_set_the_time_to_verify_by() -> None:
    road = Road(LH, "public")
    assert road.missing("assigned-by") == ["verify_by"]
    assert road.missing("assigned") == []
    road.take("assigned-by", verify_by=AT)
    assert road.entered is not None
    assert (road.at, road.entered.assigns.due) == ("verify", "verify_by")


def test_a_fire_that_grows_goes_from_village_to_town_to_county_with_the_departments_asked_for() -> None:
    road = reinforced()
    assert (road.at, road.limit) == ("town-reinforce", "1 clock hour")
    road.take("goes-on", town_on_site_at=AT)
    assert road.missing("county", "photo:during", **TOWN) == ["support_units"]
    road.take("county", "photo:during", **TOWN, support_units=["forestry", "fire-rescue", "health"])
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.closes_all, joint.waits_for) == ("support_units", True, ("out",))
    assert [one.field for one in check_values(joint.form, {})] == [
        "unit_on_site_at",
        "unit_people",
        "unit_did",
    ]
    road.take("goes-on", field_command="样例山口", asked_above=True)
    road.take("out", "photo:after", field_command="样例山口", county_team=80)
    assert road.at == "guard"
    for key in ("town-reinforce", "county-support"):
        again = definition(LH).stages[key].exits["goes-on"]
        assert (again.to, again.tell_from) == (key, 1)
        assert "county-leader" in {who.role for who in again.tell}


def test_a_big_fire_is_reinforced_without_waiting_for_the_site_check() -> None:
    assert Road(LH, "patrol").take("big").at == "town-reinforce"
    town = Road(LH, "hotline", area="town")
    assert town.at == "town-assign"
    assert town.take("big", right_grid="350583111201001").at == "town-reinforce"


@pytest.mark.parametrize("finding", ["no-fire", "permitted"])
def test_a_false_alarm_or_a_permitted_fire_is_archived_with_a_photo_and_thanks(finding: str) -> None:
    road = verified()
    assert road.missing("false-alarm", fire_finding=finding, on_site_at=AT) == ["photo:site"]
    assert road.take("false-alarm", "photo:site", fire_finding=finding, on_site_at=AT).at == "archived"
    (thanks,) = definition(LH).stages["verify"].exits["false-alarm"].messages
    assert "感谢" in thanks.text.zh


def test_a_camera_alarm_is_looked_at_first_and_a_picture_that_is_not_clear_counts_as_fire() -> None:
    road = Road(LH, "camera")
    assert (road.at, road.limit) == ("camera-check", "0.1 clock hours")
    assert road.take("fire", picture_finding="unclear").at == "assign"
    assert Road(LH, "drone").take("no-fire", picture_finding="permitted").at == "archived"
    assert Road(LH, "camera", area="town").at == "camera-check"


def test_a_fire_elsewhere_goes_to_its_village_by_way_of_the_town() -> None:
    road = verified().take("other-village", fire_finding="elsewhere")
    road.take("assigned", right_grid="350583111201002")
    assert road.at == "assign"
    road.take("other-village").take("outside", outside_told="邻县")
    assert road.at == "archived"


def test_embers_are_reported_every_two_hours_and_a_fire_that_rekindles_is_reinforced() -> None:
    watch = definition(LH).follow_ups["ember-watch"]
    assert watch.every is not None
    assert (str(watch.every.default), watch.while_, watch.by_exit) == ("2 clock hours", ("guard",), True)
    assert watch.alerts[0].urgent
    assert controlled().take("rekindled").at == "town-reinforce"
    scenario: Any = written(LH)
    assert scenario["follow_ups"]["ember-watch"]["late"]["tell"] == ["owner", "town-command"]


def test_the_site_reports_every_half_hour_and_a_threat_to_people_reaches_the_leader() -> None:
    report = definition(LH).follow_ups["situation"]
    assert report.every is not None
    assert (str(report.every.default), set(report.while_)) == (
        "0.5 clock hours",
        {"town-reinforce", "county-support"},
    )
    (alert,) = report.alerts
    assert "county-leader" in {who.role for who in alert.tell}
    (found,) = check_values(report.form, {"fire_line": "growing"})
    assert found.field == "fire_note"


@pytest.mark.parametrize(
    ("slow", "asked"),
    [
        ({}, []),
        ({"assemble_minutes": 6}, ["missed_reason"]),
        ({"arrive_minutes": 21}, ["missed_reason"]),
        ({"arrive_minutes": 20}, []),
    ],
)
def test_the_town_records_the_times_taken_and_why_a_target_was_missed(
    slow: dict[str, int], asked: list[str]
) -> None:
    road = controlled().take("cold", "photo:after", guards=4)
    assert road.missing("archived", "photo:after", **{**RECORD, **slow}) == asked


def test_a_place_that_is_not_safe_yet_is_watched_on() -> None:
    road = controlled().take("cold", "photo:after", guards=4).take("again", "photo:site")
    assert road.at == "guard"
    cause: dict[str, Any] = {**RECORD, "fire_cause": "farming"}
    road.take("cold", "photo:after", guards=4)
    assert road.missing("archived", "photo:after", **cause) == ["law_passed_to"]
