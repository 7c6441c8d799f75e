"""Daily seals over the heads of all chains, and the whole check of the record."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from onegrid.kernel import bulk, crypto, history
from onegrid.kernel.history import Fault

# A transaction may commit rows this long after their recorded_at; a seal looks back that far.
OVERLAP = timedelta(hours=1)

# subject kind -> SQL giving (subject_id, seq, digest) as the subjects themselves keep their head.
HEAD_SOURCES: dict[str, str] = {}


@transaction.atomic
def seal(*, now: datetime) -> int:
    """Seal every chain head that moved since the last seal; returns how many. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE kernel_seal IN EXCLUSIVE MODE")
        cursor.execute("SELECT number, sealed_until, digest FROM kernel_seal ORDER BY number DESC LIMIT 1")
        number, until, previous = cursor.fetchone() or (0, None, b"")
        cursor.execute(
            "SELECT DISTINCT ON (t.subject_id) t.subject_id, t.seq, t.digest FROM kernel_trail t"
            " WHERE (%s::timestamptz IS NULL OR t.recorded_at > %s)"
            " AND NOT EXISTS (SELECT 1 FROM kernel_sealed_head s"
            "                 WHERE s.subject_id = t.subject_id AND s.seq >= t.seq)"
            " ORDER BY t.subject_id, t.seq DESC",
            [until, until and until - OVERLAP],
        )
        heads = [(subject, seq, bytes(digest)) for subject, seq, digest in cursor.fetchall()]
    if not heads:
        return 0
    digest = _root(bytes(previous), heads, crypto.suite())
    bulk.insert(
        "kernel_seal", ["number", "sealed_until", "heads", "digest"], [(number + 1, now, len(heads), digest)]
    )
    columns = ["subject_id", "seq", "digest", "seal_id"]
    bulk.insert("kernel_sealed_head", columns, [(*head, number + 1) for head in heads])
    return len(heads)


def _root(previous: bytes, heads: list[tuple[UUID, int, bytes]], algorithm: bytes) -> bytes:
    listed = b"".join(subject.bytes + seq.to_bytes(4, "big") + digest for subject, seq, digest in heads)
    return crypto.digest(previous + listed, algorithm)


def faults(subject_id: UUID | None = None) -> Iterator[Fault]:
    """Every fault of the record: broken chains, heads beyond their chain, sealed rows gone or changed."""
    yield from history.faults(subject_id)
    yield from _head_faults(HEAD_SOURCES, subject_id)
    yield from _sealed_faults(subject_id)
    if subject_id is None:
        yield from _seal_faults()


def _head_faults(sources: Mapping[str, str], subject_id: UUID | None) -> Iterator[Fault]:
    for kind, source in sources.items():
        yield from _compare(kind, source, "missing", subject_id)


def _sealed_faults(subject_id: UUID | None) -> Iterator[Fault]:
    yield from _compare("", "SELECT subject_id, seq, digest FROM kernel_sealed_head", "missing", subject_id)


def _compare(kind: str, source: str, problem: str, subject_id: UUID | None) -> Iterator[Fault]:
    """Heads kept elsewhere against the trail row of the same number."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h.subject_id, h.seq, t.digest IS NULL, coalesce(t.subject_kind, %s) FROM ({source}) h"  # noqa: S608
            " LEFT JOIN kernel_trail t ON t.subject_id = h.subject_id AND t.seq = h.seq"
            " WHERE h.seq > 0 AND t.digest IS DISTINCT FROM h.digest"
            " AND (%s::uuid IS NULL OR h.subject_id = %s)",
            [kind, subject_id, subject_id],
        )
        for subject, seq, gone, found_kind in cursor.fetchall():
            yield Fault(found_kind, subject, seq, problem if gone else "changed")


def _seal_faults() -> Iterator[Fault]:
    """Recompute each seal from its heads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, digest FROM kernel_seal ORDER BY number")
        previous = b""
        for number, digest in cursor.fetchall():
            cursor.execute(
                "SELECT subject_id, seq, digest FROM kernel_sealed_head WHERE seal_id = %s"
                " ORDER BY subject_id",
                [number],
            )
            heads = [(subject, seq, bytes(head)) for subject, seq, head in cursor.fetchall()]
            if _root(previous, heads, bytes(digest)[:1]) != bytes(digest):
                yield Fault("seal", UUID(int=number), number, "seal-changed")
            previous = bytes(digest)


def extent() -> tuple[int, int, int]:
    """How much there is to check: rows, chains, seals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM kernel_trail),"
            " (SELECT count(*) FROM kernel_trail WHERE seq = 1), (SELECT count(*) FROM kernel_seal)"
        )
        rows, chains, sealed = cursor.fetchone()
    return rows, chains, sealed
