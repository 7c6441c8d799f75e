"""Floating population and rental houses 流动人口与出租房 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import check_values, computed, visible_to
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, said, told_when_late
from onegrid.scenarios.tests.roads import Road, written

KEY = "tenants-housing"
SITE = "photo:site"
ARRIVED: dict[str, Any] = {"report_kind": "arrival", "event_on": "2026-11-20", "reported_on": "2026-11-24"}
GOOD: dict[str, Any] = {
    "finding": "match",
    "rooms": 2,
    "occupants": 3,
    "house_grade": "good",
    "group_rental": False,
}


def reported() -> Road:
    """A landlord reports who has come."""
    return Road(KEY, "public", **ARRIVED)


def checked() -> Road:
    return reported().take("checked", SITE, **GOOD)


def duty() -> Road:
    return checked().take("duty", verify_result="duty-failed")


def test_a_reported_arrival_is_visited_in_five_days_and_registered_by_the_police() -> None:
    road = reported()
    assert (road.at, road.limit, road.stage.who.role) == ("visit", "5 days", "grid-worker-2")
    road.take("checked", SITE, **GOOD)
    assert (road.at, road.stage.who.role) == ("police-verify", "town-police")
    road.take("done", verify_result="registered", permit_told=True)
    assert road.way == ["visit", "police-verify", "closed"]


@pytest.mark.parametrize("result", ["changed", "cancelled"])
def test_a_change_or_departure_is_changed_or_cancelled(result: str) -> None:
    road = Road(KEY, "enterprise", **{**ARRIVED, "report_kind": "leaving"})
    road.take("checked", SITE, **{**GOOD, "finding": "left"})
    assert road.take("done", verify_result=result).ended


def test_a_report_says_how_many_days_after_arrival_it_came() -> None:
    form = definition(KEY).form
    late: dict[str, Any] = {"event_on": "2026-11-01", "reported_on": "2026-11-24"}
    assert computed(form, late)["days_after"] == 23
    missing = check_values(form, {"report_kind": "arrival"}, answers={"source": "public"})
    assert [one.field for one in missing] == ["event_on", "reported_on"]


def test_the_house_is_graded_and_the_room_each_has_is_reckoned() -> None:
    form = definition(KEY).stages["visit"].form
    assert computed(form, {"let_area": 30, "occupants": 4})["area_each"] == 7.5
    grade = form.get("house_grade")
    assert grade is not None
    assert [one.key for one in grade.choices] == ["good", "general", "serious"]
    road = reported()
    assert road.missing("checked", SITE, **{**GOOD, "house_grade": "serious"}) == ["hazards"]


@pytest.mark.parametrize(
    ("found", "classes"),
    [
        ({"group_rental": True}, ["S0201"]),
        ({"hazards": ["escape", "charging"]}, ["S0201"]),
        ({"hazards": ["structure"]}, ["S0203"]),
        ({"hazards": ["gas", "electric"]}, ["S0204", "S0205"]),
        ({"hazards": ["mixed"]}, ["S0209"]),
        ({}, []),
    ],
)
def test_group_rental_and_hazards_become_cases_of_house_and_fire(
    found: dict[str, Any], classes: list[str]
) -> None:
    road = reported()
    answers: dict[str, Any] = {**GOOD, "house_grade": "serious", **found}
    assert opened(road, "checked", **answers) == classes
    assert opened(road, "unreported", **{**answers, "finding": "unreported"}) == classes


def test_tenants_are_seen_only_by_police_and_own_grid_and_erased_after_90_days() -> None:
    form = definition(KEY).form
    answers: dict[str, Any] = {"tenants": [{"tenant_name": "某"}], "landlord_phone": "1"}
    for role in ("town-desk", "grid-office", "county-leader", "town-enforcement", "department-handler"):
        seen = visible_to(form, answers, roles=frozenset({role}))
        assert seen == {"tenants": None, "landlord_phone": None}, role
    tenants = form.get("tenants")
    assert tenants is not None and tenants.hidden is not None
    assert not {"grid-worker-2", "grid-head-2", "town-police"} & set(tenants.hidden.from_)
    assert personal(KEY) == {"tenants", "landlord_name", "landlord_phone"}
    assert said(written(KEY), "erase") == "90 d"
    assert not any("identity" in one.key or "citizen" in one.key for one in tenants.columns)


def test_nobody_at_home_is_visited_again_twice_and_then_left_to_the_police() -> None:
    road = reported()
    for _ in range(2):
        road.take("nobody", finding="nobody")
        assert (road.at, road.limit) == ("visit", "2 days")
    road.take("nobody", finding="nobody")
    assert road.at == "police-verify"


def test_a_landlord_who_does_not_report_is_told_and_then_checked_by_somebody_else() -> None:
    road = Road(KEY, "patrol", report_kind="unreported", event_on="2026-11-01")
    road.take("unreported", SITE, **{**GOOD, "finding": "unreported"})
    road.take("duty", verify_result="duty-failed")
    assert (road.at, road.limit) == ("landlord-duty", "7 days")
    told: dict[str, Any] = {"duty_told": ["report", "fire"], "duty_result": "mended"}
    assert road.missing("mended", **told) == ["document:notice-to-landlord"]
    road.take("mended", "document:notice-to-landlord", **told)
    assert (road.at, road.stage.who.role) == ("recheck", "grid-head")
    assert "visit" in road.stage.not_same_as
    road.take("passed", "photo:after", recheck_ok=True)
    assert road.ended


def test_who_refuses_or_fails_twice_is_dealt_with_by_law() -> None:
    told: dict[str, Any] = {"duty_told": ["report"], "duty_result": "mended"}
    road = duty()
    for _ in range(2):
        road.take("mended", "document:notice-to-landlord", **told).take("failed", SITE, recheck_ok=False)
    assert (road.at, road.stage.who.unit) == ("law", "public-security")
    refusing = duty().take(
        "refused", "document:notice-to-landlord", duty_told=["fire"], duty_result="refused"
    )
    assert refusing.missing("decided", law_result="penalty") == [
        "decision_no",
        "document:penalty-decision|document:correction-order",
    ]
    refusing.take("decided", "document:penalty-decision", law_result="penalty", decision_no="示例3号")
    assert refusing.ended


def test_fire_housing_and_market_check_together_in_one_visit() -> None:
    road = duty().take("refused", "document:notice-to-landlord", duty_told=["fire"], duty_result="refused")
    road.take(
        "with-others", law_result="warned", decision_no="示例4号", joint_units=["fire-rescue", "housing"]
    )
    joint = road.stage.joint
    assert (road.at, joint is not None and joint.chosen_by) == ("joint-check", "joint_units")
    road.take("finished", "document:site-record", joint_summary="三项已查")
    road.take("no-penalty", "document:no-filing-decision", law_result="no-case")
    assert road.ended


def test_a_place_known_only_to_the_town_is_put_into_its_grid_first() -> None:
    road = Road(KEY, "hotline", area="town")
    assert (road.at, road.stage.who.role) == ("place", "town-police")
    road.take("placed", right_grid="350583111201001")
    for _ in range(3):
        road.take("other-grid", finding="elsewhere", right_grid="350583111201002")
    assert road.at == "place"


def test_what_is_not_let_is_archived() -> None:
    assert reported().take("not-rented", SITE, finding="not-rented").ended


def test_only_the_house_is_looked_at_while_it_is_mended() -> None:
    look = definition(KEY).follow_ups["house-look"]
    assert set(look.while_) == {"landlord-duty", "law"}
    assert look.form.keys() == {"house_state"}
    assert told_when_late(KEY, "house-look") == ["owner"]
