"""What comes in with each move. `version` is the state the sender saw: acting on an older one is refused."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from onegrid.cases.rules import commands as do
from onegrid.kernel.ids import CaseId

Words = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=200)]


class Body(Schema):
    """No field is taken that the endpoint does not know."""

    model_config = ConfigDict(extra="forbid")


class ExhibitIn(Body):
    """An uploaded file as evidence; labels of photos: before 处理前, during 处理中, after 处理后."""

    sha: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    kind: Literal["photo", "video", "voice", "document", "signature"] = "photo"
    label: Annotated[str, Field(max_length=40)] = ""


class MoveIn(Body):
    """Every move: the version seen, and files as evidence."""

    version: int
    evidence: Annotated[list[ExhibitIn], Field(max_length=60)] = Field(default_factory=list)


class BesideIn(MoveIn):
    """Moves beside the flow may leave the version out: they disturb nobody."""

    version: int | None = None  # type: ignore[assignment]


class ExitIn(MoveIn):
    exit: Short
    opinion: Words = ""
    form: dict[str, JsonValue] = Field(default_factory=dict)
    to: UUID | None = None
    copy_: Annotated[list[UUID], Field(alias="copy", max_length=50)] = Field(default_factory=list)
    force: bool = False


class ReasonIn(MoveIn):
    reason: Words


class ReturnIn(ReasonIn):
    right_owner: Short
    basis: Words = ""


class HandOverIn(MoveIn):
    to: UUID
    reason: Words = ""
    copy_: Annotated[list[UUID], Field(alias="copy", max_length=50)] = Field(default_factory=list)


class ReassignIn(ReasonIn):
    grid_code: Annotated[str, Field(pattern="^[0-9]{15}$")]


class ExtensionIn(ReasonIn):
    extra: Short = ""
    form: dict[str, JsonValue] = Field(default_factory=dict)


class HoldIn(ReasonIn):
    condition: Words
    review_at: AwareDatetime
    interim: Words


class DecideIn(MoveIn):
    granted: bool
    reason: Words = ""


class AgendaIn(BesideIn):
    minutes: Words
    to: UUID
    item: UUID | None = None


class DecisionIn(Body):
    """What the conference decided of an item."""

    minutes: Words
    to: UUID


class MoveVersionIn(ReasonIn):
    """`to`: the version that the case is to follow."""

    to: UUID


class MergeIn(ReasonIn):
    into: UUID


class MarkRepeatIn(MoveIn):
    """`of`: the ended case whose matter came back."""

    of: UUID


class NoteIn(BesideIn):
    text: Words = ""


class UrgeIn(BesideIn):
    text: Words


class SuperviseIn(BesideIn):
    colour: Literal["yellow", "red"]
    text: Words
    reply_by: AwareDatetime


class InstructIn(BesideIn):
    posts: Annotated[list[UUID], Field(max_length=200)] = Field(default_factory=list)
    units: Annotated[list[Short], Field(max_length=100)] = Field(default_factory=list)
    text: Words
    receive_by: AwareDatetime
    feedback_by: AwareDatetime


class RateIn(BesideIn):
    satisfied: bool
    reason: Words = ""


class TaskIn(BesideIn):
    task_id: UUID


class TaskTextIn(TaskIn):
    text: Words


class CosignIn(TaskIn):
    result: Words
    form: dict[str, JsonValue] = Field(default_factory=dict)


class FollowUpIn(TaskIn):
    form: dict[str, JsonValue] = Field(default_factory=dict)
    text: Words = ""


C = TypeVar("C", bound=do.Command)


def command(kind: type[C], case_id: UUID, body: MoveIn) -> C:
    """The command that a body asks for: fields have the same names on purpose."""
    values: dict[str, Any] = {name.rstrip("_"): getattr(body, name) for name in type(body).model_fields}
    files = tuple(do.Exhibit(one.sha, one.kind, one.label) for one in body.evidence)
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return kind(**{**values, **lists, "case_id": CaseId(case_id), "evidence": files})
