"""What is wrong with a definition, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Where in the document: keys and list indexes from the top."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `zh`/`en` say what is wrong and how to mend it; the rest says where.

    `grids` are up to a handful of the codes concerned, `grid_count` how many there are in all.
    """

    code: str
    zh: str
    en: str
    path: Path = ()
    line: int | None = None  # from 1
    stage: str | None = None
    exit: str | None = None
    post: str | None = None  # role and unit
    grids: tuple[str, ...] = ()
    grid_count: int = 0
    column: int | None = None  # from 1

    @property
    def where_zh(self) -> str:
        parts = [
            f"第{self.line}行" if self.line else "",
            f"环节“{self.stage}”" if self.stage else "",
            f"出口“{self.exit}”" if self.exit else "",
        ]
        return " ".join(part for part in parts if part) or ".".join(map(str, self.path))

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        line = f"line {self.line}, " if self.line else ""
        return f"{line}{where}: {self.en}" if where else f"{line}{self.en}"


def finding(code: str, *, zh: str, en: str, path: Path = (), post: str | None = None) -> Finding:
    """A finding whose stage and exit are read off its path."""
    stage = str(path[1]) if len(path) > 1 and path[0] in ("stages", "joint") else None
    leave = str(path[3]) if stage and len(path) > 3 and path[2] == "exits" else None
    return Finding(f"scenarios.{code}", zh, en, path, stage=stage, exit=leave, post=post)


@dataclass(frozen=True, slots=True)
class DefinitionRefused:
    """A text that gives no sound definition, with every reason found."""

    findings: tuple[Finding, ...]


class Position(NamedTuple):
    """A place in the source text, both counted from 1."""

    line: int
    column: int


Lines = dict[Path, Position]
"""Where each key and item stands in the source text, by path."""


def located(findings: Iterable[Finding], lines: Lines) -> tuple[Finding, ...]:
    """The findings in the order of the file, each with its place or that of the nearest part around it."""
    placed = [one if one.line else _placed(one, lines) for one in findings]
    return tuple(sorted(placed, key=lambda one: (one.line or 0, one.column or 0)))


def _placed(one: Finding, lines: Lines) -> Finding:
    for length in range(len(one.path), -1, -1):
        place = lines.get(one.path[:length])
        if place is not None:
            return replace(one, line=place.line, column=place.column)
    return one


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that differs least, as a suggestion; empty if none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def unknown(name: str, known: Iterable[str], *, what: tuple[str, str], path: Path, code: str) -> Finding:
    """The finding for a name nobody defined (`what` it should name, zh and en), with a likely one as hint."""
    near = nearest(name, known)
    hint, hint_en = (f"是否想写“{near}”？", f" Did you mean '{near}'?") if near else ("", "")
    zh = f"没有{what[0]}“{name}”。{hint}"
    return finding(code, zh=zh, en=f"There is no {what[1]} '{name}'.{hint_en}", path=path)
