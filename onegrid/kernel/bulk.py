"""Set-based writes: many rows by COPY, few by one INSERT, changes by one UPDATE … FROM."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg import sql

COPY_FROM = 100  # values; below it one INSERT is cheaper than the COPY handshake

Row = Sequence[object]


_queued: ContextVar[list[tuple[str, Sequence[Any]]] | None] = ContextVar("onegrid_bulk", default=None)


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
    """Send now what is queued, because it is read next.

    The client's cursor merges the parameters into the text, so that one text may hold many statements."""
    queue = _queued.get()
    if queue:
        text = ";\n".join(statement for statement, _ in queue)
        values = [value for _, each in queue for value in each]
        queue.clear()
        with connection.cursor() as cursor:
            cursor.execute(text, values)


def run(statement: str, values: Sequence[Any]) -> None:
    """Execute one write whose result nobody needs, at once or with the block of `together` around it."""
    queue = _queued.get()
    if queue is not None:
        queue.append((statement, values))
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert `rows` (values in the order of `columns`) and return their number.

    Values are adapted by psycopg: UUID, datetime, str, int, float, bool, bytes, None, list; JSON as text."""
    batch = rows if isinstance(rows, list) else list(rows)
    if len(batch) * len(columns) >= COPY_FROM:
        _copy(table, columns, batch)
    elif batch:
        run(_insert_text(table, tuple(columns), len(batch)), [value for row in batch for value in row])
    return len(batch)


def _copy(table: str, columns: Sequence[str], batch: Sequence[Row]) -> None:
    flush()  # what was written before stays before
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in batch:
            copy.write_row(row)


@lru_cache(maxsize=1024)
def _insert_text(table: str, columns: tuple[str, ...], count: int) -> str:
    """Composing the text costs as much as sending it, so each is composed once."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("INSERT INTO {} ({}) VALUES ").format(sql.Identifier(table), names).as_string(None)
    one = f"({', '.join(['%s'] * len(columns))})"
    return into + ", ".join([one] * count)


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
