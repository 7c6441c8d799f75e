"""Telling posts what happened to their cases: the listener of the case events, called by the outbox.

It may be called again with the same events: the keys hold the event's id, so nothing is told twice.
What reporters hear is intake's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import singledispatch
from typing import Final
from uuid import UUID

from onegrid.cases import events
from onegrid.cases.rules.joining import is_worth_telling
from onegrid.cases.rules.moves import MOVES
from onegrid.cases.rules.pressing import CARDS
from onegrid.cases.rules.state import Urgency
from onegrid.kernel.ids import PostId
from onegrid.notices.actions import tell
from onegrid.notices.rules import Telling, Value
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.queries import PostInfo

Facts = Mapping[str, Value]

NEW_TASK: Final = {"zh": "新任务", "en": "New task"}
REQUESTS: Final = {
    "extension": {"zh": "延期", "en": "an extension"},
    "hold": {"zh": "挂账", "en": "a hold"},
}
TASKS: Final = {
    "cosign": {"zh": "会签", "en": "co-sign task"},
    "follow-up": {"zh": "跟踪", "en": "follow-up"},
    "instruction": {"zh": "批示", "en": "instruction"},
    "card": {"zh": "督办", "en": "supervision"},
}
RATINGS: Final = {True: {"zh": "满意", "en": "Satisfied"}, False: {"zh": "不满意", "en": "Not satisfied"}}
# A post's own work: told at night when it falls due before the morning.
OWN_WORK: Final = frozenset(
    {"task-main", "task-cosign", "task-instruction", "case-nearly-due", "case-overdue"}
)


def tell_posts(happened: Sequence[events.CaseEvent]) -> None:
    """Put into the inboxes of posts what each event means for them; places and owners are looked up once."""
    if not happened:
        return
    places = territory.paths(sorted({event.grid_code for event in happened}))
    owners = workforce.posts_by_id(list({PostId(event.owner) for event in happened if event.owner}))
    tellings: list[Telling] = []
    for event in happened:
        owner = owners.get(PostId(event.owner)) if event.owner else None
        tellings += _told(event, _facts(event, owner, place=places.get(event.grid_code, event.grid_code)))
    tell(tellings, at=max(event.at for event in happened))


def _facts(event: events.CaseEvent, owner: PostInfo | None, *, place: str) -> Facts:
    return {
        "number": event.number,
        "title": event.title,
        "stage": event.stage_zh,
        "place": place,
        "due": event.due_at,
        "by": event.by,
        "owner": {"zh": owner.title_zh, "en": owner.title_en} if owner else None,
    }


def _to(
    posts: Iterable[UUID | None],
    template: str,
    event: events.CaseEvent,
    facts: Facts,
    *,
    urgent: bool = False,
    own: bool = False,
    **more: Value,
) -> list[Telling]:
    """One telling per post, each once; `more` are the parameters beyond the facts of every event."""
    params = {**facts, **more}
    due = params["due"] if own or template in OWN_WORK else None
    return [
        Telling(
            f"{template}:{event.event_id}:{post}",
            template,
            params,
            to_post=PostId(post),
            subject_id=event.case_id,
            urgent=urgent,
            needed_by=due if isinstance(due, datetime) else None,
        )
        for post in dict.fromkeys(posts)
        if post is not None
    ]


def _to_owner(
    event: events.CaseOpened | events.CaseMoved, facts: Facts, *, urgent: bool = False, how: Value
) -> list[Telling]:
    """The new owner reads the scenario's own words where it has some."""
    if not event.zh:
        return _to([event.owner], "task-main", event, facts, urgent=urgent, how=how)
    text = {"zh": event.zh, "en": event.en}
    return _to([event.owner], "case-told", event, facts, urgent=urgent, own=True, text=text)


@singledispatch
def _told(event: events.CaseEvent, facts: Facts) -> Iterable[Telling]:
    """What an event makes told; nothing unless it is registered below."""
    return ()


