"""Keyset pages: a list in the order of a mark, from after the mark shown last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from onegrid.kernel.http import BadCursor, decode_cursor, encode_cursor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; `next_cursor` is "" on the last page."""

    items: list[T]
    next_cursor: str


def after(cursor: str, length: int) -> list[str]:
    """The mark of the row shown last, texts only; empty texts for the first page. Raises BadCursor."""
    if not cursor:
        return [""] * length
    values = decode_cursor(cursor, length)
    if not all(isinstance(value, str) and "\0" not in value for value in values):
        raise BadCursor
    return values


def page(rows: Sequence[T], *, limit: int, mark: Callable[[T], tuple[str, ...]]) -> Page[T]:
    """`limit` rows and the way to the next; `rows` holds one more where there is a next page."""
    shown = list(rows[:limit])
    return Page(shown, encode_cursor(*mark(shown[-1])) if len(rows) > limit else "")
