"""Ends beside the exits: void; and what may follow an end: rating, rework. Merging is in `merging`."""

from dataclasses import replace
from datetime import timedelta

from onegrid.cases.rules import entering, exits
from onegrid.cases.rules.change import Asker, Change, Closed, Ground, Moved, Rated, TaskGiven
from onegrid.cases.rules.commands import Rate, Reopen, TakeExit, Void
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.people import forbid_own_rating
from onegrid.cases.rules.refusals import AlreadyRated, NotYetDone, ReasonNeeded, TooLateToReopen
from onegrid.cases.rules.state import CaseState, Phase, Task, TaskStatus

REOPEN_WITHIN = timedelta(days=30)  # later it is a repeated complaint, a new case (domain.md 3.6)


def void(case: CaseState, command: Void, asker: Asker, ground: Ground) -> Change:
    """作废: it should never have been opened; its tasks close with it. Raises ReasonNeeded."""
    if not command.reason.strip():
        raise ReasonNeeded(verb_zh="作废", verb="void")
    after = case._replace(phase=Phase.VOID, closed_at=asker.at, outcome="void", answer=command.reason)
    body = {"stage": case.stage, "reason": command.reason}
    tasks = _ended_tasks(case, asker, TaskStatus.VOID)
    return Change(exits.retired(after, ground), body, tasks, (Closed(),))


def _ended_tasks(case: CaseState, asker: Asker, status: TaskStatus) -> tuple[Task, ...]:
    return tuple(entering.close_task(task, at=asker.at, status=status) for task in case.tasks)


def rate(case: CaseState, command: Rate, asker: Asker, ground: Ground) -> Change:
    """评价, once, by word only: nobody is satisfied by silence.

    Raises AlreadyRated, OwnWork, ReasonNeeded, NotYetDone in a stage that does not wait for it.
    In a stage that waits for the rating it takes the exit meant for it; after the end it is only kept."""
    if case.rating:
        raise AlreadyRated
    forbid_own_rating(case, asker.by)
    if not command.satisfied and not command.reason.strip():
        raise ReasonNeeded(verb_zh="评价不满意", verb="rate as unsatisfied")
    word = "satisfied" if command.satisfied else "unsatisfied"
    body = {"rating": word, "reason": command.reason}
    news = Rated(command.satisfied, command.reason)
    if case.phase is not Phase.OPEN:
        return Change(case._replace(rating=word), body, news=(news,))
    stage = ground.stage(case.stage)
    if stage.rating is None:
        raise NotYetDone
    key = stage.rating.satisfied if command.satisfied else stage.rating.unsatisfied
    taking = TakeExit(case_id=case.id, exit=key, opinion=command.reason or "满意")
    kept = word if command.satisfied else ""  # after rework the reporter is asked again
    change = exits.follow(case._replace(rating=kept), exits.exit_of(stage, key), taking, asker, ground)
    return replace(change, body={**change.body, **body}, news=(*change.news, news))


def reopen(case: CaseState, command: Reopen, asker: Asker, ground: Ground) -> Change:
    """返工 after the end: to the hand that did the work, the second time one level up; then rated anew.

    Raises TooLateToReopen, ReasonNeeded."""
    assert case.closed_at is not None
    if not command.reason.strip():
        raise ReasonNeeded(verb_zh="返工", verb="reopen")
    if asker.at > case.closed_at + REOPEN_WITHIN:
        raise TooLateToReopen(days=REOPEN_WITHIN.days)
    stage = ground.stage(_worked_stage(case, ground))
    live = case._replace(phase=Phase.OPEN, closed_at=None, outcome="", answer="", rating="")
    after, tasks = entering.enter(live, stage, Entry(rework=True), ground, at=asker.at)
    body = {"to": stage.key, "to_zh": stage.name.zh, "owner": after.owner, "reason": command.reason}
    given = tuple(TaskGiven(task) for task in tasks if task.status is TaskStatus.OPEN)
    return Change(after, body, tasks, (Moved(), *given))


def _worked_stage(case: CaseState, ground: Ground) -> str:
    """The last stage that somebody checks, that is, where the work was done; else the last one finished."""
    checked = {key for stage in ground.definition.stages.values() for key in stage.not_same_as}
    finished = list(case.hands) or [next(iter(ground.definition.stages))]
    return next((key for key in reversed(finished) if key in checked), finished[-1])
