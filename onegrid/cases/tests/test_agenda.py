"""The joint conference: what comes before it, who sees it, what it decides."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.rules.refusals import NotPermitted
from onegrid.accounts.tests.factories import PASSWORD
from onegrid.cases import actions, queries
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.alarms import AGENDA, alarms
from onegrid.cases.rules.change import Asker, Told
from onegrid.cases.rules.escalation import escalations
from onegrid.cases.tests import factories as f
from onegrid.cases.tests import world as w
from onegrid.cases.tests.factories import NOW, City, made, opened, report
from onegrid.cases.tests.village import DAY, DESK, OFFICE, WORKER, ask
from onegrid.cases.tests.world import at_stage, holder, move
from onegrid.kernel import clock, history
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import ClassCode
from onegrid.scenarios.rules import AgendaRule

JSON: Any = {"content_type": "application/json"}
THREE = Limit.parse("3 working days")


def test_a_case_that_nobody_signs_in_comes_before_the_conference_once() -> None:
    case = at_stage("handle")
    due = w.CALENDAR.due(case.entered_at, THREE)
    assert alarms(case, w.ground())[AGENDA] == due
    before = escalations(case, Asker(SYSTEM, case.owner, due - timedelta(minutes=1)), w.ground())
    assert AGENDA not in [verb for verb, _ in before]
    (change,) = [
        one for verb, one in escalations(case, Asker(SYSTEM, case.owner, due), w.ground()) if verb == AGENDA
    ]
    assert change.agenda is not None and change.state.agenda == change.agenda
    assert [one.posts for one in change.news if isinstance(one, Told)] == [(OFFICE,)]
    later = escalations(change.state, Asker(SYSTEM, case.owner, due + 30 * DAY), w.ground())
    assert AGENDA not in [verb for verb, _ in later]


def test_signing_in_in_time_keeps_a_case_off_the_agenda_and_waiting_stages_never_come_on_it() -> None:
    case = at_stage("handle")
    assert AGENDA not in alarms(move(case, ask(do.Acknowledge, case)).state, w.ground())
    assert AGENDA not in alarms(at_stage("rate"), w.ground())


def test_the_scenario_says_after_how_many_returns() -> None:
    for returned in (1, 2):
        rule = AgendaRule(returned=returned)
        on = w.ground(replace(w.DEFINITION, agenda=rule))
        case = at_stage("handle", on=on)
        changes = []
        for _ in range(2):
            back = ask(do.Return, case, reason="不是我的", right_owner="agriculture")
            changes.append(move(case, back, on=on))
            case = move(changes[-1].state, ask(do.HandOver, case, to=WORKER), by=holder(DESK), on=on).state
        assert [one.agenda is not None for one in changes] == [returned == 1, returned == 2]


def test_the_conference_names_who_handles_it_and_nobody_sends_it_back_again() -> None:
    case = at_stage("handle")
    due = w.CALENDAR.due(case.entered_at, THREE)
    case = escalations(case, Asker(SYSTEM, case.owner, due), w.ground())[-1][1].state
    assert case.agenda is not None
    command = ask(do.DecideAgenda, case, item=case.agenda.id, minutes="由镇网格办牵头", to=DESK)
    with pytest.raises(no.NotYours):
        move(case, command, by=holder(DESK))
    with pytest.raises(no.ReasonNeeded):
        move(case, replace(command, minutes=" "), by=holder(OFFICE))
    decided = move(case, command, by=holder(OFFICE))
    assert (decided.state.owner, decided.state.agenda, decided.state.clock) == (DESK, None, case.clock)
    with pytest.raises(no.Ruled):
        back = ask(do.Return, case, reason="不是我的", right_owner="agriculture", basis="三定方案")
        move(decided.state, back, by=holder(DESK))
    with pytest.raises(no.NotOnAgenda):
        move(decided.state, command, by=holder(OFFICE))


def items() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, decided_at IS NOT NULL, minutes FROM cases_agenda ORDER BY since")
        return list(cursor.fetchall())


def test_the_worker_puts_it_on_and_the_grid_office_lists_it_in_its_own_territory(city: City) -> None:
    (case, other) = opened([report(city), report(city, grid=f.OTHER_GRID)])
    made([do.Acknowledge(case_id=other.case_id)], by=city.actor("chen"))
    actions.escalate_due(NOW + 10 * DAY)
    actions.escalate_due(NOW + 11 * DAY)
    assert items() == [("unacknowledged", False, "")]
    (row,) = queries.agenda(city.actor("gao"))
    assert (row.case_id, row.reason) == (case.case_id, "unacknowledged")
    with pytest.raises(NotPermitted):
        queries.agenda(city.actor("mei"))
    assert [step.verb for step in history.trail(case.case_id)].count("agenda") == 1
    made([do.Void(case_id=case.case_id, reason="误报")], by=city.actor("gao"), now=NOW + 12 * DAY)
    assert queries.agenda(city.actor("gao")) == []


def test_a_case_whose_limit_is_long_is_looked_at_in_time(city: City) -> None:
    long = report(city, class_code=ClassCode("S0702"), version=city.scenarios["illegal-construction"])
    (case,) = opened([long])
    with connection.cursor() as cursor:
        cursor.execute("SELECT alarm_at <= %s FROM cases_case WHERE id = %s", [NOW + 7 * DAY, case.case_id])
        assert cursor.fetchone() == (True,)


def test_items_are_decided_over_http_with_the_minutes_on_record(city: City) -> None:
    start = clock.now() - 30 * DAY
    (case,) = opened([report(city, at=start)], now=start)
    actions.escalate_due(clock.now())
    accounts.set_password("gao", PASSWORD, by=SYSTEM, now=NOW)
    gao = Client()
    gao.post("/api/session", {"username": "gao", "password": PASSWORD}, **JSON)
    (item,) = gao.get("/api/cases/agenda").json()
    assert (item["number"], item["reason_zh"], item["stage_zh"]) == (
        case.number,
        "长期未签收",
        "一级网格处置",
    )
    mei = str(city.staff.posts["town-desk@350583111"])
    url = f"/api/cases/agenda/{item['id']}/decide"
    assert gao.post(url, {"minutes": "", "to": mei}, **JSON).status_code == 422
    done = gao.post(url, {"minutes": "由镇网格办牵头，五日内办结", "to": mei}, **JSON)
    assert (done.status_code, done.json()["owner"]) == (200, mei)
    assert gao.post(url, {"minutes": "再议", "to": mei}, **JSON).json()["code"] == "cases.not-on-agenda"
    assert gao.get("/api/cases/agenda").json() == []
    (decided,) = gao.get("/api/cases/agenda?decided=true").json()
    assert (decided["minutes"], decided["handler"]) == ("由镇网格办牵头，五日内办结", mei)
    assert decided["decided_by"].startswith("高峰")
    last = history.trail(case.case_id)[-1]
    assert (last.verb, last.body["minutes"]) == ("decide-agenda", "由镇网格办牵头，五日内办结")
    story = gao.get(f"/api/cases/{case.case_id}").json()["story"]
    assert (story[-1]["verb_zh"], story[-1]["text"]) == ("联席会议决定", "由镇网格办牵头，五日内办结")
