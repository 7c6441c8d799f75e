"""Whom the sender of a case informs besides, and what the answers of an exit change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.change import Moved
from onegrid.cases.rules.exits import exit_of
from onegrid.cases.rules.state import Urgency
from onegrid.cases.tests import needs
from onegrid.cases.tests import world as w
from onegrid.cases.tests.village import DESK, HEAD, LEADER, ask
from onegrid.cases.tests.world import at_stage, holder, move, post
from onegrid.scenarios.rules import Assigns, Evidence, EvidenceKind, Field, FieldKind, Form, HoldRule, Who

ON = w.ground(needs.definition())
CENTRE = post("village-centre", w.VILLAGE)
ENFORCEMENT = post("town-enforcement", w.TOWN)
FARMS = post("department-handler", w.COUNTY, "agriculture")
LAND = post("department-handler", w.COUNTY, "natural-resources")


def copies(change: object) -> tuple[object, ...]:
    (moved,) = [one for one in change.news if isinstance(one, Moved)]  # type: ignore[attr-defined]
    return moved.copies


def test_the_sender_may_inform_posts_that_the_next_stage_lets_him_add() -> None:
    case = at_stage("noted", on=ON)
    sent = move(
        case, ask(do.TakeExit, case, exit="on", to=HEAD, copy=(ENFORCEMENT, FARMS, ENFORCEMENT)), on=ON
    )
    assert copies(sent) == (CENTRE, ENFORCEMENT, FARMS)
    assert sent.body["copy"] == (ENFORCEMENT, FARMS)


@pytest.mark.parametrize("outside", [LEADER, LAND, post("town-enforcement", "350583999")])
def test_nobody_else_may_be_informed(outside: object) -> None:
    case = at_stage("noted", on=ON)
    with pytest.raises(no.NotACopy):
        move(case, ask(do.TakeExit, case, exit="on", to=HEAD, copy=(outside,)), on=ON)


def test_an_end_has_nobody_to_add() -> None:
    case = at_stage("last", on=ON)
    with pytest.raises(no.NotACopy):
        move(case, ask(do.TakeExit, case, exit="filed", copy=(ENFORCEMENT,)), on=ON)


def test_a_hand_over_informs_too() -> None:
    case = at_stage("check", on=ON)
    command = ask(do.HandOver, case, to=post("deputy-chief", w.VILLAGE), copy=(ENFORCEMENT,))
    assert copies(move(case, command, by=holder(DESK), on=ON)) == (ENFORCEMENT,)
    with pytest.raises(no.NotACopy):
        move(case, replace(command, copy=(DESK,)), by=holder(DESK), on=ON)


def test_another_department_than_the_one_that_answers_is_no_target() -> None:
    only = replace(w.HANDLE, who=Who("department-handler", "agriculture"), assignable=())
    on = w.ground(replace(w.DEFINITION, stages={**w.DEFINITION.stages, "handle": only}))
    case = at_stage("verify", on=on)
    photos = (do.Exhibit(w.SHA_HERE, "photo", "before"),) * 2
    command = ask(do.TakeExit, case, exit="confirmed", evidence=photos, to=FARMS)
    assert move(case, command, on=on).state.owner == FARMS
    with pytest.raises(no.NotATarget):
        move(case, replace(command, to=LAND), on=on)


def test_an_urgency_is_assigned_by_its_name_and_asked_for_by_its_name() -> None:
    case = at_stage("check", on=ON)
    sent = move(case, ask(do.TakeExit, case, exit="fail", opinion="改", form={"heading": "high"}), on=ON)
    assert (sent.state.urgency, sent.state.facts()["urgency"]) == (Urgency.HIGH, "high")


def test_a_day_as_due_time_lasts_to_its_end_in_the_city() -> None:
    leave = replace(exit_of(w.VERIFY, "again"), assigns=Assigns(due="until"), at_most=None, to="handle")
    form = Form((Field("until", FieldKind.DATE, w.text("至")),))
    stage = replace(w.VERIFY, exits={**w.VERIFY.exits, "again": leave}, form=form)
    on = w.ground(replace(w.DEFINITION, stages={**w.DEFINITION.stages, "verify": stage}))
    case = at_stage("verify", on=on)
    sent = move(case, ask(do.TakeExit, case, exit="again", form={"until": "2026-12-01"}), on=on)
    assert sent.state.clock is not None
    assert sent.state.clock.due == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


def test_a_hold_asks_for_the_papers_that_the_scenario_wants() -> None:
    rule = HoldRule(Who("grid-office"), needs=(Evidence(EvidenceKind.DOCUMENT, "hold-basis"),))
    on = w.ground(replace(w.DEFINITION, hold=rule))
    case = at_stage("handle", on=on)
    command = ask(
        do.AskHold,
        case,
        reason="雨季",
        condition="雨停",
        interim="围挡",
        review_at=case.last_at + timedelta(days=9),
    )
    with pytest.raises(no.Incomplete):
        move(case, command, on=on)
    paper = (do.Exhibit(w.SHA_PAPER, "document", "hold-basis"),)
    assert move(case, replace(command, evidence=paper), on=on).state.request is not None
