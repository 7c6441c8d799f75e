"""Party branch meetings 三会一课与支部活动 as practice asks for it."""

import pytest

from onegrid.scenarios.rules import FieldKind, check_values
from onegrid.scenarios.rules.fields import visible_to
from onegrid.scenarios.tests.files import definition
from onegrid.scenarios.tests.roads import Road

KEY = "party-meetings"
RECORD = ("document:minutes", "photo:site")
MEETING = {
    "branch_name": "某村党支部",
    "meeting_kind": "lesson",
    "held_on": "2026-11-20",
    "topic": "学习",
    "host": "张某",
    "speaker": "李某",
    "should_attend": 20,
    "attended": 18,
    "attendance": [{"member_name": "王某", "presence": "present"}],
}


def registered(origin: str, **facts: object) -> Road:
    return Road(KEY, "patrol", origin=origin, **{**MEETING, **facts})


@pytest.mark.parametrize(
    ("origin", "first", "role"),
    [
        ("village-organiser", "village-secretary", "grid-head"),
        ("village-group", "village-organiser", "village-centre"),
        ("town-organiser", "town-secretary", "town-head"),
        ("town-group", "town-organiser", "town-party"),
        ("county-organiser", "unit-desk", "grid-office"),
        ("county-group", "unit-desk", "grid-office"),
    ],
)
def test_each_of_the_six_origins_has_its_way_in(origin: str, first: str, role: str) -> None:
    road = registered(origin)
    assert (road.at, road.stage.who.role) == (first, role)


@pytest.mark.parametrize("origin", ["village-organiser", "village-group"])
def test_a_village_meeting_whose_village_is_not_given_is_confirmed_by_the_town(origin: str) -> None:
    assert Road(KEY, "department", "town", origin=origin, **MEETING).at == "town-organiser"


@pytest.mark.parametrize(
    ("origin", "exit_", "stage", "role"),
    [
        ("county-group", "to-organiser", "unit-organiser", "department-handler"),
        ("county-organiser", "to-secretary", "unit-secretary", "department-head"),
    ],
)
def test_a_county_units_meeting_goes_to_that_unit(origin: str, exit_: str, stage: str, role: str) -> None:
    road = registered(origin)
    assert road.open_exits() == {exit_}
    assert road.missing(exit_) == ["branch_unit"]
    road.take(exit_, branch_unit="education")
    assert (road.at, road.stage.who.role, road.stage.who.is_responsible) == (stage, role, True)


@pytest.mark.parametrize("origin", ["village-organiser", "town-organiser"])
def test_the_secretary_confirms_with_minutes_and_photos_and_it_is_archived(origin: str) -> None:
    road = registered(origin)
    assert road.missing("recorded", true_and_complete=True) == ["document:minutes", "photo:site"]
    road.take("recorded", *RECORD, true_and_complete=True)
    assert road.at == "archived"


def test_the_organiser_confirms_what_a_group_leader_reports() -> None:
    road = registered("village-group").take("recorded", *RECORD)
    assert road.at == "archived"


def test_what_is_lacking_is_asked_for_twice_at_most() -> None:
    road = registered("town-group")
    assert road.missing("supplement") == ["lacking"]
    for _ in range(2):
        road.take("supplement", lacking=["photos"])
        assert (road.at, road.limit) == ("town-organiser", "3 working days")
    assert road.stage.exits["supplement"].target(taken=2) is None


def test_the_secretary_sends_an_incomplete_record_back_to_the_organiser() -> None:
    road = registered("village-organiser")
    assert "recorded" not in road.open_exits(true_and_complete=False)
    road.take("supplement", true_and_complete=False)
    assert road.at == "village-organiser"
    road.take("to-secretary", "document:minutes").take(
        "not-recorded", true_and_complete=False, invalid_reason="未实际召开"
    )
    assert road.at == "archived"


@pytest.mark.parametrize("kind", ["congress", "committee"])
def test_a_congress_or_committee_is_recorded_with_its_decisions(kind: str) -> None:
    meeting = {**MEETING, "meeting_kind": kind}
    meeting.pop("speaker")
    road = Road(KEY, "patrol", origin="village-group", **meeting)
    assert road.missing("recorded", *RECORD) == ["decisions"]
    assert road.take("recorded", *RECORD, decisions="通过").ended


def test_there_are_six_kinds_of_meetings_and_a_lesson_has_its_speaker() -> None:
    form = definition(KEY).form
    kinds = form.get("meeting_kind")
    assert kinds is not None
    keys = ["congress", "committee", "group", "lesson", "theme-day", "life"]
    assert [one.key for one in kinds.choices] == keys
    facts = {"origin": "village-group", **MEETING}
    facts.pop("speaker")
    assert [one.field for one in check_values(form, facts)] == ["speaker"]


def test_nothing_links_a_meeting_to_the_register_of_residents() -> None:
    found = definition(KEY)
    forms = [found.form, *(stage.form for stage in found.stages.values())]
    kinds = {one.kind for form in forms for one in form.fields}
    linked = {FieldKind.PERSON, FieldKind.MIRROR, FieldKind.BUILDING, FieldKind.ENTERPRISE, FieldKind.CASE}
    assert not kinds & linked
    assert found.nearest is None


def test_names_are_hidden_from_grid_workers_and_erased_after_a_year() -> None:
    found = definition(KEY)
    seen = visible_to(found.form, MEETING, roles=frozenset({"grid-worker-2"}), works=True)
    assert (seen["host"], seen["attendance"]) == (None, None)
    assert seen["topic"] == "学习"
    assert visible_to(found.form, MEETING, roles=frozenset({"grid-head"}), works=True)["host"] == "张某"
    assert visible_to(found.form, MEETING, roles=frozenset({"grid-head"}))["host"] is None
    assert found.erase_days == 365


def test_a_late_confirmation_is_told_but_brings_no_card() -> None:
    assert {step.card for step in definition(KEY).escalation} == {None}
