"""A handbook as PDF, and charts as PNG, set by Typst from the wheel: no browser, no system library."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from onegrid.scenarios.queries.handbooks.fonts import chinese, shipped
from onegrid.scenarios.rules.chart import Chart, pieces, svg
from onegrid.scenarios.rules.handbook import Figure, Handbook, HandbookKind

_TEMPLATE: Final = Path(__file__).parents[2] / "templates" / "scenarios" / "handbook.typ"
_PICTURE: Final = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""
_PAGE: Final = 1.36  # height to width of a page's room for a chart
_NATURAL: Final = 720  # width of a chart that just fills the page; its letters are then about 8 pt
_STEP: Final = 20
_MADE_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)  # written into the file: the same book, the same bytes


def as_pdf(book: Handbook, *, fonts: typst.Fonts | None = None) -> bytes:
    """The handbook on A4. Raises NoChineseFont."""
    known = fonts or shipped()
    inputs = {"book": json.dumps(_data(book), ensure_ascii=False), "font": chinese(known)}
    return _compiled(_template(), inputs, known, kind="pdf")


def as_png(chart: Chart, *, piece: tuple[float, float], ppi: float = 150) -> bytes:
    """One piece of a chart as a picture. Raises NoChineseFont."""
    chinese(shipped())
    return _compiled(_PICTURE, {"svg": svg(chart, piece=piece)}, shipped(), kind="png", ppi=ppi)


def page_pieces(chart: Chart) -> list[tuple[float, float]]:
    """The chart cut into pieces that fit a page at the page's width; cut evenly rather than fully."""
    room = max(chart.width, _NATURAL) * _PAGE
    if chart.height <= room * 1.25:
        return [(0.0, chart.height)]
    count = -(-chart.height // room)
    highest = chart.height / count
    while len(parts := pieces(chart, highest=highest)) > count:
        highest += _STEP
        if highest > room:
            count += 1
            highest = chart.height / count
    return parts


@lru_cache(maxsize=1)
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _compiled(
    source: bytes, inputs: Mapping[str, str], fonts: typst.Fonts, *, kind: Any, ppi: float | None = None
) -> bytes:
    compiler = typst.Compiler(source, font_paths=fonts, ignore_system_fonts=True, sys_inputs=dict(inputs))
    made = compiler.compile(format=kind, ppi=ppi, timestamp=_MADE_AT)
    assert isinstance(made, bytes)
    return made


def _data(book: Handbook) -> dict[str, Any]:
    meta = dict(book.meta)
    return {
        "title": book.title,
        "author": meta.get("牵头单位", "") or book.title,
        "edition": " ".join(meta[name] for name in ("版本", "日期") if name in meta),
        "large": book.large,
        "contents": book.kind in (HandbookKind.MANUAL, HandbookKind.WORKER),
        "meta": book.meta,
        "blocks": [_figure(one) if isinstance(one, Figure) else _plain(one) for one in book.blocks],
    }


def _plain(block: Any) -> dict[str, Any]:
    return {"shape": type(block).__name__, **asdict(block)}


def _figure(block: Figure) -> dict[str, Any]:
    chart = block.chart
    parts = page_pieces(chart)
    highest = max(bottom - top for top, bottom in parts)
    share = min(1.0, chart.width / _NATURAL, max(chart.width, _NATURAL) * _PAGE / highest)
    drawn = [{"svg": svg(chart, piece=piece), "share": share} for piece in parts]
    return {"shape": "Figure", "pieces": drawn, "caption": block.caption, "title": chart.title}
