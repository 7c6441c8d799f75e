"""Anti-fraud publicity and dissuasion 反诈宣传劝阻 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import check_values, computed, visible_to
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, said, told_when_late
from onegrid.scenarios.tests.roads import Road, written

KEY = "fraud-dissuasion"
CLUE: dict[str, Any] = {
    "class": "S0301",
    "risk_phone": "13800000000",
    "clue_no": "示例-1",
    "clue_level": "risk",
}
BACK: dict[str, Any] = {
    "final_result": "dissuaded",
    "reported_back_on": "2026-11-24",
    "grid_publicity": False,
}
SPREAD: dict[str, Any] = {
    "households_visited": 30,
    "households_total": 120,
    "means": ["leaflet"],
    "clue_met": False,
}


def clue(**facts: Any) -> Road:
    """The bureau pushes a phone at risk."""
    return Road(KEY, "department", **{**CLUE, **facts})


def visiting() -> Road:
    return clue().take("sent", called_first=True, officer_name="民警")


def publicity() -> Road:
    return Road(KEY, "patrol", **{"class": "S1101"})


def test_a_clue_is_visited_with_an_officer_and_reported_back() -> None:
    road = visiting()
    talked: dict[str, Any] = {"visit_result": "dissuaded", "app_installed": True}
    assert road.missing("dissuaded", "signature:visited-person", **talked) == ["officer_present"]
    road.take("dissuaded", "signature:visited-person", officer_present=True, **talked)
    road.take("done", **BACK)
    assert road.way == ["dispatch", "visit", "report-back", "closed"]


def test_dispatch_and_visit_together_take_two_hours_at_most() -> None:
    stages = definition(KEY).stages
    assert stages["dispatch"].limit.default.seconds + stages["visit"].limit.default.seconds <= 2 * 3600
    assert [stages[key].who.role for key in ("dispatch", "visit")] == ["town-police", "grid-worker-2"]


def test_only_the_phone_is_pushed_never_what_was_said() -> None:
    form = definition(KEY).form
    pushed = {key: value for key, value in CLUE.items() if key != "class"}
    assert check_values(form, pushed, answers={"source": "department"}) == []
    wrong = check_values(form, {**pushed, "risk_phone": "对方说要转账"}, answers={"source": "department"})
    assert [one.field for one in wrong] == ["risk_phone"]
    assert not {one.kind for one in form.fields} & {"voice", "video", "file"}


def test_personal_data_has_one_purpose_few_eyes_and_is_erased_after_30_days() -> None:
    assert said(written(KEY), "erase") == "30 d"
    assert personal(KEY) == {"risk_phone", "clue_address"}
    for role in ("town-desk", "grid-office", "county-leader"):
        seen = visible_to(definition(KEY).form, {"risk_phone": "1"}, roles=frozenset({role}))
        assert seen == {"risk_phone": None}


def test_money_already_sent_is_stopped_within_the_hour() -> None:
    road = visiting()
    assert road.missing("lost", officer_present=True, visit_result="lost") == ["money_sent"]
    road.take("lost", officer_present=True, visit_result="lost", money_sent=20000)
    joint = road.stage.joint
    assert (road.at, road.limit) == ("stop-loss", "1 clock hour")
    assert joint is not None and (joint.units, joint.waits_for) == (("public-security",), ("filed",))
    stopped: dict[str, Any] = {
        "stop_asked_at": "2026-11-24T10:00:00+08:00",
        "money_stopped": 15000,
        "case_accepted_no": "示例2号",
    }
    road.take("filed", **stopped).take("done", **{**BACK, "final_result": "loss-stopped"})
    assert road.ended


def test_who_will_not_listen_is_tried_again_by_an_officer() -> None:
    road = visiting().take("refused", officer_present=True, visit_result="refused")
    assert (road.at, road.stage.who.role) == ("police-visit", "town-police")
    road.take("settled", police_result="refused")
    assert road.at == "report-back"
    lost = visiting().take("refused", officer_present=True, visit_result="refused")
    assert lost.take("lost", police_result="lost", money_sent=1).at == "stop-loss"


def test_who_is_not_found_is_looked_for_twice_and_then_by_the_police() -> None:
    road = visiting()
    for _ in range(2):
        road.take("nobody", visit_result="nobody")
        assert (road.at, road.limit) == ("visit", "1 clock hour")
    road.take("nobody", visit_result="nobody")
    assert road.at == "police-visit"


def test_a_person_who_moved_is_dispatched_anew_and_not_for_ever() -> None:
    road = visiting()
    for _ in range(2):
        road.take("moved", visit_result="moved", right_grid="350583111201001")
        assert road.at == "dispatch"
        road.take("sent", called_first=True, officer_name="民警")
    road.take("moved", visit_result="moved", right_grid="350583111201001")
    assert road.at == "police-visit"
    assert clue().take("not-local").at == "report-back"


def test_nobody_hears_from_the_visit_is_noticed() -> None:
    progress = definition(KEY).follow_ups["visit-progress"]
    assert progress.at_percent == 50
    assert told_when_late(KEY, "visit-progress") == ["owner", "town-police", "chief-head"]


def test_publicity_is_archived_by_its_photo_without_a_rating() -> None:
    road = publicity()
    assert (road.at, road.stage.who.role) == ("publicity", "grid-worker-2")
    assert road.missing("done", **SPREAD) == ["photo:site"]
    road.take("done", "photo:site", opinion="", **SPREAD)
    assert road.at == "archived"
    assert all(stage.rating is None for stage in definition(KEY).stages.values())


def test_publicity_counts_the_coverage_of_the_grid() -> None:
    form = definition(KEY).stages["publicity"].form
    assert computed(form, {"households_visited": 30, "households_total": 120})["coverage"] == pytest.approx(
        0.25
    )


def test_publicity_may_take_several_days_but_not_for_ever() -> None:
    road = publicity()
    for _ in range(5):
        road.take("partly", "photo:site", **SPREAD)
        assert (road.at, road.limit) == ("publicity", "5 working days")
    road.take("partly", "photo:site", **SPREAD)
    assert road.at == "archived"


def test_a_victim_met_during_publicity_and_a_grid_that_needs_more_open_cases_of_their_own() -> None:
    assert opened(publicity(), "done", **{**SPREAD, "clue_met": True}) == ["S0301"]
    assert opened(publicity(), "done", **SPREAD) == []
    road = visiting().take(
        "not-cheated", officer_present=True, visit_result="not-cheated", app_installed=True
    )
    assert opened(road, "done", **{**BACK, "grid_publicity": True}) == ["S1101"]


def test_the_person_dissuaded_is_not_followed_afterwards() -> None:
    assert {key for rule in definition(KEY).follow_ups.values() for key in rule.while_} == {"visit"}
