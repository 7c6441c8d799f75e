"""Care visits to old people alone 独居老人等探访关爱 as practice asks for it."""

from typing import Any

import pytest

from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.links import opened, personal, said, told_when_late
from onegrid.scenarios.tests.roads import Road, written

KEY = "elderly-care"
KNOWN: dict[str, Any] = {
    "elder_name": "某老人",
    "elder_address": "某村3号",
    "kin_phone": "13800000000",
    "living": "alone",
}
CONSENT = "signature:consenting-person"
UNTIL = "2027-11-24T00:00:00+08:00"


def enrolled() -> Road:
    road = Road(KEY, "visit", serious_change=False)
    return road.take("consented", CONSENT, wants_visits="wants", proposed_need="weekly", **KNOWN)


def cared(need: str = "intensive") -> Road:
    exit_ = "weekly" if need == "intensive" else "regular"
    return enrolled().take(
        exit_, "document:consent", confirmed_need=need, consent_checked=True, care_until=UNTIL
    )


@pytest.mark.parametrize(
    ("source", "answers", "first"),
    [
        ("visit", {"serious_change": False}, "enrol"),
        ("renewal", {}, "enrol"),
        ("department", {}, "enrol"),
        ("device", {"device_signal": "panic"}, "device-visit"),
        ("clinic", {"serious_change": True}, "urgent-visit"),
        ("public", {"serious_change": True}, "urgent-visit"),
    ],
)
def test_a_device_alarm_and_a_serious_change_go_before_the_list(
    source: str, answers: dict[str, Any], first: str
) -> None:
    assert Road(KEY, source, **answers).at == first


def test_nobody_is_visited_without_a_signed_consent_and_a_no_is_respected() -> None:
    road = Road(KEY, "visit", serious_change=False)
    wish: dict[str, Any] = {"wants_visits": "wants", "proposed_need": "weekly"}
    assert road.missing("consented", **wish, **KNOWN) == [CONSENT]
    assert road.open_exits(wants_visits="declines") == {"declined"}
    road.take("declined", wants_visits="declines")
    assert road.ended
    assert "document:consent" in enrolled().missing(
        "weekly", confirmed_need="intensive", consent_checked=True
    )


@pytest.mark.parametrize(
    ("need", "every"), [("intensive", "7 days"), ("key", "30 days"), ("general", "90 days")]
)
def test_visits_are_weekly_monthly_or_quarterly_by_need(need: str, every: str) -> None:
    road = cared(need)
    visit = road.definition.follow_ups["visit"]
    assert visit.every is not None
    assert str(visit.every.for_("S0901", answers=road.answers)) == every
    assert visit.who.role == "grid-worker-2"
    assert road.stage.who.role == "grid-head-2"


def test_care_ends_with_the_consent_and_personal_data_goes_soon_after() -> None:
    road = cared()
    assert road.entered is not None and road.entered.assigns.due == "care_until"
    assert str(road.stage.limit.default) == "365 days"
    assert said(written(KEY), "erase") == "30 d"
    names = {
        "elder_name",
        "elder_address",
        "elder_phone",
        "kin_name",
        "kin_phone",
        "need_grounds",
        "care_note",
    }
    assert names <= personal(KEY)


def test_three_days_without_an_answer_is_an_alarm_for_those_visited_weekly() -> None:
    road = enrolled()
    assert road.stage.exits["weekly"].starts == ("three-day-contact",)
    assert road.stage.exits["regular"].starts == ()
    contact = road.definition.follow_ups["three-day-contact"]
    assert contact.every is not None
    assert (str(contact.every.default), contact.by_exit) == ("3 days", True)
    assert told_when_late(KEY, "three-day-contact") == ["owner", "chief-head", "town-civil-affairs"]
    assert said(written(KEY), "follow_ups", "three-day-contact", "late", "text", "zh") is not None
    road = cared().take("no-answer", care_next="no-answer")
    assert (road.at, road.limit) == ("search", "2 clock hours")
    road.take("safe", search_result="away", asked_whom=["family"])
    assert road.at == "care"


