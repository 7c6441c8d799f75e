"""From the trail of a case to the events of its trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

SYSTEM: Final = "system"
OUTSIDE: Final = "outside"
"""Resources that are no post: the platform itself; somebody without a post (a reporter, an administrator)."""

OPEN, ACKNOWLEDGE, EXIT = "open", "acknowledge", "exit"
START, COMPLETE = "start", "complete"


class Recorded(NamedTuple):
    """One row of a trail, without what it says in words."""

    seq: int
    verb: str
    at: datetime
    by_account: bool  # False: the platform itself did it
    post_id: UUID | None
    body: Mapping[str, object]


class LoggedPost(NamedTuple):
    """A post as the log names it."""

    key: str
    title: str
    role: str
    unit: str
    territory: str


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event. `activity`: the stage worked, else the move; `transition`: start when a stage is signed in
    for, complete when something is done; `resource`: key of the post, SYSTEM or OUTSIDE."""

    seq: int
    activity: str
    transition: str
    at: datetime
    verb: str
    stage: str
    resource: str
    role: str = ""
    group: str = ""
    exit: str = ""
    exit_name: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """One case with its events, in the order of its trail; `posts` are those that its events name."""

    case_id: UUID
    number: str
    scenario: str
    scenario_name: str
    scenario_version: int
    class_code: str
    grid_code: str
    unit: str
    channel: str
    urgency: int
    phase: str
    outcome: str
    opened_at: datetime
    closed_at: datetime | None
    repeat_of: UUID | None = None  # the ended case whose matter came back with this one
    events: tuple[LogEvent, ...] = ()
    posts: tuple[LoggedPost, ...] = ()

    def facts(self) -> Iterator[tuple[str, str | int]]:
        """What the log says of the case besides its number and times; what is not known is left out."""
        known: tuple[tuple[str, str | int], ...] = (
            ("scenario", self.scenario),
            ("scenario_name", self.scenario_name),
            ("scenario_version", self.scenario_version),
            ("class", self.class_code),
            ("grid", self.grid_code),
            ("unit", self.unit),
            ("channel", self.channel),
            ("urgency", self.urgency),
            ("phase", self.phase),
            ("outcome", self.outcome),
            ("repeat_of", str(self.repeat_of or "")),
        )
        return ((name, value) for name, value in known if value != "")


def trace_of(
    rows: Iterable[Recorded],
    *,
    posts: Mapping[UUID, LoggedPost],
    stages: Mapping[str, str],
    moves: Mapping[str, str],
) -> tuple[tuple[LogEvent, ...], tuple[LoggedPost, ...]]:
    """The events of a trail and the posts they name. `stages` and `moves` give the names of activities.

    A stage is the activity of its sign-in and of its exits; every other move is an activity of its own. The
    stage at the time is followed from row to row, since not every row of the trail repeats it."""
    events: list[LogEvent] = []
    named: dict[str, LoggedPost] = {}
    stage = ""
    for row in rows:
        post = posts.get(row.post_id) if row.post_id else None
        if post is not None:
            named[post.key] = post
        stage = stage if row.verb == OPEN else _text(row.body, "stage") or stage
        events.append(_event(row, post, stage, stages, moves))
        stage = _text(row.body, "to") or stage
    return tuple(events), tuple(named.values())


def _event(
    row: Recorded, post: LoggedPost | None, stage: str, stages: Mapping[str, str], moves: Mapping[str, str]
) -> LogEvent:
    leaves, works = "exit" in row.body, row.verb in (ACKNOWLEDGE, EXIT)
    activity = stages.get(stage, stage) if leaves or works else moves.get(row.verb, row.verb)
    return LogEvent(
        seq=row.seq,
        activity=activity or row.verb,
        transition=START if row.verb == ACKNOWLEDGE else COMPLETE,
        at=row.at,
        verb=row.verb,
        stage=stage,
        resource=post.key if post else (OUTSIDE if row.by_account else SYSTEM),
        role=post.role if post else "",
        group=post.unit if post else "",
        exit=_text(row.body, "exit"),
        exit_name=_text(row.body, "exit_zh"),
        late=row.body.get("late") is True,
    )


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
