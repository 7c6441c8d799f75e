"""A case on its way through a drill: what it shares with its like is a situation, its own are its times."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from onegrid.cases.rules.state import CaseState
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import CaseId, PostId
from onegrid.scenarios.rules import Stage

if TYPE_CHECKING:
    from onegrid.cases.rules.drill.staff import Job


class Way:
    """Where an exit led a case of some situation: to another one, or to an end (`to` is None).

    `stays`: in the same hands with a new limit; `passes`: to another stage, so that lateness counts."""

    __slots__ = ("outcome", "passes", "stays", "to")

    def __init__(self, to: "Situation | None", *, stays: bool, passes: bool, outcome: str) -> None:
        self.to, self.stays, self.passes, self.outcome = to, stays, passes, outcome


class Token(NamedTuple):
    """A post by what it is, wherever the case lies: its role, and the unit of a department."""

    role: str
    unit: str


class Situation:
    """What the rules see of all cases that are alike but for their times and their place.

    `mould` is the state of such a case without times, grid and posts; it has no tasks, and its clock is its
    plain limit. The posts are named by their roles: `owner`, `sender`, and who finished which stage."""

    __slots__ = ("hands", "limit", "mould", "offers", "owner", "sender", "stage", "ways")

    def __init__(
        self,
        mould: CaseState,
        stage: Stage,
        *,
        owner: Token,
        sender: Token | None,
        hands: tuple[tuple[str, Token], ...],
    ) -> None:
        assert mould.clock is not None
        self.mould, self.stage = mould, stage
        self.owner, self.sender, self.hands = owner, sender, hands
        self.limit: Limit = mould.clock.limit
        self.ways: dict[tuple[str, int], Way] = {}
        self.offers: Mapping[str, float] | None = None


class Going:
    """One case. Times in microseconds since 1970; `since` is when its present clock began.

    It stands in a situation, or, with tasks beside it or alarms gone off, has a whole state of its own.
    `grid`: where it was reported; `place`: where it lies now; `post`: the one post that answers."""

    __slots__ = (
        "acknowledged", "cosigning", "draws", "due", "entered", "exit", "grid", "job", "key", "last", "late",
        "number", "opened", "place", "post", "since", "situation", "stamp", "state", "tasks", "tried",
        "variant", "work",
    )  # fmt: skip

    def __init__(self, number: int, key: int, grid: str, at: int) -> None:
        self.number, self.key = number, key
        self.grid = self.place = grid
        self.opened = self.entered = self.since = self.last = at
        self.acknowledged: int | None = None
        self.due, self.late, self.stamp, self.draws = 0, 0, 0, 0
        self.situation: Situation | None = None
        self.state: CaseState | None = None
        self.post: PostId | None = None
        self.exit, self.variant, self.work = "", 0, 0
        self.job: Job | None = None
        self.tasks: dict[UUID, Job] = {}
        self.tried: tuple[str, ...] = ()
        self.cosigning = 0  # office microseconds that the owner waited for departments

    @property
    def stage(self) -> str:
        """Key of the present stage."""
        return self.situation.stage.key if self.situation is not None else self.known.stage

    @property
    def owner(self) -> PostId:
        """The one post that answers now."""
        assert self.post is not None
        return self.post

    @property
    def known(self) -> CaseState:
        """Its state; of one in a situation without times, grid and posts."""
        if self.situation is not None:
            return self.situation.mould
        assert self.state is not None
        return self.state


def id_of(number: int) -> CaseId:
    """The id of the n-th case of a drill."""
    return CaseId(UUID(int=1 << 120 | number))