def test_a_serious_change_brings_a_visit_within_24_hours() -> None:
    visit = definition(KEY).follow_ups["visit"]
    (serious, *_) = visit.alerts
    assert serious.urgent and "town-civil-affairs" in {who.role for who in serious.tell}
    road = cared("general").take("changed", care_next="changed")
    assert (road.at, road.limit) == ("urgent-visit", "24 clock hours")
    road.take("help", visit_result="help", kin_called=True)
    road.take("weekly", "document:consent", confirmed_need="intensive", consent_checked=True)
    assert road.at == "care"


def test_needs_become_orders_and_services_are_arranged_and_told() -> None:
    road = cared()
    found: dict[str, Any] = {
        "care_next": "needs",
        "needs_found": ["house", "gas", "electric", "relief", "medical", "meals"],
    }
    assert opened(road, "needs", **found) == ["S0203", "S0204", "S0205", "S0401", "S0402"]
    assert opened(road, "needs", care_next="needs", needs_found=["company"]) == []
    road.take("needs", service_departments=["health"], **found)
    assert (road.at, road.stage.who.role, road.limit) == ("arrange", "town-civil-affairs", "3 working days")
    assert road.missing("arranged", arranged="助餐员周三来") == ["told_elder"]
    road.take("arranged", arranged="助餐员周三来", told_elder=True)
    assert road.at == "care"


def test_a_device_alarm_is_answered_at_the_door() -> None:
    limit = definition(KEY).stages["device-visit"].limit
    assert str(limit.for_("S0901", answers={"device_signal": "panic"})) == "0.5 clock hours"
    assert str(limit.for_("S0901", answers={"device_signal": "no-power"})) == "2 clock hours"
    road = cared().take("device", care_next="device").take("well", alarm_result="false-alarm")
    assert road.at == "care"
    unknown = Road(KEY, "device", device_signal="panic").take("enrol", alarm_result="new")
    assert unknown.at == "enrol"


def test_who_is_not_found_is_searched_for_and_a_missing_person_becomes_a_case_of_the_police() -> None:
    road = Road(KEY, "device", device_signal="door").take("not-found", alarm_result="not-found")
    lost: dict[str, Any] = {"search_result": "missing", "asked_whom": ["family", "neighbours", "police"]}
    assert opened(road, "missing", **lost) == ["S0904"]
    road.take("missing", **lost).take("searching", emergency_result="searching", relief_needed=False)
    assert (road.at, road.limit) == ("emergency", "4 clock hours")
    assert opened(road, "back-to-care", emergency_result="home", relief_needed=True) == ["S0401"]
    road.take("back-to-care", emergency_result="home", relief_needed=True)
    assert road.at == "confirm"


def test_an_emergency_calls_for_help_first() -> None:
    road = Road(KEY, "clinic", serious_change=True).take(
        "emergency", visit_result="emergency", kin_called=True
    )
    assert (road.at, road.limit) == ("emergency", "2 clock hours")
    (message,) = definition(KEY).stages["urgent-visit"].exits["emergency"].messages
    assert message.urgent and {who.role for who in message.to} >= {"chief-head", "town-hospital"}
    road.take("ended", emergency_result="institution", relief_needed=False)
    assert road.ended


def test_care_is_reviewed_and_ends_when_it_is_no_longer_wanted() -> None:
    road = cared().take("review", care_next="review")
    road.take("regular", "document:consent", confirmed_need="general", consent_checked=True)
    assert road.missing("ended", care_next="ended") == ["end_reason"]
    road.take("ended", care_next="ended", end_reason="own-wish")
    assert road.ended


def test_an_incomplete_consent_is_asked_for_again_twice_at_most() -> None:
    leave = definition(KEY).stages["confirm"].exits["ask-again"]
    assert [leave.target(taken=times) for times in range(3)] == ["enrol", "enrol", None]


def test_health_notes_are_kept_from_those_who_do_not_need_them_and_nobody_is_scored() -> None:
    note = definition(KEY).form.get("care_note")
    assert note is not None and note.hidden is not None
    assert {"town-desk", "county-leader", "grid-office"} <= set(note.hidden.from_)
    words = (written(KEY)).get("stages")
    assert not any(word in str(words) for word in ("评分", "积分", "得分", "黑名单", "轨迹"))
