"""The life of one imported file, and its counts: every row is in exactly one of them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onegrid.kernel.refusals import Refusal

from .reports import OutcomeKind
from .rows import ERROR_HEADINGS
from .sheets import neutral


class ImportState(StrEnum):
    """Where an import stands."""

    WAITING = "waiting"  # uploaded, not begun
    RUNNING = "running"  # begun; taken up again where it stopped if its process dies
    DONE = "done"  # every row has an outcome
    FAILED = "failed"  # the file as a whole cannot be read


LIVE = (ImportState.WAITING, ImportState.RUNNING)


class FileTooLarge(Refusal):
    status = 413
    code = "intake.file-too-large"
    zh = "文件有 {size} MiB，超过上限 {limit} MiB。请拆分后再导入。"
    en = "The file has {size} MiB; at most {limit} MiB are taken. Split it."


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that became no report, with its cells."""

    row: int
    reason: str
    reason_zh: str
    reason_en: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what became of them. Rejected ones are listed in the error file."""

    opened: int = 0
    joined: int = 0
    pooled: int = 0
    rejected: int = 0
    repeated: int = 0

    @property
    def rows(self) -> int:
        return self.opened + self.joined + self.pooled + self.rejected + self.repeated

    def and_(self, kinds: Iterable[OutcomeKind]) -> "Counts":
        """These counts and the outcomes of more rows."""
        found = dict.fromkeys(OutcomeKind, 0)
        for kind in kinds:
            found[kind] += 1
        return Counts(
            self.opened + found[OutcomeKind.OPENED],
            self.joined + found[OutcomeKind.JOINED],
            self.pooled + found[OutcomeKind.POOLED],
            self.rejected + found[OutcomeKind.REJECTED],
            self.repeated + found[OutcomeKind.REPEATED],
        )


def already_imported(name: str, finished_at: datetime) -> str:
    """What is said when a file is sent that was taken in before: nothing is done twice."""
    return (
        f"“{name}”的内容已于 {finished_at:%Y-%m-%d %H:%M} 导入过，本次没有重复导入；以下是当时的结果。"
        " already imported; these are the figures of that time"
    )


def error_file(headings: Sequence[str], faults: Iterable[Fault]) -> Iterator[str]:
    """The error file as CSV lines: row number and reason, then the sender's cells as he wrote them.

    Cells that a spreadsheet would take for a formula are guarded; the corrected file can be sent again."""
    width = len(headings)
    yield "\ufeff" + _line([*ERROR_HEADINGS, *headings])
    for fault in faults:
        cells = [*fault.cells, *[""] * (width - len(fault.cells))]
        yield _line([str(fault.row), fault.reason_zh, fault.reason, *cells])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([neutral(cell) for cell in cells])
    return out.getvalue()
