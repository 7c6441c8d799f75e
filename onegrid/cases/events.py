"""What happened to a case, for those above: notices, intake, counters. Sentences come in both languages."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from onegrid.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """What every event of a case says: which case, where it stands now, who did it."""

    case_id: UUID
    number: str
    title: str
    scenario: str
    grid_code: str
    stage: str
    stage_zh: str
    owner: UUID | None
    due_at: datetime | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(CaseEvent):
    """A report became a case; `owner` has the first stage, `copies` are informed.

    `zh` and `en` are the scenario's own words to the owner, "" where it has none."""

    topic: ClassVar[str] = "cases.opened"
    class_code: str
    channel: str
    urgency: int
    copies: tuple[UUID, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(CaseEvent):
    """Another stage or owner: `owner` must act, `copies` are informed, `sender` had it before.

    `zh` and `en` are the scenario's own words to the owner, "" where it has none."""

    topic: ClassVar[str] = "cases.moved"
    verb: str
    verb_zh: str
    exit: str
    sender: UUID | None
    copies: tuple[UUID, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTold(CaseEvent):
    """A sentence that the scenario wants told to posts, or to everyone who reported the matter."""

    topic: ClassVar[str] = "cases.told"
    posts: tuple[UUID, ...]
    reporters: bool
    urgent: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The end: outcome and answer go up to whoever reported it. Children merged into it end with it, each
    with an event of its own (`lead` is then the case that was worked)."""

    topic: ClassVar[str] = "cases.closed"
    phase: str
    outcome: str
    answer: str
    on_time: bool
    closed_at: datetime
    lead: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged(CaseEvent):
    """The matter goes on in another case; its reporters get that case's answer."""

    topic: ClassVar[str] = "cases.merged"
    into: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUrged(CaseEvent):
    topic: ClassVar[str] = "cases.urged"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsked(CaseEvent):
    """`approver` has an extension or a hold to decide."""

    topic: ClassVar[str] = "cases.asked"
    kind: str
    approver: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(CaseEvent):
    """An extension or hold was granted or denied, or a hold ended (`kind` = resume)."""

    topic: ClassVar[str] = "cases.decided"
    kind: str
    granted: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEscalated(CaseEvent):
    """Part of the limit is used up (`percent`; 0: sign-in missed); `missing`: recipients without a post."""

    topic: ClassVar[str] = "cases.escalated"
    percent: int
    posts: tuple[UUID, ...]
    missing: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoined(CaseEvent):
    """One more report of the same matter, or one taken away again."""

    topic: ClassVar[str] = "cases.joined"
    report_id: UUID
    report_count: int
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseErased(CaseEvent):
    """The personal answers to these fields were deleted: whoever keeps a copy deletes it too."""

    topic: ClassVar[str] = "cases.erased"
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRated(CaseEvent):
    topic: ClassVar[str] = "cases.rated"
    satisfied: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent(CaseEvent):
    """About a task beside the flow: cosign, follow-up, instruction or card."""

    task_id: UUID
    kind: str
    key: str
    post: UUID
    text: str
    task_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGiven(TaskEvent):
    """`post` has something to do beside the flow (a yellow or red card: `kind` = card, `key` = colour)."""

    topic: ClassVar[str] = "cases.task-given"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEnded(TaskEvent):
    """Done by its post with `result`; `watcher` hears of it."""

    topic: ClassVar[str] = "cases.task-ended"
    result: str
    watcher: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLate(TaskEvent):
    """Not received, reported or answered in time; `watcher` hears of it."""

    topic: ClassVar[str] = "cases.task-late"
    watcher: UUID | None


ALL: tuple[type[CaseEvent], ...] = (
    CaseOpened, CaseMoved, CaseTold, CaseClosed, CaseMerged, CaseUrged, CaseAsked, CaseDecided, CaseEscalated,
    CaseJoined, CaseErased, CaseRated, TaskGiven, TaskEnded, TaskLate,
)  # fmt: skip
"""Every event of this context, for wiring."""
