"""Tasks beside the flow, done by their own posts: co-signs, follow-up reports, instructions, card replies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from onegrid.cases.rules import answering
from onegrid.cases.rules.change import Asker, Change, Ground, News, TaskEnded, Told
from onegrid.cases.rules.commands import Cosign, Feedback, Receive, ReplyCard, ReportFollowUp, TaskCommand
from onegrid.cases.rules.entering import close_task, next_report
from onegrid.cases.rules.exits import incomplete
from onegrid.cases.rules.people import told
from onegrid.cases.rules.refusals import ReasonNeeded, TaskNotOpen
from onegrid.cases.rules.state import CaseState, Task, TaskKind, TaskStatus
from onegrid.scenarios.rules import FollowUp, Form, Need, check_needs, check_values
from onegrid.scenarios.rules.conditions import holds

KIND_OF: dict[str, TaskKind] = {
    Cosign.verb: TaskKind.COSIGN,
    ReportFollowUp.verb: TaskKind.FOLLOW_UP,
    Receive.verb: TaskKind.INSTRUCTION,
    Feedback.verb: TaskKind.INSTRUCTION,
    ReplyCard.verb: TaskKind.CARD,
}


def task_of(case: CaseState, command: TaskCommand) -> Task:
    """The open task meant, of the kind that the command is for. Raises TaskNotOpen."""
    for task in case.tasks:
        if task.id == command.task_id and task.kind is KIND_OF[command.verb]:
            return task
    raise TaskNotOpen


def _ended(case: CaseState, task: Task, result: str, asker: Asker) -> tuple[CaseState, Task]:
    done = replace(task, status=TaskStatus.DONE, done_at=asker.at, result=result, alarm_at=None)
    tasks = tuple(one for one in case.tasks if one.id != task.id)
    return case._replace(tasks=tasks, open_tasks=len(tasks)), done


def _said(text: str, verb_zh: str, verb: str) -> str:
    if not text.strip():
        raise ReasonNeeded(verb_zh=verb_zh, verb=verb, what_zh="内容", what="Some text")
    return text


def _body(task: Task, text: str, asker: Asker) -> dict[str, object]:
    late = task.due_at is not None and asker.at > task.due_at
    return {"task": task.id, "kind": str(task.kind), "key": task.key, "text": text, "late": late}


def _check(
    form: Form,
    needs: Sequence[Need],
    case: CaseState,
    asker: Asker,
    *,
    values: Mapping[str, object],
    text: str,
) -> None:
    """Raise Incomplete when the task's own form or evidence is not complete."""
    problems = check_values(form, values, answers=case.facts())
    problems += check_needs(needs, evidence=asker.given, opinion=text, located=case.located)
    incomplete(problems)


def cosign(case: CaseState, command: Cosign, asker: Asker, ground: Ground) -> Change:
    """会签办结: this department has done its part; the owner hears of it. Raises Incomplete, ReasonNeeded."""
    task, form = task_of(case, command), dict(command.form)
    joint = ground.stage(case.stage).joint
    if joint is not None:
        _check(joint.form, joint.needs, case, asker, values=command.form, text=command.result)
        form = answering.with_computed(joint.form, command.form)
    case = answering.beside_the_flow(case, form, ground)
    after, done = _ended(case, task, _said(command.result, "会签", "co-sign"), asker)
    body = _body(task, command.result, asker) | {"form": answering.on_record(form, case, ground)}
    return Change(after, body, (done,), (TaskEnded(done, case.owner),))


def receive(case: CaseState, command: Receive, asker: Asker, ground: Ground) -> Change:
    """接收批示: read; from now on the feedback time counts."""
    task = task_of(case, command)
    read = replace(task, received_at=asker.at, alarm_at=task.due_at)
    tasks = tuple(read if one.id == task.id else one for one in case.tasks)
    late = task.receive_by is not None and asker.at > task.receive_by
    return Change(
        case._replace(tasks=tasks), {"task": task.id, "kind": str(task.kind), "late": late}, (read,)
    )


def feedback(case: CaseState, command: Feedback, asker: Asker, ground: Ground) -> Change:
    """批示反馈: answered; whoever gave the instruction hears of it."""
    task = task_of(case, command)
    after, done = _ended(case, task, _said(command.text, "反馈", "give feedback"), asker)
    return Change(after, _body(task, command.text, asker), (done,), (TaskEnded(done, task.opened_by),))


def reply_card(case: CaseState, command: ReplyCard, asker: Asker, ground: Ground) -> Change:
    """督办回复, in writing; whoever issued the card hears of it."""
    task = task_of(case, command)
    after, done = _ended(case, task, _said(command.text, "督办回复", "reply to a card"), asker)
    return Change(after, _body(task, command.text, asker), (done,), (TaskEnded(done, task.opened_by),))


def report_follow_up(case: CaseState, command: ReportFollowUp, asker: Asker, ground: Ground) -> Change:
    """跟踪上报: the next report falls due an interval later; an alarming answer is told at once.

    Raises TaskNotOpen, Incomplete."""
    task = task_of(case, command)
    rule = ground.definition.follow_ups[task.key]
    _check(rule.form, rule.evidence, case, asker, values=command.form, text=command.text)
    form = answering.with_computed(rule.form, command.form)
    case = answering.beside_the_flow(case, form, ground)
    after, touched = _reported(case, task, rule, asker, ground, text=command.text)
    body = _body(task, command.text, asker) | {"form": answering.on_record(form, case, ground)}
    alarms = _alerts(rule, case, {**case.facts(), **form}, ground)
    return Change(after, body | {"alarm": bool(alarms)}, touched, alarms)


def _reported(
    case: CaseState, task: Task, rule: FollowUp, asker: Asker, ground: Ground, *, text: str
) -> tuple[CaseState, tuple[Task, ...]]:
    """The task after its report, and its siblings where the first report closes them."""
    if rule.every is None:
        after, done = _ended(case, task, text, asker)
        touched: tuple[Task, ...] = (done,)
    else:
        due = next_report(rule, case, ground, at=asker.at)
        again = replace(task, reports=task.reports + 1, result=text, due_at=due, alarm_at=due)
        after = case._replace(tasks=tuple(again if one.id == task.id else one for one in case.tasks))
        touched = (again,)
    if not rule.closes_siblings:
        return after, touched
    return _for_siblings(after, task, touched, asker)


def _for_siblings(
    case: CaseState, task: Task, touched: tuple[Task, ...], asker: Asker
) -> tuple[CaseState, tuple[Task, ...]]:
    """One has reported for all: the others need not, until the next report is due to all of them."""
    mine = touched[0]
    siblings = [
        one for one in case.tasks if (one.kind, one.key) == (task.kind, task.key) and one.id != task.id
    ]
    after = [
        replace(one, due_at=mine.due_at, alarm_at=mine.alarm_at)
        if mine.status is TaskStatus.OPEN
        else close_task(one, at=asker.at)
        for one in siblings
    ]
    changed = {one.id: one for one in after}
    tasks = (changed.get(one.id, one) for one in case.tasks)
    kept = tuple(one for one in tasks if one.status is TaskStatus.OPEN)
    return case._replace(tasks=kept, open_tasks=len(kept)), (*touched, *after)


def _alerts(rule: FollowUp, case: CaseState, facts: dict[str, object], ground: Ground) -> tuple[News, ...]:
    """What an answer such as 'resumed' sets off."""
    news = []
    for alert in rule.alerts:
        if holds(alert.when, facts):
            posts, _, reporters = told(alert.tell, case, ground)
            news.append(Told(posts, alert.text, reporters, alert.urgent))
    return tuple(news)
