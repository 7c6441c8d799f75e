"""The table of moves, row by row: who may, when, what becomes of the case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.change import Asked, Closed, Merged, Moved, Told
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.rules.permitted import permitted
from onegrid.cases.rules.state import CaseState, Phase, TaskKind, Urgency
from onegrid.cases.tests import world as w
from onegrid.cases.tests.world import at_stage, fresh, holder, move, post
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import new_id
from onegrid.scenarios.rules import Who

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEPUTY = post("deputy-chief", w.VILLAGE)
WORKER = post("grid-worker-1", w.VILLAGE)
HEAD = post("grid-head", w.VILLAGE)
DESK = post("town-desk", w.TOWN)
OFFICE = post("grid-office", w.COUNTY)
LEADER = post("county-leader", w.COUNTY)
BEFORE = (do.Exhibit(w.SHA_HERE, "photo", "before"), do.Exhibit(w.SHA_HERE, "photo", "before"))
AFTER = (do.Exhibit(w.SHA_HERE, "photo", "after"),)


def ask(kind: type[do.Command], case: CaseState, **more: Any) -> Any:
    return kind(case_id=case.id, **more)


def handled(case: CaseState | None = None) -> CaseState:
    """A case whose handling is done and that waits for its check."""
    case = case or at_stage("handle")
    return move(case, ask(do.TakeExit, case, exit="done", evidence=AFTER)).state


# stage by stage: from, exit, what is brought, to, owner afterwards ------------------------------------

TRANSITIONS = [
    ("verify", "confirmed", {"evidence": BEFORE}, "handle", WORKER),
    ("verify", "untrue", {"opinion": "现场未见垃圾"}, "archived", None),
    ("verify", "other-village", {"form": {"right_grid": w.OTHER_GRID}}, "verify-there",
     post("deputy-chief", w.OTHER_VILLAGE)),
    ("verify", "again", {}, "verify", DEPUTY),
    ("handle", "done", {"evidence": AFTER}, "check", HEAD),  # not to the hand that did the work
    ("handle", "departments", {"form": {"units": ["agriculture"]}}, "joint", DESK),
    ("joint", "back", {}, "handle", WORKER),
    ("joint", "done", {"force": True}, "check", WORKER),
    ("check", "pass", {}, "rate", post("village-centre", w.VILLAGE)),
    ("check", "fail", {"opinion": "没有清完"}, "handle", WORKER),
    ("rate", "satisfied", {}, "closed", None),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "exit_", "more", "to", "owner"), TRANSITIONS)
def test_an_exit_leads_to_its_stage_and_one_owner(
    stage: str, exit_: str, more: dict[str, Any], to: str, owner: object
) -> None:
    case = at_stage(stage)
    after = move(case, ask(do.TakeExit, case, exit=exit_, **more)).state
    assert (after.stage, after.owner) == (to, owner)
    assert (after.phase is Phase.CLOSED) == (owner is None)


# who may make which move in which phase ----------------------------------------------------------------

OWNER_ONLY = [
    do.Acknowledge.verb, do.TakeExit.verb, do.Return.verb, do.AskExtension.verb, do.AskHold.verb,
]  # fmt: skip


@pytest.mark.parametrize("verb", OWNER_ONLY)
def test_only_the_owner_works_a_stage(verb: str) -> None:
    case = at_stage("handle")
    offered = {one.verb for one in permitted(case, holder(DEPUTY), w.ground())}
    assert verb not in offered
    assert verb in {one.verb for one in permitted(case, holder(WORKER), w.ground())} | {do.Return.verb}


def test_a_stranger_of_another_village_may_do_nothing() -> None:
    case = at_stage("handle")
    assert permitted(case, holder(post("deputy-chief", w.OTHER_VILLAGE)), w.ground()) == []
    with pytest.raises(no.NotYours):
        move(case, ask(do.Note, case, text="路过"), by=holder(post("grid-worker-1", w.OTHER_VILLAGE)))


@pytest.mark.parametrize("verb", [verb for verb, one in MOVES.items() if Phase.CLOSED not in one.phases])
def test_a_closed_case_takes_no_move_of_a_running_one(verb: str) -> None:
    case = at_stage("rate")
    closed = move(case, ask(do.TakeExit, case, exit="satisfied")).state
    assert verb not in {one.verb for one in permitted(closed, SYSTEM, w.ground())}


def test_signing_in_happens_once_and_by_doing() -> None:
    case = at_stage("handle")
    signed = move(case, ask(do.Acknowledge, case)).state
    assert signed.acknowledged_at == case.last_at + HOUR
    with pytest.raises(no.AlreadyAcknowledged):
        move(signed, ask(do.Acknowledge, signed))
    asked = move(case, ask(do.AskExtension, case, reason="缺车")).state
    assert asked.acknowledged_at is not None


def test_whoever_saw_an_older_state_is_shown_the_present_one() -> None:
    case = at_stage("handle")
    with pytest.raises(no.Stale) as refused:
        move(case, ask(do.Acknowledge, case, version=case.version - 1))
    assert refused.value.params["version"] == case.version
    assert refused.value.params["stage"] == "handle"


def test_the_record_never_runs_backwards_when_the_clock_is_set_back() -> None:
    case = at_stage("handle")
    change = move(case, ask(do.Acknowledge, case), after=timedelta(hours=-3))
    assert change.state.last_at == case.last_at
    assert change.body["clock_set_back_s"] == 3 * 3600


def test_a_move_told_later_counts_from_when_it_was_made_but_never_before_the_last_step() -> None:
    case = at_stage("handle")
    made = case.last_at + HOUR
    signed = move(case, ask(do.Acknowledge, case, at=made), after=5 * HOUR).state
    assert (signed.acknowledged_at, signed.last_at) == (made, made)
    early = move(case, ask(do.Acknowledge, case, at=case.last_at - HOUR), after=5 * HOUR)
    assert early.state.last_at == case.last_at
    future = move(case, ask(do.Acknowledge, case, at=case.last_at + DAY), after=5 * HOUR)
    assert future.state.last_at == case.last_at + 5 * HOUR


# evidence ----------------------------------------------------------------------------------------------


def test_an_exit_waits_for_its_photos() -> None:
    case = at_stage("handle")
    with pytest.raises(no.Incomplete) as refused:
        move(case, ask(do.TakeExit, case, exit="done"))
    assert "处理后照片" in refused.value.message("zh")


def test_photos_taken_elsewhere_do_not_count() -> None:
    case = fresh()
    far = (do.Exhibit(w.SHA_FAR, "photo", "before"),) * 2
    with pytest.raises(no.Incomplete):
        move(case, ask(do.TakeExit, case, exit="confirmed", evidence=far))


def test_a_paper_is_no_photo() -> None:
    case = at_stage("handle")
    with pytest.raises(no.WrongKind):
        move(case, ask(do.Note, case, evidence=(do.Exhibit(w.SHA_PAPER, "photo", "after"),)))


def test_evidence_must_have_been_uploaded() -> None:
    case = at_stage("handle")
    with pytest.raises(no.UnknownFile):
        move(case, ask(do.Note, case, evidence=(do.Exhibit("d" * 64),)))


def test_an_unknown_exit_names_the_ones_there_are() -> None:
    case = at_stage("handle")
    with pytest.raises(no.UnknownExit) as refused:
        move(case, ask(do.TakeExit, case, exit="away"))
    assert "done" in refused.value.message("zh")


def test_a_bounded_exit_leads_elsewhere_when_it_is_used_up() -> None:
    case = fresh()
    for _ in range(2):
        case = move(case, ask(do.TakeExit, case, exit="again")).state
        assert case.stage == "verify"
    case = move(case, ask(do.TakeExit, case, exit="again")).state
    assert case.stage == "handle"


# checking, rework, rating ------------------------------------------------------------------------------


def test_nobody_checks_his_own_work() -> None:
    case = handled()
    assert case.owner == HEAD
    both = holder(HEAD)
    worker = holder(WORKER)
    same_person = replace(both, account_id=worker.account_id)
    with pytest.raises(no.OwnWork):
        move(case, ask(do.TakeExit, case, exit="pass"), by=same_person)
    with pytest.raises(no.OwnWork):
        move(case, ask(do.HandOver, case, to=WORKER), by=holder(OFFICE))


def test_rework_goes_to_the_same_hand_once_then_one_level_up() -> None:
    case = handled()
    again = move(case, ask(do.TakeExit, case, exit="fail", opinion="没清完")).state
    assert (again.stage, again.owner, again.reworks) == ("handle", WORKER, 1)
    case = handled(again)
    up = move(case, ask(do.TakeExit, case, exit="fail", opinion="还是没清完")).state
    assert (up.owner, up.reworks) == (post("chief-head", w.VILLAGE), 2)


def test_silence_is_no_satisfaction() -> None:
    case = at_stage("rate")
    lapsed = move(case, ask(do.TakeExit, case, exit="silent"), by=SYSTEM).state
    assert lapsed.phase is Phase.CLOSED
    assert lapsed.rating == ""


def test_an_unsatisfied_reporter_says_why_and_the_work_is_done_again() -> None:
    case = handled()
    case = move(case, ask(do.TakeExit, case, exit="pass")).state
    with pytest.raises(no.ReasonNeeded):
        move(case, ask(do.Rate, case, satisfied=False), by=holder(DESK))
    again = move(case, ask(do.Rate, case, satisfied=False, reason="还有味道"), by=holder(DESK)).state
    assert (again.stage, again.owner, again.rating) == ("handle", WORKER, "")


def test_a_case_is_rated_once() -> None:
    case = at_stage("rate")
    case = move(case, ask(do.Rate, case, satisfied=True), by=holder(DESK)).state
    assert (case.phase, case.rating) == (Phase.CLOSED, "satisfied")
    with pytest.raises(no.AlreadyRated):
        move(case, ask(do.Rate, case, satisfied=True), by=holder(DESK))


def test_a_closed_case_is_reopened_within_a_month_with_a_reason() -> None:
    case = handled()
    case = move(case, ask(do.TakeExit, case, exit="pass")).state
    closed = move(case, ask(do.TakeExit, case, exit="satisfied")).state
    again = move(closed, ask(do.Reopen, closed, reason="又堆上了"), by=holder(DESK)).state
    assert (again.phase, again.stage, again.owner, again.closed_at) == (Phase.OPEN, "handle", WORKER, None)
    with pytest.raises(no.TooLateToReopen):
        move(closed, ask(do.Reopen, closed, reason="又堆上了"), by=holder(DESK), after=31 * DAY)


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


# pressing ----------------------------------------------------------------------------------------------


def test_urging_again_waits_four_hours() -> None:
    case = at_stage("handle")
    case = move(case, ask(do.Urge, case, text="请尽快"), by=holder(DESK)).state
    with pytest.raises(no.UrgedTooSoon):
        move(case, ask(do.Urge, case, text="请尽快"), by=holder(DESK), after=3 * HOUR)
    move(case, ask(do.Urge, case, text="请尽快"), by=holder(DESK), after=4 * HOUR)


def test_a_card_wants_a_written_reply_from_the_owner() -> None:
    case = at_stage("handle")
    reply_by = case.last_at + DAY
    case = move(
        case, ask(do.Supervise, case, colour="red", text="为何不动", reply_by=reply_by), by=holder(LEADER)
    ).state
    card = next(task for task in case.tasks if task.kind is TaskKind.CARD)
    assert (card.key, card.post_id) == ("red", WORKER)
    with pytest.raises(no.ReasonNeeded):
        move(case, ask(do.ReplyCard, case, task_id=card.id, text=" "))
    case = move(case, ask(do.ReplyCard, case, task_id=card.id, text="今天清完")).state
    assert card.id not in {task.id for task in case.tasks}
    with pytest.raises(no.BadCard):
        move(case, ask(do.Supervise, case, colour="pink", text="?", reply_by=reply_by), by=holder(LEADER))


def test_an_instruction_is_received_and_answered_beside_the_flow() -> None:
    case = at_stage("handle")
    by = post("department-handler", w.COUNTY, "agriculture")
    times = {"receive_by": case.last_at + DAY, "feedback_by": case.last_at + 3 * DAY}
    told = move(
        case, ask(do.Instruct, case, posts=(by, OFFICE), text="查清来源", **times), by=holder(LEADER)
    ).state
    assert (told.owner, told.clock, told.open_tasks) == (case.owner, case.clock, case.open_tasks + 2)
    mine = next(task for task in told.tasks if task.post_id == by)
    read = move(told, ask(do.Receive, told, task_id=mine.id), by=holder(by)).state
    done = move(read, ask(do.Feedback, read, task_id=mine.id, text="已查清"), by=holder(by)).state
    assert done.open_tasks == case.open_tasks + 1
    with pytest.raises(no.NotYours):
        move(told, ask(do.Feedback, told, task_id=mine.id, text="代答"), by=holder(WORKER))


# co-signing and following up ---------------------------------------------------------------------------


def joint(*units: str) -> CaseState:
    case = at_stage("handle")
    return move(case, ask(do.TakeExit, case, exit="departments", form={"units": list(units)})).state


def test_a_joint_stage_ends_when_every_department_has_signed() -> None:
    case = joint("agriculture", "urban-management")
    tasks = [task for task in case.tasks if task.kind is TaskKind.COSIGN]
    assert {task.key for task in tasks} == {"agriculture", "urban-management"}
    with pytest.raises(no.TasksOpen):
        move(case, ask(do.TakeExit, case, exit="done"))
    for task in tasks:
        case = move(case, ask(do.Cosign, case, task_id=task.id, result="已办"), by=holder(task.post_id)).state
    assert move(case, ask(do.TakeExit, case, exit="done")).state.stage == "check"


def test_the_end_of_the_parent_force_closes_everything_beside_it() -> None:
    case = joint("agriculture")
    change = move(case, ask(do.Void, case, reason="重复录入"), by=holder(OFFICE))
    assert change.state.open_tasks == 0
    assert {task.id for task in change.tasks} == {task.id for task in case.tasks}
    assert all(task.status == "closed" for task in change.tasks)


def test_a_follow_up_goes_on_until_its_stages_are_left() -> None:
    case = at_stage("handle")
    task = next(one for one in case.tasks if one.kind is TaskKind.FOLLOW_UP)
    by = holder(post("grid-head-2", w.GRID))
    again = move(case, ask(do.ReportFollowUp, case, task_id=task.id, form={"status": "stopped"}), by=by)
    assert again.news == ()
    kept = next(one for one in again.state.tasks if one.id == task.id)
    assert kept.reports == 1
    assert kept.due_at is not None and task.due_at is not None and kept.due_at >= task.due_at
    assert handled(again.state).open_tasks == 0


def test_an_alarming_answer_is_told_at_once() -> None:
    case = at_stage("handle")
    task = next(one for one in case.tasks if one.kind is TaskKind.FOLLOW_UP)
    by = holder(post("grid-head-2", w.GRID))
    change = move(case, ask(do.ReportFollowUp, case, task_id=task.id, form={"status": "resumed"}), by=by)
    told = next(one for one in change.news if isinstance(one, Told))
    assert set(told.posts) == {post("chief-head", w.VILLAGE), DESK}
    assert told.urgent


# joining, merging, voiding -----------------------------------------------------------------------------


def test_the_third_joined_report_raises_the_urgency_and_no_time_moves() -> None:
    case = at_stage("handle")
    due = case.clock
    for count in range(3):
        assert case.urgency is Urgency.MEDIUM
        case = move(case, ask(do.Join, case, report_id=new_id()), by=SYSTEM).state
        assert (case.report_count, case.clock) == (count + 2, due)
    assert case.urgency is Urgency.HIGH
    case = move(case, ask(do.Unjoin, case, report_id=new_id()), by=SYSTEM).state
    assert (case.report_count, case.urgency) == (3, Urgency.HIGH)


def test_a_merged_case_goes_on_in_its_lead() -> None:
    lead, child = at_stage("handle"), at_stage("handle")
    command = ask(do.Merge, child, into=lead.id, reason="同一堆垃圾")
    change = move(child, command, by=holder(DESK), others={lead.id: lead})
    assert (change.state.phase, change.state.merged_into) == (Phase.MERGED, lead.id)
    assert Merged(lead.id) in change.news
    assert change.also[0].state.report_count == 2
    assert change.also[0].state.clock == lead.clock
    with pytest.raises(no.BadMerge):
        move(
            child, ask(do.Merge, child, into=child.id, reason="?"), by=holder(DESK), others={child.id: child}
        )


def test_only_the_county_desk_voids_and_says_why() -> None:
    case = at_stage("handle")
    with pytest.raises(no.NotYours):
        move(case, ask(do.Void, case, reason="误录"), by=holder(DESK))
    change = move(case, ask(do.Void, case, reason="误录"), by=holder(OFFICE))
    assert (change.state.phase, change.state.owner) == (Phase.VOID, None)
    assert Closed() in change.news


def test_copies_hear_of_a_stage_but_do_not_own_it() -> None:
    case = at_stage("handle")
    on = w.ground(replace(w.DEFINITION, stages={**w.DEFINITION.stages, "check": replace(
        w.CHECK, copy=(Who("town-desk"), Who("grid-head")))}))  # fmt: skip
    change = move(case, ask(do.TakeExit, case, exit="done", evidence=AFTER), on=on)
    moved = next(one for one in change.news if isinstance(one, Moved))
    assert moved.copies == (DESK,)  # the head owns it already
