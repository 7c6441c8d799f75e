"""The verification pool: a desk decides, and nothing is lost on the way."""

from datetime import timedelta
from typing import Any

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import queries as cases
from onegrid.intake import actions, queries
from onegrid.intake.models import Report
from onegrid.intake.rules import pool as rules
from onegrid.intake.rules.policy import ChannelPolicy, Route
from onegrid.intake.rules.pool import Onboarding, Rejection
from onegrid.intake.rules.reports import Channel, Outcome, OutcomeKind, ReportIn
from onegrid.intake.tests.factories import (
    COUNTY,
    GRID,
    LAMP,
    NOW,
    OTHER_GRID,
    OTHER_TOWN,
    RUBBISH,
    STALL,
    TOWN,
    Staff,
    clerk_of,
    receive,
    report,
)
from onegrid.kernel import history
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal

LATER = NOW + timedelta(hours=1)


def waiting(**fields: Any) -> Outcome:
    (outcome,) = receive([report(channel=Channel.PUBLIC, **fields)])
    assert outcome.kind is OutcomeKind.POOLED
    return outcome


def shown(area: str) -> list[object]:
    return [each.report_id for each in queries.pool(clerk_of(area)).items]


def test_a_desk_sees_what_waits_in_its_own_area(world: Staff) -> None:
    here, there = waiting(), waiting(grid=OTHER_GRID)
    nowhere = waiting(lng=None, lat=None, system=None)
    assert shown(TOWN) == [here.report_id]
    assert shown(OTHER_TOWN) == [there.report_id]
    assert shown(COUNTY) == [here.report_id, there.report_id, nowhere.report_id]
    with pytest.raises(Refusal):
        queries.pool(world.actor("lin"))


def test_dangers_come_first_and_pages_follow_each_other(world: Staff) -> None:
    usual = [waiting(north_m=100 * i) for i in range(3)]
    (danger,) = receive([report(description="着火了", class_code=LAMP, channel=Channel.PUBLIC)])
    first = queries.pool(clerk_of(COUNTY), limit=2)
    rest = queries.pool(clerk_of(COUNTY), limit=2, cursor=first.next_cursor)
    seen = [each.report_id for each in (*first.items, *rest.items)]
    assert seen == [danger.report_id, *(each.report_id for each in usual)]
    assert rest.next_cursor == ""


def test_onboarding_opens_a_case_through_the_same_road(world: Staff) -> None:
    pooled = waiting()
    (outcome,) = actions.onboard([Onboarding(pooled.report_id)], by=clerk_of(TOWN), now=LATER)
    assert outcome.kind is OutcomeKind.OPENED
    kept = Report.objects.get(id=pooled.report_id)
    assert (kept.kind, kept.case_id, kept.reason) == ("opened", outcome.case_id, "")
    assert [step.verb for step in history.trail(pooled.report_id)] == ["onboard"]
    assert shown(TOWN) == []


def test_onboarding_joins_the_case_that_is_open_meanwhile(world: Staff) -> None:
    pooled = waiting()
    (opened,) = receive([report(north_m=20)])
    (outcome,) = actions.onboard([Onboarding(pooled.report_id)], by=clerk_of(TOWN), now=LATER)
    assert (outcome.kind, outcome.case_id) == (OutcomeKind.JOINED, opened.case_id)


def test_answers_that_the_form_does_not_take_are_left_out_when_the_desk_onboards(world: Staff) -> None:
    pooled = waiting(form={"amount": "很多", "location_kind": "road"})
    (outcome,) = actions.onboard([Onboarding(pooled.report_id)], by=clerk_of(TOWN), now=LATER)
    assert outcome.case_id is not None
    answers = cases.states([outcome.case_id])[outcome.case_id].answers
    assert (answers.get("location_kind"), "amount" in answers) == ("road", False)


def test_two_waiting_reports_of_one_matter_become_one_case(world: Staff) -> None:
    both = [Onboarding(waiting(north_m=5 * i).report_id) for i in range(2)]
    outcomes = actions.onboard(both, by=clerk_of(TOWN), now=LATER)
    assert [each.kind for each in outcomes] == [OutcomeKind.OPENED, OutcomeKind.JOINED]


