"""Measures and shapes of a chart. Lengths are in the chart's own units, about a screen pixel each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

BOX: Final = 236
SIDE: Final = 196  # room for the labels at either side of the boxes
LANE: Final = 13  # between two arrows that run side by side
MARGIN: Final = 12
SIZE: Final = 13  # of letters
LINE: Final = 17
PILL: Final = 46
GAP: Final = 40  # between two boxes
ENTRY: Final = 20  # room for one arrow that comes in at the left
_WIDE: Final = "WFA"
_NARROW: Final = 0.58  # of a Latin letter or digit, against a Chinese one


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; `anchor` as in SVG: start, middle, end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    bold: bool = False
    tone: str = "text"


@dataclass(frozen=True, slots=True)
class Box:
    """A stage or, rounded, a beginning or an end."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A way of straight pieces, with an arrow head at its last point if `head`."""

    points: tuple[tuple[float, float], ...]
    tone: str
    head: bool = False


def width_of(text: str, *, size: float = SIZE) -> float:
    """How wide the words are, roughly: a Chinese letter is as wide as the type is high."""
    return size * sum(1.0 if unicodedata.east_asian_width(one) in _WIDE else _NARROW for one in text)


def wrapped(text: str, width: float, *, size: float = SIZE) -> list[str]:
    """The words in lines no wider than this; Latin words stay whole where they fit."""
    lines, line = [], ""
    for part in _parts(text):
        if line and width_of(line + part, size=size) > width:
            lines.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
        while width_of(line, size=size) > width and len(line) > 1:
            fits = next(
                n for n in range(len(line), 0, -1) if n == 1 or width_of(line[:n], size=size) <= width
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


_CLOSING: Final = frozenset("，。；：、）”’！？》】")


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for one in text:
        latin = one.isascii() and not one.isspace()
        joins = parts and (
            (latin and parts[-1][-1].isascii() and not parts[-1][-1].isspace()) or one in _CLOSING
        )
        if joins:
            parts[-1] += one
        else:
            parts.append(one)
    return parts
