"""Pressing and noting: urge, supervise by card, instruct beside the flow, write down progress."""

from datetime import timedelta

from onegrid.cases.rules.change import Asker, Change, Ground, TaskGiven, Urged
from onegrid.cases.rules.commands import Instruct, Note, Supervise, Urge
from onegrid.cases.rules.people import post_of
from onegrid.cases.rules.refusals import BadCard, BadTimes, NotATarget, ReasonNeeded, UrgedTooSoon
from onegrid.cases.rules.state import CaseState, Task, TaskKind
from onegrid.kernel.ids import PostId
from onegrid.scenarios.rules import Who

URGE_APART = timedelta(hours=4)  # domain.md 3.5
CARDS = {"yellow": "黄牌", "red": "红牌"}


def urge(case: CaseState, command: Urge, asker: Asker, ground: Ground) -> Change:
    """催办 in free words, at least four hours after the last time. Raises UrgedTooSoon, ReasonNeeded."""
    if not command.text.strip():
        raise ReasonNeeded(verb_zh="催办", verb="urge")
    if case.urged_at is not None and asker.at < case.urged_at + URGE_APART:
        raise UrgedTooSoon(hours=URGE_APART // timedelta(hours=1), next=case.urged_at + URGE_APART)
    after = case._replace(urged_at=asker.at)
    return Change(after, {"text": command.text, "owner": case.owner}, news=(Urged(command.text),))


def supervise(case: CaseState, command: Supervise, asker: Asker, ground: Ground) -> Change:
    """督办: a yellow or red card to the accountable post, which owes a written reply. Raises BadCard."""
    if command.colour not in CARDS or command.reply_by <= asker.at or case.owner is None:
        raise BadCard
    card = Task(
        id=ground.next_id(),
        case_id=case.id,
        kind=TaskKind.CARD,
        key=command.colour,
        post_id=case.owner,
        text=command.text,
        opened_at=asker.at,
        opened_by=asker.post,
        due_at=command.reply_by,
        alarm_at=command.reply_by,
    )
    body = {"colour": command.colour, "text": command.text, "reply_by": command.reply_by, "owner": case.owner}
    return Change(with_tasks(case, card), body, (card,), (TaskGiven(card),))


def with_tasks(case: CaseState, *fresh: Task) -> CaseState:
    """The case with more open tasks."""
    tasks = (*case.tasks, *fresh)
    return case._replace(tasks=tasks, open_tasks=len(tasks))


def note(case: CaseState, command: Note, asker: Asker, ground: Ground) -> Change:
    """办理记录: progress or evidence on record, nothing moves. Raises ReasonNeeded when it is empty."""
    if not command.text.strip() and not command.evidence:
        raise ReasonNeeded(verb_zh="办理记录", verb="note", what_zh="内容", what="Some text")
    return Change(case, {"stage": case.stage, "text": command.text})


def instruct(case: CaseState, command: Instruct, asker: Asker, ground: Ground) -> Change:
    """批示: to posts beside the flow, of a department to the one that handles; tracked apart from it.

    Raises BadTimes, NotATarget, NoPost."""
    units = (post_of(Who("department-handler", unit), case, ground) for unit in command.units)
    posts = tuple(dict.fromkeys((*command.posts, *units)))
    if not posts or not asker.at < command.receive_by <= command.feedback_by:
        raise BadTimes
    tasks = tuple(_instruction(case, post, command, asker, ground) for post in posts)
    body = {
        "text": command.text,
        "posts": posts,
        "receive_by": command.receive_by,
        "feedback_by": command.feedback_by,
    }
    return Change(with_tasks(case, *tasks), body, tasks, tuple(TaskGiven(task) for task in tasks))


def _instruction(case: CaseState, post: PostId, command: Instruct, asker: Asker, ground: Ground) -> Task:
    if post not in ground.duties.posts:
        raise NotATarget(post=str(post), why_zh="该岗位不存在或已撤销", why_en="there is no such live post")
    return Task(
        id=ground.next_id(),
        case_id=case.id,
        kind=TaskKind.INSTRUCTION,
        key="",
        post_id=post,
        text=command.text,
        opened_at=asker.at,
        opened_by=asker.post,
        receive_by=command.receive_by,
        due_at=command.feedback_by,
        alarm_at=command.receive_by,
    )
