"""The road of a report: opened, joined, pooled or rejected, and never dropped."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.rules.refusals import NotPermitted
from onegrid.cases import queries as cases
from onegrid.intake.models import Report
from onegrid.intake.rules.access import ChannelNotYours
from onegrid.intake.rules.reports import Channel, Outcome, OutcomeKind, Reporter
from onegrid.intake.tests.factories import (
    COUNTY,
    FIRE,
    GRID,
    LAMP,
    NEXT_GRID,
    NOW,
    OTHER_GRID,
    OTHER_VILLAGE,
    STALL,
    TOWN,
    Staff,
    citizen,
    middle,
    receive,
    report,
)
from onegrid.kernel.coordinates import CoordinateSystem, from_wgs84
from onegrid.scenarios.rules import Source
from onegrid.workforce import actions as workforce
from onegrid.workforce.actions import NewPost

OPENED, JOINED, POOLED, REJECTED, REPEATED = (
    OutcomeKind.OPENED, OutcomeKind.JOINED, OutcomeKind.POOLED, OutcomeKind.REJECTED, OutcomeKind.REPEATED,
)  # fmt: skip


def kinds(outcomes: list[Outcome]) -> list[OutcomeKind]:
    return [outcome.kind for outcome in outcomes]


def stored(outcome: Outcome) -> Report:
    return Report.objects.get(id=outcome.report_id)


def events(topic: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_outbox WHERE topic = %s", [topic])
        return int(cursor.fetchone()[0])


def test_a_report_finds_its_grid_and_opens_a_case_at_the_one_accountable_post(world: Staff) -> None:
    (outcome,) = receive([report()])
    assert outcome.kind is OPENED
    assert outcome.case_id is not None
    case = cases.states([outcome.case_id])[outcome.case_id]
    assert (case.grid_code, case.owner) == (GRID, world.posts["grid-head@350583111201"])
    assert outcome.case_number == case.number
    assert stored(outcome).grid_code == GRID


def test_a_second_report_of_the_same_matter_joins_the_open_case(world: Staff) -> None:
    first, second, third = receive([report(), report(north_m=49), report(north_m=120)])
    assert kinds([first, second, third]) == [OPENED, JOINED, OPENED]
    assert second.case_id == first.case_id
    assert kinds(receive([report(north_m=-30)])) == [JOINED]
    assert first.case_id is not None
    assert cases.states([first.case_id])[first.case_id].report_count == 3


def test_another_class_or_a_place_further_off_is_another_matter(world: Staff) -> None:
    assert kinds(receive([report(), report(class_code=STALL), report(north_m=51)])) == [OPENED] * 3


def test_coordinates_of_any_named_system_mean_the_same_place(world: Staff) -> None:
    lng, lat = middle(GRID)
    batch = [report()]
    for system in (CoordinateSystem.GCJ02, CoordinateSystem.BD09, CoordinateSystem.CGCS2000):
        east, north = from_wgs84(lng, lat, system)
        batch.append(report(lng=east, lat=north, system=system))
    assert kinds(receive(batch)) == [OPENED, JOINED, JOINED, JOINED]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lng": None, "lat": None, "system": None}, "intake.place-unknown"),
        ({"lng": 118.9, "lat": 24.5}, "intake.place-outside"),
        ({"grid_code": "350583999999001"}, "intake.grid-unknown"),
        ({"class_code": None, "description": "天气不错"}, "intake.class-unknown"),
        ({"class_code": "X99"}, "intake.class-not-listed"),
        ({"class_code": LAMP}, "intake.no-scenario"),
        ({"form": {"amount": "很多"}}, "intake.form-invalid"),
        ({"channel": Channel.PUBLIC}, "intake.verify-first"),
    ],
)
def test_what_a_person_must_look_at_waits_in_the_pool(
    world: Staff, fields: dict[str, Any], reason: str
) -> None:
    (outcome,) = receive([report(**fields)])
    assert (outcome.kind, outcome.reason) == (POOLED, reason)
    assert outcome.reason_zh
    assert outcome.reason_en
    kept = stored(outcome)
    assert kept.case_id is None
    assert kept.area_code == (kept.grid_code or COUNTY)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lng": math.nan}, "intake.not-a-coordinate"),
        ({"lng": 24.955, "lat": 118.385}, "intake.swapped-coordinate"),
        ({"system": None}, "intake.system-missing"),
        ({"lat": None}, "intake.half-coordinate"),
        ({"description": "", "class_code": None}, "intake.nothing-said"),
        ({"external_id": ""}, "intake.key-missing"),
    ],
)
def test_what_its_sender_can_mend_is_rejected_with_a_reason_and_kept(
    world: Staff, fields: dict[str, Any], reason: str
) -> None:
    (outcome,) = receive([report(**fields)])
    assert (outcome.kind, outcome.reason) == (REJECTED, reason)
    assert stored(outcome).reason == reason


def test_a_rejected_report_can_be_sent_again_corrected_under_the_same_key(world: Staff) -> None:
    wrong = report(system=None)
    (first,) = receive([wrong])
    (again,) = receive([wrong])
    assert again == first
    assert kinds(receive([replace(wrong, system=CoordinateSystem.WGS84)])) == [OPENED]
    assert Report.objects.count() == 2


def test_the_words_name_the_class_where_the_sender_does_not(world: Staff) -> None:
    (outcome,) = receive([report(class_code=None, description="村口垃圾成堆没人管")])
    assert outcome.kind is OPENED
    assert stored(outcome).class_code == "E0102"


def test_a_grid_named_by_the_sender_goes_before_the_coordinate(world: Staff) -> None:
    named, bare = receive(
        [report(grid_code=NEXT_GRID), report(lng=None, lat=None, system=None, grid_code=NEXT_GRID)]
    )
    assert [stored(each).grid_code for each in (named, bare)] == [NEXT_GRID, NEXT_GRID]
    assert kinds([named, bare]) == [OPENED, OPENED]


def test_a_report_whose_town_only_is_known_goes_to_that_town(world: Staff) -> None:
    (outcome,) = receive([report(lng=None, lat=None, system=None, grid_code=TOWN)])
    assert stored(outcome).area_code == TOWN


def test_sending_a_report_again_gives_the_first_outcome(world: Staff) -> None:
    once, waiting = report(), report(class_code=LAMP)
    first, pooled = receive([once, waiting])
    again, still = receive([once, waiting])
    assert (again.kind, again.first, again.report_id, again.case_id) == (
        REPEATED, OPENED, first.report_id, first.case_id,
    )  # fmt: skip
    assert (still.first, still.reason) == (POOLED, "intake.no-scenario")
    assert pooled.report_id == still.report_id
    twice, thrice = receive([report(external_id="x")] * 2)
    assert (twice.kind, thrice.kind, thrice.report_id) == (JOINED, REPEATED, twice.report_id)
    assert first.case_id is not None
    assert cases.states([first.case_id])[first.case_id].report_count == 2


def test_another_report_under_a_used_key_is_refused_and_names_the_first(world: Staff) -> None:
    once = report()
    (first,) = receive([once])
    batch = [
        replace(once, description="别的事"),
        report(external_id="y"),
        report(external_id="y", title="又一件"),
    ]
    reused, kept, conflict = receive(batch)
    assert [each.reason for each in (reused, conflict)] == ["intake.key-reused"] * 2
    assert str(first.report_id) in reused.reason_zh
    assert conflict.report_id == kept.report_id
    assert Report.objects.count() == 2


def test_the_same_key_on_another_channel_is_another_report(world: Staff) -> None:
    batch = [report(external_id="z"), report(external_id="z", channel=Channel.DEPARTMENT)]
    assert kinds(receive(batch)) == [OPENED, JOINED]


def test_a_fallback_point_is_no_coordinate(world: Staff) -> None:
    batch = [report(class_code=(RUBBISH_OR_STALL := ("E0102", STALL))[i % 2]) for i in range(40)]
    outcomes = receive(batch)
    assert len(RUBBISH_OR_STALL) == 2
    assert kinds(outcomes[:30]) == [OPENED, OPENED] + [JOINED] * 28
    assert {each.reason for each in outcomes[30:]} == {"intake.place-repeated"}
    (later,) = receive([report(reported_at=NOW + timedelta(days=8))], now=NOW + timedelta(days=8))
    assert later.kind is JOINED


def test_a_device_may_stand_where_it_stands(world: Staff) -> None:
    outcomes = receive([report(channel=Channel.DEVICE) for _ in range(40)])
    assert kinds(outcomes) == [OPENED] + [JOINED] * 39


def test_a_report_nobody_answers_for_waits_instead_of_being_lost(world: Staff) -> None:
    workforce.create_posts(
        [NewPost("grid-head", OTHER_VILLAGE, key="second-head", title_zh="又一网格长")], by=SYSTEM, now=NOW
    )
    first, neighbour, here = receive([report(grid=OTHER_GRID), report(grid=OTHER_GRID), report()])
    assert kinds([first, neighbour, here]) == [POOLED, POOLED, OPENED]
    assert first.reason.startswith("workforce.")


def test_a_danger_to_life_opens_at_once_on_every_channel_and_alarms(world: Staff) -> None:
    usual, danger = receive([report(), report(channel=Channel.PUBLIC, description="垃圾堆着火了，有人被困")])
    assert kinds([usual, danger]) == [OPENED, OPENED]
    assert danger.case_id is not None
    assert cases.states([danger.case_id])[danger.case_id].urgency == 3
    assert stored(danger).threats == ["casualty", "fire"]
    assert events("intake.life-threat-reported") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"class_code": FIRE},
        {"description": "楼里着火了", "lng": math.nan},
        {"description": "着火了", "system": None},
    ],
)
def test_a_danger_to_life_is_never_silenced(world: Staff, fields: dict[str, Any]) -> None:
    (outcome,) = receive([report(**fields)])
    assert outcome.kind is POOLED
    assert stored(outcome).urgent
    assert events("intake.life-threat-reported") == 1


def test_a_report_from_the_future_counts_from_now(world: Staff) -> None:
    (outcome,) = receive([report(reported_at=NOW + timedelta(days=3))])
    assert stored(outcome).reported_at == NOW


def test_who_reported_is_stored_unreadable(world: Staff) -> None:
    (outcome,) = receive([report(reporter=Reporter("张三", "13800000000"))])
    kept = stored(outcome)
    assert kept.contact is not None
    assert b"138" not in bytes(kept.contact)
    assert kept.contact_digest is not None


def test_residents_cannot_pass_the_pool_by_calling_themselves_grid_workers(world: Staff) -> None:
    with pytest.raises(ChannelNotYours):
        receive([report()], by=citizen())
    assert kinds(receive([report(channel=Channel.PUBLIC)], by=citizen())) == [POOLED]
    assert kinds(receive([report()], by=world.actor("lin"))) == [OPENED]
    with pytest.raises(ChannelNotYours):
        receive([report(channel=Channel.DEVICE)], by=world.actor("lin"))
    with pytest.raises(NotPermitted):
        receive([report()], by=replace(citizen(), permissions=frozenset()))


def test_everything_that_came_in_is_somewhere(world: Staff) -> None:
    batch = [report(), report(), report(class_code=LAMP), report(system=None), report(source=Source.PATROL)]
    outcomes = receive([*batch, batch[0]])
    assert Report.objects.count() == 5
    assert len(outcomes) == 6


def test_a_single_report_costs_few_statements(world: Staff, django_assert_max_num_queries: object) -> None:
    receive([report(), report(class_code=STALL)])
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        receive([report(north_m=300)])
