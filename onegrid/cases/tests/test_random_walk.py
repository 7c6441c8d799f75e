"""Properties of moves: whatever posts try in whatever order, a case keeps one owner and one clock."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import clocks
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.change import Asker
from onegrid.cases.rules.escalation import escalations
from onegrid.cases.rules.moves import MOVES, decide
from onegrid.cases.rules.state import LIVE, CaseState, Phase, TaskStatus
from onegrid.cases.tests import world as w
from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.kernel.ids import new_id
from onegrid.kernel.refusals import Refusal

POSTS = sorted(w.POSTS, key=str)
EXHIBITS = tuple(do.Exhibit(w.SHA_HERE, "photo", label) for label in ("before", "before", "after"))
EXITS = sorted({key for stage in w.DEFINITION.stages.values() for key in stage.exits} | {"nowhere"})
DAYS = st.integers(1, 40).map(lambda days: timedelta(days=days))
words = st.sampled_from(["", "理由"])


def _command(verb: str, case: CaseState, draw: Any) -> do.Command:
    """Any command of that verb, sensible or not."""
    task = draw(st.sampled_from([*case.tasks, None]))
    task_id = task.id if task else new_id()
    form = draw(
        st.sampled_from(
            [
                {},
                {"units": ["agriculture"]},
                {"right_grid": w.OTHER_GRID},
                {"right_grid": "1"},
                {"status": "resumed"},
            ]
        )
    )
    post = draw(st.sampled_from(POSTS))
    says, later = draw(words), case.last_at + draw(DAYS)
    makers: dict[str, Any] = {
        "exit": lambda: do.TakeExit(
            case_id=case.id,
            exit=draw(st.sampled_from(EXITS)),
            opinion=says,
            form=form,
            evidence=draw(st.sampled_from([(), EXHIBITS])),
            to=draw(st.sampled_from([None, post])),
            copy=draw(st.sampled_from([(), (post,)])),
            force=draw(st.booleans()),
        ),
        "return": lambda: do.Return(
            case_id=case.id, reason=says, right_owner="agriculture", basis=draw(words)
        ),
        "hand-over": lambda: do.HandOver(case_id=case.id, to=post),
        "reassign": lambda: do.Reassign(
            case_id=case.id, grid_code=draw(st.sampled_from([w.GRID, w.OTHER_GRID])), reason=says
        ),
        "ask-extension": lambda: do.AskExtension(case_id=case.id, reason=says),
        "ask-hold": lambda: do.AskHold(
            case_id=case.id, reason=says, condition=says, interim=says, review_at=later
        ),
        "decide": lambda: do.Decide(case_id=case.id, granted=draw(st.booleans()), reason=says),
        "urge": lambda: do.Urge(case_id=case.id, text=says),
        "supervise": lambda: do.Supervise(case_id=case.id, colour="yellow", text=says, reply_by=later),
        "instruct": lambda: do.Instruct(
            case_id=case.id, posts=(post,), text=says, receive_by=later, feedback_by=later
        ),
        "note": lambda: do.Note(case_id=case.id, text=says),
        "merge": lambda: do.Merge(case_id=case.id, into=LEAD.id, reason=says),
        "unmerge": lambda: do.Unmerge(case_id=case.id, reason=says),
        "rate": lambda: do.Rate(case_id=case.id, satisfied=draw(st.booleans()), reason=says),
        "rate-own": lambda: do.RateOwn(case_id=case.id, satisfied=draw(st.booleans()), reason=says),
        "join": lambda: do.Join(case_id=case.id, report_id=new_id()),
        "unjoin": lambda: do.Unjoin(case_id=case.id, report_id=new_id()),
        "cosign": lambda: do.Cosign(case_id=case.id, task_id=task_id, result=says),
        "report-follow-up": lambda: do.ReportFollowUp(case_id=case.id, task_id=task_id, form=form),
        "receive": lambda: do.Receive(case_id=case.id, task_id=task_id),
        "feedback": lambda: do.Feedback(case_id=case.id, task_id=task_id, text=says),
        "reply-card": lambda: do.ReplyCard(case_id=case.id, task_id=task_id, text=says),
        "acknowledge": lambda: do.Acknowledge(case_id=case.id),
        "decide-agenda": lambda: do.DecideAgenda(case_id=case.id, minutes=says, to=post),
    }
    plain = {"recall": do.Recall, "resume": do.Resume, "void": do.Void, "reopen": do.Reopen}
    return makers[verb]() if verb in makers else plain[verb](case_id=case.id, reason=says)


LEAD = w.at_stage("handle")
VERBS = sorted(verb for verb in MOVES if verb not in {"void", "merge", "mark-repeat", "move-version"}) * 2 + [
    "void",
    "merge",
]


def _check(case: CaseState) -> None:
    """One owner and one clock while it lives; nothing of the kind afterwards."""
    if case.phase in LIVE:
        assert case.owner in w.POSTS
        assert case.stage in w.DEFINITION.stages
        assert case.clock is not None
        assert (case.clock.due is None) == (case.phase is Phase.HELD)
        assert (case.clock.left is None) == (case.phase is Phase.OPEN)
        assert case.closed_at is None
    else:
        assert case.owner is None
        assert case.closed_at is not None
        assert case.tasks == ()
        assert case.alarm_at is None
    assert case.open_tasks == len(case.tasks)
    assert all(task.status is TaskStatus.OPEN for task in case.tasks)
    cosigns = [task.key for task in case.tasks if task.kind == "cosign"]
    assert len(cosigns) == len(set(cosigns))


def _time_passes(case: CaseState, step: timedelta) -> CaseState:
    """The worker's round after some time."""
    at = case.last_at + step
    for _, change in escalations(case, Asker(SYSTEM, case.owner, at), w.ground()):
        case = change.state._replace(version=case.version + 1)
        _check(case)
    return case


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_random_walk_of_moves_never_leaves_a_case_without_owner_or_clock_or_with_two(data: Any) -> None:
    case = w.fresh()
    for _ in range(data.draw(st.integers(1, 25))):
        verb = data.draw(st.sampled_from(VERBS))
        command = _command(verb, case, data.draw)
        acts = [
            case.owner,
            *(task.post_id for task in case.tasks),
            *(case.request.approvers if case.request else ()),
        ]
        post = data.draw(st.sampled_from([one for one in acts if one] or POSTS))
        by = data.draw(st.sampled_from([SYSTEM, w.holder(post), w.holder(data.draw(st.sampled_from(POSTS)))]))
        at = case.last_at + data.draw(
            st.integers(-60, 60 * 24 * 3).map(lambda minutes: timedelta(minutes=minutes))
        )
        before = case
        try:
            change = decide(case, command, Asker(by, None, at, (), w.FILES, {LEAD.id: LEAD}), w.ground())
        except Refusal:
            pass
        else:
            case = change.state._replace(version=case.version + 1)
        _check(case)
        assert case.last_at >= before.last_at
        if data.draw(st.booleans()):
            case = _time_passes(case, data.draw(DAYS))


