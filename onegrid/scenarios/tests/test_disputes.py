"""Disputes and help with petitions 矛盾纠纷排查化解、信访事项代办 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.rules import Source
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, said, told_when_late
from onegrid.scenarios.tests.roads import Road, written

KEY = "disputes"
PARTIES = [
    {"party_name": "甲", "party_side": "applicant", "willing": True},
    {"party_name": "乙", "party_side": "respondent", "willing": True},
]
FACTS: dict[str, Any] = {
    "parties": PARTIES,
    "dispute_kind": "neighbours",
    "dispute_risk": "low",
    "heard_both": True,
}
SIGNED = ("document:mediation-agreement", "signature:parties*2")
MET = [{"met_on": "2026-11-20", "met_result": "双方同意分摊"}]
AGREED: dict[str, Any] = {"meetings": MET, "agreement_terms": "各半", "perform_by": "2026-12-20"}


def registered(**facts: Any) -> Road:
    """A quarrel reported in a village and registered there."""
    return Road(KEY, "patrol", **{"class": "S0101"}).take("registered", **FACTS, real_threat=False, **facts)


def mediating() -> Road:
    return registered().take("village-mediation", way="village")


def petition(**answers: Any) -> Road:
    return Road(KEY, "public", **{"class": "S0503"}, **answers)


@pytest.mark.parametrize(
    ("source", "area", "code", "first"),
    [
        ("patrol", "grid", "S0101", "register"),
        ("public", "village", "S0105", "register"),
        ("patrol", "town", "S0101", "triage"),
        ("hotline", "grid", "S0104", "triage"),
        ("department", "town", "S0103", "triage"),
        ("public", "grid", "S0503", "petition-accept"),
        ("hotline", "town", "S0503", "petition-accept"),
    ],
)
def test_disputes_begin_in_the_village_others_at_the_centre_and_petitions_on_their_own_road(
    source: str, area: str, code: str, first: str
) -> None:
    assert Road(KEY, source, area=area, **{"class": code}).at == first


def test_a_dispute_is_mediated_in_a_month_confirmed_by_the_court_and_visited_after_7_and_30_days() -> None:
    road = mediating()
    assert road.limit == "30 days"
    assert road.missing("agreed-confirm", **AGREED) == [
        "document:mediation-agreement",
        "signature:parties",
    ]
    road.take("agreed-confirm", *SIGNED, **AGREED)
    assert road.limit == "30 days"
    ruling: dict[str, Any] = {"applied_on": "2026-12-01", "court_ruling_no": "示例1号"}
    road.take("confirmed", "document:court-ruling", **ruling)
    assert road.limit == "7 days"
    road.take("going-on", performed_now="going-on", asked_both=True)
    assert road.limit == "23 days"  # the 30th day
    road.take("performed", "document:case-folder", performed_finally="all")
    assert road.way == [
        "register", "triage", "mediate", "court-confirm", "visit-seven", "visit-thirty", "closed",
    ]  # fmt: skip


def test_more_than_a_month_is_given_only_when_both_agree_in_writing() -> None:
    found = definition(KEY)
    for key in ("mediate", "town-mediate"):
        rule = found.extension_of(found.stages[key])
        assert rule is not None
        assert (str(rule.step), rule.at_most) == ("30 days", 1)
        assert rule.form.get("both_agree") is not None
        assert len(rule.needs) == 2


def test_what_is_not_performed_is_mediated_once_more_and_then_goes_to_law() -> None:
    road = registered().take("town-mediation", way="town").take("agreed", *SIGNED, **AGREED)
    road.take("broken", performed_now="none", asked_both=True)
    road.take("agreed", *SIGNED, **AGREED).take("broken", performed_now="none", asked_both=True)
    assert road.at == "guide"
    road.take("guided", "document:guidance-notice", legal_way=["court", "legal-aid"], legal_aid_given=True)
    assert road.ended


def test_mediation_that_fails_ends_with_the_legal_ways_explained() -> None:
    road = mediating().take("failed", "document:mediation-record", meetings=MET, fail_reason="差距大")
    assert (road.at, road.stage.who.unit) == ("guide", "justice")
    assert road.missing("guided", legal_way=[]) == ["legal_way", "document:guidance-notice"]


def test_who_mediated_does_not_make_the_visits() -> None:
    stages = definition(KEY).stages
    for key in ("visit-seven", "visit-thirty"):
        assert "mediate" in stages[key].not_same_as
        assert stages[key].who.role != "mediator"


def test_police_come_only_for_a_real_threat_and_withdraw_when_it_is_over() -> None:
    found = definition(KEY)
    ways = [
        leave for stage in found.stages.values() for leave in stage.exits.values() if leave.to == "police"
    ]
    assert ways and all(leave.key == "threat" for leave in ways)
    assert "threat" not in mediating().open_exits(real_threat=False)
    road = mediating().take("threat", real_threat=True)
    assert (road.at, road.limit) == ("police", "2 clock hours")
    danger: dict[str, Any] = {"danger_found": True, "police_measures": "已制止", "protection_needed": True}
    assert opened(road, "calmed", **danger) == ["S0401"]
    road.take("calmed", **danger)
    assert road.at == "joint-meeting"


def test_a_false_alarm_goes_back_to_the_centre() -> None:
    road = Road(KEY, "patrol", **{"class": "S0107"})
    assert "registered" not in road.open_exits(real_threat=True)
    road.take("threat", real_threat=True)
    road.take("no-danger", danger_found=False, police_measures="现场平静")
    assert road.at == "triage"


def test_domestic_violence_is_looked_at_within_two_hours() -> None:
    for key in ("register", "triage"):
        assert str(definition(KEY).stages[key].limit.for_("S0107")) == "2 clock hours"
        assert str(definition(KEY).stages[key].limit.for_("S0101")) == "1 working day"


def test_what_may_grow_is_met_on_with_the_departments_chosen_and_their_views_are_waited_for() -> None:
    road = mediating().take("may-grow", meeting_departments=["housing", "justice"])
    joint = road.stage.joint
    assert joint is not None
    assert (joint.chosen_by, joint.closes_all) == ("meeting_departments", True)
    assert "public-security" not in joint.units
    road.take("to-mediation", "document:minutes", meeting_decision="镇领导包案", meeting_lead="张")
    assert road.at == "town-mediate"


def test_unsolved_after_two_assignments_goes_up_to_the_county_for_ten_days() -> None:
    road = registered().take("administrative", way="administrative", lead_department="housing")
    road.take("mediate-instead", department_result="愿意调解")
    for _ in range(2):
        road.take("may-grow").take(
            "to-mediation", "document:minutes", meeting_decision="再调", meeting_lead="张"
        )
    road.take("may-grow")
    assert (road.at, road.limit) == ("county-handle", "10 days")
    road.take("settled", "document:minutes", county_result="已化解")
    assert road.at == "visit-seven"


def test_a_department_that_says_not_ours_names_the_article_and_is_ruled_on() -> None:
    road = registered().take("administrative", way="administrative", lead_department="housing")
    assert road.missing("not-ours") == ["legal_basis"]
    road.take("not-ours", legal_basis="三定方案第三条")
    road.take("ruled", lead_department="natural-resources")
    assert road.at == "department-handle"


def test_a_dispute_of_another_village_goes_there_and_is_not_sent_round_for_ever() -> None:
    road = Road(KEY, "patrol", **{"class": "S0101"})
    for _ in range(2):
        road.take("other-village", right_grid="350583111201001")
        assert road.at == "register"
    road.take("other-village", right_grid="350583111201001")
    assert road.at == "triage"


def test_a_petition_is_told_in_15_days_answered_in_60_and_extended_once_by_30() -> None:
    road = petition()
    assert road.limit == "15 days"
    decision: dict[str, Any] = {"petition_accepted": "accepted", "lead_department": "housing"}
    road.take("accepted", "document:acceptance-notice", agent_wanted=False, **decision)
    assert (road.limit, road.stage.who.is_responsible) == ("60 days", True)
    rule = road.definition.extension_of(road.stage)
    assert rule is not None
    assert (str(rule.step), rule.at_most, rule.decided_by.role) == ("30 days", 1, "governance-centre")
    road.take("replied", "document:reply", petition_result="supported", reply_no="示例2号")
    assert "passed" not in road.open_exits(delivered=False)
    road.take("passed", "document:service-receipt", delivered=True, review_told=True)
    assert road.ended


def test_the_village_runs_errands_only_for_those_who_want_it() -> None:
    road = petition()
    decision: dict[str, Any] = {"petition_accepted": "accepted", "lead_department": "housing"}
    assert road.open_exits(agent_wanted=False, **decision) == {"accepted"}
    assert road.open_exits(agent_wanted=True, **decision) == {"accepted-agent"}
    assert road.stage.exits["accepted-agent"].starts == ("agent-errands",)
    assert road.stage.exits["accepted"].starts == ()


def test_nobody_who_petitions_is_followed() -> None:
    """Beside a petition only the department's progress and the errands asked for are reported."""
    follow_ups = definition(KEY).follow_ups
    beside = {key for key, one in follow_ups.items() if "petition-handle" in one.while_}
    assert beside == {"agent-errands", "petition-mid-term"}
    assert follow_ups["agent-errands"].by_exit
    assert {key for key, one in follow_ups.items() if one.who.role.startswith("town-police")} == set()
    assert Source.CAMERA not in definition(KEY).discovery


