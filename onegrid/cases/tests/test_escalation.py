"""What time brings about: each step once, in order, also after a long downtime."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.alarms import LAPSE
from onegrid.cases.rules.change import Asker, Change, Escalated, TaskLate
from onegrid.cases.rules.escalation import escalations
from onegrid.cases.rules.state import CaseState, Phase, TaskKind, Urgency
from onegrid.cases.tests import world as w
from onegrid.cases.tests.world import at_stage, fresh, holder, move, post
from onegrid.scenarios.rules import EscalationStep, Who

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = post("grid-office", w.COUNTY)
LEADER = post("county-leader", w.COUNTY)


def passes(case: CaseState, at: Any, *, on: Any = None) -> list[tuple[str, Change]]:
    return escalations(case, Asker(SYSTEM, case.owner, at), on or w.ground())


def percents(found: list[tuple[str, Change]]) -> list[int]:
    return [one.percent for _, change in found for one in change.news if isinstance(one, Escalated)]


def test_steps_go_off_at_their_share_of_the_limit() -> None:
    case = fresh()  # 24 clock hours from Monday 09:00, sign-in within 4
    case = move(case, do.Acknowledge(case_id=case.id)).state
    assert case.alarm_at == w.MONDAY + 12 * HOUR
    assert passes(case, w.MONDAY + 11 * HOUR) == []
    half = passes(case, w.MONDAY + 12 * HOUR)
    assert percents(half) == [50]
    case = half[-1][1].state
    assert case.alarm_at == w.MONDAY + timedelta(hours=19, minutes=12)
    assert percents(passes(case, w.MONDAY + 13 * HOUR)) == []


def test_a_long_downtime_is_caught_up_exactly_once_and_in_order() -> None:
    case = at_stage("handle")
    found = passes(case, case.last_at + 60 * DAY)
    assert percents(found) == [50, 80, 100, 150]
    case = found[-1][1].state
    assert case.alarm_at is None
    assert percents(passes(case, case.last_at + 90 * DAY)) == []


def test_at_the_whole_limit_the_head_and_the_grid_office_hear_and_a_card_is_given() -> None:
    case = at_stage("handle")
    assert case.clock is not None and case.clock.due is not None
    found = passes(case, case.clock.due)
    news = next(
        one for _, change in found for one in change.news if isinstance(one, Escalated) and one.percent == 100
    )
    assert set(news.posts) == {post("chief-head", w.VILLAGE), OFFICE}
    after = found[-1][1].state
    assert after.urgency is Urgency.HIGH
    assert [task.key for task in after.tasks if task.kind is TaskKind.CARD] == ["yellow"]


def test_a_missed_sign_in_is_told_once_to_owner_and_sender() -> None:
    case = fresh()
    found = passes(case, w.MONDAY + 5 * HOUR)
    assert percents(found) == [0]
    assert passes(found[-1][1].state, w.MONDAY + 6 * HOUR) == []


def test_nobody_to_tell_is_recorded_not_hidden() -> None:
    steps = (EscalationStep(100, tell=(Who("safety-office"),)),)
    on = w.ground(replace(w.DEFINITION, escalation=steps))
    case = at_stage("handle", on=on)
    ((_, change),) = [one for one in passes(case, case.last_at + 5 * DAY, on=on) if one[0] == "escalate"]
    assert change.body["missing"] == ("safety-office",)


def test_an_extension_brings_reminders_back_that_lie_ahead_again() -> None:
    case = at_stage("handle")
    assert case.clock is not None and case.clock.due is not None
    case = passes(case, case.clock.due - HOUR)[-1][1].state
    assert case.fired == ("50", "80")
    asked = move(case, do.AskExtension(case_id=case.id, reason="等吊车"), after=timedelta(0))
    after = move(asked.state, do.Decide(case_id=case.id, granted=True), by=holder(post("town-desk", w.TOWN)))
    assert "80" not in after.state.fired
    assert after.state.alarm_at is not None and after.state.alarm_at > after.state.last_at


def test_a_stage_with_a_lapse_moves_on_by_itself() -> None:
    case = at_stage("rate")
    assert case.clock is not None and case.clock.due is not None
    verb, change = passes(case, case.clock.due)[-1]
    assert verb == "exit"
    assert (change.state.phase, change.state.rating) == (Phase.CLOSED, "")
    assert change.body["lapsed"] is True


def test_a_lapse_is_the_clocks_alone_unless_the_scenario_lets_people_take_it() -> None:
    case = at_stage("rate")
    taking = do.TakeExit(case_id=case.id, exit="silent", opinion="不等了")
    with pytest.raises(no.TakenByTheClock) as refused:
        move(case, taking)
    assert "不能人工选择" in refused.value.message("zh")
    by_hand = replace(w.RATE, lapse_by_hand=True)
    on = w.ground(replace(w.DEFINITION, stages={**w.DEFINITION.stages, "rate": by_hand}))
    assert move(case, taking, on=on).state.phase is Phase.CLOSED


def test_a_lapse_that_the_clock_could_not_take_is_left_to_people() -> None:
    case = at_stage("rate")._replace(fired=(LAPSE,))
    taken = move(case, do.TakeExit(case_id=case.id, exit="silent", opinion="到期未评价"))
    assert taken.state.phase is Phase.CLOSED


def test_a_lapse_that_cannot_be_taken_is_told_and_tried_no_more() -> None:
    case = at_stage("rate")
    assert case.clock is not None and case.clock.due is not None
    lapses = replace(w.RATE, lapse="unsatisfied")
    nobody = replace(w.HANDLE, who=Who("safety-office"))
    on = w.ground(replace(w.DEFINITION, stages={**w.DEFINITION.stages, "rate": lapses, "handle": nobody}))
    verb, change = passes(case, case.clock.due, on=on)[-1]
    (told,) = change.news
    assert (verb, change.state.stage) == ("escalate", "rate")
    assert isinstance(told, Escalated) and told.text is not None and "未成" in told.text.zh
    assert passes(change.state, case.clock.due, on=on) == []


def test_on_hold_nothing_escalates_until_the_review_date_resumes_the_clock() -> None:
    case = at_stage("handle")
    review = case.last_at + 20 * DAY
    asked = move(
        case, do.AskHold(case_id=case.id, reason="雨", condition="雨停", interim="围挡", review_at=review)
    )
    held = move(asked.state, do.Decide(case_id=case.id, granted=True), by=holder(OFFICE)).state
    late_follow_ups = passes(held, review - HOUR)
    assert percents(late_follow_ups) == []
    verb, change = passes(held, review)[0]
    assert verb == "resume"
    assert change.state.phase is Phase.OPEN
    assert change.state.clock is not None and change.state.clock.due is not None
    assert change.state.clock.due > review


def test_late_tasks_beside_the_flow_are_told_once() -> None:
    case = at_stage("handle")
    times: Any = {"receive_by": case.last_at + HOUR, "feedback_by": case.last_at + 3 * HOUR}
    case = move(
        case,
        do.Instruct(case_id=case.id, posts=(OFFICE,), text="查", **times),
        by=holder(LEADER),
        after=timedelta(0),
    ).state
    late = passes(case, case.last_at + 2 * HOUR)
    assert [type(one) for _, change in late for one in change.news] == [TaskLate]
    case = late[-1][1].state
    assert passes(case, case.last_at + 2 * HOUR) == []
    again = passes(case, case.last_at + 4 * HOUR)
    assert [one.watcher for _, change in again for one in change.news if isinstance(one, TaskLate)] == [
        LEADER
    ]
