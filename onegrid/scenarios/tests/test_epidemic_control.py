"""Control of serious infectious disease 重点传染病防控 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import check_needs, check_values
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road, given, written

CR = "epidemic-control"
END = "2026-12-08T18:00:00+08:00"
PERSON: dict[str, Any] = {
    "person_kind": "contact",
    "person_name": "样例甲",
    "person_phone": "13900000000",
    "check_means": ["call", "visit"],
    "true_address": "样例路 1 号",
    "symptoms": False,
}


def person(source: str = "department", **answers: Any) -> Road:
    return Road(CR, source, **{"class": "S0801", **answers})


def field_work(**answers: Any) -> Road:
    return Road(CR, "department", **{"class": "S0802", "case_notice": True, **answers})


def checked(**answers: Any) -> Road:
    road = person().take("assigned")
    return road.take("confirmed", check_result="fact", **{**PERSON, **answers})


def test_it_sleeps_until_an_order_and_deletes_personal_answers_after_the_end() -> None:
    found: Any = written(CR)
    assert "截止日期" in found["dormant"]["zh"]
    assert found["erase"] == "30 d"


def test_names_papers_phones_addresses_and_health_are_personal_and_no_list_of_persons_is_asked() -> None:
    found: Any = written(CR)
    fields = {one["key"]: one for one in found["form"]}
    for stage in found["stages"].values():
        fields |= {one["key"]: one for one in stage.get("form", [])}
    personal = {key for key, one in fields.items() if one.get("personal")}
    assert personal >= {
        "person_name", "document_no", "person_phone", "person_address", "trip", "true_address", "symptoms",
        "diagnosis", "test_negative", "health_ok",
    }  # fmt: skip
    assert fields["companions"]["kind"] == "number"
    tables = {key: one for key, one in fields.items() if one["kind"] == "table"}
    assert set(tables) == {"houses"}
    assert {one["kind"] for one in tables["houses"]["columns"]} == {
        "building", "choice", "number", "yes-no", "date",
    }  # fmt: skip


def test_every_stage_has_its_post_and_its_clock_round_the_clock_where_the_disease_does_not_wait() -> None:
    stages = definition(CR).stages
    found = {key: (stage.who.role, str(stage.limit.default)) for key, stage in stages.items()}
    assert found == {
        "assign": ("chief-head", "0.5 clock hours"),
        "town-fix": ("town-command", "0.5 clock hours"),
        "verify": ("deputy-chief", "2 clock hours"),
        "town-verify": ("town-command", "4 clock hours"),
        "dispose": ("town-command", "4 clock hours"),
        "county-dispose": ("epidemic-command", "4 clock hours"),
        "track": ("town-command", "14 days"),
        "release": ("epidemic-command", "24 clock hours"),
        "clinic-assign": ("chief-head", "0.5 clock hours"),
        "clinic-town": ("town-command", "0.5 clock hours"),
        "hospital": ("town-hospital", "2 clock hours"),
        "fever-clinic": ("department-handler", "4 clock hours"),
        "county-suspect": ("epidemic-command", "2 clock hours"),
        "vector-clear": ("town-command", "72 clock hours"),
        "vector-assess": ("department-handler", "24 clock hours"),
        "vector-consolidate": ("town-command", "96 clock hours"),
        "vector-watch": ("town-command", "14 days"),
    }


def test_a_person_is_checked_looked_after_at_home_and_released_at_the_end() -> None:
    road = checked()
    assert (road.at, road.limit) == ("dispose", "4 clock hours")
    home: dict[str, Any] = {"home_measure": "monitoring", "until_at": END}
    assert road.missing("home", **home) == ["signature:rights-notice"]
    road.take("home", "signature:rights-notice", **home)
    assert road.entered is not None
    assert road.entered.assigns.due == "until_at"
    road.take("period-over", health_ok=True)
    assert road.missing("released") == ["document:release-notice"]
    road.take("released", "document:release-notice")
    assert road.way == ["assign", "verify", "dispose", "track", "release", "closed"]


def test_each_measure_has_its_own_paper_and_somebody_ill_is_not_simply_excluded() -> None:
    road = checked()
    central: dict[str, Any] = {"isolation_place": "样例隔离点", "until_at": END}
    assert road.missing("central", "signature:rights-notice", **central) == ["document:transfer-note"]
    assert road.missing("tested", test_negative=True) == ["document:test-result"]
    assert road.missing("excluded") == ["exclusion_basis"]
    ill = checked(symptoms=True)
    assert ill.limit == "2 clock hours"
    assert ill.open_exits() == {"home", "central", "fever", "county"}
    assert ill.take("fever").at == "hospital"


def test_what_the_town_cannot_do_the_county_command_does_or_says_how() -> None:
    road = checked().take("county")
    road.take("back-to-town").take("county").take("back-to-town")
    back = definition(CR).stages["county-dispose"].exits["back-to-town"]
    assert (back.tell_from, [who.role for who in back.tell]) == (2, ["county-leader"])
    road.take("county").take(
        "central", "document:transfer-note", "signature:rights-notice", isolation_place="样例", until_at=END
    )
    assert road.at == "track"


@pytest.mark.parametrize(
    ("finding", "leave", "end"),
    [
        ("untrue", "untrue", "archived"),
        ("unclear", "unclear", "town-verify"),
        ("not-here", "not-here", "town-fix"),
    ],
)
def test_the_check_leads_where_its_finding_says(finding: str, leave: str, end: str) -> None:
    road = person().take("assigned")
    assert road.open_exits(check_result=finding) == {leave}
    more: dict[str, Any] = {"whereabouts": "邻镇"} if leave == "not-here" else {}
    more |= {"check_means": ["call"]} if leave == "untrue" else {}
    assert road.take(leave, check_result=finding, **more).at == end


def test_somebody_nobody_can_find_is_looked_for_by_the_town_and_then_reported_to_the_county() -> None:
    road = person().take("assigned").take("unclear", check_result="unclear")
    assert road.take("not-found").ended
    leave = definition(CR).stages["town-verify"].exits["not-found"]
    assert [who.role for who in leave.copy] == ["epidemic-command"]


def test_where_only_the_town_is_known_the_town_command_finds_the_village() -> None:
    road = Road(CR, "department", area="town", **{"class": "S0801"})
    assert road.at == "town-fix"
    road.take("assigned", right_grid="350583111201001")
    assert road.at == "assign"
    fever = Road(CR, "clinic", area="town", **{"class": "S0801"})
    assert fever.take("fever", right_grid="350583111201001").at == "clinic-assign"


def test_the_night_may_be_waited_for_once_if_the_town_command_agrees() -> None:
    found = definition(CR)
    rule = found.extension_of(found.stages["verify"])
    assert rule is not None
    assert (rule.decided_by.role, rule.step, rule.at_most) == ("town-command", None, 1)


def test_a_fever_patient_of_a_clinic_goes_by_town_and_hospital_to_the_fever_clinic() -> None:
    road = person("clinic")
    road.take("to-town").take("sent")
    assert road.missing("transferred", transfer_way="ambulance") == ["document:transfer-note"]
    road.take("transferred", "document:transfer-note", transfer_way="ambulance")
    excluded = road.take("excluded", "document:diagnosis", diagnosis="excluded")
    assert excluded.way == ["clinic-assign", "clinic-town", "hospital", "fever-clinic", "archived"]


def test_a_suspected_case_is_treated_and_opens_field_work_and_the_check_of_contacts() -> None:
    road = person("clinic").take("to-town").take("sent")
    road.take("transferred", "document:transfer-note", transfer_way="duty-car")
    assert road.missing("suspected", "document:diagnosis", diagnosis="suspected") == ["mosquito_borne"]
    road.take("suspected", "document:diagnosis", diagnosis="suspected", mosquito_borne=True)
    road.take(
        "treated", "document:investigation-record", "signature:rights-notice",
        isolation_place="样例医院", until_at=END, contacts_found=True,
    )  # fmt: skip
    assert road.at == "track"
    scenario: Any = written(CR)
    opened = scenario["stages"]["county-suspect"]["exits"]["treated"]["opens"]
    assert [(one["class"], one["when"]) for one in opened] == [
        ("S0802", {"mosquito_borne": True}),
        ("S0801", {"contacts_found": True}),
    ]


def test_the_daily_report_alarms_when_somebody_went_out_feels_ill_or_needs_help() -> None:
    report = definition(CR).follow_ups["daily-report"]
    assert report.every is not None
    assert (str(report.every.default), report.while_, report.who.role) == (
        "24 clock hours",
        ("track",),
        "grid-head-2",
    )
    assert len(report.alerts) == 4
    assert check_values(report.form, {}) != []
    scenario: Any = written(CR)
    assert scenario["follow_ups"]["daily-report"]["late"]["tell"] == ["owner", "chief-head"]


def test_field_work_lists_every_house_and_visits_again_who_refused_or_was_away() -> None:
    road = field_work()
    assert (road.at, road.limit) == ("vector-clear", "72 clock hours")
    away = [{"house": "样例楼", "house_result": "nobody"}]
    assert road.missing("revisit", "photo:during", houses=away, all_houses_done=False) == [
        "houses.0.revisit_on"
    ]
    away[0]["revisit_on"] = "2026-11-25"
    road.take("revisit", "photo:during", houses=away, all_houses_done=False)
    assert (road.at, road.limit) == ("vector-clear", "24 clock hours")
    assert "cleared" not in road.open_exits(all_houses_done=False)
    assert road.open_exits(all_houses_done=True) == {"cleared", "revisit"}


def cleared(road: Road) -> Road:
    return road.take(
        "cleared", "photo:before", "photo:after*2",
        focus_circle={"centre": [118.386, 24.96], "radius_m": 100}, home_sprayed=True, all_houses_done=True,
        houses=[{"house": "样例楼", "house_result": "cleared", "containers": 3, "leaflet_given": True}],
    )  # fmt: skip


def test_mosquitoes_are_sprayed_for_three_days_then_four_and_kept_down_until_the_outbreak_is_over() -> None:
    road = cleared(field_work())
    road.take("high", "document:density-report", density="high", sites_found=4)
    cleared(road).take("down", "document:density-report", density="down", sites_found=0)
    road.take("held", "photo:after", consolidation_note="已巩固")
    assert road.missing("over") == ["document:outbreak-over-notice"]
    road.take("goes-on").take("over", "document:outbreak-over-notice")
    assert road.way == [
        "vector-clear", "vector-assess", "vector-clear", "vector-assess", "vector-consolidate",
        "vector-watch", "vector-watch", "closed",
    ]  # fmt: skip
    stages = definition(CR).stages
    first, daily = stages["vector-clear"].joint, stages["vector-consolidate"].joint
    assert first is not None and daily is not None
    assert (first.units, first.waits_for, str(first.limit.default) if first.limit else "") == (
        ("health",),
        ("cleared",),
        "72 clock hours",
    )
    rounds = [{"sprayed_on": "2026-11-25", "half_day": "morning"}] * 5
    assert [one.field for one in check_values(first.form, {"first_rounds": rounds})] == ["first_rounds"]
    assert check_values(first.form, {"first_rounds": [*rounds, rounds[0]]}) == []
    assert check_needs(first.needs, evidence=given("photo:during"), opinion="已灭蚊") == []
    rows = [{"sprayed_on": "2026-11-25"}] * 4
    assert check_values(daily.form, {"daily_rounds": rows}) == []
    assert check_values(daily.form, {"daily_rounds": rows[:3]}) != []


def test_an_ordinary_breeding_site_is_cleared_and_closed_only_where_there_is_no_case_notice() -> None:
    assert "ordinary" not in field_work().open_exits()
    resident = Road(CR, "public", **{"class": "S0802"})
    assert resident.take("ordinary", "photo:after").way == ["vector-clear", "closed"]
    assert Road(CR, "public", **{"class": "S0802"}).take("untrue", "photo:site").at == "archived"


def test_breeding_sites_are_looked_for_every_three_days_as_long_as_it_lasts() -> None:
    watch = definition(CR).follow_ups["breeding-watch"]
    assert watch.every is not None
    assert str(watch.every.default) == "72 clock hours"
    assert set(watch.while_) == {"vector-clear", "vector-assess", "vector-consolidate", "vector-watch"}
    (found,) = check_values(watch.form, {"site_state": "left"})
    assert found.field == "site_note"
