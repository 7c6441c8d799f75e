"""The watch against falling back into poverty 防返贫监测 as practice asks for it."""

from onegrid.kernel.calendar import ClockKind
from onegrid.scenarios.rules import check_values
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road

KEY = "poverty-watch"
CHAIN = ("assign", "facts", "meeting", "notice", "town-review", "screening", "decide")
AUTHORISED = ("signature:householder", "document:authorisation")
FACTS = {
    "finding": "at-risk",
    "members": [{"member_name": "张某", "relation": "head", "works": False, "at_school": False}],
    "income": 9000,
    "running_cost": 1000,
    "must_spend": 6000,
    "counted_people": 2,
    "schooling_safe": True,
    "medical_safe": True,
    "housing_safe": True,
    "water_safe": True,
}
MET = {"meeting_on": "2026-11-25", "attended": 21, "in_favour": 20, "meeting_reason": "符合条件"}
ANNOUNCED = {
    "notice_from": "2026-11-26",
    "notice_to": "2026-12-01",
    "notice_days": 5,
    "nothing_sensitive": True,
}
BOARD = ("document:village-notice", "photo:site*2")


def reported(**facts: object) -> Road:
    """A household that somebody is sent to."""
    known = {"household_head": "张某", "risk_causes": ["unemployment"], **facts}
    return Road(KEY, "visit", **known).take("assigned")


def met() -> Road:
    return reported().take("at-risk", *AUTHORISED, **FACTS)


def announced() -> Road:
    return met().take("proposed", "document:minutes", **MET)


def screened() -> Road:
    road = announced().take("no-objection", *BOARD, **ANNOUNCED).take("agreed", review_note="属实")
    return road.take("screened", screening_result="consistent")


def admitted() -> Road:
    facts = {"household_class": "margin", "help_measures": ["work"], "needs_goods": False}
    return screened().take("admitted", "document:decision", **facts)


def test_the_whole_chain_runs_to_the_decision_watching_and_lifting() -> None:
    road = admitted()
    assert road.way == [*CHAIN, "monitor"]
    road.take("goes-on", measures_done="已安排公益岗").take(
        "stable", "document:lift-proposal", measures_done="稳定", steady_months=6, all_secured=True
    )
    assert road.open_exits(village_agreed=False) == {"keep"}
    road.take("lifted", "document:village-notice", village_agreed=True, lift_note="稳定")
    assert road.ended
    assert road.definition.stages["lift"].exits["lifted"].outcome == "lifted"


def test_from_assignment_to_decision_it_takes_at_most_fifteen_calendar_days() -> None:
    stages = definition(KEY).stages
    limits = [stages[key].limit.default for key in (*CHAIN, "town-assign")]
    assert {limit.clock for limit in limits} == {ClockKind.DAYS}
    assert sum(limit.value for limit in limits) <= 15


def test_the_notice_stands_at_least_five_days_and_shows_nothing_sensitive() -> None:
    road = announced()
    short = {**ANNOUNCED, "notice_days": 4}
    assert road.missing("no-objection", *BOARD, **short) == ["notice_days"]
    careless = {"nothing_sensitive": False, "printed_wrongly": ["phone"]}
    assert road.open_exits(**careless) == {"printed-again"}
    assert road.stage.exits["printed-again"].tell_from == 1
    assert road.take("printed-again", **careless).limit == "6 days"
    assert road.missing("no-objection", **ANNOUNCED) == ["document:village-notice", "photo:site"]


def test_four_departments_screen_together_and_answer_without_raw_data() -> None:
    joint = definition(KEY).stages["screening"].joint
    assert joint is not None
    assert joint.chosen_by is None
    assert set(joint.units) == {"finance", "natural-resources", "market-regulation", "public-security"}
    assert (joint.closes_all, joint.waits_for) == (True, ("screened", "doubtful"))
    assert joint.form.keys() == {"compared", "to_explain"}
    assert [one.field for one in check_values(joint.form, {"compared": "to-explain"})] == ["to_explain"]


