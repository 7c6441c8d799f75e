"""Statements that the database plans once per connection, for the small reads of busy roads: planning
them costs four times as much as answering them.

Each must have one good plan whatever its values (an index look-up), because the plan made is generic."""

import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # psycopg's connection -> names known to it


class Prepared:
    """One statement under a name of its own, with `%s::type` for each value."""

    def __init__(self, name: str, statement: str) -> None:
        count = statement.count("%s")
        numbers = iter(range(1, count + 1))
        self._name = name
        self._prepare = f"PREPARE {name} AS " + re.sub("%s", lambda _: f"${next(numbers)}", statement)
        self._execute = f"EXECUTE {name} ({', '.join(['%s'] * count)})" if count else f"EXECUTE {name}"

    def rows(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What the statement answers with these values."""
        with connection.cursor() as cursor:
            names = _prepared.setdefault(connection.connection, set())
            if self._name not in names:
                cursor.execute(self._prepare)  # outlives the transaction, rolled back or not
                names.add(self._name)
            cursor.execute(self._execute, values)
            answered: list[tuple[Any, ...]] = cursor.fetchall()
        return answered
