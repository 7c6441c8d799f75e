"""Land and building violations 两违防治 as practice asks for it."""

from onegrid.scenarios.rules import (
    ARCHIVED,
    CLOSED,
    AreaLevel,
    EvidenceKind,
    Given,
    Source,
    check_form,
    check_values,
)
from onegrid.scenarios.tests.files import LW, definition


def test_two_violations_has_every_stage_with_its_limit() -> None:
    stages = definition(LW).stages
    assert {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()} == {
        "assign": ("chief-head", "4 office hours"),
        "town-reassign": ("town-two-violations", "1 working day"),
        "verify": ("deputy-chief", "24 clock hours"),
        "determine": ("chief-head", "2 working days"),
        "village-handle": ("chief-head", "7 working days"),
        "town-handle": ("town-two-violations", "3 working days"),
        "department-handle": ("two-violations-office", "15 working days"),
        "supervise": ("two-violations-office", "5 working days"),
    }


def test_building_that_goes_on_against_the_order_is_dealt_with_in_three_days() -> None:
    limit = definition(LW).stages["village-handle"].limit
    going_on = {"construction_state": "under-construction", "obeys_stop": False}
    assert str(limit.for_("S0703", answers=going_on)) == "3 days"
    assert str(limit.for_("S0703", answers={**going_on, "obeys_stop": True})) == "7 working days"
    assert str(limit.for_("S0703", answers={"construction_state": "finished"})) == "7 working days"


def test_a_clue_in_another_village_goes_there_by_way_of_the_town() -> None:
    found = definition(LW)
    assert found.first_stage(channel="department", area=AreaLevel.TOWN).key == "town-reassign"
    assert found.first_stage(channel="department", source=Source.SATELLITE).key == "assign"
    assert found.stages["verify"].exits["other-village"].to == "town-reassign"
    leave = found.stages["town-reassign"].exits["reassigned"]
    assert (leave.to, leave.new_grid, leave.assigns.grid) == ("assign", True, "right_grid")


def test_the_survey_offers_the_exit_that_fits_its_finding() -> None:
    stage = definition(LW).stages["verify"]
    before = [Given(EvidenceKind.PHOTO, "before", 10.0)] * 2
    values = {"violation": "none"}
    assert check_form(stage, stage.exits["untrue"], values=values, evidence=before, opinion="未见") == []
    (found,) = check_form(stage, stage.exits["other-village"], values=values, evidence=before, opinion="未见")
    assert found.code == "scenarios.exit-not-open"
    assert stage.exits["untrue"].to == ARCHIVED
    (near,) = check_form(stage, stage.exits["untrue"], values=values, evidence=before[:1], opinion="未见")
    assert near.field == "photo:before"


def test_departments_investigate_jointly_one_task_each_and_the_main_task_waits_for_all() -> None:
    joint = definition(LW).stages["department-handle"].joint
    assert joint is not None
    assert joint.units == (
        "natural-resources",
        "urban-management",
        "agriculture",
        "forestry",
        "water",
        "transport",
    )
    assert (joint.closes_all, joint.waits_for, joint.chosen_by) == (True, ("done",), "departments")
    assert str(joint.limit.default) == "5 working days" if joint.limit else False


def test_the_town_reports_every_three_working_days_and_the_county_hears_of_it_from_the_third_time() -> None:
    leave = definition(LW).stages["town-handle"].exits["continue"]
    assert leave.to == "town-handle"
    assert leave.limit is not None
    assert str(leave.limit.default) == "3 working days"
    assert leave.tell_from == 3
    assert "two-violations-office" in {who.role for who in leave.tell}


def test_somebody_looks_every_three_days_while_building_goes_on_and_resumed_building_is_an_alarm() -> None:
    follow_up = definition(LW).follow_ups["status-report"]
    assert follow_up.every is not None
    assert (
        str(follow_up.every.for_("S0703", answers={"construction_state": "under-construction"})) == "3 days"
    )
    assert str(follow_up.every.for_("S0703", answers={"construction_state": "stopped"})) == "10 working days"
    (alert,) = follow_up.alerts
    assert alert.urgent
    assert {who.role for who in alert.tell} >= {"chief-head", "town-two-violations"}


def test_a_satellite_clue_needs_its_spot_number_and_a_patrol_three_photos() -> None:
    form = definition(LW).form
    land = {"land_area": 120}
    satellite = check_values(form, land, answers={"source": "satellite"})
    assert [one.field for one in satellite] == ["spot_no"]
    patrol = check_values(form, {**land, "construction_state": "stopped"}, answers={"source": "patrol"})
    assert [one.field for one in patrol] == ["report_photos"]


def test_supervision_may_send_back_to_each_earlier_stage_with_a_reason() -> None:
    stage = definition(LW).stages["supervise"]
    back = {leave.to for leave in stage.exits.values() if not leave.ends}
    assert back == {"determine", "village-handle", "town-handle", "department-handle"}
    (found, *_) = check_form(
        stage, stage.exits["redo-town"], values={"means": ["visit"]}, evidence=(), opinion="未拆"
    )
    assert found.field == "fail_reason"
    assert stage.exits["passed"].to == CLOSED
