"""What the filter compares: a matter, that is a report just in or the case of an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.coordinates import EARTH_RADIUS_M

from .words import Words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Matter(NamedTuple):
    """One matter. Times in seconds since the epoch, degrees WGS-84; 0 and NaN: not known.

    `case_id`: of the case it is, or will be if it opens one. `ended`: when its case ended, infinite while it
    runs. `address`, `reporter`: keyed numbers that are equal where the texts are, 0 unknown. `photos`:
    perceptual hashes. `head`: the words of its title, `words`: of all that was said."""

    case_id: UUID
    class_code: str
    family: str
    lng: float
    lat: float
    at: float
    due: float
    ended: float
    address: int
    reporter: int
    channel: str
    photos: tuple[int, ...]
    head: Words
    words: Words


@dataclass(frozen=True, slots=True)
class Matters:
    """Matters in columns, with the units of `Matter`."""

    case_id: tuple[UUID, ...]
    class_code: tuple[str, ...]
    family: tuple[str, ...]
    lng: Floats
    lat: Floats
    at: Floats
    due: Floats
    ended: Floats
    address: Ints
    reporter: Ints
    channel: tuple[str, ...]
    photos: tuple[tuple[int, ...], ...]
    head: tuple[Words, ...]
    words: tuple[Words, ...]

    def __len__(self) -> int:
        return len(self.case_id)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Those with a place."""
        return np.isfinite(self.lng)


def columns(matters: Sequence[Matter]) -> Matters:
    """The same matters in columns."""
    rows = tuple(zip(*matters, strict=True)) if matters else ((),) * len(Matter._fields)
    case_id, code, family, lng, lat, at, due, ended, address, reporter, channel, photos, head, words = rows
    return Matters(
        case_id, code, family, _floats(lng), _floats(lat), _floats(at), _floats(due), _floats(ended),
        np.array(address, dtype=np.int64), np.array(reporter, dtype=np.int64), channel, photos, head, words,
    )  # fmt: skip


def joined(one: Matters, other: Matters) -> Matters:
    """The matters of both, in order."""
    values: list[Any] = []
    for name in Matters.__slots__:
        a, b = getattr(one, name), getattr(other, name)
        values.append(a + b if isinstance(a, tuple) else np.concatenate([a, b]))
    return Matters(*values)


def plane(lng: Floats, lat: Floats, *, origin: float) -> tuple[Floats, Floats]:
    """Metres east and north; true to a thousandth within some hundred kilometres of latitude `origin`."""
    shrink = np.cos(np.radians(origin))
    return np.radians(lng) * EARTH_RADIUS_M * shrink, np.radians(lat) * EARTH_RADIUS_M


def origin_of(lat: Floats) -> float:
    """The latitude in the middle of all places; 0 where there is none."""
    known = lat[np.isfinite(lat)]
    return float((known.min() + known.max()) / 2) if len(known) else 0.0


def numbered(*lists: Sequence[str]) -> list[Ints]:
    """Each text as a number, the same number for the same text in all lists."""
    known: dict[str, int] = {}
    return [
        np.array([known.setdefault(each, len(known)) for each in texts], dtype=np.int64) for texts in lists
    ]


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)
