"""并案 and 拆分事件: a case goes on in another one, and within a day comes back as it was."""

from dataclasses import replace
from datetime import timedelta

from onegrid.cases.rules import clocks, entering, exits, joining
from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Asked, Asker, Change, Ground, Merged, Moved, News, TaskGiven
from onegrid.cases.rules.commands import Merge, Unmerge
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.merge_refusals import BadMerge, LeadEnded, UnmergeTooLate
from onegrid.cases.rules.refusals import ReasonNeeded
from onegrid.cases.rules.state import LIVE, PHASE_ZH, BeforeMerge, CaseState, Phase, Task, TaskStatus
from onegrid.kernel.ids import PostId

UNMERGE_WITHIN = timedelta(hours=24)  # domain.md 3.6
HOUR = timedelta(hours=1)


def merge(case: CaseState, command: Merge, asker: Asker, ground: Ground) -> Change:
    """并案: its reports go on in the lead case and may raise its urgency; the lead's due time stays.

    Raises BadMerge, LeadEnded, ReasonNeeded."""
    lead = asker.others.get(command.into)
    if lead is None or lead.id == case.id:
        raise BadMerge(why_zh="目标事件不存在或就是本事件", why_en="there is no such other case")
    if lead.phase not in LIVE:
        raise LeadEnded(number=lead.number, phase=str(lead.phase), phase_zh=PHASE_ZH[lead.phase])
    if not command.reason.strip():
        raise ReasonNeeded(verb_zh="并案", verb="merge")
    after = case._replace(
        phase=Phase.MERGED,
        closed_at=asker.at,
        outcome="merged",
        merged_into=lead.id,
        before_merge=_kept(case, asker, ground),
    )
    body = {"stage": case.stage, "into": lead.id, "into_number": lead.number, "reason": command.reason}
    grown = joining.more(lead, case.report_count)
    said = {"from": case.id, "from_number": case.number, **joining.counted(grown)}
    absorbed = Change(grown, said, verb="absorb")
    tasks = tuple(entering.close_task(task, at=asker.at, status=TaskStatus.CLOSED) for task in case.tasks)
    return Change(exits.retired(after, ground), body, tasks, (Merged(lead.id),), (absorbed,))


def _kept(case: CaseState, asker: Asker, ground: Ground) -> BeforeMerge:
    assert case.owner is not None and case.clock is not None
    return BeforeMerge(
        phase=case.phase,
        owner=case.owner,
        left=clocks.left(case.clock, at=asker.at, calendar=ground.calendar),
        alarm_at=case.alarm_at,
        request=case.request,
        previous=case.previous,
        fired=case.fired,
        tasks=case.tasks,
    )


def unmerge(case: CaseState, command: Unmerge, asker: Asker, ground: Ground) -> Change:
    """拆分事件, within 24 hours: the case is again at its stage, with its owner, tasks and open request.

    The time during which it was merged counts for nobody: its clock runs on with exactly the time that was
    left, on the clock's own kind of time; what counts round the clock (the sign-in, the times of its tasks)
    moves on by as much. A case on hold stays on hold, with its review date. Its reports leave every case that
    counted them, whether that one still runs or has ended: a wrong merge must not bury a matter. What its
    reporters were told meanwhile stays told. Raises UnmergeTooLate, ReasonNeeded."""
    before, merged_at = case.before_merge, case.closed_at
    if before is None or merged_at is None or asker.at > merged_at + UNMERGE_WITHIN:
        raise UnmergeTooLate(number=case.number, hours=UNMERGE_WITHIN // HOUR)
    if not command.reason.strip():
        raise ReasonNeeded(verb_zh="拆分事件", verb="un-merge")
    after = _back(case, before, asker, ground)
    released = (
        Change(fewer, _released(case, fewer), verb="release")
        for fewer in (joining.fewer(lead, case.report_count) for lead in joining.leads_of(case, asker.others))
    )
    body = {
        "stage": case.stage,
        "from": case.merged_into,
        "reason": command.reason,
        "owner": after.owner,
        "due": after.clock.due if after.clock else None,
    }
    return Change(after, body, after.tasks, _news(after), tuple(released))


def _back(case: CaseState, before: BeforeMerge, asker: Asker, ground: Ground) -> CaseState:
    assert case.clock is not None and case.closed_at is not None
    away = asker.at - case.closed_at
    tasks = tuple(_again(task, away) for task in before.tasks)
    clock = replace(case.clock, due=None, left=before.left)
    if before.phase is Phase.OPEN:
        clock = clocks.resume(clock, at=asker.at, calendar=ground.calendar)
    live = case._replace(
        phase=before.phase,
        owner=_owner(case, before, ground),
        clock=clock,
        entered_at=case.entered_at + away,
        request=before.request,
        previous=before.previous,
        fired=before.fired,
        tasks=tasks,
        open_tasks=len(tasks),
        alarm_at=before.alarm_at,
        closed_at=None,
        outcome="",
        merged_into=None,
        before_merge=None,
    )
    return with_alarm(live, ground)


def _owner(case: CaseState, before: BeforeMerge, ground: Ground) -> PostId:
    """The owner it had; where that post was closed meanwhile, whoever answers for the stage now."""
    if before.owner in ground.duties.posts:
        return before.owner
    return entering.owner_of(ground.stage(case.stage), case, Entry(), ground)


def _again(task: Task, away: timedelta) -> Task:
    """A task that the merge closed, open again, its times moved on."""
    times = {name: getattr(task, name) for name in ("receive_by", "due_at", "alarm_at")}
    return replace(task, **{name: at + away for name, at in times.items() if at is not None})


def _released(case: CaseState, lead: CaseState) -> dict[str, object]:
    return {"of": case.id, "of_number": case.number, **joining.counted(lead)}


def _news(after: CaseState) -> tuple[News, ...]:
    """The owner, the posts of its tasks and the approver have it again."""
    given = tuple(TaskGiven(task) for task in after.tasks)
    asked = after.request
    again = (Asked(str(asked.kind), asked.approvers[0], asked.reason),) if asked else ()
    return (Moved(), *given, *again)
