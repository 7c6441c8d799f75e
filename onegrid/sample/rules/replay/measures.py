"""What a replay shows: every row accounted for, and how far our answers agree with the city's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from onegrid.intake.rules.reports import OutcomeKind
from onegrid.kernel.calendar import ClockKind, OfficeCalendar
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal
from onegrid.sample.rules.replay.places import ward_of
from onegrid.sample.rules.replay.rows import Row


class RowsLost(Refusal):
    status = 500
    code = "sample.rows-lost"
    zh = "读入 {read} 行，但立案 {opened}、并案 {joined}、待核实 {pool}、不予受理 {rejected} 合计不等。"
    en = "{read} rows read; opened {opened}, joined {joined}, pool {pool}, rejected {rejected} do not add up."


class Agreement(NamedTuple):
    """How many of the comparable rows agree."""

    same: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where nothing could be compared."""
        return self.same / self.of if self.of else 0.0

    def and_(self, same: bool) -> "Agreement":
        """With one more row compared."""
        return Agreement(self.same + same, self.of + 1)


NOTHING: Final = Agreement()


class Kept(NamedTuple):
    """What our database says of one row. `grid_code` is its second-level grid, `ward_code` the first-level
    grid whose own boundary holds the place ("" for none). `doubted`: its coordinate is a fallback point.

    `due_at` is the due time as stored. `ended_at` is when the case ended as stored; a row that opened none
    was answered when the city closed it."""

    kind: OutcomeKind
    case_id: CaseId | None
    grid_code: str
    ward_code: str
    doubted: bool
    unit: str
    due_at: datetime | None
    ended_at: datetime | None


@dataclass(slots=True)
class Measures:
    """Counts of one replay; grows row by row."""

    kinds: dict[OutcomeKind, int] = field(default_factory=lambda: dict.fromkeys(OutcomeKind, 0))
    precinct: Agreement = NOTHING
    ward: Agreement = NOTHING
    nested: Agreement = NOTHING  # the ward by the code of the precinct found
    department: Agreement = NOTHING
    on_time: Agreement = NOTHING
    unflagged: int = 0  # rows with both times on which the city set no flag
    fallback: int = 0
    links: Agreement = NOTHING

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    def count(self, row: Row, kept: Kept, *, unit: str, calendar: OfficeCalendar) -> None:
        """Compare one row with what we made of it; `unit` is the key of the city's own department."""
        self.kinds[kept.kind] += 1
        self.department = self.department.and_(kept.unit == unit)
        self.fallback += kept.doubted
        if row.lng is not None and not kept.doubted and kept.kind is not OutcomeKind.REJECTED:
            if row.precinct is not None:
                self.precinct = self.precinct.and_(kept.grid_code == row.precinct)
            if row.ward is not None:
                self.ward = self.ward.and_(kept.ward_code == row.ward)
                self.nested = self.nested.and_(bool(kept.grid_code) and ward_of(kept.grid_code) == row.ward)
        if row.due_at is not None and row.closed_at is not None:
            if row.on_time is None:
                self.unflagged += 1
            else:
                self.on_time = self.on_time.and_(_flag(kept, calendar) == row.on_time)

    def count_unreadable(self) -> None:
        """One more row that was rejected because it cannot be read."""
        self.kinds[OutcomeKind.REJECTED] += 1

    def count_links(self, links: Iterable[tuple[str, str]], cases: Mapping[str, CaseId | None]) -> None:
        """Compare the city's own duplicate links with ours: found when both ends are in one case.

        `cases` has every row that was read (None: it is in no case); links to other rows are left out."""
        for child, parent in links:
            if child in cases and parent in cases:
                same = cases[child] is not None and cases[child] == cases[parent]
                self.links = self.links.and_(same)

    def check(self, *, read: int) -> None:
        """Every row read is in exactly one of the four counts. Raises RowsLost."""
        if self.total != read or self.kinds[OutcomeKind.REPEATED]:
            raise RowsLost(read=read, **{key: self.figures()[key] for key in _COUNTS})

    def figures(self) -> dict[str, float]:
        """The figures by the names under which they are reported."""
        joined = self.kinds[OutcomeKind.JOINED]
        return {
            "in": self.total,
            "opened": self.kinds[OutcomeKind.OPENED],
            "joined": joined,
            "pool": self.kinds[OutcomeKind.POOLED],
            "rejected": self.kinds[OutcomeKind.REJECTED],
            "precinct_agreement": round(self.precinct.share, 6),
            "ward_agreement": round(self.ward.share, 6),
            "department_agreement": round(self.department.share, 6),
            "on_time_agreement": round(self.on_time.share, 6),
            "link_recall": round(self.links.share, 6),
            "flagged_share": round(Agreement(joined, self.total).share, 6),
        }


_COUNTS = ("opened", "joined", "pool", "rejected")


def _flag(kept: Kept, calendar: OfficeCalendar) -> bool | None:
    if kept.due_at is None or kept.ended_at is None:
        return None
    return is_on_time(kept.due_at, kept.ended_at, calendar)


def is_on_time(due_at: datetime, closed_at: datetime, calendar: OfficeCalendar) -> bool:
    """Whether time was left, or just used up, on a promise's clock when the matter ended."""
    return calendar.left(closed_at, due_at, ClockKind.CLOCK_HOURS) >= 0
