"""River water quality and river chiefs 流域水质与河湖长巡查 as practice asks for it."""

import pytest

from onegrid.scenarios.rules import check_values
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road

KEY = "river-water"
SURVEYED = "photo:before*2"


def patrolled() -> Road:
    """A worker's clue, assigned to the deputy chief."""
    return Road(KEY, "patrol", water_body="西溪", problem="outfall").take("assigned")


@pytest.mark.parametrize(
    ("source", "area", "sudden", "first"),
    [
        ("patrol", "grid", False, "assign"),
        ("visit", "grid", False, "assign"),
        ("patrol", "village", False, "town-assign"),
        ("patrol", "town", False, "town-assign"),
        ("public", "grid", False, "brigade"),
        ("hotline", "town", False, "brigade"),
        ("camera", "grid", False, "brigade"),
        ("patrol", "grid", True, "joint-response"),
        ("hotline", "town", True, "joint-response"),
    ],
)
def test_workers_others_and_the_sudden_have_three_ways_in(
    source: str, area: str, sudden: bool, first: str
) -> None:
    assert Road(KEY, source, area, sudden=sudden).at == first


def test_what_a_worker_finds_is_cured_in_the_village_and_checked_by_somebody_else() -> None:
    road = patrolled().take("confirmed", SURVEYED, finding="domestic", intake_near=False)
    road.take("village", judge_basis="村内散排", harm="serious")
    assert road.limit == "1 working day"
    road.take("done", "photo:after*2", village_measures=["plug"])
    road.take("passed", "photo:after", resampled=False)
    assert road.way == ["assign", "verify", "judge", "village-handle", "recheck", "closed"]
    assert "village-handle" in road.definition.stages["recheck"].not_same_as


def test_a_suspected_works_cannot_be_kept_in_the_village() -> None:
    road = patrolled().take("confirmed", SURVEYED, finding="works", intake_near=True)
    assert "village" not in road.open_exits()
    road.take("ecology", "photo:before", judge_basis="涉嫌违法", harm="general")
    assert (road.at, road.limit) == ("squadron", "5 working days")


def test_what_others_report_goes_by_brigade_and_squadron_to_filing_and_penalty() -> None:
    road = Road(KEY, "hotline").take("to-squadron", joint_departments=["water"])
    sample = {"sampled_at": "2026-11-24T09:00:00+08:00", "item": "cod", "reading": 80}
    found = {"source_found": "works", "survey_note": "排口直排"}
    assert road.missing("file", "document:site-record", **found) == ["samples", "polluter_name"]
    road.take("file", "document:site-record", samples=[sample], polluter_name="某厂", **found)
    road.take("filed", "document:filing-decision", file_no="2026-1")
    assert road.missing(
        "decided", "document:penalty-decision", decision_no="1", objection_ends="2027-05-01", rectified=True
    ) == ["document:service-receipt"]
    road.take("continue", penalty_progress="听证中")
    road.take(
        "decided",
        "document:penalty-decision",
        "document:service-receipt",
        decision_no="1",
        objection_ends="2027-05-01",
        rectified=True,
    )
    road.take("passed", "document:penalty-decision", resampled=True, resample_note="恢复")
    assert road.way[:4] == ["brigade", "squadron", "filing", "penalty"]
    assert road.ended


def test_filing_ends_with_a_paper_whichever_way_it_goes() -> None:
    road = Road(KEY, "hotline").take("to-squadron")
    sample = {"sampled_at": "2026-11-24T09:00:00+08:00", "item": "ph", "reading": 9}
    found = {"source_found": "domestic", "survey_note": "散排", "samples": [sample], "polluter_name": "某户"}
    road.take("file", "document:site-record", **found)
    assert road.missing("filed", file_no="1") == ["document:filing-decision"]
    reason = {"not_filed_reason": "情节轻微，责令改正"}
    assert road.missing("not-filed", **reason) == ["document:no-filing-decision"]
    road.take("not-filed-cure", "document:no-filing-decision", **reason)
    assert road.at == "town-handle"


