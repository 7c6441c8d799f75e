"""Entering a stage: its one owner, its clock, the tasks that begin or end with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from onegrid.cases.rules import clocks
from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.clocks import Clock
from onegrid.cases.rules.copying import may_be, picked
from onegrid.cases.rules.people import head_of, is_own_work, maybe_post, post_of
from onegrid.cases.rules.refusals import NotATarget, OwnWork
from onegrid.cases.rules.state import CaseState, Task, TaskKind, TaskStatus
from onegrid.kernel.ids import PostId
from onegrid.scenarios.rules import Exit, FollowUp, Joint, Stage, Who
from onegrid.scenarios.rules.standing_in import area_of, stands_in


@dataclass(frozen=True, slots=True)
class Entry:
    """How a stage is entered: by which exit, with which next owner chosen, due when promised."""

    exit: Exit | None = None
    to: PostId | None = None
    due: str = ""  # as answered: a moment, or a day
    rework: bool = False
    picks: bool = False  # somebody sends it, who can be asked to pick the main recipient
    starts: frozenset[str] = field(default_factory=frozenset)


def enter(
    case: CaseState, stage: Stage, entry: Entry, ground: Ground, *, at: datetime
) -> tuple[CaseState, tuple[Task, ...]]:
    """The case in its new stage, and the tasks that were opened or force-closed with it."""
    before = case
    case = case._replace(stage=stage.key, entered_by=entry.exit.key if entry.exit else "")
    owner = owner_of(stage, case, entry, ground)
    reworked = {rework_key(stage): case.taken.get(rework_key(stage), 0) + 1} if entry.rework else {}
    case = case._replace(
        owner=owner,
        sender=before.owner,
        entered_at=at,
        acknowledged_at=None,
        clock=clock_of(stage, case, entry, ground, at=at),
        reworks=case.reworks + entry.rework,
        taken={**case.taken, **reworked},
        request=None,
        fired=(),
    )
    case, tasks = beside(before, case, stage, entry, ground, at=at)
    return with_alarm(case, ground), tasks


def rework_key(stage: Stage) -> str:
    """Under which name a case counts how often the work of a stage was done again."""
    return f"rework/{stage.key}"


def stay(case: CaseState, stage: Stage, entry: Entry, ground: Ground, *, at: datetime) -> CaseState:
    """续报: same stage and owner, a new limit; the sign-in stands."""
    clock = clock_of(stage, case, entry, ground, at=at)
    return with_alarm(case._replace(clock=clock, request=None, fired=("acknowledge",)), ground)


def owner_of(stage: Stage, case: CaseState, entry: Entry, ground: Ground) -> PostId:
    """The one post that answers for the stage.

    Chosen by the sender where the stage allows it; rework goes to the same hand first, then one level up
    (domain.md 3.5); nobody gets his own work to check. Raises NoPost, SeveralPosts, NotATarget, OwnWork."""
    if entry.to is not None:
        check_target(entry.to, stage, case, ground)
        return entry.to
    hand = case.hands.get(stage.key)
    if entry.rework and hand is not None and hand.post_id in ground.duties.posts:
        up = head_of(hand.post_id, case, ground) if case.taken.get(rework_key(stage)) else None
        return up or hand.post_id
    if entry.picks and (only := picked(stage, case, ground)) is not None:
        return only
    owner = post_of(stage.who, case, ground)
    if not is_own_work(stage, case, owner, None):
        return owner
    for other in _others(stage, owner, case, ground):
        if not is_own_work(stage, case, other, None):
            return other
    raise OwnWork


def _others(stage: Stage, owner: PostId, case: CaseState, ground: Ground) -> Iterator[PostId]:
    """Who checks instead, when the stage's own post did the work: another allowed role, or one level up."""
    found = [maybe_post(who, case, ground) for who in stage.assignable]
    yield from (post for post in (*found, head_of(owner, case, ground)) if post is not None)


def check_target(to: PostId, stage: Stage, case: CaseState, ground: Ground) -> None:
    """Raise NotATarget unless a stage of this kind may be given to that post."""
    entry = ground.duties.posts.get(to)
    if entry is None:
        raise NotATarget(post=str(to), why_zh="该岗位不存在或已撤销", why_en="there is no such live post")
    allowed = {who.role for who in (stage.who, *stage.assignable)}
    if entry.role not in allowed:
        raise NotATarget(post=str(to), why_zh="该环节不能由这类岗位办理", why_en="not a role for this stage")
    if not case.grid_code.startswith(entry.territory):
        raise NotATarget(post=str(to), why_zh="不在其管辖范围内", why_en="the place is outside its territory")
    if not may_be(to, (stage.who, *stage.assignable), case, ground):
        raise NotATarget(
            post=str(to), why_zh="不是负责该事项的部门", why_en="another department answers here"
        )
    if is_own_work(stage, case, to, None):
        raise OwnWork
    if to in ground.vacant:
        raise NotATarget(post=str(to), why_zh="该岗位目前无人任职", why_en="nobody holds it")


