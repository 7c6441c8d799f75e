"""What the workforce tells others. Days are ISO texts (YYYY-MM-DD) of the city's own time zone."""

from dataclasses import dataclass
from typing import ClassVar

from onegrid.kernel.events import Event
from onegrid.kernel.ids import AccountId, PostId, WorkerId


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilled(Event):
    """A worker was appointed to a post, as its principal or to assist."""

    topic: ClassVar[str] = "workforce.post-filled"
    post_id: PostId
    worker_id: WorkerId
    account_id: AccountId | None
    principal: bool
    starts_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVacated(Event):
    """An appointment was ended. `vacant`: the post then has no principal holder left."""

    topic: ClassVar[str] = "workforce.post-vacated"
    post_id: PostId
    worker_id: WorkerId
    account_id: AccountId | None
    vacant: bool
    ends_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostClosed(Event):
    """A post was abolished; no case finds it any more."""

    topic: ClassVar[str] = "workforce.post-closed"
    post_id: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDelegated(Event):
    """代办: somebody acts in the post for its holder, who stays accountable."""

    topic: ClassVar[str] = "workforce.post-delegated"
    post_id: PostId
    holder_account_id: AccountId | None
    delegate_account_id: AccountId | None
    starts_on: str
    ends_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationEnded(Event):
    """A delegation was ended before its day."""

    topic: ClassVar[str] = "workforce.delegation-ended"
    post_id: PostId
    holder_account_id: AccountId | None
    delegate_account_id: AccountId | None
    ends_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChanged(Event):
    """The duty list of a post changed: new cases may go elsewhere, running ones stay."""

    topic: ClassVar[str] = "workforce.duty-changed"
    post_id: PostId
