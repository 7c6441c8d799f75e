"""In which portions a history is fed, so that every portion gives what feeding one by one would give."""

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Final, NamedTuple

from onegrid.kernel.coordinates import EARTH_RADIUS_M
from onegrid.kernel.ids import CaseId
from onegrid.sample.rules.replay.rows import Row

REACH_M: Final = 51.0
"""Metres; a little more than the farthest that two reports of one matter may lie apart."""
SQUARE: Final = 0.001
"""Degrees, at least 55 m below 60° of latitude: matters within reach lie in neighbouring squares."""

_Square = tuple[str, int, int]
_Point = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Window:
    """Rows to take in together, in order of time; `until` is what the clock shows after them."""

    rows: tuple[Row, ...]
    until: datetime


class Closing(NamedTuple):
    """A case that ends when the city closed it."""

    row: Row
    case_id: CaseId


class Agenda:
    """Closings that lie ahead, in the order in which they come due.

    `fallbacks` are coordinates that were just found to be no coordinates: what lies there meets nothing."""

    def __init__(self, *, fallbacks: Container[_Point] = ()) -> None:
        self._ahead: list[tuple[datetime, int, Row, CaseId | None]] = []
        self._places: defaultdict[_Square, list[Row]] = defaultdict(list)
        self.fallbacks = fallbacks

    def __len__(self) -> int:
        return len(self._ahead)

    def add(self, row: Row, case_id: CaseId | None = None) -> None:
        """Put the closing of a row ahead; rows that stay open have none."""
        if row.closed_at is None:
            return
        heappush(self._ahead, (row.closed_at, row.line, row, case_id))
        if (square := _square(row)) is not None:
            self._places[square].append(row)

    def due(self, until: datetime, *, at_most: int) -> list[Closing]:
        """Take out the closings up to and including `until`, in order, `at_most` of them."""
        found: list[Closing] = []
        while self._ahead and self._ahead[0][0] <= until and len(found) < at_most:
            _, _, row, case_id = heappop(self._ahead)
            assert case_id is not None
            found.append(Closing(row, case_id))
            if (square := _square(row)) is not None:
                self._places[square].remove(row)
                if not self._places[square]:
                    del self._places[square]
        return found

    def meets(self, row: Row) -> bool:
        """Whether a matter of this kind within reach of this place ends before the row was reported."""
        square = _square(row)
        if square is None or (row.lng, row.lat) in self.fallbacks:
            return False
        kind, x, y = square
        around = ((kind, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return any(
            other.closed_at is not None and other.closed_at <= row.opened_at and _is_near(row, other)
            for one in around
            for other in self._places.get(one, ())
        )


def _square(row: Row) -> _Square | None:
    if row.lng is None or row.lat is None:
        return None
    return row.kind, math.floor(row.lng / SQUARE), math.floor(row.lat / SQUARE)


def _is_near(row: Row, other: Row) -> bool:
    if row.lng is None or row.lat is None or other.lng is None or other.lat is None:
        return False
    east = math.radians(row.lng - other.lng) * math.cos(math.radians(row.lat))
    return EARTH_RADIUS_M * math.hypot(east, math.radians(row.lat - other.lat)) <= REACH_M


def windows(rows: Iterable[Row], agenda: Agenda, *, span: timedelta, at_most: int) -> Iterator[Window]:
    """Cut rows in order of time into windows no longer than `span`, of `at_most` rows.

    Of a window the reports are taken in first, then its closings happen. So that no report joins a case that
    had already ended, a window also ends where a report follows a closing of the same kind near its place:
    one of the agenda, to which the caller adds what each window opened, or one within the window itself."""
    batch: list[Row] = []
    within = Agenda(fallbacks=agenda.fallbacks)
    for row in rows:
        if batch and (
            row.opened_at >= batch[0].opened_at + span
            or len(batch) >= at_most
            or agenda.meets(row)
            or within.meets(row)
        ):
            yield Window(tuple(batch), row.opened_at)
            batch, within = [], Agenda(fallbacks=agenda.fallbacks)
        batch.append(row)
        within.add(row)
    if batch:
        yield Window(tuple(batch), batch[-1].opened_at)
