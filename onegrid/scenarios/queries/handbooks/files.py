"""A handbook ready to be drawn: its mark is known before the costly drawing is done."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onegrid.scenarios.queries.handbooks.page import as_page, content_policy
from onegrid.scenarios.queries.handbooks.pdf import as_pdf
from onegrid.scenarios.queries.handbooks.word import as_word
from onegrid.scenarios.rules.chart import Chart, svg
from onegrid.scenarios.rules.handbook import Handbook


class Format(StrEnum):
    """How a handbook is given."""

    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


_DRAWING: Final[dict[Format, tuple[Callable[[Handbook], bytes], str]]] = {
    Format.HTML: (as_page, "text/html; charset=utf-8"),
    Format.DOCX: (as_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Format.PDF: (as_pdf, "application/pdf"),
}
_EDITION: Final = "1"  # of the drawing itself: raise it when the same handbook comes out differently


@dataclass(frozen=True, slots=True)
class HandbookFile:
    """A drawn file. `policy`: the content policy of a page, "" for other files."""

    content: bytes
    media_type: str
    name: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What can be drawn: `etag` changes when the file would."""

    etag: str
    draw: Callable[[], HandbookFile]


def sheet(book: Handbook, shape: Format) -> Sheet:
    """The handbook in one of its formats, not drawn yet."""
    draw, media_type = _DRAWING[shape]
    policy = content_policy() if shape is Format.HTML else ""
    name = f"{book.title}.{shape.value}"
    return Sheet(mark(book, shape.value), lambda: HandbookFile(draw(book), media_type, name, policy))


def chart_file(chart: Chart) -> Sheet:
    """A flow chart as SVG, not drawn yet."""
    policy = "default-src 'none'; frame-ancestors 'self'"
    name = f"{chart.title}.svg"
    return Sheet(mark(chart, "svg"), lambda: HandbookFile(svg(chart).encode(), "image/svg+xml", name, policy))


def mark(what: object, shape: str) -> str:
    """The ETag of what would be drawn."""
    return f'"{hashlib.sha256(f"{_EDITION} {shape} {what!r}".encode()).hexdigest()[:32]}"'
