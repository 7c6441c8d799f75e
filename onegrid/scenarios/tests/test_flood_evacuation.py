"""Evacuation in flood or typhoon 防汛防台转移 as practice asks for it."""

import re
from typing import Any

import pytest

from onegrid.scenarios.rules import computed
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, told_when_late
from onegrid.scenarios.tests.roads import Road

KEY = "flood-evacuation"
ROW: dict[str, Any] = {
    "place_kind": "dangerous-house",
    "household": "户主",
    "address": "某村12号",
    "people": 3,
    "responsible_person": "李",
    "responsible_phone": "13800000000",
}
SHELTERS = [{"shelter": "村小学", "keeper": "王", "capacity": 200}]
ALL: dict[str, Any] = {"moved": 3, "everybody_moved": True}


def warned(colour: str = "red", **facts: Any) -> Road:
    known: dict[str, Any] = {"warning_status": "actual", "hazard_event": "typhoon", **facts}
    return Road(KEY, "warning", warning_colour=colour, **known)


def activated(colour: str = "red") -> Road:
    order: dict[str, Any] = {
        "response_level": "one",
        "move_kinds": ["dangerous-house"],
        "order_text": "立即转移",
    }
    return warned(colour).take("activated", "document:response-order", **order)


def moving(colour: str = "red") -> Road:
    return (
        activated(colour)
        .take("answered")
        .take("ready", transfer_list=[ROW], shelters_opened=SHELTERS, village_roles=["shelter"])
    )


def sheltered() -> Road:
    return moving().take("done", "photo:after", "document:shelter-register", **ALL)


def test_a_warning_begins_with_the_flood_office_and_what_people_see_with_the_village() -> None:
    assert (warned().at, warned().stage.who.role) == ("activate", "flood-office")
    for source in ("patrol", "public", "hotline", "device"):
        assert Road(KEY, source).at == "judge"


@pytest.mark.parametrize(
    ("identifier", "fits"),
    [
        ("35058341600000_20260829080000_0", True),
        ("350583_20260829080000_0", False),
        ("35058341600000-20260829080000-0", False),
    ],
)
def test_the_identifier_of_a_warning_has_31_characters(identifier: str, fits: bool) -> None:
    field = definition(KEY).form.get("warning_id")
    assert field is not None
    assert (re.fullmatch(field.pattern, identifier) is not None) is fits


@pytest.mark.parametrize(("colour", "limit"), [("orange", "4 clock hours"), ("red", "2 clock hours")])
def test_everybody_is_moved_in_4_hours_under_orange_and_2_under_red(colour: str, limit: str) -> None:
    road = moving(colour)
    assert (road.at, road.limit) == ("transfer", limit)
    assert road.entered is not None and road.entered.assigns.due == "move_by"


def test_the_main_road_ends_with_everybody_back_by_order() -> None:
    road = sheltered().take(
        "lifted", in_shelter=3, lifted_by="35058341600000_20260830080000_1", relief_needed=False
    )
    safe: dict[str, Any] = {"houses_safe": True, "slopes_safe": True, "utilities_safe": True}
    road.take("ordered", "document:return-order", return_order_no="返1", **safe)
    numbers: dict[str, Any] = {"returned": 3, "casualties": 0, "damaged_houses": 0}
    assert "finished" not in road.open_exits(all_returned=False)
    road.take("finished", "photo:after", all_returned=True, **numbers)
    assert road.way == [
        "activate", "call-village", "list", "transfer", "shelter", "safety-check", "return", "closed",
    ]  # fmt: skip


def test_a_call_that_is_not_answered_goes_up_every_ten_minutes() -> None:
    stages = definition(KEY).stages
    for key, role, up in (
        ("call-village", "chief-head", "call-town"),
        ("call-town", "town-command", "call-county"),
    ):
        stage = stages[key]
        assert stage.who.role == role
        assert abs(stage.limit.default.seconds - 600) < 1
        assert stage.lapse == "unanswered"
        assert stage.exits["unanswered"].to == up
        assert any(message.urgent for message in stage.exits["unanswered"].messages)
    assert stages["call-county"].who.role == "flood-office"
    assert stages["call-county"].lapse is None
    road = activated().take("unanswered").take("unanswered").take("reached", reached_by=["radio", "police"])
    assert road.at == "list"


