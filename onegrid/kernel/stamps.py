"""Stamps: how a process notices, without a restart, that slow-changing data has changed.

Who changes the territory, the duty list or a scenario bumps its stamp in the same transaction;
who keeps a compiled form of it in memory compares the stamp before use (one small query per
request or batch for all stamps together). A stamp comes from a sequence, so that a rolled-back
change never shares its stamp with a later one."""

import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Generic, TypeVar

import orjson
from django.db import connection

from onegrid.kernel.prepared import Prepared

T = TypeVar("T")

_STAMPS = Prepared("kernel_stamps", "SELECT name, value FROM kernel_stamp")
ALONGSIDE: Final = "(SELECT jsonb_object_agg(name, value) FROM kernel_stamp)"
"""SQL of all stamps as one column, for a read that busy roads make anyway: see `pin`."""

_pinned: ContextVar[dict[str, int] | None] = ContextVar("onegrid_stamps", default=None)


def current() -> Mapping[str, int]:
    """All stamps now, or those read first within the enclosing `pinned` block."""
    pinned = _pinned.get()
    if pinned:
        return pinned
    stamps: dict[str, int] = dict(_STAMPS.rows([]))
    _pin(stamps)
    return stamps


def pin(answered: str | None) -> None:
    """What the column `ALONGSIDE` answered holds within the enclosing `pinned` block."""
    _pin(orjson.loads(answered) if answered else {})


def _pin(stamps: Mapping[str, int]) -> None:
    pinned = _pinned.get()
    if pinned is not None:
        pinned.update(stamps)
        pinned.setdefault("", 0)


@contextmanager
def pinned() -> Iterator[None]:
    """Read the stamps at most once inside: one request, one batch. Nested blocks share the outer one."""
    if _pinned.get() is not None:
        yield
        return
    token = _pinned.set({})
    try:
        yield
    finally:
        _pinned.reset(token)


def bump(name: str) -> None:
    """Say that the data behind `name` changes in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_stamp (name, value) VALUES (%s, nextval('kernel_stamp_value'))"
            " ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
            [name],
        )
    pinned = _pinned.get()
    if pinned is not None:
        pinned.clear()


class Cached(Generic[T]):
    """One value kept in memory and loaded again when its stamp has moved; safe between threads."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self._name, self._load = name, load
        self._lock = threading.Lock()
        self._held: tuple[tuple[str, int], T] | None = None

    def get(self) -> T:
        """The value that belongs to the present stamp of the connected database."""
        mark = (str(connection.settings_dict["NAME"]), current().get(self._name, 0))
        held = self._held
        if held is not None and held[0] == mark:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != mark:
                self._held = (mark, self._load())
                gc.freeze()  # large and long-lived: later collections need not walk it
            return self._held[1]
