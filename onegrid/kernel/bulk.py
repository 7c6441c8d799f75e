"""Set-based writes: many rows by COPY, few by one INSERT, changes by one UPDATE … FROM."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DataError, connection
from psycopg import sql

COPY_FROM = 100  # values; below it one INSERT is cheaper than the COPY handshake

Row = Sequence[object]


_queued: ContextVar[list[str] | None] = ContextVar("onegrid_bulk", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Send the small writes made inside as one text when the outermost block ends: one round trip for all.

    Use it inside a transaction and read nothing inside that was written inside. After an error nothing is
    sent."""
    if _queued.get() is not None:
        yield
        return
    token = _queued.set([])
    try:
        yield
        flush()
    finally:
        _queued.reset(token)


def flush() -> None:
    """Send now what is queued, because it is read next."""
    queue = _queued.get()
    if queue:
        text = ";\n".join(queue)
        queue.clear()
        _execute(text)


def run(statement: str, values: Sequence[Any]) -> None:
    """Execute one write whose result nobody needs, at once or with the block of `together` around it."""
    with connection.cursor() as cursor:
        _write(cursor.mogrify(statement, values))


def _write(text: str) -> None:
    """A statement without parameters: now, or with the block around it."""
    queue = _queued.get()
    if queue is None:
        _execute(text)
    else:
        queue.append(text)


def _execute(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert `rows` (values in the order of `columns`) and return their number.

    Values are adapted by psycopg: UUID, datetime, str, int, float, bool, bytes, None, list; JSON as text."""
    batch = rows if isinstance(rows, list) else list(rows)
    if len(batch) * len(columns) >= COPY_FROM:
        _copy(table, columns, batch)
    elif batch:
        rows_text = ", ".join(f"({', '.join(map(_literal, row))})" for row in batch)
        _write(_insert_into(table, tuple(columns)) + rows_text)
    return len(batch)


def _copy(table: str, columns: Sequence[str], batch: Sequence[Row]) -> None:
    flush()  # what was written before stays before
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in batch:
            copy.write_row(row)


@lru_cache(maxsize=1024)
def _insert_into(table: str, columns: tuple[str, ...]) -> str:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("INSERT INTO {} ({}) VALUES ").format(sql.Identifier(table), names).as_string(None)


def _literal(value: object) -> str:
    """A value as SQL text. psycopg takes any text with more than fifty parameters apart anew each time, which
    costs more than all the rest of a small write; so the usual types are written here."""
    write = _LITERALS.get(type(value))
    return sql.Literal(value).as_string(connection.connection) if write is None else write(value)


def _text_literal(text: str) -> str:
    """Quotes doubled; a backslash is a backslash (`standard_conforming_strings`, on since PostgreSQL 9.1)."""
    if "\0" in text:
        raise DataError("PostgreSQL text cannot contain NUL characters")
    return "'" + text.replace("'", "''") + "'"


_LITERALS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda value: "NULL",
    str: _text_literal,
    bool: lambda value: "TRUE" if value else "FALSE",
    int: repr,
    float: lambda value: f"'{value!r}'",  # quoted: nan and inf too
    bytes: lambda value: f"'\\x{value.hex()}'",
    UUID: lambda value: f"'{value.hex}'",
    datetime: lambda value: f"'{value.isoformat()}'",
    list: lambda value: _text_literal(array(value)),
}


def array(values: Iterable[object]) -> str:
    """A PostgreSQL array literal, to be cast where it is used (`%s::uuid[]`).

    One string is bound ten times faster than a list, which psycopg quotes element by element in Python."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    return str(value)


def update(table: str, key: tuple[str, str], columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> int:
    """Set `columns` of the rows whose key matches, all in one UPDATE; returns the rows changed.

    `key` and each column are (name, SQL type); each row is (key value, then values as `columns`)."""
    if not rows:
        return 0
    fields = [key, *columns]
    arrays = sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for _, kind in fields)
    changes = sql.SQL(", ").join(sql.SQL("{0} = new.{0}").format(sql.Identifier(name)) for name, _ in columns)
    statement = sql.SQL("UPDATE {} AS old SET {} FROM unnest({}) AS new ({}) WHERE old.{} = new.{}").format(
        sql.Identifier(table),
        changes,
        arrays,
        sql.SQL(", ").join(sql.Identifier(name) for name, _ in fields),
        sql.Identifier(key[0]),
        sql.Identifier(key[0]),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [array(values) for values in zip(*rows, strict=True)])
        return int(cursor.rowcount)
