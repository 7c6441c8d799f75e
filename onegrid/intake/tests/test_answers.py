"""Whoever reported hears the answer; a danger to life is told at once."""

from dataclasses import fields, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from onegrid.cases import actions as cases
from onegrid.cases.events import ALL, CaseClosed, CaseErased, CaseEvent, CaseTold
from onegrid.cases.rules.commands import Merge
from onegrid.intake import actions, events
from onegrid.intake.models import Report
from onegrid.intake.rules.pool import Onboarding, Rejection
from onegrid.intake.rules.reports import Channel, Outcome, Reporter
from onegrid.intake.tests.factories import COUNTY, GRID, NOW, TOWN, Staff, citizen, clerk_of, receive, report
from onegrid.kernel import outbox
from onegrid.kernel.ids import EventId
from onegrid.kernel.refusals import Refusal

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The listeners of intake, and nobody else's."""
    monkeypatch.setattr(outbox, "_routes", {})
    for event in ALL:
        outbox.route(event)
    outbox.route(events.ReportTakenUp, actions.tell_taken_up)
    outbox.route(events.ReportRejected, actions.tell_rejected)
    outbox.route(events.LifeThreatReported, actions.alert_duty_rooms)


def told() -> list[tuple[str, str, bool]]:
    """Template, kind of recipient and urgency of all notices."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT template, to_kind, urgent FROM notices_notice ORDER BY key")
        return [(template, kind, urgent) for template, kind, urgent in cursor.fetchall()]


def closed(outcome: Outcome, *, answer: str = "已清理") -> CaseClosed:
    assert outcome.case_id is not None
    return CaseClosed(
        event_id=EventId(uuid4()), case_id=outcome.case_id, number=outcome.case_number, title="垃圾",
        scenario="environment-sanitation", grid_code=GRID, stage="check", stage_zh="核查", owner=None,
        due_at=None, by="王", at=LATER, phase="closed", outcome="done", answer=answer, on_time=True,
        closed_at=LATER,
    )  # fmt: skip


def test_who_reported_a_merged_case_hears_what_its_lead_tells(world: Staff) -> None:
    lead, child = receive([report(), report(north_m=300)], by=world.actor("lin"))
    assert lead.case_id is not None and child.case_id is not None
    merge = Merge(case_id=child.case_id, into=lead.case_id, reason="同一堆")
    (done,) = cases.perform([merge], by=world.actor("mei"), now=NOW)
    assert not isinstance(done, Refusal)
    facts = {field.name: getattr(closed(lead), field.name) for field in fields(CaseEvent)}
    event = CaseTold(**facts, posts=(), reporters=True, urgent=False, zh="已开始清理", en="Started")
    actions.tell_reporters([event])
    actions.tell_reporters([event])
    assert sorted(told()) == [("reporter-told", "account", False)] * 2


def test_everyone_who_reported_gets_the_answer_once(world: Staff) -> None:
    first, joined = receive(
        [report(), report(reporter=Reporter("张三", "13800000000"))], by=world.actor("lin")
    )
    event = closed(first)
    actions.mark_answered([event])
    actions.mark_answered([event])
    kept = Report.objects.filter(id__in=[first.report_id, joined.report_id])
    assert {(each.answer, each.answered_at) for each in kept} == {("已清理", LATER)}
    assert sorted(kind for _, kind, _ in told()) == ["account", "account", "reporter"]


def test_a_case_that_ends_again_answers_again(world: Staff) -> None:
    (first,) = receive([report()], by=world.actor("lin"))
    once = closed(first)
    reworked = replace(once, event_id=EventId(uuid4()), answer="返工后已清理")
    actions.mark_answered([once, replace(reworked, closed_at=LATER + timedelta(days=1))])
    actions.mark_answered([once])
    assert Report.objects.get(id=first.report_id).answer == "返工后已清理"


def test_the_reports_of_a_case_forget_the_personal_answers_that_it_erased(world: Staff) -> None:
    first, other = receive(
        [report(), report(reporter=Reporter("张三", "13800000000"))], by=world.actor("lin")
    )
    Report.objects.update(form={"phone": "13800000000", "kind": "new"})
    end = closed(first)
    facts = {one.name: getattr(end, one.name) for one in fields(CaseEvent)}
    erased = CaseErased(**facts, fields=("phone", "builder"))
    actions.forget_answers([erased])
    actions.forget_answers([erased])
    kept = Report.objects.filter(id__in=[first.report_id, other.report_id])
    assert [each.form for each in kept] == [{"kind": "new"}] * 2


def test_what_a_scenario_tells_reporters_reaches_all_of_them(world: Staff) -> None:
    first, _ = receive([report(), report()], by=world.actor("lin"))
    assert first.case_id is not None
    event = CaseTold(
        event_id=EventId(uuid4()), case_id=first.case_id, number=first.case_number, title="垃圾",
        scenario="environment-sanitation", grid_code=GRID, stage="check", stage_zh="核查", owner=None,
        due_at=None, by="王", at=LATER, posts=(), reporters=True, urgent=False, zh="明日清理", en="Soon",
    )  # fmt: skip
    actions.tell_reporters([event, replace(event, reporters=False)])
    assert told() == [("reporter-told", "account", False)] * 2


def test_a_resident_hears_what_the_desk_decided(world: Staff) -> None:
    desk = clerk_of(TOWN)
    sent = [report(channel=Channel.PUBLIC, north_m=north) for north in (0, 200)]
    taken, refused = receive(sent, by=citizen())
    actions.onboard([Onboarding(taken.report_id)], by=desk, now=LATER)
    actions.reject([Rejection(refused.report_id, "非本市事项")], by=desk, now=LATER)
    outbox.drain(now=LATER)
    assert [template for template, _, _ in told()] == ["reporter-received", "reporter-rejected"]
    assert not [letter for letter in outbox.dead_letters() if letter.topic.startswith("intake.")]


def test_duty_rooms_of_village_town_and_county_hear_of_a_danger_at_once(world: Staff) -> None:
    placeless = report(description="着火了", lng=None, lat=None, system=None)
    placed, unplaced = receive([report(description="垃圾堆着火了"), placeless])
    assert Report.objects.get(id=unplaced.report_id).area_code == COUNTY
    outbox.drain(now=LATER)
    assert told() == [("case-emergency", "post", True)] * 4
    assert placed.case_id is not None
