"""What a case is at one moment: its phase, stage, owner, clock, open tasks and the trail it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple
from uuid import UUID

from onegrid.cases.rules.clocks import Clock
from onegrid.kernel.ids import AccountId, CaseId, ClassCode, GridCode, PostId, VersionId


class Phase(StrEnum):
    """Where a case stands in its life; only OPEN runs a clock."""

    OPEN = "open"  # 办理中: one stage, one owner, one running clock
    HELD = "held"  # 挂账: the owner still answers, the clock is paused
    CLOSED = "closed"  # 已结案: an exit led to an end
    VOID = "void"  # 作废: should never have been opened
    MERGED = "merged"  # 并案: lives on in another case


LIVE = frozenset({Phase.OPEN, Phase.HELD})
PHASE_ZH = {
    Phase.OPEN: "办理中",
    Phase.HELD: "挂账",
    Phase.CLOSED: "已结案",
    Phase.VOID: "已作废",
    Phase.MERGED: "已并案",
}


class Urgency(IntEnum):
    """Three steps, as the field uses them; a case only ever moves up by itself."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @classmethod
    def named(cls, name: object) -> "Urgency":
        """By the name that definitions use: high, medium, low."""
        return cls[str(name).upper()]


class TaskKind(StrEnum):
    """What may stand beside the main flow of a case."""

    COSIGN = "cosign"  # 会签: one open task per department
    FOLLOW_UP = "follow-up"  # 跟踪: a report every so often until the matter ends
    INSTRUCTION = "instruction"  # 批示: from above, with a receive-by and a feedback-by time
    CARD = "card"  # 督办卡: yellow or red, wants a written reply


class TaskStatus(StrEnum):
    """A task ends by its post's word (DONE), with its parent (CLOSED), or as its parent never was (VOID)."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Task:
    """One task beside the flow. `key` is the department, the follow-up's name or the card's colour."""

    id: UUID
    case_id: CaseId
    kind: TaskKind
    key: str
    post_id: PostId
    text: str
    opened_at: datetime
    opened_by: PostId | None = None
    receive_by: datetime | None = None
    received_at: datetime | None = None
    due_at: datetime | None = None
    status: TaskStatus = TaskStatus.OPEN
    done_at: datetime | None = None
    result: str = ""
    reports: int = 0
    alarm_at: datetime | None = None


class Hand(NamedTuple):
    """Who last finished a stage: rework returns to him, and he never checks his own work."""

    post_id: PostId
    account_id: AccountId | None


@dataclass(frozen=True, slots=True)
class Previous:
    """The stage a case just left, kept until the new owner signs in, so that the sender may take it back."""

    stage: str
    post_id: PostId
    clock: Clock
    entered_at: datetime
    entered_by: str
    acknowledged_at: datetime | None


class RequestKind(StrEnum):
    """What an owner must ask for."""

    EXTENSION = "extension"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Request:
    """A question waiting for an approver; `approvers` still to be heard, the first one decides next."""

    kind: RequestKind
    asked_at: datetime
    asked_by: PostId
    asker: AccountId | None
    reason: str
    approvers: tuple[PostId, ...]
    extra: str = ""  # extension: the limit added, e.g. "10 working days"
    condition: str = ""  # hold: what must come true
    review_at: datetime | None = None  # hold: when it is looked at again
    interim: str = ""  # hold: the safety measure meanwhile


class AgendaReason(StrEnum):
    """Why a case goes before the joint conference."""

    UNACKNOWLEDGED = "unacknowledged"  # 长期未签收
    RETURNED = "returned"  # 多次退回


class AgendaItem(NamedTuple):
    """A case on the agenda of the joint conference 联席会议, until it decides."""

    id: UUID
    reason: AgendaReason
    since: datetime


@dataclass(frozen=True, slots=True)
class BeforeMerge:
    """What a case was when it was merged into another one, kept so that it may come back within a day.

    `left`: seconds left on its clock; `alarm_at`: the review date of one on hold; `tasks`: those that were
    open and closed with it."""

    phase: Phase
    owner: PostId
    left: float
    alarm_at: datetime | None
    request: Request | None
    previous: Previous | None
    fired: tuple[str, ...]
    tasks: tuple[Task, ...]


class CaseState(NamedTuple):
    """Everything the rules may look at. Times are aware UTC; `version` (steps on its trail) is what a caller
    quotes so as not to act on a state that he has not seen."""

    id: CaseId
    version: int
    number: str
    scenario: str
    version_id: VersionId
    class_code: ClassCode
    grid_code: GridCode
    unit: str  # key of the unit that answers by the matter's class; "" none
    title: str
    channel: str
    source: str
    place_text: str
    place: tuple[float, float] | None  # WGS-84 longitude and latitude
    opened_at: datetime
    promised_due: datetime | None
    phase: Phase
    stage: str
    owner: PostId | None
    sender: PostId | None  # who gave it to the owner
    entered_at: datetime
    entered_by: str  # the exit that led here; "" at the start
    acknowledged_at: datetime | None
    clock: Clock | None
    urgency: Urgency
    report_count: int
    returns: int
    ruled: bool  # a desk has ruled whose it is: no more returns
    extensions: int
    holds: int
    reworks: int
    late_stages: int
    urged_at: datetime | None
    closed_at: datetime | None
    outcome: str
    answer: str
    rating: str  # "", "satisfied" or "unsatisfied": silence stays silence
    merged_into: CaseId | None
    previous: Previous | None
    request: Request | None
    hands: Mapping[str, Hand]  # stage -> who finished it last, in the order of finishing
    taken: Mapping[str, int]  # "stage/exit" -> how often
    fired: tuple[str, ...]  # alarms of the present clock that have gone off
    alarm_at: datetime | None  # when the worker looks at it next
    answers: Mapping[str, object]  # to the forms, all stages together
    last_at: datetime
    open_tasks: int = 0
    tasks: tuple[Task, ...] = ()  # the open ones
    linked_to: CaseId | None = None  # the case out of which this one was opened
    agenda: AgendaItem | None = None
    raised_from: Urgency | None = None  # what it was before the number of reports raised it
    before_merge: BeforeMerge | None = None  # while it is merged into another case
    repeat_of: CaseId | None = None  # 重复投诉: the ended case whose matter came back with this one
    repeated_at: datetime | None = None  # when the matter of this ended case came back
    salt: str = ""  # of the digests that stand on the record for personal answers; erased with them

    @property
    def located(self) -> bool:
        """Whether the case has a point, so that nearness of a photo can be asked."""
        return self.place is not None

    def facts(self, exit_key: str = "") -> dict[str, object]:
        """What a condition of the definition may ask: the answers so far and the facts of the case."""
        return {
            **self.answers,
            "exit": exit_key,
            "source": self.source,
            "channel": self.channel,
            "class": self.class_code,
            "urgency": self.urgency.name.lower(),
        }
