"""The life of a project as a table: who may take which step from which state, and where it leads."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import projects as rules
from onegrid.scenarios.rules.project_refusals import (
    CasesRunning,
    DraftMoved,
    NotAgreed,
    NotPossible,
    NotYourProject,
)
from onegrid.scenarios.rules.projects import IN_HAND, OFFICE, STEPS, Project, Side, State

DEPARTMENT = frozenset({Side.DEPARTMENT})
NOBODY: frozenset[Side] = frozenset()
AGREED = {Side.DEPARTMENT: 1, Side.OFFICE: 1}

Take = Callable[[Project, frozenset[Side]], Project]
TAKE: dict[str, Take] = {
    "approve": lambda p, who: rules.decided(p, who, granted=True),
    "decline": lambda p, who: rules.decided(p, who, granted=False),
    "draft": lambda p, who: rules.drafted(p, who, seen=p.draft),
    "agree": lambda p, who: rules.agreed(p, who, seen=p.draft),
    "build": rules.built,
    "drill": rules.drilled,
    "trial": rules.tried,
    "go-live": rules.gone_live,
    "suspend": rules.suspended,
    "resume": rules.resumed,
    "retire": lambda p, who: rules.retired(p, who, running=0, run_out=False),
}

# from             department may                    the grid office may, and where each step leads
TABLE: dict[State, tuple[set[str], dict[str, State]]] = {
    State.PROPOSED: (set(), {"approve": State.APPROVED, "decline": State.DECLINED}),
    State.DECLINED: (set(), {}),
    State.APPROVED: ({"draft"}, {"draft": State.DRAFTED, "retire": State.RETIRED}),
    State.DRAFTED: (
        {"draft", "agree"},
        {
            "draft": State.DRAFTED,
            "agree": State.DRAFTED,
            "build": State.BUILT,
            "retire": State.RETIRED,
        },
    ),
    State.BUILT: (
        {"draft"},
        {"draft": State.DRAFTED, "drill": State.DRILLED, "retire": State.RETIRED},
    ),
    State.DRILLED: (
        {"draft"},
        {
            "draft": State.DRAFTED,
            "drill": State.DRILLED,
            "trial": State.TRIAL,
            "retire": State.RETIRED,
        },
    ),
    State.TRIAL: (
        set(),
        {
            "drill": State.TRIAL,
            "trial": State.TRIAL,
            "go-live": State.LIVE,
            "suspend": State.SUSPENDED,
            "retire": State.RETIRED,
        },
    ),
    State.LIVE: (
        set(),
        {
            "drill": State.LIVE,
            "go-live": State.LIVE,
            "suspend": State.SUSPENDED,
            "retire": State.RETIRED,
        },
    ),
    State.SUSPENDED: (
        {"draft"},
        {
            "draft": State.DRAFTED,
            "drill": State.SUSPENDED,
            "resume": State.LIVE,
            "retire": State.RETIRED,
        },
    ),
    State.RETIRED: (set(), {}),
}


def standing_at(state: State) -> Project:
    resumes = State.LIVE if state is State.SUSPENDED else None
    return Project(state, draft=1, agreed=AGREED, resumes_to=resumes)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("who", [DEPARTMENT, OFFICE, NOBODY], ids=["department", "office", "nobody"])
def test_a_step_is_taken_exactly_where_the_table_says(state: State, verb: str, who: frozenset[Side]) -> None:
    by_department, by_office = TABLE[state]
    allowed = by_office if who == OFFICE else {one: by_office[one] for one in by_department}
    project = standing_at(state)
    if who == NOBODY or not who & STEPS[verb].sides:
        with pytest.raises(NotYourProject):
            TAKE[verb](project, who)
    elif verb in allowed:
        assert TAKE[verb](project, who).state is allowed[verb]
    else:
        with pytest.raises(NotPossible) as refused:
            TAKE[verb](project, who)
        assert refused.value.params["possible"] == [one for one in STEPS if one in by_office]
        assert state.zh in refused.value.message("zh")
    shown = {step.verb for step in rules.permitted(project, who)}
    assert shown == (set() if who == NOBODY else set(allowed))


def test_every_step_of_the_table_has_its_rule_and_every_state_its_row() -> None:
    assert set(TAKE) == set(STEPS)
    assert set(TABLE) == set(State)


def test_a_draft_is_built_only_when_both_agreed_to_the_same_text() -> None:
    project = Project(State.APPROVED)
    project = rules.drafted(project, DEPARTMENT, seen=0)
    project = rules.agreed(project, DEPARTMENT, seen=1)
    with pytest.raises(NotAgreed, match="grid office"):
        rules.built(project, OFFICE)
    project = rules.drafted(project, OFFICE, seen=1)  # the office changes it: the department must look again
    project = rules.agreed(project, OFFICE, seen=2)
    with pytest.raises(NotAgreed) as refused:
        rules.built(project, OFFICE)
    assert refused.value.params["missing"] == ["department"]
    project = rules.agreed(project, DEPARTMENT, seen=2)
    assert rules.built(project, OFFICE).state is State.BUILT


def test_an_owner_that_is_the_grid_office_itself_agrees_once() -> None:
    project = rules.agreed(Project(State.DRAFTED, draft=1), frozenset(Side), seen=1)
    assert project.missing == []


def test_nobody_writes_over_or_agrees_to_a_draft_that_he_has_not_seen() -> None:
    project = Project(State.DRAFTED, draft=3)
    for act in (rules.drafted, rules.agreed):
        with pytest.raises(DraftMoved) as refused:
            act(project, OFFICE, seen=2)
        assert (refused.value.params["number"], refused.value.params["seen"]) == (3, 2)


def test_a_suspended_trial_goes_back_to_its_trial_and_nothing_that_never_ran_is_resumed() -> None:
    project = rules.suspended(Project(State.TRIAL, draft=1), OFFICE)
    assert rules.resumed(project, OFFICE).state is State.TRIAL
    never_ran = rules.retired(Project(State.DRILLED), OFFICE, running=2, run_out=True)
    with pytest.raises(NotPossible):
        rules.resumed(never_ran, OFFICE)


def test_with_cases_running_a_project_retires_only_by_running_out() -> None:
    live = Project(State.LIVE)
    with pytest.raises(CasesRunning, match="7 cases"):
        rules.retired(live, OFFICE, running=7, run_out=False)
    out = rules.retired(live, OFFICE, running=7, run_out=True)
    assert (out.state, out.running_out) == (State.SUSPENDED, True)
    assert rules.retired(out, OFFICE, running=0, run_out=True).state is State.RETIRED
    back = rules.resumed(out, OFFICE)
    assert (back.state, back.running_out) == (State.LIVE, False)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from([DEPARTMENT, OFFICE])), max_size=60)
)
def test_whatever_is_tried_nothing_goes_live_undecided_unagreed_undrilled_or_untried(tried: Any) -> None:
    project, seen = Project(State.PROPOSED), set[State]()
    for verb, who in tried:
        try:
            after = TAKE[verb](project, who)
        except Refusal:
            continue
        if after.state is State.BUILT and verb == "build":
            assert not project.missing
        if after.state is State.DRAFTED:
            seen -= {State.BUILT, State.DRILLED, State.TRIAL}
        seen.add(after.state)
        if after.state is State.LIVE:
            assert {State.APPROVED, State.DRAFTED, State.BUILT, State.DRILLED, State.TRIAL} <= seen
        assert not after.running_out or after.state is State.SUSPENDED
        project = after
    assert (project.state in IN_HAND) or project.state in TABLE
