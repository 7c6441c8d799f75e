"""Handbooks made from definitions: what stands in them, as a document model. Drawn elsewhere."""

from onegrid.scenarios.rules.handbook.charting import chart_of
from onegrid.scenarios.rules.handbook.document import (
    Block,
    Bullets,
    Facts,
    Figure,
    Handbook,
    HandbookKind,
    Heading,
    Paragraph,
    Table,
)
from onegrid.scenarios.rules.handbook.duties import by_post, by_unit
from onegrid.scenarios.rules.handbook.duty_list import duty_list
from onegrid.scenarios.rules.handbook.guide import guide
from onegrid.scenarios.rules.handbook.manual import Edition, day_words, manual
from onegrid.scenarios.rules.handbook.names import Names
from onegrid.scenarios.rules.handbook.worker import worker_manual

__all__ = [
    "Block",
    "Bullets",
    "Edition",
    "Facts",
    "Figure",
    "Handbook",
    "HandbookKind",
    "Heading",
    "Names",
    "Paragraph",
    "Table",
    "by_post",
    "by_unit",
    "chart_of",
    "day_words",
    "duty_list",
    "guide",
    "manual",
    "worker_manual",
]