def clock_of(stage: Stage, case: CaseState, entry: Entry, ground: Ground, *, at: datetime) -> Clock:
    """The stage's clock: a due time set on the way in, the promise of the report, or its limit by rule."""
    if entry.due:
        return clocks.promised(clocks.moment(entry.due, calendar=ground.calendar), at=at)
    rule = (entry.exit.limit if entry.exit else None) or stage.limit
    if rule.from_report and case.promised_due is not None:
        return clocks.promised(case.promised_due, at=at)
    limit = rule.for_(
        case.class_code,
        entered_by=case.entered_by or None,
        answers=case.facts(case.entered_by),
        class_limit=ground.class_limit(case.class_code),
    )
    return clocks.start(limit, at=at, calendar=ground.calendar)


def beside(
    before: CaseState,
    case: CaseState,
    stage: Stage,
    entry: Entry,
    ground: Ground,
    *,
    at: datetime,
    ended_as: TaskStatus = TaskStatus.CLOSED,
) -> tuple[CaseState, tuple[Task, ...]]:
    """Close co-sign tasks of the stage left and follow-ups that no longer apply, open those that begin."""
    ended = [
        close_task(task, at=at, status=ended_as)
        for task in before.tasks
        if task.kind is TaskKind.COSIGN
        or (task.kind is TaskKind.FOLLOW_UP and not _goes_on(task, stage, ground))
    ]
    gone = {task.id for task in ended}
    kept = tuple(task for task in before.tasks if task.id not in gone)
    fresh = (
        *cosign_tasks(case, stage, ground, at=at),
        *follow_up_tasks(case, kept, stage, entry, ground, at=at),
    )
    return case._replace(tasks=kept + fresh, open_tasks=len(kept + fresh)), (*ended, *fresh)


def close_task(task: Task, *, at: datetime, status: TaskStatus = TaskStatus.CLOSED) -> Task:
    """Force-closed with its parent; void with a parent that was taken back or should never have been."""
    return replace(task, status=status, done_at=at, alarm_at=None)


def _goes_on(task: Task, stage: Stage, ground: Ground) -> bool:
    rule = ground.definition.follow_ups.get(task.key)
    return rule is not None and stage.key in rule.while_


def cosign_tasks(case: CaseState, stage: Stage, ground: Ground, *, at: datetime) -> Iterator[Task]:
    """One task per department that co-signs in this stage."""
    joint = stage.joint
    if joint is None or case.clock is None:
        return
    for unit in chosen_units(joint, case):
        due = (
            case.clock.due
            if joint.limit is None
            else ground.calendar.due(at, joint.limit.for_(case.class_code))
        )
        yield Task(
            id=ground.next_id(),
            case_id=case.id,
            kind=TaskKind.COSIGN,
            key=unit,
            post_id=post_of(Who(joint.role, unit), case, ground),
            text=stage.name.zh,
            opened_at=at,
            opened_by=case.owner,
            due_at=due,
            alarm_at=due,
        )


def chosen_units(joint: Joint, case: CaseState) -> tuple[str, ...]:
    """The departments that co-sign this case, one task each: those chosen, all where nobody chooses."""
    if joint.chosen_by is None:
        return joint.units
    answer = case.answers.get(joint.chosen_by)
    chosen = tuple(map(str, answer)) if isinstance(answer, list | tuple) else ()
    return tuple(dict.fromkeys(unit for unit in chosen if unit in joint.units))


def follow_up_tasks(
    case: CaseState, kept: tuple[Task, ...], stage: Stage, entry: Entry, ground: Ground, *, at: datetime
) -> Iterator[Task]:
    """The reports beside the flow that begin with this stage and are not running yet."""
    running = {task.key for task in kept if task.kind is TaskKind.FOLLOW_UP}
    for rule in ground.definition.follow_ups.values():
        begins = stage.key in rule.while_ and (not rule.by_exit or rule.key in entry.starts)
        if begins and rule.key not in running:
            yield from _reports(rule, case, ground, at=at)


def _reports(rule: FollowUp, case: CaseState, ground: Ground, *, at: datetime) -> Iterator[Task]:
    """One task for each post that has it to report, or that stands in where the grid is not known."""
    due = next_report(rule, case, ground, at=at)
    area = area_of(case.grid_code)
    for post in dict.fromkeys(post_of(stands_in(who, area), case, ground) for who in rule.whos):
        yield Task(
            id=ground.next_id(),
            case_id=case.id,
            kind=TaskKind.FOLLOW_UP,
            key=rule.key,
            post_id=post,
            text=rule.name.zh,
            opened_at=at,
            opened_by=case.owner,
            due_at=due,
            alarm_at=due,
        )


def next_report(rule: FollowUp, case: CaseState, ground: Ground, *, at: datetime) -> datetime | None:
    """When the next follow-up report is due: after its interval, or once at a share of the stage's limit."""
    if rule.every is not None:
        limit = rule.every.for_(case.class_code, answers=case.facts())
        return ground.calendar.due(at, limit)
    if rule.at_percent is not None and case.clock is not None:
        return clocks.moments(case.clock, [rule.at_percent], calendar=ground.calendar)[0]
    return None
