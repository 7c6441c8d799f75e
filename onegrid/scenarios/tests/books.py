"""Every kind of handbook of the library, and their words taken from the finished files."""

import io
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

import yaml
from docx import Document
from pypdf import PdfReader

from onegrid.kernel.ids import VersionId, new_id
from onegrid.scenarios.rules import Definition, Text, VersionInfo
from onegrid.scenarios.rules.handbook import (
    Edition,
    Handbook,
    Names,
    by_unit,
    duty_list,
    guide,
    manual,
    worker_manual,
)
from onegrid.scenarios.tests.files import LIBRARY, SCENARIOS, definition, tree

DAY: Final = date(2026, 11, 24)
EDITION: Final = Edition(3, DAY, "全市")
KEYS: Final = tuple(file.stem for file in SCENARIOS)
STARTER: Final = LIBRARY.parents[1] / "workforce" / "library" / "starter.yaml"


@lru_cache
def names() -> Names:
    """The units of the starter workforce and the classes of the library."""
    units = yaml.safe_load(STARTER.read_text())["units"]
    return Names(
        {one["key"]: Text(one["zh"], one["en"]) for one in units}, {one.code: one.name for one in tree()}
    )


@lru_cache
def known(key: str) -> Definition:
    """A scenario of the library, read once."""
    return definition(key)


def versions() -> list[VersionInfo]:
    """The library as if it were live."""
    return [VersionInfo(VersionId(new_id()), key, 3, known(key), None) for key in KEYS]


@lru_cache
def book(kind: str, key: str) -> Handbook:
    """A handbook: of a scenario (manual, guide), of a unit (duty), of all grid workers."""
    if kind == "manual":
        return manual(known(key), names=names(), edition=EDITION)
    if kind == "guide":
        return guide(known(key), roles(key)[0], names=names(), edition=EDITION)
    if kind == "duty":
        unit = known(key).owner
        is_one = by_unit(unit, classes=tree())
        name = names().units[unit].zh
        return duty_list(name, is_one, versions=versions(), names=names(), on=DAY)
    return worker_manual(versions=versions(), names=names(), on=DAY)


def roles(key: str) -> list[str]:
    """The roles that answer for the stages of a scenario, in order."""
    return list(dict.fromkeys(stage.who.role for stage in known(key).stages.values()))


def words_of(made: Handbook) -> Iterator[str]:
    """Every piece of text in a handbook, charts included."""
    yield made.title
    for name, value in made.meta:
        yield from (name, value)
    for block in made.blocks:
        for part in ("text", "caption"):
            if hasattr(block, part):
                yield getattr(block, part)
        rows: list[tuple[str, ...]] = list(getattr(block, "rows", ()))
        for row in (*rows, getattr(block, "head", ()), getattr(block, "items", ())):
            yield from row
        if hasattr(block, "chart"):
            yield from (label.text for label in block.chart.labels)


def packed(text: str) -> str:
    """Text without white space, since a page breaks lines anywhere."""
    return re.sub(r"\s+", "", text)


def in_word(file: bytes) -> str:
    """All words of a DOCX."""
    word = Document(io.BytesIO(file))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return packed("".join([*(one.text for one in word.paragraphs), *cells]))


def in_pdf(file: bytes) -> str:
    """All words of a PDF, page heads and feet left out."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file)).pages]
    return packed("".join(pages))


def in_page(file: bytes) -> str:
    """All words of a web page."""
    return packed(re.sub(r"<style>.*?</style>|<[^>]+>", "", file.decode(), flags=re.S))
