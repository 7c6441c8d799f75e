"""What stands beside the flow: pushes, cards, instructions, co-signs, follow-ups, joined and merged cases."""

from dataclasses import replace

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.change import Closed, Merged, Moved, Told
from onegrid.cases.rules.merge_refusals import BadMerge
from onegrid.cases.rules.state import CaseState, Phase, TaskKind, Urgency
from onegrid.cases.tests import world as w
from onegrid.cases.tests.village import AFTER, DAY, DESK, HOUR, LEADER, OFFICE, WORKER, ask, handled
from onegrid.cases.tests.world import at_stage, holder, move, post
from onegrid.kernel.ids import new_id
from onegrid.scenarios.rules import Who

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


def test_a_parent_that_should_never_have_been_voids_everything_beside_it() -> None:
    case = joint("agriculture")
    change = move(case, ask(do.Void, case, reason="重复录入"), by=holder(OFFICE))
    assert change.state.open_tasks == 0
    assert {task.id for task in change.tasks} == {task.id for task in case.tasks}
    assert all(task.status == "void" for task in change.tasks)


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
    assert (case.report_count, case.urgency) == (3, Urgency.MEDIUM)  # their number alone had raised it


def test_a_merged_case_goes_on_in_its_lead() -> None:
    lead, child = at_stage("handle"), at_stage("handle")
    command = ask(do.Merge, child, into=lead.id, reason="同一堆垃圾")
    change = move(child, command, by=holder(DESK), others={lead.id: lead})
    assert (change.state.phase, change.state.merged_into) == (Phase.MERGED, lead.id)
    assert Merged(lead.id) in change.news
    assert change.also[0].state.report_count == 2
    assert change.also[0].state.clock == lead.clock
    with pytest.raises(BadMerge):
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
