"""并案 and 拆分事件 as rules: what comes back, what leads keep, and that each report is counted once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.cases.rules import clocks, merge_refusals
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.change import Change
from onegrid.cases.rules.permitted import permitted
from onegrid.cases.rules.state import CaseState, Phase, TaskKind, TaskStatus, Urgency
from onegrid.cases.tests import world as w
from onegrid.cases.tests.world import at_stage, holder, move, post
from onegrid.kernel.ids import CaseId, new_id
from onegrid.kernel.refusals import Refusal

HOUR = timedelta(hours=1)
DESK = holder(post("town-desk", w.TOWN))


class Family:
    """Some cases, and moves made on them one after another, as the action makes them."""

    def __init__(self, *cases: CaseState) -> None:
        self.cases = {case.id: case for case in cases}

    def make(self, command: do.Command, *, after: timedelta = HOUR, by: Actor = DESK) -> Change:
        case = self.cases[command.case_id]
        others = {id_: one for id_, one in self.cases.items() if id_ != case.id}
        last = max(one.last_at for one in self.cases.values())
        change = move(case, command, by=by, after=last + after - case.last_at, others=others)
        for each in (change, *change.also):
            self.cases[each.state.id] = each.state
        return change

    def merge(self, case: CaseState, into: CaseState, **more: Any) -> Change:
        return self.make(do.Merge(case_id=case.id, into=into.id, reason="同一件事"), **more)

    def unmerge(self, case: CaseState, **more: Any) -> Change:
        return self.make(do.Unmerge(case_id=case.id, reason="不是同一件事"), **more)

    def counts(self, *cases: CaseState) -> list[int]:
        return [self.cases[one.id].report_count for one in cases]


def busy(**more: Any) -> CaseState:
    """A case with follow-up tasks, a card and an open request."""
    case = at_stage("handle")
    case = move(case, do.AskExtension(case_id=case.id, reason="材料未到")).state
    card = do.Supervise(case_id=case.id, colour="yellow", text="抓紧", reply_by=case.last_at + 50 * HOUR)
    return move(case, card, by=DESK).state._replace(**more)


def unlike(case: CaseState, other: CaseState) -> set[str]:
    """Names of the fields in which two states differ."""
    return {name for name in case._fields if getattr(case, name) != getattr(other, name)}


def test_a_case_that_comes_back_at_once_is_as_it_was_and_so_is_its_lead() -> None:
    case, lead = busy(report_count=4), at_stage("handle")
    family = Family(case, lead)
    family.merge(case, lead)
    assert family.cases[case.id].tasks == () and family.cases[case.id].owner is None
    assert family.cases[lead.id].urgency is Urgency.HIGH  # five reports now
    change = family.unmerge(case, after=timedelta())
    assert unlike(family.cases[case.id], case) <= {"version", "last_at"}
    assert unlike(family.cases[lead.id], lead) <= {"version", "last_at"}
    assert {type(one).__name__ for one in change.news} == {"Moved", "TaskGiven", "Asked"}
    assert change.also[0].verb == "release"
    assert change.also[0].body["of_number"] == case.number


def test_the_time_left_is_what_it_was_and_the_time_merged_counts_for_nobody() -> None:
    case, lead = busy(), at_stage("handle")
    family = Family(case, lead)
    family.merge(case, lead)
    merged = family.cases[case.id]
    family.unmerge(case, after=20 * HOUR)
    back = family.cases[case.id]
    assert case.clock is not None and back.clock is not None and back.clock.due is not None
    left = clocks.left(case.clock, at=merged.last_at, calendar=w.CALENDAR)
    assert clocks.left(back.clock, at=back.last_at, calendar=w.CALENDAR) == pytest.approx(left, abs=1e-3)
    assert back.entered_at - case.entered_at == 20 * HOUR
    for old, new in zip(case.tasks, back.tasks, strict=True):
        assert old.due_at is not None and new.due_at is not None
        assert (new.status, new.due_at - old.due_at) == (TaskStatus.OPEN, 20 * HOUR)
    assert {task.kind for task in back.tasks} == {TaskKind.FOLLOW_UP, TaskKind.CARD}
    assert family.cases[lead.id].clock == lead.clock


def test_a_case_on_hold_comes_back_on_hold_with_its_review_date() -> None:
    case, lead = at_stage("handle"), at_stage("handle")
    review = case.last_at + timedelta(days=10)
    ask = do.AskHold(case_id=case.id, reason="等材料", condition="到货", review_at=review, interim="围挡")
    case = move(case, ask).state
    case = move(
        case, do.Decide(case_id=case.id, granted=True), by=holder(post("grid-office", w.COUNTY))
    ).state
    family = Family(case, lead)
    family.merge(case, lead)
    family.unmerge(case)
    back = family.cases[case.id]
    assert (back.phase, back.clock, back.alarm_at) == (Phase.HELD, case.clock, review)


def test_after_a_day_it_stays_merged() -> None:
    case, lead = at_stage("handle"), at_stage("handle")
    family = Family(case, lead)
    family.merge(case, lead)
    with pytest.raises(merge_refusals.UnmergeTooLate):
        family.unmerge(case, after=24 * HOUR + timedelta(seconds=1))
    family.unmerge(case, after=24 * HOUR)
    with pytest.raises(no.NotNow):  # it runs by itself already
        family.unmerge(case)


def test_an_un_merge_says_why() -> None:
    case, lead = at_stage("handle"), at_stage("handle")
    family = Family(case, lead)
    family.merge(case, lead)
    with pytest.raises(no.ReasonNeeded):
        family.make(do.Unmerge(case_id=case.id, reason=" "))


def test_the_owner_it_had_or_a_desk_takes_it_out_again_and_nobody_else() -> None:
    case, lead = at_stage("handle"), at_stage("handle")
    owner = w.owner(case)
    family = Family(case, lead)
    family.merge(case, lead)
    merged = family.cases[case.id]
    assert [one.verb for one in permitted(merged, owner, w.ground())] == ["unmerge"]
    assert "unmerge" in [one.verb for one in permitted(merged, DESK, w.ground())]
    with pytest.raises(no.NotYours):
        family.unmerge(case, by=holder(post("grid-head", w.OTHER_VILLAGE)))
    family.unmerge(case, by=owner)


def test_in_a_chain_the_middle_one_leaves_with_what_was_merged_into_it() -> None:
    low, middle, top = (at_stage("handle")._replace(report_count=n) for n in (1, 2, 4))
    family = Family(low, middle, top)
    family.merge(low, middle)
    family.merge(middle, top)
    assert family.counts(low, middle, top) == [1, 3, 7]
    family.unmerge(middle)
    assert family.counts(low, middle, top) == [1, 3, 4]
    assert family.cases[low.id].merged_into == middle.id
    family.unmerge(low)
    assert family.counts(low, middle, top) == [1, 2, 4]


def test_in_a_chain_the_lowest_one_leaves_every_case_that_counted_it() -> None:
    low, middle, top = (at_stage("handle")._replace(report_count=n) for n in (1, 2, 4))
    family = Family(low, middle, top)
    family.merge(low, middle)
    family.merge(middle, top)
    change = family.unmerge(low)
    assert [one.state.id for one in change.also] == [middle.id, top.id]
    assert family.counts(low, middle, top) == [1, 2, 6]
    family.unmerge(middle)
    assert family.counts(low, middle, top) == [1, 2, 4]


def test_a_report_taken_from_a_merged_case_is_counted_by_no_case_above_any_more() -> None:
    low, middle, top = (at_stage("handle")._replace(report_count=n) for n in (2, 1, 1))
    family = Family(low, middle, top)
    family.merge(low, middle)
    family.merge(middle, top)
    family.make(do.Unjoin(case_id=low.id, report_id=new_id()), by=SYSTEM)
    assert family.counts(low, middle, top) == [1, 2, 3]


def test_a_case_comes_back_out_of_one_that_has_ended() -> None:
    case, lead = at_stage("handle"), at_stage("handle")
    family = Family(case, lead)
    family.merge(case, lead)
    family.make(do.Void(case_id=lead.id, reason="误报"), by=holder(post("grid-office", w.COUNTY)))
    family.unmerge(case)
    assert family.cases[case.id].phase is Phase.OPEN
    assert (family.cases[lead.id].phase, *family.counts(lead)) == (Phase.VOID, 1)


def test_a_case_comes_back_out_of_one_that_was_closed_and_reopened() -> None:
    case, lead = at_stage("handle"), at_stage("rate")
    family = Family(case, lead)
    family.merge(case, lead)
    with pytest.raises(no.NotNow):  # a merged case is not reopened: it is taken out, or its lead is reopened
        family.make(do.Reopen(case_id=case.id, reason="没修好"))
    family.make(do.Rate(case_id=lead.id, satisfied=True), by=SYSTEM)
    assert family.cases[lead.id].phase is Phase.CLOSED
    family.make(do.Reopen(case_id=lead.id, reason="没修好"))
    assert family.counts(lead) == [2]
    family.unmerge(case)
    assert (family.cases[case.id].phase, *family.counts(case, lead)) == (Phase.OPEN, 1, 1)


def test_nothing_is_merged_into_a_case_that_has_ended_or_gone_on_elsewhere() -> None:
    case, lead, top = (at_stage("handle") for _ in range(3))
    family = Family(case, lead, top)
    family.merge(lead, top)
    with pytest.raises(merge_refusals.LeadEnded) as refused:
        family.merge(case, lead)
    assert refused.value.status == 409
    assert "已并案" in refused.value.message("zh")
    with pytest.raises(no.NotNow):  # the other way round there is no circle either
        family.merge(lead, case)


def test_urgency_falls_back_only_where_the_number_of_reports_had_raised_it() -> None:
    for before, raised, later, after in (
        (Urgency.MEDIUM, Urgency.HIGH, None, Urgency.MEDIUM),
        (Urgency.LOW, Urgency.MEDIUM, None, Urgency.LOW),
        (Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH, Urgency.HIGH),  # raised again by another rule
        (Urgency.HIGH, Urgency.HIGH, None, Urgency.HIGH),  # was urgent by itself
    ):
        case, lead = at_stage("handle")._replace(report_count=3), at_stage("handle")._replace(urgency=before)
        family = Family(case, lead)
        family.merge(case, lead)
        assert family.cases[lead.id].urgency is raised
        if later is not None:
            family.cases[lead.id] = family.cases[lead.id]._replace(urgency=later)
        family.unmerge(case)
        assert family.cases[lead.id].urgency is after


def test_a_closed_post_does_not_get_the_case_back() -> None:
    case, lead = at_stage("handle"), at_stage("handle")
    family = Family(case, lead)
    family.merge(case, lead)
    gone = post("some-old-post", w.VILLAGE)
    merged = family.cases[case.id]
    assert merged.before_merge is not None
    kept = replace(merged.before_merge, owner=gone)
    family.cases[case.id] = merged._replace(before_merge=kept)
    family.unmerge(case)
    assert family.cases[case.id].owner == case.owner


IDS = st.integers(0, 4)
STEPS = st.lists(
    st.tuples(st.sampled_from(["join", "unjoin", "merge", "unmerge", "void"]), IDS, IDS, st.integers(0, 30)),
    max_size=40,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_reports_are_conserved_by_any_sequence_of_joins_and_merges_and_their_undoing(steps: Any) -> None:
    start = [at_stage("handle") for _ in range(5)]
    family = Family(*start)
    joined: dict[CaseId, int] = {case.id: 0 for case in start}
    for what, one, other, hours in steps:
        case, target = start[one], start[other]
        commands: dict[str, do.Command] = {
            "join": do.Join(case_id=case.id, report_id=new_id()),
            "unjoin": do.Unjoin(case_id=case.id, report_id=new_id()),
            "merge": do.Merge(case_id=case.id, into=target.id, reason="同"),
            "unmerge": do.Unmerge(case_id=case.id, reason="异"),
            "void": do.Void(case_id=case.id, reason="误"),
        }
        if what == "unjoin" and joined[case.id] == 0:
            continue  # intake takes only reports away that have joined
        dues = {each.id: each.clock for each in family.cases.values()}
        try:
            change = family.make(commands[what], after=hours * HOUR, by=SYSTEM)
        except Refusal:
            continue
        joined[case.id] += {"join": 1, "unjoin": -1}.get(what, 0)
        assert all(each.state.clock == dues[each.state.id] for each in change.also)
        _check(family, joined)


def _check(family: Family, joined: dict[CaseId, int]) -> None:
    """A case counts its first report, those that joined it, and all that the cases merged into it count."""
    for case in family.cases.values():
        below = [one for one in family.cases.values() if one.merged_into == case.id]
        assert case.report_count == 1 + joined[case.id] + sum(one.report_count for one in below)
        assert (case.phase is Phase.MERGED) == (case.merged_into is not None)
        assert (case.before_merge is None) == (case.phase is not Phase.MERGED)
        seen, at = {case.id}, case
        while at.merged_into is not None:
            at = family.cases[at.merged_into]
            assert at.id not in seen  # no circle
            seen.add(at.id)
    roots = [case.report_count for case in family.cases.values() if case.merged_into is None]
    assert sum(roots) == len(family.cases) + sum(joined.values())


MOVES = st.lists(st.sampled_from(["join", "urge", "note", "acknowledge", "extension"]), max_size=6)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(w.DEFINITION.stages)), MOVES, MOVES, st.integers(0, 24 * 60))
def test_merge_then_un_merge_restores_both(stage: str, mine: Any, theirs: Any, minutes: int) -> None:
    case, lead = _after(at_stage(stage), mine), _after(at_stage(stage), theirs)
    family = Family(case, lead)
    family.merge(case, lead)
    at = family.cases[case.id].last_at
    family.unmerge(case, after=timedelta(minutes=minutes))
    back, kept = family.cases[case.id], family.cases[lead.id]
    assert unlike(kept, lead) <= {"version", "last_at"}
    moving = {"version", "last_at", "entered_at", "clock", "tasks", "alarm_at"}
    assert unlike(back, case) <= (moving if minutes else {"version", "last_at", "alarm_at"})
    assert case.clock is not None and back.clock is not None
    left = clocks.left(case.clock, at=at, calendar=w.CALENDAR)
    assert clocks.left(back.clock, at=back.last_at, calendar=w.CALENDAR) == pytest.approx(left, abs=1e-3)
    assert [task.id for task in back.tasks] == [task.id for task in case.tasks]


def _after(case: CaseState, verbs: list[str]) -> CaseState:
    for verb in verbs:
        commands: dict[str, do.Command] = {
            "join": do.Join(case_id=case.id, report_id=new_id()),
            "urge": do.Urge(case_id=case.id, text="快"),
            "note": do.Note(case_id=case.id, text="记"),
            "acknowledge": do.Acknowledge(case_id=case.id),
            "extension": do.AskExtension(case_id=case.id, reason="难"),
        }
        try:
            case = move(case, commands[verb], by=SYSTEM).state
        except Refusal:
            continue
    return case


def test_the_matter_of_an_ended_case_comes_back_and_both_say_so() -> None:
    case, earlier = at_stage("handle"), at_stage("handle")
    family = Family(case, earlier)
    mark = do.MarkRepeat(case_id=case.id, of=earlier.id)
    with pytest.raises(merge_refusals.NotARepeat):  # it still runs: merge
        family.make(mark)
    family.make(do.Void(case_id=earlier.id, reason="误报"), by=SYSTEM)
    change = family.make(mark)
    assert change.state.repeat_of == earlier.id
    assert (change.also[0].verb, change.also[0].state.repeated_at) == ("repeated", change.state.last_at)
    with pytest.raises(merge_refusals.NotARepeat):
        family.make(do.MarkRepeat(case_id=case.id, of=CaseId(new_id())))