def test_each_entry_of_the_transfer_list_has_one_responsible_person() -> None:
    road = activated().take("answered")
    bare = {key: value for key, value in ROW.items() if not key.startswith("responsible")}
    missing = road.missing("ready", transfer_list=[bare], shelters_opened=SHELTERS, village_roles=["shelter"])
    assert missing == ["transfer_list.0.responsible_person", "transfer_list.0.responsible_phone"]
    assert road.missing("ready", shelters_opened=SHELTERS, village_roles=["shelter"]) == ["transfer_list"]
    rows = [ROW, {**ROW, "people": 4}]
    assert computed(definition(KEY).form, {"transfer_list": rows})["people_to_move"] == 7


def test_nobody_is_called_moved_while_one_refuses_or_cannot_be_reached() -> None:
    road = moving()
    some: dict[str, Any] = {"moved": 2, "everybody_moved": False, "refused": 1, "unreachable": 0}
    assert "done" not in road.open_exits(**some)
    assert road.missing("help", moved=2, everybody_moved=False, help_wanted="劝导") == [
        "refused", "unreachable",
    ]  # fmt: skip
    road.take("help", help_wanted="劝导", support_units=["public-security"], **some)
    joint = road.stage.joint
    assert (road.at, road.limit) == ("town-transfer", "1 clock hour")
    assert joint is not None and joint.chosen_by == "support_units"
    road.take("to-county", **some)
    road.take("continue", forces_sent="消防", everybody_safe=False, still_there=1)
    road.take("done", "document:shelter-register", forces_sent="消防", everybody_safe=True)
    assert road.at == "shelter"


def test_a_warning_that_turns_red_on_the_way_shortens_the_clock() -> None:
    road = moving("orange").take("upgraded", warning_colour="red")
    assert (road.at, road.limit) == ("transfer", "2 clock hours")


def test_heads_are_counted_daily_and_a_missing_head_is_an_alarm() -> None:
    count = definition(KEY).follow_ups["head-count"]
    assert count.every is not None
    assert str(count.every.default) == "24 clock hours"
    assert count.alerts[0].urgent
    assert told_when_late(KEY, "head-count") == ["owner", "town-command"]


def test_calls_are_reported_every_ten_minutes_under_red_and_a_silent_house_is_an_alarm() -> None:
    calls = definition(KEY).follow_ups["call-round"]
    assert calls.every is not None
    red = calls.every.for_("S0210", answers={"warning_colour": "red"})
    assert abs(red.seconds - 600) < 1
    assert {who.role for who in calls.alerts[0].tell} >= {"town-command", "town-police"}
    assert "flood-office" in told_when_late(KEY, "call-round")


def test_nobody_goes_back_to_a_house_that_is_not_safe() -> None:
    road = sheltered().take("lifted", in_shelter=3, lifted_by="x", relief_needed=False)
    unsafe: dict[str, Any] = {
        "houses_safe": False,
        "slopes_safe": True,
        "utilities_safe": True,
        "unsafe_places": "12号",
    }
    assert "ordered" not in road.open_exits(**unsafe)
    assert opened(road, "ordered-partly", **unsafe) == ["S0203"]
    assert opened(road, "ordered-partly", **{**unsafe, "houses_safe": True, "slopes_safe": False}) == [
        "S0207"
    ]
    road.take("not-safe", **unsafe)
    assert road.at == "shelter"


def test_needs_and_damage_become_orders() -> None:
    road = sheltered()
    assert opened(road, "lifted", relief_needed=True) == ["S0401"]
    road.take("lifted", in_shelter=3, lifted_by="x", relief_needed=True)
    safe: dict[str, Any] = {"houses_safe": True, "slopes_safe": True, "utilities_safe": True}
    road.take("ordered", "document:return-order", return_order_no="返1", **safe)
    assert opened(road, "finished", damaged_houses=2) == ["S0203"]
    assert opened(road, "finished", damaged_houses=0) == []


def test_a_test_message_moves_nobody_and_a_low_warning_may_be_watched() -> None:
    test = warned(warning_status="test")
    assert "activated" not in test.open_exits()
    assert test.take("test-message").ended
    assert warned("yellow").take("watch").ended


def test_what_a_villager_sees_may_start_moving_at_once() -> None:
    road = Road(KEY, "public").take("move-now", danger_seen="move-now")
    assert road.at == "list"
    assert Road(KEY, "public").take("none", "photo:site", danger_seen="none").ended


def test_the_clock_of_an_evacuation_is_never_held_and_the_list_is_personal() -> None:
    found = definition(KEY)
    assert all(found.hold_of(stage) is None for stage in found.stages.values())
    assert personal(KEY) == {"transfer_list"}
