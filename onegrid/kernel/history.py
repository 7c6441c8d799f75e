"""The record of every step: append-only rows, each hashed together with the one before it.

A chain belongs to one subject (a case, a post, a grid). `digest = H(previous digest, all columns)`,
so a changed, moved or missing row breaks its chain, and the daily seals keep the heads, so that
a chain cut at its end is found too (design: 7; MLPS level 3, 安全审计: records protected)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from onegrid.kernel import bulk, clock, crypto


class Head(NamedTuple):
    """The last row of a chain: its number and digest. `GENESIS` before the first."""

    seq: int
    digest: bytes


GENESIS = Head(0, b"")


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, as the record keeps it: account, the post acted for, and a readable label."""

    account_id: UUID | None
    post_id: UUID | None
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One step to record. `head` is the subject's head before it; None looks it up."""

    subject_kind: str
    subject_id: UUID
    verb: str
    at: datetime
    by: By
    body: Mapping[str, object]
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One step as recorded."""

    seq: int
    verb: str
    at: datetime
    by: By
    body: Mapping[str, object]


COLUMNS = (
    "subject_id", "seq", "subject_kind", "verb", "at", "account_id", "post_id", "by_label", "body",
    "recorded_at", "digest",
)  # fmt: skip
Row = tuple[UUID, int, str, str, datetime, UUID | None, UUID | None, str, str, datetime, bytes]


def _digest(previous: bytes, row: Sequence[object], algorithm: bytes) -> bytes:
    """Hash of the previous digest and the canonical bytes of all columns but the digest itself."""
    return crypto.digest(previous + orjson.dumps(row, option=orjson.OPT_UTC_Z), algorithm)


def append(entries: Sequence[Entry]) -> list[Head]:
    """Record the steps in order and return the head after each.

    Entries of one subject chain in the order given: the first one's `head` counts. Two writers
    on one chain collide on its primary key, so a chain never forks."""
    heads: dict[UUID, Head] = _lookup([e.subject_id for e in entries if e.head is None])
    algorithm, recorded_at = crypto.suite(), clock.now()
    seen: set[UUID] = set()
    rows: list[Row] = []
    after: list[Head] = []
    for entry in entries:
        subject = entry.subject_id
        known = subject in seen or entry.head is None
        head = heads.get(subject, GENESIS) if known else entry.head
        assert head is not None
        body = orjson.dumps(entry.body, default=str).decode()
        by = entry.by
        columns = (
            subject, head.seq + 1, entry.subject_kind, entry.verb, entry.at.astimezone(UTC),
            by.account_id, by.post_id, by.label, body, recorded_at,
        )  # fmt: skip
        digest = _digest(head.digest, columns, algorithm)
        rows.append((*columns, digest))
        heads[subject] = Head(head.seq + 1, digest)
        seen.add(subject)
        after.append(heads[subject])
    bulk.insert("kernel_trail", COLUMNS, rows)
    return after


def _lookup(subjects: Sequence[UUID]) -> dict[UUID, Head]:
    if not subjects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (subject_id) subject_id, seq, digest FROM kernel_trail"
            " WHERE subject_id = ANY(%s) ORDER BY subject_id, seq DESC",
            [list(set(subjects))],
        )
        return {subject: Head(seq, bytes(digest)) for subject, seq, digest in cursor.fetchall()}


def trail(subject_id: UUID) -> list[Recorded]:
    """All recorded steps of one subject, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, verb, at, account_id, post_id, by_label, body FROM kernel_trail"
            " WHERE subject_id = %s ORDER BY seq",
            [subject_id],
        )
        return [
            Recorded(seq, verb, at, By(account, post, label), orjson.loads(body))
            for seq, verb, at, account, post, label, body in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken place of the record: which chain, which row, what is wrong."""

    subject_kind: str
    subject_id: UUID
    seq: int
    problem: str  # changed | missing | beyond-head | seal-changed


def faults(subject_id: UUID | None = None) -> Iterator[Fault]:
    """Every broken row of one chain, or of all chains, in one ordered pass of bounded memory."""
    previous: UUID | None = None
    head = GENESIS
    for row in _rows(subject_id):
        subject, seq, kind = row[0], row[1], row[2]
        if subject != previous:
            previous, head = subject, GENESIS
        if seq != head.seq + 1:
            yield Fault(kind, subject, head.seq + 1, "missing")
        elif _digest(head.digest, row[:-1], row[-1][:1]) != row[-1]:
            yield Fault(kind, subject, seq, "changed")
        head = Head(seq, row[-1])


def _rows(subject_id: UUID | None, chunk: int = 5000) -> Iterator[Row]:
    """Trail rows in (subject, seq) order through keyset pages: no transaction held open for hours."""
    after = (UUID(int=0), -1)
    condition = "AND subject_id = %s" if subject_id else ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(COLUMNS)} FROM kernel_trail"  # noqa: S608 - constants only
                f" WHERE (subject_id, seq) > (%s, %s) {condition} ORDER BY subject_id, seq LIMIT %s",
                [*after, *([subject_id] if subject_id else []), chunk],
            )
            rows = cursor.fetchall()
        for *columns, digest in rows:
            yield (*columns, bytes(digest))
        if len(rows) < chunk:
            return
        after = (rows[-1][0], rows[-1][1])