def test_nothing_goes_on_without_the_households_authorisation() -> None:
    road = reported()
    assert road.missing("at-risk", **FACTS) == ["signature:householder", "document:authorisation"]
    road.take("refused", finding="refused", facts_note="本人不愿")
    assert road.at == "archived"


def test_a_doubt_is_explained_by_the_household_once_and_then_decided() -> None:
    road = announced().take("no-objection", *BOARD, **ANNOUNCED).take("agreed", review_note="属实")
    doubt = {"screening_result": "doubtful", "screening_note": "名下有车"}
    assert "screened" not in road.open_exits(**doubt)
    road.take("doubtful", **doubt)
    assert road.at == "facts"
    assert road.definition.stages["screening"].exits["doubtful"].target(taken=1) == "decide"


def test_an_objection_brings_a_second_meeting_and_then_the_town() -> None:
    objection = {"notice_from": "2026-11-26", "nothing_sensitive": True, "objection_text": "有店面"}
    road = announced().take("objection", **objection)
    assert road.at == "meeting"
    road.take("proposed", "document:minutes", **MET)
    assert road.take("objection", **objection).at == "town-review"


def test_what_the_village_does_not_propose_is_still_reviewed_and_a_no_is_explained() -> None:
    road = met().take("not-proposed", "document:minutes", **MET)
    assert road.at == "town-review"
    assert road.missing("not-agreed", review_note="不符") == ["heard", "document:reply"]
    road.take("not-agreed", "document:reply", review_note="不符", heard=True)
    assert road.at == "archived"
    road = screened().take("not-admitted", "document:reply", refusal_reason="不符合条件")
    assert road.at == "closed"


def test_a_household_that_is_away_is_visited_again_twice() -> None:
    road = reported()
    away = {"finding": "absent", "facts_note": "外出务工"}
    assert road.take("away", **away).limit == "3 days"
    assert road.take("away", **away).at == "facts"
    assert road.take("away", **away).at == "archived"
    assert road.definition.stages["facts"].exits["away"].outcome == "not-reached"


def test_a_household_in_another_village_goes_there_by_way_of_the_town() -> None:
    road = reported().take("other-village", finding="elsewhere")
    assert road.take("reassigned", right_grid="350583111201001").at == "assign"
    assert Road(KEY, "department", "village").at == "town-assign"
    assert Road(KEY, "hotline", "town").take("not-here").at == "archived"


def test_urgent_relief_is_told_before_any_procedure() -> None:
    (_, relief) = definition(KEY).stages["assign"].messages
    assert relief.urgent
    assert [who.role for who in relief.to] == ["town-civil-affairs"]


def test_a_single_need_and_an_unsafe_house_open_cases_of_their_own() -> None:
    stages = definition(KEY).stages
    assert [one.class_code for one in stages["decide"].exits["admitted"].opens] == ["S0408"]
    assert [one.class_code for one in stages["facts"].exits["at-risk"].opens] == ["S0203"]


def test_names_phones_and_incomes_are_personal_and_erased_ninety_days_after_the_end() -> None:
    found = definition(KEY)
    forms = [found.form, *(stage.form for stage in found.stages.values())]
    personal = {one.key for form in forms for one in form.fields if one.personal}
    assert personal >= {
        "household_head", "household_phone", "members", "income", "running_cost", "must_spend", "net_income",
        "net_per_head", "risk_causes", "objection_text",
    }  # fmt: skip
    assert found.erase_days == 90


def test_the_helper_visits_every_month_and_a_new_trouble_is_an_alarm() -> None:
    visit = definition(KEY).follow_ups["helper-visit"]
    assert visit.every is not None
    assert str(visit.every.default) == "30 days"
    assert [alert.urgent for alert in visit.alerts] == [True, False]
    assert visit.late is not None
