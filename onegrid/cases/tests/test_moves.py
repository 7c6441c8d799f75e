"""The table of moves, row by row: who may, when, what becomes of the case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import exits
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.file_refusals import UnknownFile, WrongKind
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.rules.permitted import permitted
from onegrid.cases.rules.state import Phase
from onegrid.cases.tests import world as w
from onegrid.cases.tests.village import (
    AFTER,
    BEFORE,
    DAY,
    DEPUTY,
    DESK,
    HEAD,
    HOUR,
    OFFICE,
    WORKER,
    ask,
    handled,
)
from onegrid.cases.tests.world import at_stage, fresh, holder, move, post

# stage by stage: from, exit, what is brought, to, owner afterwards ------------------------------------

TRANSITIONS = [
    ("verify", "confirmed", {"evidence": BEFORE}, "handle", WORKER),
    ("verify", "untrue", {"opinion": "现场未见垃圾"}, "archived", None),
    ("verify", "other-village", {"form": {"right_grid": w.OTHER_GRID}}, "verify-there",
     post("deputy-chief", w.OTHER_VILLAGE)),
    ("verify", "next-village", {"form": {"right_grid": w.OTHER_GRID}}, "verify",
     post("deputy-chief", w.OTHER_VILLAGE)),  # the same stage, but whoever answers for it there
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
    with pytest.raises(WrongKind):
        move(case, ask(do.Note, case, evidence=(do.Exhibit(w.SHA_PAPER, "photo", "after"),)))


def test_evidence_must_have_been_uploaded() -> None:
    case = at_stage("handle")
    with pytest.raises(UnknownFile):
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


def test_nobody_rates_his_own_work_for_the_reporter() -> None:
    case = handled()
    case = move(case, ask(do.TakeExit, case, exit="pass")).state
    desk = replace(holder(DESK), account_id=holder(WORKER).account_id)
    with pytest.raises(no.OwnWork):
        move(case, ask(do.Rate, case, satisfied=True), by=desk)


@pytest.mark.parametrize("exit_", ["satisfied", "unsatisfied"])
def test_nobody_rates_his_own_work_by_taking_the_exit_meant_for_the_rating(exit_: str) -> None:
    case = handled()
    case = move(case, ask(do.TakeExit, case, exit="pass")).state
    assert case.owner is not None
    own = replace(holder(case.owner), account_id=holder(WORKER).account_id)
    with pytest.raises(no.OwnWork):
        move(case, ask(do.TakeExit, case, exit=exit_), by=own)


@pytest.mark.parametrize(("done", "open_"), [([], True), (["agriculture"], False)])
def test_where_one_signature_is_enough_it_is_one_of_those_that_were_asked(
    done: list[str], open_: bool
) -> None:
    joint = w.JOINT.joint
    assert joint is not None
    stage = replace(w.JOINT, joint=replace(joint, closes_all=False))
    case = at_stage("handle")
    asked = ["agriculture", "natural-resources"]
    case = move(case, ask(do.TakeExit, case, exit="departments", form={"units": asked})).state
    case = case._replace(tasks=tuple(task for task in case.tasks if task.key not in done))
    leaving = ask(do.TakeExit, case, exit="done")
    if open_:
        with pytest.raises(no.TasksOpen):
            exits.check_tasks(case, stage, stage.exits["done"], leaving)
    else:
        exits.check_tasks(case, stage, stage.exits["done"], leaving)


def test_a_case_is_rated_once() -> None:
    case = at_stage("rate")
    case = move(case, ask(do.Rate, case, satisfied=True), by=holder(DESK)).state
    assert (case.phase, case.rating) == (Phase.CLOSED, "satisfied")
    with pytest.raises(no.AlreadyRated):
        move(case, ask(do.Rate, case, satisfied=True), by=holder(DESK))


def test_a_case_that_nobody_has_rated_is_rated_only_once_the_work_is_done() -> None:
    case = at_stage("handle")
    with pytest.raises(no.NotYetDone) as refused:
        move(case, ask(do.RateOwn, case, satisfied=True), by=holder(DESK))
    assert "办结后才能评价" in refused.value.message("zh")


def test_a_closed_case_is_reopened_within_a_month_with_a_reason() -> None:
    case = handled()
    case = move(case, ask(do.TakeExit, case, exit="pass")).state
    closed = move(case, ask(do.TakeExit, case, exit="satisfied")).state
    again = move(closed, ask(do.Reopen, closed, reason="又堆上了"), by=holder(DESK)).state
    assert (again.phase, again.stage, again.owner, again.closed_at) == (Phase.OPEN, "handle", WORKER, None)
    with pytest.raises(no.TooLateToReopen):
        move(closed, ask(do.Reopen, closed, reason="又堆上了"), by=holder(DESK), after=31 * DAY)
