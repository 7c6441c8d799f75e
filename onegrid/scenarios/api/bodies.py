"""What is sent and shown of scenario projects."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from onegrid.scenarios import queries
from onegrid.scenarios.api.drafting import Source, Town

Words = Annotated[str, Field(max_length=20_000)]
Short = Annotated[str, Field(max_length=200)]
Towns = Annotated[list[Town], Field(min_length=1, max_length=500)]


class Body(Schema):
    """No field is taken that the endpoint does not know."""

    model_config = ConfigDict(extra="forbid")


class ProposalIn(Body):
    """`key`: of a new scenario, or of a live one that is to change. `owner`: the unit that will answer."""

    key: Short
    name_zh: Short
    name_en: Short = ""
    owner: Short
    need: Words


class DecisionIn(Body):
    """`minutes`: text of the joint conference's minutes; `document`: SHA-256 of the signed paper."""

    granted: bool
    minutes: Words
    decided_on: date
    document: Annotated[str, Field(max_length=64)] = ""


class DraftIn(Body):
    """`seen`: the number of the draft that this one was written upon; 0 where there was none."""

    source: Source
    seen: int
    remark: Words = ""


class AgreeIn(Body):
    """`seen`: the draft agreed to."""

    seen: int


class BuildIn(Body):
    """`towns`: where it is meant to run, if not in the whole county."""

    towns: Towns | None = None


class DrillIn(Body):
    """`summary`: the drill's report as data."""

    summary: dict[str, Any]


class TrialIn(Body):
    """`ends_on`: its last day."""

    towns: Towns
    ends_on: date


class LiveIn(Body):
    """Without towns: the whole county."""

    towns: Towns | None = None


class ResumeIn(Body):
    """A trial is resumed with its towns and a new last day."""

    towns: Towns | None = None
    ends_on: date | None = None


class ReasonIn(Body):
    reason: Words


class RetireIn(ReasonIn):
    """`run_out`: with cases running, take no new one and retire with the last of them."""

    run_out: bool = False


class OrderIn(Body):
    """An order that switches a dormant scenario on; without towns wherever it is live."""

    order_number: Short = ""
    issued_by: Short = ""
    ends_on: date | None = None
    towns: Towns | None = None


class ProjectRowOut(Schema):
    """`towns`: where new cases follow its version; [""] is the whole county. `until`: end of a trial."""

    project_id: UUID
    key: str
    round: int
    state: str
    state_zh: str
    name_zh: str
    name_en: str
    owner: str
    installed: bool
    changed_at: datetime
    version_id: UUID | None
    number: int | None
    towns: list[str]
    until: datetime | None


class StepOut(Schema):
    """A move that this actor may make now: POST to …/<verb>."""

    verb: str
    zh: str
    en: str


class DrillOut(Schema):
    version_id: UUID
    at: datetime
    by: str
    summary: Any


class RecordOut(Schema):
    verb: str
    at: datetime
    by: str
    body: dict[str, Any]


class ProjectOut(Schema):
    """A project in full. `agreed`: which draft each side agreed to; `missing`: who still has to."""

    row: ProjectRowOut
    need: str
    minutes: str
    minutes_sha: str
    decided_on: date | None
    draft: int
    agreed: dict[str, int]
    missing: list[str]
    running_out: bool
    running_cases: int
    steps: list[StepOut]
    drills: list[DrillOut]
    record: list[RecordOut]


class DraftRowOut(Schema):
    number: int
    remark: str
    saved_at: datetime | None
    saved_by: str


class DraftOut(DraftRowOut):
    """Number 0 is what a first draft may start from: the newest version, or nothing."""

    source: str


class ActivationOut(Schema):
    """An order; `ended_at`: ended early, or replaced by a new one."""

    order_number: str
    issued_by: str
    towns: list[str] | None
    ends_on: date
    since: datetime
    by: str
    ended_at: datetime | None
    in_force: bool


def shown(page: queries.ProjectPage) -> dict[str, Any]:
    """A project as JSON, also where the answer is kept for a repeated request."""
    return ProjectOut.model_validate(page, from_attributes=True).model_dump(mode="json")
