"""A handbook as a small model: what stands in it, in order; web page, DOCX and PDF are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from onegrid.scenarios.rules.chart import Chart


class HandbookKind(StrEnum):
    """The four handbooks made from definitions."""

    MANUAL = "manual"  # 业务流程手册: one scenario
    DUTY = "duty"  # 职责清单: one unit or post, over all live scenarios
    GUIDE = "guide"  # 操作指南: one role in one scenario
    WORKER = "worker"  # 网格员业务操作手册: all that grid posts do, in plain words

    @property
    def zh(self) -> str:
        return _TITLES[self]


_TITLES = {
    HandbookKind.MANUAL: "业务流程手册",
    HandbookKind.DUTY: "职责清单",
    HandbookKind.GUIDE: "操作指南",
    HandbookKind.WORKER: "网格员业务操作手册",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `strong` for what must not be overlooked."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` for steps that follow each other."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head that is repeated on every page; `widths` are shares of the page's width."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, two columns without a head."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A flow chart with the sentence under it."""

    chart: Chart
    caption: str


Block = Heading | Paragraph | Bullets | Table | Facts | Figure


@dataclass(frozen=True, slots=True)
class Handbook:
    """One handbook. `meta` stands on its first page: version, date, who answers for it."""

    kind: HandbookKind
    title: str
    meta: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]

    @property
    def large(self) -> bool:
        """Large type, for readers with little schooling."""
        return self.kind is HandbookKind.WORKER
