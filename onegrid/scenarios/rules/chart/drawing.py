"""A chart as SVG, whole or one piece of it: the same picture for the web page, the editor, PDF and DOCX."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape

from onegrid.scenarios.rules.chart.layout import Chart
from onegrid.scenarios.rules.chart.shapes import SIZE, Box, Label, Line

FONTS: Final = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_PLAIN: Final = ' font-variation-settings="&quot;wght&quot; 400"'
"""Said of every ordinary label: a variable font may have another weight than 400 as its default."""

_INK: Final = {
    "forward": "#1f5a8c",
    "back": "#a8500f",
    "start": "#5a3d8a",
    "closed": "#23744a",
    "archived": "#5f6368",
}
_FILL: Final = {"stage": "#f2f7fc", "start": "#f3eefb", "closed": "#23744a", "archived": "#5f6368"}
_TEXT: Final = {"text": "#111111", "quiet": "#333333", "on closed": "#ffffff", "on archived": "#ffffff"}


def svg(chart: Chart, *, piece: tuple[float, float] | None = None) -> str:
    """The picture, or the part of it from one height to another."""
    top, bottom = piece or (0.0, chart.height)
    size = f'width="{chart.width:g}" height="{bottom - top:g}"'
    parts = chain(
        (_line(one) for one in chart.lines),
        (_box(one) for one in chart.boxes),
        (part for one in chart.lines for part in _head(one)),
        (_label(one) for one in chart.labels),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}'
        f' viewBox="0 {top:g} {chart.width:g} {bottom - top:g}" font-family="{FONTS}"'
        f' font-size="{SIZE}">'
        f"<title>{escape(chart.title)}</title>"
        f'<rect x="0" y="{top:g}" width="{chart.width:g}" height="{bottom - top:g}" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>"
    )


def _line(line: Line) -> str:
    way = " ".join(f"{x:g},{y:g}" for x, y in line.points)
    dashes = ' stroke-dasharray="5 3"' if line.tone == "back" else ""
    return f'<polyline points="{way}" fill="none" stroke="{_INK[line.tone]}" stroke-width="1.3"{dashes}/>'


def _head(line: Line) -> Iterator[str]:
    if line.head:
        (x0, y0), (x, y) = line.points[-2:]
        across = abs(x - x0) > abs(y - y0)
        back = 8 if (x < x0 if across else y < y0) else -8
        wing = (
            f"{x + back:g},{y - 4:g} {x + back:g},{y + 4:g}"
            if across
            else f"{x - 4:g},{y + back:g} {x + 4:g},{y + back:g}"
        )
        yield f'<polygon points="{x:g},{y:g} {wing}" fill="{_INK[line.tone]}"/>'


def _box(box: Box) -> str:
    radius = min(box.height / 2, 13) if box.rounded else 4
    ink = _INK.get(box.tone, "#1f5a8c")
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}"'
        f' fill="{_FILL[box.tone]}" stroke="{ink}" stroke-width="1.4"/>'
    )


def _label(label: Label) -> str:
    colour = _TEXT.get(label.tone) or _INK[label.tone]
    size = SIZE + 1 if label.bold and label.tone == "text" else SIZE - 1 if label.tone != "text" else SIZE
    weight = ' font-weight="700"' if label.bold else _PLAIN
    return (
        f'<text x="{label.x:g}" y="{label.y:g}" text-anchor="{label.anchor}" font-size="{size}"{weight}'
        f' fill="{colour}">{escape(label.text)}</text>'
    )
