"""A case on its way through a drill: what it shares with its like is a situation, its own are its times."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.clocks import Clock
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import CaseId, PostId
from onegrid.kernel.stepping import moment
from onegrid.scenarios.rules import Stage

if TYPE_CHECKING:
    from onegrid.cases.rules.drill.staff import Job


class Way:
    """Where an exit led a case of some situation: to another one, or to an end (`to` is None).

    `stays`: in the same hands with a new limit; `passes`: to another stage, so that lateness counts."""

    __slots__ = ("outcome", "passes", "stays", "to")

    def __init__(self, to: "Situation | None", *, stays: bool, passes: bool, outcome: str) -> None:
        self.to, self.stays, self.passes, self.outcome = to, stays, passes, outcome


class Situation:
    """What the rules see of all cases that are alike but for their times, and where their exits led.

    `mould` is the state of the first such case; no task stands beside it, and its clock is its plain limit."""

    __slots__ = ("limit", "mould", "offers", "owner", "stage", "ways")

    def __init__(self, mould: CaseState, stage: Stage) -> None:
        assert mould.clock is not None and mould.owner is not None
        self.mould, self.stage = mould, stage
        self.limit: Limit = mould.clock.limit
        self.owner: PostId = mould.owner
        self.ways: dict[tuple[str, int], Way] = {}
        self.offers: Mapping[str, float] | None = None


class Going:
    """One case. Times in microseconds since 1970; `since` is when its present clock began.

    It stands either in a situation, or, with tasks beside it or alarms gone off, has a whole state of its own."""

    __slots__ = (
        "acknowledged", "cosigning", "draws", "due", "entered", "exit", "grid", "job", "key", "last", "late",
        "number", "opened", "since", "situation", "stamp", "state", "tasks", "tried", "variant", "work",
    )  # fmt: skip

    def __init__(self, number: int, key: int, grid: str, at: int) -> None:
        self.number, self.key, self.grid = number, key, grid
        self.opened = self.entered = self.since = self.last = at
        self.acknowledged: int | None = None
        self.due, self.late, self.stamp, self.draws = 0, 0, 0, 0
        self.situation: Situation | None = None
        self.state: CaseState | None = None
        self.exit, self.variant, self.work = "", 0, 0
        self.job: Job | None = None
        self.tasks: dict[UUID, Job] = {}
        self.tried: tuple[str, ...] = ()
        self.cosigning = 0  # office microseconds that the owner waited for departments

    @property
    def stage(self) -> str:
        """Key of the present stage."""
        if self.situation is not None:
            return self.situation.stage.key
        assert self.state is not None
        return self.state.stage

    @property
    def owner(self) -> PostId:
        """The one post that answers now."""
        if self.situation is not None:
            return self.situation.owner
        assert self.state is not None and self.state.owner is not None
        return self.state.owner

    def whole_mould(self) -> CaseState:
        """Its state, with times that may be another case's."""
        if self.situation is not None:
            return self.situation.mould
        assert self.state is not None
        return self.state

    def whole(self, ground: Ground) -> CaseState:
        """Its state with its own times, exactly as the rules would have it."""
        if self.situation is None:
            assert self.state is not None
            return self.state
        case = self.situation.mould._replace(
            id=id_of(self.number),
            opened_at=moment(self.opened),
            entered_at=moment(self.entered),
            acknowledged_at=None if self.acknowledged is None else moment(self.acknowledged),
            last_at=moment(self.last),
            clock=Clock(self.situation.limit, moment(self.due)),
            late_stages=self.late,
        )
        return with_alarm(case, ground)


def id_of(number: int) -> CaseId:
    """The id of the n-th case of a drill."""
    return CaseId(UUID(int=1 << 120 | number))
