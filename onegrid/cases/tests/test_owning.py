"""Whose case it is, and how an owner gets more time or a hold."""

from dataclasses import replace
from typing import Any

import pytest

from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.change import Asked
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.cases.tests import world as w
from onegrid.cases.tests.village import AFTER, BEFORE, DAY, DEPUTY, DESK, HEAD, HOUR, OFFICE, WORKER, ask
from onegrid.cases.tests.world import at_stage, fresh, holder, move, post
from onegrid.kernel.calendar import Limit

# returning, handing over, taking back ------------------------------------------------------------------


def returned(case: CaseState, **more: Any) -> CaseState:
    return move(case, ask(do.Return, case, reason="不归我管", right_owner="urban-management", **more)).state


def test_a_return_goes_to_the_dispatcher_and_the_clock_runs_on() -> None:
    case = at_stage("handle")
    back = returned(case)
    assert (back.owner, back.stage, back.returns) == (DESK, "handle", 1)
    assert back.clock == case.clock


def test_a_return_names_the_right_owner() -> None:
    case = at_stage("handle")
    with pytest.raises(no.RightOwnerNeeded):
        move(case, ask(do.Return, case, reason="不归我管", right_owner="隔壁"))


def test_a_return_comes_within_a_day_of_signing_in() -> None:
    case = at_stage("handle")
    case = move(case, ask(do.Acknowledge, case)).state
    assert returned(case).owner == DESK
    with pytest.raises(no.ReturnTooLate):
        move(case, ask(do.Return, case, reason="不归我管", right_owner="agriculture"), after=25 * HOUR)


def test_the_third_return_needs_the_legal_basis_and_is_ruled_for_good() -> None:
    case = at_stage("handle")
    for _ in range(2):
        case = returned(case)
        case = move(case, ask(do.HandOver, case, to=WORKER, reason="请办理")).state
    with pytest.raises(no.BasisNeeded):
        returned(case)
    ruling = returned(case, basis="“三定方案”第五条")
    assert (ruling.owner, ruling.ruled) == (OFFICE, True)
    given = move(ruling, ask(do.HandOver, ruling, to=WORKER, reason="裁定")).state
    with pytest.raises(no.Ruled):
        returned(given, basis="“三定方案”第六条")


def test_handing_over_changes_the_owner_alone() -> None:
    case = at_stage("handle")
    after = move(case, ask(do.HandOver, case, to=HEAD)).state
    assert (after.owner, after.sender, after.stage, after.clock) == (HEAD, WORKER, "handle", case.clock)
    assert after.acknowledged_at is None


@pytest.mark.parametrize(
    "to", [post("county-leader", w.COUNTY), post("grid-head", w.OTHER_VILLAGE), post("nobody", "1"), WORKER]
)
def test_an_owner_hands_over_only_to_posts_that_work_such_stages_here(to: Any) -> None:
    case = at_stage("handle")
    with pytest.raises(no.NotATarget):
        move(case, ask(do.HandOver, case, to=to))


def test_a_vacant_post_is_given_nothing() -> None:
    case = at_stage("handle")
    with pytest.raises(no.NotATarget, match="nobody holds"):
        move(case, ask(do.HandOver, case, to=HEAD), on=replace(w.ground(), vacant=frozenset({HEAD})))


def test_a_dispatcher_gives_it_to_a_department_which_then_answers() -> None:
    case = at_stage("handle")
    to = post("department-handler", w.COUNTY, "urban-management")
    after = move(case, ask(do.HandOver, case, to=to, reason="职责在城管"), by=holder(DESK)).state
    assert (after.owner, after.unit) == (to, "urban-management")


def test_the_sender_takes_it_back_until_the_new_owner_signs_in() -> None:
    case = fresh()
    sent = move(case, ask(do.TakeExit, case, exit="confirmed", evidence=BEFORE)).state
    back = move(sent, ask(do.Recall, sent, reason="照片不对"), by=holder(DEPUTY)).state
    assert (back.stage, back.owner, back.clock) == ("verify", DEPUTY, case.clock)
    assert back.open_tasks == 0
    signed = move(sent, ask(do.Acknowledge, sent)).state
    with pytest.raises(no.NotYours):
        move(signed, ask(do.Recall, signed, reason="照片不对"), by=holder(DEPUTY))


