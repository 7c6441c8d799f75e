"""Device storms on the whole road: one case, every alarm on record, duty rooms told once for each grid."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions as cases
from onegrid.cases.events import ALL
from onegrid.cases.rules.commands import Void
from onegrid.intake import actions, events
from onegrid.intake.models import Report
from onegrid.intake.rules.reports import Channel, Outcome, OutcomeKind, ReportIn
from onegrid.intake.rules.storms import JOINED
from onegrid.intake.tests.factories import GRID, NEXT_GRID, NOW, OTHER_GRID, Staff, receive, report
from onegrid.intake.tests.test_api import client_of
from onegrid.kernel import outbox


def alarm(number: int, *, apart_m: float = 60, **fields: Any) -> ReportIn:
    """An alarm of a camera over bins; cameras stand 60 m apart, so that the plain rule joins none of them."""
    usual: dict[str, Any] = {
        "external_id": f"d-{fields.get('grid', GRID)}-{number}",
        "north_m": apart_m * (number % 6 - 3),
        "reported_at": NOW + timedelta(seconds=number),
        "source_detail": {"device_id": f"camera-{number % 6}"},
        "description": "垃圾桶满溢",
    }
    return report(channel=Channel.DEVICE, **{**usual, **fields})


def shape(outcomes: list[Outcome]) -> list[tuple[OutcomeKind, str, int]]:
    """What became of each, with cases numbered as they come."""
    numbers: dict[object, int] = {}
    return [(one.kind, one.reason, numbers.setdefault(one.case_id, len(numbers))) for one in outcomes]


def alarms(count: int, **fields: Any) -> list[ReportIn]:
    return [alarm(number, **fields) for number in range(count)]


def test_the_first_alarms_open_cases_and_the_rest_join_the_first(world: Staff) -> None:
    outcomes = receive(alarms(8), now=NOW + timedelta(minutes=1))
    kinds = [one.kind.value for one in outcomes]
    assert kinds == ["opened"] * 3 + ["joined"] * 5
    assert {one.case_id for one in outcomes[3:]} == {outcomes[0].case_id}
    kept = Report.objects.filter(kind="joined")
    assert {(each.reason, each.reason_zh[:4]) for each in kept} == {(JOINED, "设备集中")}


def test_a_batch_is_the_same_as_one_after_the_other(world: Staff) -> None:
    now = NOW + timedelta(minutes=1)
    at_once = receive(alarms(20), now=now)
    one_by_one = [receive([each], now=now)[0] for each in alarms(20, grid=OTHER_GRID)]
    assert shape(one_by_one) == shape(at_once)
    assert {one.case_id for one in one_by_one}.isdisjoint(one.case_id for one in at_once)


def test_people_are_never_swept_into_a_storm(world: Staff) -> None:
    now = NOW + timedelta(minutes=1)
    receive(alarms(6), now=now)
    (seen,) = receive([report(north_m=150.0, reported_at=now)], now=now)
    assert seen.reason == ""


def test_the_case_says_how_many_alarms_of_how_many_devices(world: Staff) -> None:
    first, *_ = receive(alarms(9), now=NOW + timedelta(minutes=1))
    client: Client = client_of("lin", ["case.read", "report.create"])
    found = client.get(f"/api/cases/{first.case_id}/alarms").json()
    assert (found["alarms"], found["devices"], found["grids"]) == (7, 6, 1)
    stranger = client_of("chen", ["case.read", "report.create"])
    assert stranger.get(f"/api/cases/{first.case_id}/alarms").status_code == 404


def test_a_storm_whose_case_is_closed_opens_anew(world: Staff) -> None:
    now = NOW + timedelta(minutes=1)
    first, *_ = receive(alarms(6), now=now)
    assert first.case_id is not None
    void(first)
    (again,) = receive([alarm(90)], now=now + timedelta(minutes=1))
    assert again.case_id not in {None, first.case_id}


def void(outcome: Outcome) -> None:
    """The case ends."""
    assert outcome.case_id is not None
    (done,) = cases.perform(
        [Void(case_id=outcome.case_id, reason="设备误报")], by=SYSTEM, now=NOW + timedelta(minutes=1)
    )
    assert not isinstance(done, Exception), done


def test_a_danger_to_life_is_told_once_for_each_grid_of_the_storm(
    world: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_routes", {})
    for event in ALL:
        outbox.route(event)
    outbox.route(events.LifeThreatReported, actions.alert_duty_rooms)
    grids = [GRID] * 10 + [NEXT_GRID] * 10
    burning = [
        alarm(number, apart_m=30, description="垃圾着火了", grid_code=grid)
        for number, grid in enumerate(grids)
    ]
    outcomes = receive(burning, now=NOW + timedelta(minutes=1))
    assert [one.kind.value for one in outcomes[3:]] == ["joined"] * 17
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_outbox WHERE topic = 'intake.life-threat-reported'")
        told = cursor.fetchone()[0]
    assert told == 4  # the three before it was a storm, and the first of the other grid
