"""Transactional outbox: what happened is told upward after commit, at least once.

`publish` writes the events in the transaction that made them true; the worker's `drain` hands them
to the listeners named in wiring.py. A listener must be idempotent. Its database work and the
removal of the event commit together; where a listener fails, its events go on alone in
`kernel_failed_delivery` with growing pauses, and are dead, but kept and visible, after ten tries."""

import logging
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from django.db import connection, transaction

from onegrid.kernel import bulk
from onegrid.kernel.events import Event
from onegrid.kernel.ids import EventId, new_ids

log = logging.getLogger("onegrid.outbox")

MAX_ATTEMPTS = 10
FIRST_PAUSE = timedelta(seconds=5)
BATCH = 500


Listener = Callable[[Sequence[Any]], None]
E = TypeVar("E", bound=Event)

# topic -> (event type, listeners); filled once by wiring.py.
_routes: dict[str, tuple[type[Event], list[Listener]]] = {}


def route(event: type[E], *listeners: Callable[[Sequence[E]], None]) -> None:
    """Say who listens to an event; wiring.py alone calls it."""
    _routes[event.topic] = (event, [cast(Listener, listener) for listener in listeners])


def routed_topics() -> list[str]:
    """The topics that wiring.py gave a route."""
    return list(_routes)


def publish(events: Sequence[Event], *, at: datetime) -> None:
    """Write the events to the outbox within the open transaction."""
    rows = [
        (event_id, event.topic, _dump(event), at)
        for event_id, event in zip(new_ids(len(events)), events, strict=True)
    ]
    bulk.insert("kernel_outbox", ["event_id", "topic", "payload", "at"], rows)


def _dump(event: Event) -> str:
    values = {field.name: getattr(event, field.name) for field in fields(event) if field.name != "event_id"}
    return orjson.dumps(values).decode()


def _load(event_id: UUID, topic: str, payload: str) -> Event:
    kind = _routes[topic][0]
    values = orjson.loads(payload)
    hints = _hints(kind)
    return kind(
        event_id=EventId(event_id), **{name: _restore(hints[name], value) for name, value in values.items()}
    )


_hint_cache: dict[type[Event], Mapping[str, Any]] = {}


def _hints(kind: type[Event]) -> Mapping[str, Any]:
    if kind not in _hint_cache:
        _hint_cache[kind] = typing.get_type_hints(kind)
    return _hint_cache[kind]


def _restore(hint: Any, value: Any) -> Any:
    """JSON back to the field's type."""
    while hasattr(hint, "__supertype__"):  # NewType
        hint = hint.__supertype__
    if value is None:
        return None
    if hint is UUID:
        return UUID(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    arguments = typing.get_args(hint)
    if isinstance(value, list):
        inner = arguments[0] if arguments else Any
        return tuple(_restore(inner, item) for item in value)
    options = [argument for argument in arguments if argument is not type(None)]
    if len(options) == 1 and not isinstance(value, dict):
        return _restore(options[0], value)
    return value


def _name(listener: Listener) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"


def drain(*, now: datetime, limit: int = BATCH) -> int:
    """Deliver up to `limit` waiting events and the due retries; returns how many it took up."""
    return _deliver_waiting(now=now, limit=limit) + _retry_due(now=now, limit=limit)


@transaction.atomic
def _deliver_waiting(*, now: datetime, limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, event_id, topic, payload, at FROM kernel_outbox ORDER BY id LIMIT %s"
            " FOR UPDATE SKIP LOCKED",
            [limit],
        )
        rows = cursor.fetchall()
    by_topic: dict[str, list[tuple[UUID, str, datetime]]] = {}
    for _, event_id, topic, payload, at in rows:
        by_topic.setdefault(topic, []).append((event_id, payload, at))
    for topic, waiting in by_topic.items():
        if topic not in _routes:
            log.warning("no route for topic %s: %d events kept as dead letters", topic, len(waiting))
            _record_failures(topic, waiting, "(no route)", error="no route", next_at=None)
            continue
        events = [_load(event_id, topic, payload) for event_id, payload, _ in waiting]
        for listener in _routes[topic][1]:
            error = _try(listener, events)
            if error:
                _record_failures(topic, waiting, _name(listener), error=error, next_at=now + FIRST_PAUSE)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM kernel_outbox WHERE id = ANY(%s)", [[row[0] for row in rows]])
    return len(rows)


def _try(listener: Listener, events: Sequence[Event]) -> str:
    """Run a listener in a savepoint; the error text, or "" when it took the events."""
    try:
        with transaction.atomic():
            listener(events)
    except Exception as error:  # the outermost loop: kept, retried, shown as dead letter
        log.exception("listener %s failed on %d events", _name(listener), len(events))
        return f"{type(error).__name__}: {error}"[:2000]
    return ""


def _record_failures(
    topic: str,
    waiting: Sequence[tuple[UUID, str, datetime]],
    listener: str,
    *,
    error: str,
    next_at: datetime | None,
) -> None:
    columns = ["event_id", "listener", "topic", "payload", "at", "attempts", "next_at", "error"]
    rows = [(event_id, listener, topic, payload, at, 1, next_at, error) for event_id, payload, at in waiting]
    bulk.insert("kernel_failed_delivery", columns, rows)


def _retry_due(*, now: datetime, limit: int) -> int:
    """Retry failed deliveries one event at a time, each in its own transaction."""
    done = 0
    while done < limit and _retry_one(now=now):
        done += 1
    return done


@transaction.atomic
def _retry_one(*, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, event_id, listener, topic, payload, attempts FROM kernel_failed_delivery"
            " WHERE next_at <= %s ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED",
            [now],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        row_id, event_id, name, topic, payload, attempts = row
        listener = next((each for each in _routes[topic][1] if _name(each) == name), None)
        error = _try(listener, [_load(event_id, topic, payload)]) if listener else "listener is gone"
        if not error:
            cursor.execute("DELETE FROM kernel_failed_delivery WHERE id = %s", [row_id])
            return True
        dead = attempts + 1 >= MAX_ATTEMPTS or listener is None
        pause = None if dead else now + FIRST_PAUSE * 2 ** min(attempts, 10)
        cursor.execute(
            "UPDATE kernel_failed_delivery SET attempts = %s, next_at = %s, error = %s WHERE id = %s",
            [attempts + 1, pause, error, row_id],
        )
    return True


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery given up after ten tries."""

    id: int
    listener: str
    topic: str
    payload: str
    at: datetime
    attempts: int
    error: str


def dead_letters(*, limit: int = 100) -> list[DeadLetter]:
    """The deliveries that nobody will retry by himself, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, listener, topic, payload, at, attempts, error FROM kernel_failed_delivery"
            " WHERE next_at IS NULL ORDER BY id DESC LIMIT %s",
            [limit],
        )
        return [DeadLetter(*row) for row in cursor.fetchall()]


def revive(*, now: datetime) -> int:
    """Give all dead letters another round of tries (after the cause was mended); returns their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_failed_delivery SET next_at = %s, attempts = 0 WHERE next_at IS NULL", [now]
        )
        return int(cursor.rowcount)


def waiting() -> int:
    """How many events wait for the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_outbox")
        return int(cursor.fetchone()[0])