def test_another_grid_means_its_own_post_and_the_same_clock() -> None:
    case = at_stage("handle")
    after = move(
        case, ask(do.Reassign, case, grid_code=w.OTHER_GRID, reason="邻村地界"), by=holder(DESK)
    ).state
    assert (after.owner, after.clock) == (post("grid-worker-1", w.OTHER_VILLAGE), case.clock)
    with pytest.raises(no.NotInTheGrid):
        move(case, ask(do.Reassign, case, grid_code="350583104999999", reason="?"), by=holder(DESK))


# asking for time and for a hold ------------------------------------------------------------------------


def test_an_extension_is_asked_before_due_and_decided_by_another() -> None:
    case = at_stage("handle")
    change = move(case, ask(do.AskExtension, case, reason="等吊车"))
    assert Asked("extension", DESK, "等吊车") in change.news
    granted = move(change.state, ask(do.Decide, case, granted=True), by=holder(DESK)).state
    assert granted.clock is not None and case.clock is not None
    assert case.clock.due is not None
    assert granted.clock.due == w.CALENDAR.due(case.clock.due, Limit.parse("2 working days"))
    assert granted.extensions == 1
    with pytest.raises(no.AskedTooLate):
        move(case, ask(do.AskExtension, case, reason="等吊车"), after=30 * DAY)


def test_a_denied_request_leaves_the_clock_alone_and_says_why() -> None:
    case = at_stage("handle")
    asked = move(case, ask(do.AskExtension, case, reason="等吊车")).state
    with pytest.raises(no.ReasonNeeded):
        move(asked, ask(do.Decide, case, granted=False), by=holder(DESK))
    denied = move(asked, ask(do.Decide, case, granted=False, reason="当天可清"), by=holder(DESK)).state
    assert (denied.clock, denied.request, denied.extensions) == (case.clock, None, 0)


def test_the_second_extension_needs_two_approvals_and_the_third_is_refused() -> None:
    case = at_stage("handle")
    case = move(case, ask(do.AskExtension, case, reason="一")).state
    case = move(case, ask(do.Decide, case, granted=True), by=holder(DESK)).state
    case = move(case, ask(do.AskExtension, case, reason="二")).state
    chief = post("chief-head", w.VILLAGE)
    assert case.request is not None and case.request.approvers == (chief, DESK)
    case = move(case, ask(do.Decide, case, granted=True), by=holder(chief)).state
    assert case.extensions == 1
    case = move(case, ask(do.Decide, case, granted=True), by=holder(DESK)).state
    assert case.extensions == 2
    with pytest.raises(no.NoMore):
        move(case, ask(do.AskExtension, case, reason="三"))


def test_nobody_decides_on_his_own_request() -> None:
    case = at_stage("handle")
    asked = move(case, ask(do.AskExtension, case, reason="等吊车")).state
    asker = replace(holder(DESK), account_id=holder(WORKER).account_id)
    with pytest.raises(no.OwnRequest):
        move(asked, ask(do.Decide, case, granted=True), by=asker)


def held(case: CaseState) -> CaseState:
    asked = move(
        case,
        ask(
            do.AskHold,
            case,
            reason="雨季",
            condition="雨停",
            review_at=case.last_at + 20 * DAY,
            interim="围挡",
        ),
    ).state
    return move(asked, ask(do.Decide, case, granted=True), by=holder(OFFICE)).state


def test_a_hold_stops_the_clock_and_needs_condition_date_and_measure() -> None:
    case = at_stage("handle")
    on_hold = held(case)
    assert on_hold.phase is Phase.HELD
    assert on_hold.clock is not None and on_hold.clock.due is None
    assert on_hold.alarm_at == case.last_at + 20 * DAY
    with pytest.raises(no.HoldIncomplete):
        move(
            case,
            ask(do.AskHold, case, reason="雨季", condition="", review_at=case.last_at + DAY, interim="围挡"),
        )
    with pytest.raises(no.NotNow):
        move(on_hold, ask(do.TakeExit, on_hold, exit="done", evidence=AFTER))
