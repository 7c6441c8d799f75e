"""A handbook as a web page that stands by itself: styles and charts are in it, nothing is fetched."""

import base64
import hashlib
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

from onegrid.scenarios.rules.chart import svg
from onegrid.scenarios.rules.handbook import Block, Bullets, Figure, Handbook, Heading

_CSS: Final = Path(__file__).parents[2] / "templates" / "scenarios" / "handbook.css"


def as_page(book: Handbook) -> bytes:
    """The handbook as HTML."""
    blocks = [_drawn(one, number) for number, one in enumerate(book.blocks)]
    contents = [one for one in blocks if one.get("level") == 2]
    given = {"book": book, "blocks": blocks, "contents": contents, "css": _css()}
    return render_to_string("scenarios/handbook.html", given).encode()


def content_policy() -> str:
    """What a browser may do with the page: show its own styles, nothing else."""
    digest = base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'self'"


@lru_cache(maxsize=1)
def _css() -> str:
    return _CSS.read_text(encoding="utf-8")


def _drawn(block: Block, number: int) -> dict[str, Any]:
    shape = {"shape": type(block).__name__}
    if isinstance(block, Figure):
        return {**shape, "svg": svg(block.chart), "caption": block.caption}
    if isinstance(block, Heading):
        return {**shape, "text": block.text, "level": block.level + 1, "anchor": f"h{number}"}
    plain = {one.name: getattr(block, one.name) for one in fields(block)}
    return {**shape, **plain, "tag": "ol" if isinstance(block, Bullets) and block.numbered else "ul"}
