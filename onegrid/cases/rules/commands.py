"""What may be asked of a case: one frozen value per move.

`version` is the state the sender has seen (None: whatever it is now, for machines that just read it)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from onegrid.kernel.ids import CaseId, GridCode, PostId, VersionId


class Exhibit(NamedTuple):
    """A stored file shown as evidence: photo, video, voice, document or signature, with its label."""

    sha: str
    kind: str = "photo"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A move asked for. `verb` names its row in the table of moves; any move may bring evidence.

    `at` is when it was made, where it is told only later: by a phone that was offline, or by another system
    that hands over its history. It counts from then, but never before the case's last step."""

    verb: ClassVar[str]
    case_id: CaseId
    version: int | None = None
    at: datetime | None = None
    evidence: tuple[Exhibit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Command):
    """签收: the owner has it and starts."""

    verb: ClassVar[str] = "acknowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeExit(Command):
    """Finish the stage by one of its exits, with opinion, answers to the form and papers.

    The departments, unit, grid or class that an exit assigns are answers of the form, as the scenario says.
    `to`: the next owner where the next stage lets the sender choose; `copy`: posts informed besides, among
    those that the next stage lets the sender add (选送); `force`: close open co-sign tasks."""

    verb: ClassVar[str] = "exit"
    exit: str
    opinion: str = ""
    form: Mapping[str, object] = field(default_factory=dict)
    to: PostId | None = None
    copy: tuple[PostId, ...] = ()
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command):
    """退回: not mine; says whose it is, from the third time on with the legal basis (三定方案)."""

    verb: ClassVar[str] = "return"
    reason: str
    right_owner: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """转派: another post answers from now on; `copy`: posts informed besides (选送)."""

    verb: ClassVar[str] = "hand-over"
    to: PostId
    reason: str = ""
    copy: tuple[PostId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension(Command):
    """申请延期: `extra` is the limit wanted on top, e.g. "10 working days"."""

    verb: ClassVar[str] = "ask-extension"
    extra: str = ""
    reason: str
    form: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHold(Command):
    """申请挂账: waits for a condition, is looked at again on a day, is safe meanwhile."""

    verb: ClassVar[str] = "ask-hold"
    reason: str
    condition: str
    review_at: datetime
    interim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Command):
    """审批: grant or deny what the owner asked for."""

    verb: ClassVar[str] = "decide"
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """恢复办理: the condition came true or the review day came."""

    verb: ClassVar[str] = "resume"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge(Command):
    """催办: a friendly push in free words."""

    verb: ClassVar[str] = "urge"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise(Command):
    """督办: a yellow or red card that wants a written reply by a time."""

    verb: ClassVar[str] = "supervise"
    colour: str
    text: str
    reply_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Command):
    """撤回: the sender takes it back before the new owner signs in."""

    verb: ClassVar[str] = "recall"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Command):
    """办理记录: progress or evidence on record; the case stays where it is."""

    verb: ClassVar[str] = "note"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Command):
    """并案: goes on in another case."""

    verb: ClassVar[str] = "merge"
    into: CaseId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge(Command):
    """拆分事件: it was another matter after all, and goes on by itself."""

    verb: ClassVar[str] = "unmerge"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRepeat(Command):
    """标记重复投诉: the matter of an ended case has come back with this one."""

    verb: ClassVar[str] = "mark-repeat"
    of: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Command):
    """作废: should never have been opened."""

    verb: ClassVar[str] = "void"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign(Command):
    """改派网格: the place lies in another grid; the case starts its stage again there."""

    verb: ClassVar[str] = "reassign"
    grid_code: GridCode
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveVersion(Command):
    """改用版本: the case follows another version of its scenario, by a decision with its reason."""

    verb: ClassVar[str] = "move-version"
    to: VersionId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """返工: the reporter is not satisfied, with a reason; first the same hand, then one level up."""

    verb: ClassVar[str] = "reopen"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Command):
    """评价: satisfied or not, said by the reporter or on his behalf; silence is never satisfaction."""

    verb: ClassVar[str] = "rate"
    satisfied: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateOwn(Rate):
    """评价 by a reporter himself, who holds no post: intake has seen that the report is his."""

    verb: ClassVar[str] = "rate-own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruct(Command):
    """批示: to several posts or departments beside the flow, with the times to receive it and to answer."""

    verb: ClassVar[str] = "instruct"
    posts: tuple[PostId, ...] = ()
    units: tuple[str, ...] = ()  # unit keys; of each the post that handles
    text: str
    receive_by: datetime
    feedback_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAgenda(Command):
    """联席会议决定: who handles a case on the agenda, with the minutes; `item` as the decider saw it."""

    verb: ClassVar[str] = "decide-agenda"
    minutes: str
    to: PostId
    item: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """并入重复件: one more report of the same matter, with the photos it brought."""

    verb: ClassVar[str] = "join"
    report_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjoin(Command):
    """拆分重复件: it was another matter after all."""

    verb: ClassVar[str] = "unjoin"
    report_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCommand(Command):
    """A move on a task beside the flow, by the post that has it."""

    task_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCard(TaskCommand):
    """督办回复."""

    verb: ClassVar[str] = "reply-card"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(TaskCommand):
    """接收批示."""

    verb: ClassVar[str] = "receive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(TaskCommand):
    """批示反馈."""

    verb: ClassVar[str] = "feedback"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosign(TaskCommand):
    """会签办结: one department has done its part."""

    verb: ClassVar[str] = "cosign"
    result: str
    form: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFollowUp(TaskCommand):
    """跟踪上报: how it stands, e.g. stopped / resumed / rebuilt."""

    verb: ClassVar[str] = "report-follow-up"
    form: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
