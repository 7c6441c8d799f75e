"""What a move decides: the case afterwards, the tasks touched, what goes on record and who is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.cases.rules.state import AgendaItem, CaseState, Task
from onegrid.kernel.calendar import Limit, OfficeCalendar
from onegrid.kernel.ids import CaseId, PostId
from onegrid.scenarios.rules import Definition, Given, Opens, Stage, Text, VersionInfo
from onegrid.workforce.rules import DutyTable


class StoredFile(NamedTuple):
    """A file that was uploaded before: its type by content, and the place its camera noted."""

    sha: str
    mime: str
    place: tuple[float, float] | None


class Shown(NamedTuple):
    """Evidence put into a case; `stage` is "" when a report brought it; `distance_m` from its place."""

    sha: str
    kind: str
    label: str
    stage: str
    distance_m: float | None


class Told(NamedTuple):
    """A sentence for some posts, or for everyone who reported the matter."""

    posts: tuple[PostId, ...]
    text: Text
    reporters: bool = False
    urgent: bool = False


class Moved(NamedTuple):
    """The case has another stage or owner; `copies` are informed, `words` are the scenario's to the owner."""

    copies: tuple[PostId, ...] = ()
    exit: str = ""
    words: Text | None = None


class Closed(NamedTuple):
    """The case reached an end; the answer goes up to whoever reported it."""


class Merged(NamedTuple):
    into: CaseId


class Urged(NamedTuple):
    text: str


class Asked(NamedTuple):
    """An approver has something to decide."""

    kind: str
    approver: PostId
    reason: str


class Decided(NamedTuple):
    kind: str
    granted: bool
    reason: str


class TaskGiven(NamedTuple):
    """A task beside the flow was opened for a post."""

    task: Task


class TaskEnded(NamedTuple):
    """A task was done by its post; `watcher` hears of it."""

    task: Task
    watcher: PostId | None


class Escalated(NamedTuple):
    """Part of the limit is used up; `missing` are recipients that nobody holds the duty for."""

    percent: int
    posts: tuple[PostId, ...]
    text: Text | None
    missing: tuple[str, ...] = ()


class TaskLate(NamedTuple):
    """A task beside the flow was not received, reported or answered in time."""

    task: Task
    watcher: PostId | None


class Rated(NamedTuple):
    satisfied: bool
    reason: str


class Erased(NamedTuple):
    """The personal answers to these fields were deleted."""

    fields: tuple[str, ...]


class Decision(NamedTuple):
    """What the joint conference decided of a case on its agenda: who handles it, with the minutes."""

    item: UUID
    minutes: str
    handler: PostId | None


class Joined(NamedTuple):
    """A report of the same matter came in, or was taken away again."""

    report_id: UUID
    away: bool = False


News = (
    Told | Moved | Closed | Merged | Urged | Asked | Decided | TaskGiven | TaskEnded | Escalated | TaskLate
    | Rated | Joined | Erased
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A decision: `state` after it, `tasks` new or changed, `body` for the trail, `news` for others.

    `also` holds what it changes in other cases (a merge adds its reports to the lead case), each on that
    case's own trail under its `verb`; `post` is the post from which the actor made the move; `opens` are the
    linked cases that follow from it; `agenda` puts the case on the joint conference's agenda, or says what
    the conference decided."""

    state: CaseState
    body: Mapping[str, object] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    news: tuple[News, ...] = ()
    also: tuple["Change", ...] = ()
    post: PostId | None = None
    evidence: tuple[Shown, ...] = ()
    opens: tuple[Opens, ...] = ()
    agenda: AgendaItem | Decision | None = None
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a move is judged against; nothing in it changes while a batch is decided."""

    definition: Definition
    duties: DutyTable
    calendar: OfficeCalendar
    next_id: Callable[[], UUID]
    is_live_grid: Callable[[str], bool]
    class_limit: Callable[[str], Limit | None]
    vacant: frozenset[PostId] = frozenset()  # posts without a holder, among those that a move names

    def stage(self, key: str) -> Stage:
        return self.definition.stages[key]


class Target(NamedTuple):
    """Another version that a case is to follow, its ground, and the number of the one it follows now."""

    version: VersionInfo
    ground: Ground
    number_before: int


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, acting from which post, when, with what evidence at hand.

    `files` are the stored files that the move brings, `others` the cases that it also touches, `target` the
    version that it names."""

    by: Actor
    post: PostId | None
    at: datetime
    given: Sequence[Given] = ()
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    others: Mapping[CaseId, CaseState] = field(default_factory=dict)
    target: Target | None = None
