"""已有人上报，选择关注: the report joins that case directly, or takes the usual road and says why."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions as cases
from onegrid.cases import queries as case_queries
from onegrid.cases.rules.commands import Void
from onegrid.intake.actions import mark_answered
from onegrid.intake.models import Report
from onegrid.intake.rules.reports import Channel, Outcome, OutcomeKind
from onegrid.intake.tests.factories import NOW, OTHER_GRID, STALL, Staff, citizen, receive, report
from onegrid.intake.tests.test_answers import closed
from onegrid.intake.tests.test_api import body, client_of, resident, send
from onegrid.kernel.ids import CaseId, new_id

__all__ = ["resident"]  # a fixture
pytestmark = pytest.mark.django_db


def running() -> Outcome:
    (outcome,) = receive([report()])
    return outcome


def following(case: Outcome, **fields: Any) -> Any:
    return report(channel=Channel.PUBLIC, follows=case.case_id, north_m=20, **fields)


def test_a_residents_report_joins_the_case_he_follows_without_a_desk(world: Staff) -> None:
    first, zhang = running(), citizen()
    (joined,) = receive([following(first)], by=zhang)
    assert (joined.kind, joined.case_id, joined.not_followed) == (OutcomeKind.JOINED, first.case_id, "")
    assert first.case_id is not None
    assert case_queries.states([first.case_id])[first.case_id].report_count == 2
    mark_answered([closed(first)])
    assert Report.objects.get(id=joined.report_id).answer == "已清理"
    (pooled,) = receive([report(channel=Channel.PUBLIC)], by=zhang)
    assert pooled.kind is OutcomeKind.POOLED  # who follows nothing waits as ever


def test_a_worker_follows_too_and_each_of_a_batch_is_decided_by_itself(world: Staff) -> None:
    first = running()
    mine = replace(following(first), channel=Channel.WORKER)
    wrong = replace(mine, external_id="w", class_code=STALL)
    outcomes = receive([mine, wrong, report(north_m=400)], by=world.actor("lin"))
    assert [one.kind for one in outcomes] == [OutcomeKind.JOINED, OutcomeKind.OPENED, OutcomeKind.OPENED]
    assert [one.not_followed for one in outcomes] == ["", "intake.not-followed", ""]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"grid": OTHER_GRID}, "不在您上报地点附近"),
        ({"class_code": STALL}, "不在您上报地点附近"),
        ({"lng": None, "lat": None, "system": None, "grid_code": "350583111201003"}, "不在您上报地点附近"),
        ({"class_code": None, "description": "说不清"}, "看不出属于哪一类"),
    ],
)
def test_what_is_not_the_same_place_or_kind_takes_the_usual_road_and_says_so(
    world: Staff, fields: dict[str, Any], why: str
) -> None:
    first = running()
    sent = report(channel=Channel.PUBLIC, follows=first.case_id, **fields)
    (outcome,) = receive([sent], by=citizen())
    assert (outcome.kind, outcome.not_followed) == (OutcomeKind.POOLED, "intake.not-followed")
    assert why in outcome.not_followed_zh
    assert Report.objects.filter(id=outcome.report_id, kind="pooled").exists()


def test_a_case_that_has_ended_or_is_not_there_is_not_followed(world: Staff) -> None:
    first = running()
    assert first.case_id is not None
    cases.perform([Void(case_id=first.case_id, reason="误报")], by=SYSTEM, now=NOW)
    (ended,) = receive([following(first)], by=citizen())
    assert "已作废" in ended.not_followed_zh
    unknown = replace(following(first), follows=CaseId(new_id()))
    (nowhere,) = receive([unknown], by=citizen())
    assert (nowhere.kind, "没有这个事件" in nowhere.not_followed_zh) == (OutcomeKind.POOLED, True)


def test_a_danger_to_life_does_not_disappear_in_a_matter_that_is_none(world: Staff) -> None:
    first = running()
    (outcome,) = receive([following(first, description="垃圾堆着火了，有人被困")], by=citizen())
    assert outcome.case_id != first.case_id
    assert outcome.not_followed == "intake.not-followed"


def test_sent_twice_it_is_counted_once(world: Staff) -> None:
    first = running()
    sent = following(first)
    receive([sent], by=citizen())
    (again,) = receive([sent], by=citizen())
    assert (again.kind, again.first, again.case_id) == (
        OutcomeKind.REPEATED,
        OutcomeKind.JOINED,
        first.case_id,
    )
    assert first.case_id is not None
    assert case_queries.states([first.case_id])[first.case_id].report_count == 2


def test_a_resident_follows_over_http_what_he_was_shown_and_finds_it_among_his_own(resident: Client) -> None:
    lin = client_of("lin", ["report.create", "case.read"])
    case = send(lin, body()).json()["case_id"]
    mine = body(channel="public", external_id="z-1")
    query = {name: mine[name] for name in ("lng", "lat", "system", "class_code")}
    (shown,) = resident.get("/api/reports/nearby", query).json()
    answer = send(resident, {**mine, "follows": shown["case_id"]})
    assert (answer.status_code, answer.json()["kind"], answer.json()["case_id"]) == (201, "joined", case)
    assert [one["case_id"] for one in resident.get("/api/reports").json()["items"]] == [case]
    assert send(resident, {**mine, "external_id": "z-2", "follows": "x"}).status_code == 422


def test_a_worker_lists_what_he_sent_over_every_channel_newest_first(world: Staff) -> None:
    lin, wang = (client_of(name, ["report.create", "case.read"]) for name in ("lin", "wang"))
    sent = [
        send(lin, body(external_id=f"l-{i}", channel=channel)).json()["report_id"]
        for i, channel in enumerate(("worker", "public", "renewal"))
    ]
    send(wang, body(external_id="w-1"))
    page = lin.get("/api/reports", {"limit": 2}).json()
    rest = lin.get("/api/reports", {"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["id"] for one in (*page["items"], *rest["items"])] == sent[::-1]
    assert rest["next_cursor"] == ""
