"""Set-based writes: many rows by COPY, few by one INSERT, changes by one UPDATE … FROM."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

COPY_FROM = 24  # rows; below this one INSERT is cheaper than the COPY handshake

Row = Sequence[object]


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert `rows` (values in the order of `columns`) and return their number.

    Values are adapted by psycopg: UUID, datetime, str, int, float, bool, bytes, None, list; JSON as text."""
    batch = rows if isinstance(rows, list) else list(rows)
    if not batch:
        return 0
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        if len(batch) >= COPY_FROM:
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with cursor.copy(statement) as copy:
                for row in batch:
                    copy.write_row(row)
        else:
            one = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(columns)))
            statement = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
                sql.Identifier(table), names, sql.SQL(", ").join([one] * len(batch))
            )
            values: list[Any] = [value for row in batch for value in row]
            cursor.execute(statement, values)
    return len(batch)


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
