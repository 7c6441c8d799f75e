"""What the system does by itself when time passes: remind, tell, give a card, lapse, resume after a hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from onegrid.cases.rules import agenda, answering, asking, exits
from onegrid.cases.rules.alarms import AGENDA, LAPSE, SIGN_IN, alarms, with_alarm
from onegrid.cases.rules.change import Asker, Change, Escalated, Ground, News, TaskGiven, TaskLate, Told
from onegrid.cases.rules.commands import Resume, TakeExit
from onegrid.cases.rules.people import head_of, told
from onegrid.cases.rules.pressing import with_tasks
from onegrid.cases.rules.state import LIVE, AgendaReason, CaseState, Phase, Task, TaskKind, Urgency
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import EscalationStep, Text

ERASE = "erase"  # the verb under which the deleting of personal answers is recorded
SIGN_IN_MISSED = Text("超过签收时限仍未签收", "not signed in in time")


def escalations(case: CaseState, asker: Asker, ground: Ground) -> list[tuple[str, Change]]:
    """All that is due by `asker.at`, each once and in the order of its moment, as (verb, change).

    After a long downtime every step missed is caught up; a lapse moves the case on and ends the list.
    Of an ended case the personal answers are erased when their time has come."""
    found: list[tuple[str, Change]] = []
    if case.phase not in LIVE:
        due = answering.erase_at(case, ground.definition)
        return [(ERASE, answering.erase(case, asker, ground))] if due and due <= asker.at else []
    if case.phase is Phase.HELD and case.alarm_at is not None and case.alarm_at <= asker.at:
        resumed = asking.resume(case, Resume(case_id=case.id, reason="到复查日"), asker, ground)
        found.append((Resume.verb, resumed))
        case = resumed.state
    for name in _due(case, asker, ground):
        verb, change = _one(name, case, asker, ground)
        found.append((verb, change))
        case = change.state
        if name == LAPSE:
            return found
    late = late_tasks(case, asker, ground)
    if late is not None:
        found.append(("tasks-late", late))
    return found


def _due(case: CaseState, asker: Asker, ground: Ground) -> Iterator[str]:
    due = [(moment, name) for name, moment in alarms(case, ground).items() if moment <= asker.at]
    return (name for _, name in sorted(due, key=lambda pair: (pair[0], pair[1] == LAPSE)))


def _one(name: str, case: CaseState, asker: Asker, ground: Ground) -> tuple[str, Change]:
    case = with_alarm(case._replace(fired=(*case.fired, name)), ground)
    if name == LAPSE:
        try:
            return TakeExit.verb, _lapse(case, asker, ground)
        except Refusal as refusal:  # the case stays and its people hear why, so that nothing waits in silence
            why = Text(f"到期自动流转未成：{refusal.message('zh')}", f"Not moved on: {refusal.message('en')}")
            return "escalate", _to_its_people(case, LAPSE, 100, why, ground)
    if name == AGENDA:
        return "agenda", agenda.put_on(case, AgendaReason.UNACKNOWLEDGED, ground, at=asker.at)
    if name == SIGN_IN:
        return "escalate", _to_its_people(case, SIGN_IN, 0, SIGN_IN_MISSED, ground)
    step = next(one for one in ground.definition.escalation if str(one.at_percent) == name)
    return "escalate", _step(step, case, asker, ground)


def _to_its_people(case: CaseState, alarm: str, percent: int, text: Text, ground: Ground) -> Change:
    """Tell the owner, who gave it to him, and the head of his unit."""
    posts = (case.owner, case.sender, head_of(case.owner, case, ground))
    known = tuple(dict.fromkeys(post for post in posts if post is not None))
    body = {"alarm": alarm, "stage": case.stage, "posts": known, "text": text.zh}
    return Change(case, body, news=(Escalated(percent, known, text),))


def _lapse(case: CaseState, asker: Asker, ground: Ground) -> Change:
    stage = ground.stage(case.stage)
    assert stage.lapse is not None
    command = TakeExit(case_id=case.id, exit=stage.lapse, opinion="到期自动流转")
    change = exits.follow(case, stage.exits[stage.lapse], command, asker, ground)
    return replace(change, body={**change.body, "lapsed": True})


def _step(step: EscalationStep, case: CaseState, asker: Asker, ground: Ground) -> Change:
    """Remind or tell; a step may also raise the urgency and give the owner a card."""
    posts, missing, _ = told((*step.remind, *step.tell), case, ground)
    if step.raise_urgency and case.urgency is not Urgency.HIGH:
        case = case._replace(urgency=Urgency(case.urgency + 1))
    news: list[News] = [Escalated(step.at_percent, posts, step.text, missing)]
    body: dict[str, object] = {"percent": step.at_percent, "stage": case.stage, "posts": posts}
    if missing:
        body["missing"] = missing
    if step.card is None or case.owner is None:
        return Change(case, body, news=tuple(news))
    card = _card(step.card, step, case, asker, ground)
    news.append(TaskGiven(card))
    return Change(with_tasks(case, card), body | {"card": step.card}, (card,), tuple(news))


def _card(colour: str, step: EscalationStep, case: CaseState, asker: Asker, ground: Ground) -> Task:
    assert case.owner is not None
    due = ground.calendar.due(asker.at, asking.CARD_REPLY)
    text = (
        f"“{ground.stage(case.stage).name.zh}”环节的办理时限已用 {step.at_percent}%，请说明原因和下一步措施。"
    )
    return Task(
        id=ground.next_id(),
        case_id=case.id,
        kind=TaskKind.CARD,
        key=colour,
        post_id=case.owner,
        text=text,
        opened_at=asker.at,
        due_at=due,
        alarm_at=due,
    )


def late_tasks(case: CaseState, asker: Asker, ground: Ground) -> Change | None:
    """Tasks beside the flow that are late, told once; an instruction first unreceived, then unanswered.

    Of a report that was not given, those hear too whom its follow-up names (三天无应答)."""
    late = [task for task in case.tasks if task.alarm_at is not None and task.alarm_at <= asker.at]
    if not late:
        return None
    after = {task.id: replace(task, alarm_at=_next_alarm(task)) for task in late}
    tasks = tuple(after.get(task.id, task) for task in case.tasks)
    body = {"tasks": [{"task": task.id, "kind": str(task.kind), "post": task.post_id} for task in late]}
    news = tuple(TaskLate(task, task.opened_by or case.owner) for task in late)
    silent = dict.fromkeys(task.key for task in late if task.kind is TaskKind.FOLLOW_UP)
    unanswered = tuple(found for key in silent if (found := _unanswered(key, case, ground)) is not None)
    return Change(case._replace(tasks=tasks), body, tuple(after.values()), (*news, *unanswered))


def _unanswered(key: str, case: CaseState, ground: Ground) -> Told | None:
    rule = ground.definition.follow_ups.get(key)
    if rule is None or rule.late is None:
        return None
    posts, _, reporters = told(rule.late.tell, case, ground)
    return Told(posts, rule.late.text, reporters, urgent=True)


def _next_alarm(task: Task) -> datetime | None:
    waits = task.kind is TaskKind.INSTRUCTION and task.alarm_at == task.receive_by
    return task.due_at if waits and task.due_at != task.alarm_at else None