def test_the_sudden_is_handled_by_four_departments_at_once_and_waits_for_all() -> None:
    road = Road(KEY, "public", sudden=True)
    stage = road.stage
    assert (str(stage.acknowledge), road.limit) == ("0.5 clock hours", "2 clock hours")
    assert stage.joint is not None
    assert stage.joint.chosen_by is None
    assert set(stage.joint.units) == {"water", "emergency", "agriculture", "health"}
    assert (stage.joint.closes_all, stage.joint.waits_for) == (True, ("controlled",))
    assert [message.urgent for message in stage.messages] == [True]
    state = {"response_state": "围油栏到位", "source_stopped": True, "intake_safe": True, "public_told": True}
    road.take("continue", **state)
    assert (road.at, road.limit) == ("joint-response", "4 clock hours")
    road.take("controlled", "photo:during*2", **state)
    assert road.at == "squadron"


def test_floating_rubbish_only_opens_a_sanitation_case_and_ends_this_one() -> None:
    road = patrolled()
    leave = road.stage.exits["to-sanitation"]
    assert [one.class_code for one in leave.opens] == ["E0105"]
    assert road.missing("confirmed", SURVEYED, finding="floating", intake_near=False) != []
    assert road.take("to-sanitation", SURVEYED, finding="floating").at == "closed"
    assert leave.outcome == "transferred"


def test_a_reach_elsewhere_goes_by_the_town_to_its_grid_or_across_towns_to_the_brigade() -> None:
    road = Road(KEY, "visit", problem="colour").take("other-village")
    assert "right_grid" in road.missing("reassigned")
    assert road.stage.exits["reassigned"].new_grid
    road.take("reassigned", right_grid="350583111201001").take("assigned")
    road.take("other-village", SURVEYED, finding="elsewhere").take("across-towns")
    assert road.at == "brigade"


def test_untrue_and_normal_water_end_in_the_archive() -> None:
    road = patrolled().take("untrue", SURVEYED, finding="none")
    assert road.at == "archived"
    road = Road(KEY, "public").take("to-squadron")
    road.take("normal", "document:monitoring-report", source_found="none", survey_note="未见异常")
    assert road.at == "archived"


def test_the_town_reports_every_three_days_until_cured_and_a_failed_check_comes_back() -> None:
    road = patrolled()
    road.take("confirmed", SURVEYED, finding="unclear", intake_near=False)
    road.take("town", judge_basis="需接管", harm="general")
    going_on = {"town_measures": "铺管", "works_needed": True, "expected_on": "2026-12-30"}
    road.take("continue", "photo:during", **going_on)
    assert road.limit == "3 working days"
    road.take("done", "photo:after*2", town_measures="已接管")
    assert road.missing("redo-town", "photo:site", resampled=False) == ["fail_reason"]
    road.take("redo-town", "photo:site", resampled=False, fail_reason="仍有污水")
    assert road.at == "town-handle"
    again = road.definition.stages["recheck"].exits["redo-town"]
    assert (again.tell_from, {who.role for who in again.tell}) == (2, {"town-head", "grid-office"})


def test_a_chiefs_patrol_states_time_and_length() -> None:
    form = definition(KEY).form
    facts: dict[str, object] = {"found_by": "village-chief", "water_body": "西溪", "problem": "colour"}
    facts["report_photos"] = [{"sha": "a" * 64, "label": "site"}]
    missing = [one.field for one in check_values(form, facts, answers={"source": "patrol"})]
    assert missing == ["patrol_minutes", "patrol_metres"]
    facts["found_by"] = "grid-worker"
    assert check_values(form, facts, answers={"source": "patrol"}) == []


def test_the_watch_on_the_water_is_the_first_reporters_and_a_missed_one_is_told() -> None:
    watch = definition(KEY).follow_ups["water-watch"]
    assert watch.every is not None
    assert str(watch.every.for_("S0601", answers={"harm": "serious"})) == "2 days"
    assert str(watch.every.for_("S0601")) == "5 working days"
    assert ([who.role for who in watch.whos], watch.closes_siblings) == (["grid-head-2", "grid-head"], True)
    assert watch.late is not None
    assert {who.role for who in watch.late.tell} == {"chief-head", "town-rivers"}


def test_who_is_suspected_is_seen_only_by_those_who_work_the_case() -> None:
    found = definition(KEY)
    suspected = found.form.get("suspected_source")
    polluter = found.stages["squadron"].form.get("polluter_name")
    assert suspected is not None and suspected.personal
    assert polluter is not None and polluter.personal