def test_the_desk_fixes_grid_and_class(world: Staff) -> None:
    pooled = waiting(lng=None, lat=None, system=None, class_code=None, description="天气不错")
    desk = clerk_of(COUNTY)
    for incomplete, code in (
        (Onboarding(pooled.report_id, class_code=RUBBISH), "intake.onboard-without-grid"),
        (Onboarding(pooled.report_id, grid_code=GRID), "intake.onboard-without-class"),
        (Onboarding(pooled.report_id, grid_code="1", class_code=RUBBISH), "intake.grid-unknown"),
        (Onboarding(pooled.report_id, grid_code=GRID, class_code="X"), "intake.class-not-listed"),
    ):
        with pytest.raises(Refusal) as refused:
            actions.onboard([incomplete], by=desk, now=LATER)
        assert refused.value.code == code
    (outcome,) = actions.onboard([Onboarding(pooled.report_id, GRID, RUBBISH)], by=desk, now=LATER)
    assert outcome.case_id is not None
    assert cases.states([outcome.case_id])[outcome.case_id].grid_code == GRID


def test_what_no_scenario_takes_goes_on_waiting_with_the_reason(world: Staff) -> None:
    pooled = waiting()
    (outcome,) = actions.onboard(
        [Onboarding(pooled.report_id, class_code=LAMP)], by=clerk_of(TOWN), now=LATER
    )
    assert (outcome.kind, outcome.reason) == (OutcomeKind.POOLED, "intake.no-scenario")
    assert shown(TOWN) == [pooled.report_id]


def test_assigning_a_grid_moves_the_report_to_the_desk_of_that_place(world: Staff) -> None:
    pooled = waiting(lng=None, lat=None, system=None)
    actions.assign([Onboarding(pooled.report_id, OTHER_GRID, STALL)], by=clerk_of(COUNTY), now=LATER)
    (item,) = queries.pool(clerk_of(OTHER_TOWN)).items
    assert (item.report_id, item.class_code) == (pooled.report_id, STALL)


def test_rejecting_needs_a_reason_and_is_final(world: Staff) -> None:
    pooled, desk = waiting(), clerk_of(TOWN)
    with pytest.raises(rules.ReasonMissing):
        actions.reject([Rejection(pooled.report_id, "  ")], by=desk, now=LATER)
    (outcome,) = actions.reject([Rejection(pooled.report_id, "重复反映，已答复")], by=desk, now=LATER)
    assert (outcome.kind, outcome.reason_zh) == (OutcomeKind.REJECTED, "重复反映，已答复")
    with pytest.raises(rules.NotWaiting):
        actions.onboard([Onboarding(pooled.report_id)], by=desk, now=LATER)


def test_the_desk_of_another_town_finds_nothing(world: Staff) -> None:
    pooled = waiting()
    with pytest.raises(rules.ReportNotFound):
        actions.onboard([Onboarding(pooled.report_id)], by=clerk_of(OTHER_TOWN), now=LATER)


def joined_report() -> tuple[ReportIn, Outcome, Outcome]:
    second = report(north_m=10)
    opened, joined = receive([report(), second])
    assert joined.kind is OutcomeKind.JOINED
    return second, opened, joined


def test_within_a_day_a_joined_report_can_become_a_case_of_its_own(world: Staff) -> None:
    sent, opened, joined = joined_report()
    outcome = actions.unmerge(joined.report_id, by=clerk_of(TOWN), now=LATER)
    assert outcome.kind is OutcomeKind.OPENED
    assert outcome.case_id not in {None, opened.case_id}
    assert opened.case_id is not None
    assert cases.states([opened.case_id])[opened.case_id].report_count == 1
    assert [step.verb for step in history.trail(joined.report_id)] == ["unmerge"]
    assert "unjoin" in [step.verb for step in history.trail(opened.case_id)]
    (again,) = receive([sent])
    assert again.case_id == outcome.case_id


def test_after_a_day_it_stays_joined(world: Staff) -> None:
    _, opened, joined = joined_report()
    with pytest.raises(rules.UnmergeTooLate):
        actions.unmerge(joined.report_id, by=clerk_of(TOWN), now=NOW + timedelta(hours=24, seconds=1))
    with pytest.raises(rules.NotJoined):
        actions.unmerge(opened.report_id, by=clerk_of(TOWN), now=LATER)
    assert opened.case_id is not None
    assert cases.states([CaseId(opened.case_id)])[opened.case_id].report_count == 2


def test_a_site_may_let_residents_reports_open_cases_by_themselves(world: Staff) -> None:
    assert waiting()
    actions.set_channel_policy(ChannelPolicy(Channel.PUBLIC, Route.OPEN), by=SYSTEM, now=NOW)
    (outcome,) = receive([report(channel=Channel.PUBLIC, north_m=200)])
    assert outcome.kind is OutcomeKind.OPENED
    with pytest.raises(Refusal):
        actions.set_channel_policy(ChannelPolicy(Channel.PUBLIC, Route.POOL), by=world.actor("lin"), now=NOW)
