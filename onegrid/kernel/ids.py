"""Ids: UUID version 7 (RFC 9562), so that rows of one time lie together in every index."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
CaseId = NewType("CaseId", UUID)
EventId = NewType("EventId", UUID)
NoticeId = NewType("NoticeId", UUID)
PostId = NewType("PostId", UUID)
ProjectId = NewType("ProjectId", UUID)
ReportId = NewType("ReportId", UUID)
UnitId = NewType("UnitId", UUID)
VersionId = NewType("VersionId", UUID)
WorkerId = NewType("WorkerId", UUID)

GridCode = NewType("GridCode", str)
DivisionCode = NewType("DivisionCode", str)
ClassCode = NewType("ClassCode", str)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class _Generator:
    """Hands out ids that grow within the process, even when its clock is set back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def take(self, count: int, milliseconds: int) -> list[UUID]:
        """`count` ids; the 12 bits after the time and 6 more count up within a millisecond."""
        entropy = os.urandom(7 * count)
        with self._lock:
            first = max(milliseconds << 18, self._last + 1)
            self._last = first + count - 1
        return [_compose(first + i, int.from_bytes(entropy[7 * i : 7 * i + 7], "big")) for i in range(count)]


def _compose(ticks: int, entropy: int) -> UUID:
    """48 bits of milliseconds, version 7, 12+6 counter bits around the variant, 56 random bits."""
    milliseconds, counter = ticks >> 18, ticks & 0x3FFFF
    high = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | counter >> 6
    low = 0b10 << 62 | (counter & 0x3F) << 56 | entropy
    return UUID(int=high << 64 | low)


_generator = _Generator()


def _wall_milliseconds() -> int:
    return time.time_ns() // 1_000_000


def new_id() -> UUID:
    """A fresh id; later ones of this process compare greater."""
    return _generator.take(1, _wall_milliseconds())[0]


def new_ids(count: int) -> list[UUID]:
    """`count` fresh ids in growing order."""
    return _generator.take(count, _wall_milliseconds())


def ids_at(moment: datetime, count: int) -> list[UUID]:
    """`count` unique ids whose time part is `moment`: for rows written on a virtual clock.

    Their counter bits are random, so they are ordered by millisecond only."""
    milliseconds = (moment - _EPOCH) // _MILLISECOND
    entropy = os.urandom(10 * count)
    ids = []
    for i in range(count):
        chunk = entropy[10 * i : 10 * i + 10]
        counter = int.from_bytes(chunk[:3], "big") & 0x3FFFF
        ids.append(_compose(milliseconds << 18 | counter, int.from_bytes(chunk[3:], "big")))
    return ids
