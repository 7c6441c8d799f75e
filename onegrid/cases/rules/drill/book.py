"""The book of a drill: what is counted per stage, grid and day while it runs."""

from collections import Counter
from dataclasses import dataclass, field

from onegrid.cases.rules.drill.causes import Cause
from onegrid.cases.rules.drill.tallies import Tally
from onegrid.cases.rules.state import TaskKind


class StageBook:
    """One stage: how often it was entered, left and overdue, and why."""

    __slots__ = ("causes", "entered", "exits", "lapsed", "left", "open_overdue", "overdue", "sojourn",
                 "waited", "work")  # fmt: skip

    def __init__(self) -> None:
        self.entered = self.left = self.overdue = self.open_overdue = self.lapsed = 0
        self.causes: Counter[Cause] = Counter()
        self.exits: Counter[str] = Counter()
        self.waited, self.work, self.sojourn = Tally(), Tally(), Tally()

    @property
    def late(self) -> int:
        """Overdue, whether ended by now or not."""
        return self.overdue + self.open_overdue

    @property
    def counted(self) -> int:
        """Passages whose lateness is known: those that ended, and open ones past their due time."""
        return self.left + self.open_overdue


class GridBook:
    """One grid: the matters reported in it."""

    __slots__ = ("cases", "closed", "late", "late_cases", "stages", "waited")

    def __init__(self) -> None:
        self.cases = self.closed = self.stages = self.late = self.late_cases = 0
        self.waited = 0  # office microseconds


@dataclass(slots=True)
class Book:
    """Everything counted in one drill."""

    stages: dict[str, StageBook]
    grids: dict[str, GridBook] = field(default_factory=dict)
    tasks: dict[TaskKind, tuple[Tally, list[int]]] = field(default_factory=dict)  # waited; done, late
    arrived: int = 0
    opened: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    closed_on_time: int = 0
    stuck: Counter[str] = field(default_factory=Counter)
    lead: Tally = field(default_factory=Tally)  # clock time from report to end
    open_by_day: list[int] = field(default_factory=list)
    open_late: int = 0
    open_most: int = 0
    events: int = 0
    alarms: int = 0
    given_up_on_day: int | None = None

    def grid(self, code: str) -> GridBook:
        """The book of one grid."""
        found = self.grids.get(code)
        if found is None:
            found = self.grids[code] = GridBook()
        return found