def test_a_petition_objection_keeps_the_original_time() -> None:
    road = petition()
    decision: dict[str, Any] = {"petition_accepted": "accepted", "lead_department": "housing"}
    road.take("accepted", "document:acceptance-notice", agent_wanted=False, **decision)
    road.take("not-ours", legal_basis="三定方案第三条")
    assert road.stage.exits["ruled"].assigns.due == "petition_due"


def test_a_petition_with_another_legal_road_is_told_so() -> None:
    road = petition().take(
        "other-road", "document:not-accepted-notice", petition_accepted="other-road", agent_wanted=False
    )
    assert road.ended


def test_progress_is_reported_weekly_and_silence_is_noticed() -> None:
    report = definition(KEY).follow_ups["mediation-progress"]
    assert report.every is not None
    assert (report.who.role, str(report.every.default)) == ("mediator", "7 days")
    assert told_when_late(KEY, "mediation-progress") == ["owner", "town-governance-centre"]
    (growing, danger) = report.alerts
    assert "town-police" not in {who.role for who in growing.tell}
    assert "town-police" in {who.role for who in danger.tell}


def test_the_names_of_the_parties_are_personal_and_do_not_stay_for_ever() -> None:
    assert personal(KEY) == {"parties"}
    assert said(written(KEY), "erase") == "3650 d"
