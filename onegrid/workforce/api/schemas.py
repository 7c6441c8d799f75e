"""What the workforce shows and takes over HTTP.

Days are days of the city; `last_day` is the last one included."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from onegrid.kernel.ids import AccountId, PostId, WorkerId
from onegrid.workforce import actions, queries
from onegrid.workforce.rules import Duty, Period


class PageQuery(Schema):
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class Ids(Schema):
    """The ids of what was made, in the order sent."""

    ids: list[UUID]


class PostOut(Schema):
    post_id: UUID
    key: str
    role: str
    title_zh: str
    title_en: str
    unit_key: str
    unit_zh: str
    territory: str
    closed_on: date | None


class PostPage(Schema):
    items: list[PostOut]
    next_cursor: str


class PostQuery(PageQuery):
    territory: str = Field("", max_length=15)
    role: str = ""
    unit: str = ""
    vacant: bool | None = None

    def wanted(self) -> queries.PostFilter:
        return queries.PostFilter(self.territory, self.role, self.unit, self.vacant)


class PostIn(Schema):
    role: str
    place: str = Field(max_length=15, description="division or grid code the post is bound to")
    unit: str = Field("", description="unit key; empty = the home unit of role and place")
    title_zh: str = Field("", max_length=60)
    title_en: str = Field("", max_length=120)
    key: str = Field("", max_length=80)

    def new(self) -> actions.NewPost:
        return actions.NewPost(**self.model_dump())


class HolderOut(Schema):
    worker_id: UUID
    name: str
    principal: bool
    on_behalf_of: str | None


class AppointmentOut(Schema):
    appointment_id: UUID
    worker_id: UUID
    name: str
    principal: bool
    starts_on: date
    last_day: date | None

    @staticmethod
    def resolve_last_day(obj: Any) -> date | None:
        return last_day(obj.ends_before)


class DutyLine(Schema):
    """What a post answers for; empty means all."""

    scenario: str = ""
    class_prefix: str = ""
    territory: str = ""

    def line(self, post_id: PostId) -> Duty:
        return Duty(post_id, self.scenario, self.class_prefix, self.territory)


class StepOut(Schema):
    seq: int
    verb: str
    at: datetime
    by: str
    body: dict[str, Any]

    @staticmethod
    def resolve_by(obj: Any) -> str:
        return str(obj.by.label)


class PostDetailOut(Schema):
    post: PostOut
    holders: list[HolderOut]
    duties: list[DutyLine]
    appointments: list[AppointmentOut]
    trail: list[StepOut]


class DutyOut(DutyLine):
    post: PostOut


class DutyPage(Schema):
    items: list[DutyOut]
    next_cursor: str


class WorkerPostOut(Schema):
    appointment_id: UUID
    post_id: UUID
    title_zh: str
    territory: str
    principal: bool


class WorkerOut(Schema):
    worker_id: UUID
    staff_no: str
    name: str
    category: str
    has_account: bool
    posts: list[WorkerPostOut]

    @staticmethod
    def resolve_has_account(obj: Any) -> bool:
        return obj.account_id is not None


class WorkerPage(Schema):
    items: list[WorkerOut]
    next_cursor: str


class WorkerQuery(PageQuery):
    territory: str = Field("", max_length=15)
    category: str = ""
    name: str = Field("", description="the name begins with")

    def wanted(self) -> queries.WorkerFilter:
        return queries.WorkerFilter(self.territory, self.category, self.name)


class WorkerIn(Schema):
    name: str = Field(min_length=1, max_length=40)
    category: str
    staff_no: str = Field("", max_length=40)
    account_id: UUID | None = None

    def new(self) -> actions.NewWorker:
        account = AccountId(self.account_id) if self.account_id else None
        return actions.NewWorker(self.name, self.category, self.staff_no, account)


class WorkerChange(Schema):
    name: str = Field(min_length=1, max_length=40)
    category: str
    account_id: UUID | None = Field(
        None, description="the account the worker signs in with; null takes it away"
    )


class AppointmentIn(Schema):
    post_id: UUID
    worker_id: UUID
    starts_on: date
    last_day: date | None = None
    principal: bool = Field(True, description="answers for the post; false: assists")

    def new(self) -> actions.NewAppointment:
        period = period_of(self.starts_on, self.last_day)
        return actions.NewAppointment(PostId(self.post_id), WorkerId(self.worker_id), period, self.principal)


class DelegationIn(Schema):
    """代办: both days are included."""

    post_id: UUID
    to_worker: UUID
    starts_on: date
    last_day: date
    reason: str = Field(min_length=1, max_length=200)

    def new(self) -> actions.NewDelegation:
        period = period_of(self.starts_on, self.last_day)
        return actions.NewDelegation(PostId(self.post_id), WorkerId(self.to_worker), period, self.reason)


class DelegationOut(Schema):
    delegation_id: UUID
    post_id: UUID
    title_zh: str
    territory: str
    holder: str
    delegate: str
    starts_on: date
    last_day: date
    reason: str

    @staticmethod
    def resolve_last_day(obj: Any) -> date | None:
        return last_day(obj.ends_before)


class DelegationPage(Schema):
    items: list[DelegationOut]
    next_cursor: str


class EndIn(Schema):
    """From this day on it holds no more; empty = today."""

    on: date | None = None


def period_of(starts_on: date, last: date | None) -> Period:
    """The half-open period of two days that are both included."""
    return Period(starts_on, last + timedelta(days=1) if last else None)


def last_day(ends_before: date | None) -> date | None:
    """The last day included."""
    return ends_before - timedelta(days=1) if ends_before else None