LIMITS = st.builds(Limit, st.integers(1, 400), st.sampled_from(list(ClockKind)))
MOMENTS = st.integers(0, 60 * 24 * 400).map(lambda minutes: w.MONDAY + timedelta(minutes=minutes))


@settings(max_examples=200, deadline=None)
@given(LIMITS, st.integers(1, 50), MOMENTS)
def test_a_due_time_never_moves_earlier_when_the_limit_grows(limit: Limit, more: int, at: Any) -> None:
    shorter = clocks.start(limit, at=at, calendar=w.CALENDAR)
    longer = clocks.start(Limit(int(limit.value) + more, limit.clock), at=at, calendar=w.CALENDAR)
    assert shorter.due is not None and longer.due is not None
    assert longer.due >= shorter.due


@settings(max_examples=200, deadline=None)
@given(LIMITS, LIMITS, MOMENTS)
def test_an_extension_never_moves_a_due_time_earlier(limit: Limit, extra: Limit, at: Any) -> None:
    clock = clocks.start(limit, at=at, calendar=w.CALENDAR)
    grown = clocks.extend(clock, extra, calendar=w.CALENDAR)
    assert clock.due is not None and grown.due is not None
    assert grown.due >= clock.due


@settings(max_examples=200, deadline=None)
@given(LIMITS, MOMENTS, st.integers(0, 60 * 24 * 90), st.integers(0, 60 * 24 * 90))
def test_holding_and_resuming_conserves_the_time_left(
    limit: Limit, at: Any, before: int, during: int
) -> None:
    clock = clocks.start(limit, at=at, calendar=w.CALENDAR)
    stopped_at = at + timedelta(minutes=before)
    resumed_at = stopped_at + timedelta(minutes=during)
    paused = clocks.pause(clock, at=stopped_at, calendar=w.CALENDAR)
    running = clocks.resume(paused, at=resumed_at, calendar=w.CALENDAR)
    left = clocks.left(clock, at=stopped_at, calendar=w.CALENDAR)
    assert abs(clocks.left(running, at=resumed_at, calendar=w.CALENDAR) - left) < 0.001
    if during == 0:
        assert running.due == clock.due