@_told.register
def _(event: events.CaseOpened, facts: Facts) -> Iterable[Telling]:
    urgent = event.urgency == Urgency.HIGH
    copies = [post for post in event.copies if post != event.owner]
    yield from _to_owner(event, facts, urgent=urgent, how=NEW_TASK)
    yield from _to(copies, "task-copy", event, facts, urgent=urgent)


@_told.register
def _(event: events.CaseMoved, facts: Facts) -> Iterable[Telling]:
    if event.verb == "recall":  # the sender is then the post that lost it
        return _to([event.sender], "task-recalled", event, facts)
    move = MOVES.get(event.verb)
    named = {"zh": event.verb_zh, "en": move.en.capitalize() if move else event.verb}
    how = NEW_TASK if event.verb == "exit" else named
    copies = [post for post in event.copies if post != event.owner]
    return [
        *_to_owner(event, facts, how=how),
        *_to(copies, "task-copy", event, facts),
    ]


@_told.register
def _(event: events.CaseTold, facts: Facts) -> Iterable[Telling]:
    text = {"zh": event.zh, "en": event.en}
    return _to(event.posts, "case-told", event, facts, urgent=event.urgent, text=text)


@_told.register
def _(event: events.CaseUrged, facts: Facts) -> Iterable[Telling]:
    return _to([event.owner], "case-urged", event, facts, text=event.text)


@_told.register
def _(event: events.CaseAsked, facts: Facts) -> Iterable[Telling]:
    request = REQUESTS[event.kind]
    return _to([event.approver], "request-to-decide", event, facts, request=request, reason=event.reason)


@_told.register
def _(event: events.CaseDecided, facts: Facts) -> Iterable[Telling]:
    if event.kind == "resume":
        return _to([event.owner], "case-resumed", event, facts)
    template = "request-granted" if event.granted else "request-denied"
    return _to([event.owner], template, event, facts, request=REQUESTS[event.kind], reason=event.reason)


@_told.register
def _(event: events.CaseEscalated, facts: Facts) -> Iterable[Telling]:
    """The owner is pressed; those above hear of the delay, in the scenario's own words where it has some."""
    used = {"zh": f"办理时限已用 {event.percent}%", "en": f"{event.percent}% of the time is used"}
    text = {"zh": event.zh, "en": event.en} if event.zh else used
    others = [post for post in event.posts if post != event.owner]
    if event.owner in event.posts:
        yield from _to([event.owner], _pressing(event.percent), event, facts, text=text)
    yield from _to(others, "case-escalated", event, facts, text=text)


def _pressing(percent: int) -> str:
    """What the owner reads at this share of the limit; 0 is a missed sign-in."""
    if percent == 0:
        return "case-escalated"
    return "case-nearly-due" if percent < 100 else "case-overdue"


@_told.register
def _(event: events.CaseJoined, facts: Facts) -> Iterable[Telling]:
    owner = None if event.away or not is_worth_telling(event.report_count) else event.owner
    return _to([owner], "case-joined", event, facts, count=event.report_count)


@_told.register
def _(event: events.CaseRated, facts: Facts) -> Iterable[Telling]:
    rating = RATINGS[event.satisfied]
    return _to([event.owner], "case-rated", event, facts, rating=rating, reason=event.reason)


@_told.register
def _(event: events.TaskGiven, facts: Facts) -> Iterable[Telling]:
    card = {"zh": CARDS.get(event.key, event.key), "en": event.key}
    return _to(
        [event.post], f"task-{event.kind}", event, facts, due=event.task_due_at, text=event.text, card=card
    )


@_told.register
def _(event: events.TaskEnded, facts: Facts) -> Iterable[Telling]:
    return _to([event.watcher], "task-answered", event, facts, kind=TASKS[event.kind], text=event.result)


@_told.register
def _(event: events.TaskLate, facts: Facts) -> Iterable[Telling]:
    """The post and whoever waits for its answer hear that it is late."""
    posts = [event.post, event.watcher]
    return _to(posts, "task-late", event, facts, kind=TASKS[event.kind], due=event.task_due_at)
