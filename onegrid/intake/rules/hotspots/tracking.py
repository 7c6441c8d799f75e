"""The life of a hot spot: a burst that shares reports or ground with a running one is that one going on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from onegrid.kernel.coordinates import distance_m

LINGER: Final = timedelta(hours=1)
"""So long after it was last seen a hot spot is over."""
GROWN: Final = 2.0
"""Told again when it has so many times the reports that were told last."""


class Seen(NamedTuple):
    """A burst of this round. `score`: see `scanning`."""

    members: frozenset[UUID]
    lng: float
    lat: float
    radius_m: float
    score: float


class Running(NamedTuple):
    """A hot spot that has not ended. `told`: how many reports its last news named."""

    hotspot_id: UUID
    members: frozenset[UUID]
    lng: float
    lat: float
    radius_m: float
    told: int
    seen_at: datetime


@dataclass(slots=True)
class Tracked:
    """What becomes of bursts (by index) and running hot spots."""

    goes_on: dict[int, UUID] = field(default_factory=dict)
    begins: list[int] = field(default_factory=list)
    ends: list[UUID] = field(default_factory=list)


def track(seen: Sequence[Seen], running: Sequence[Running], *, threshold: float, now: datetime) -> Tracked:
    """Pair bursts, the strongest first, with running hot spots; the others begin when they reach the
    threshold.

    One running hot spot that has parted in two goes on as the stronger part; of two that have grown
    together the one that shares most goes on and the other ends."""
    found = Tracked()
    touched: set[UUID] = set()
    for index, burst in enumerate(seen):
        near = [each for each in running if _same(burst, each)]
        touched |= {each.hotspot_id for each in near}
        free = [each for each in near if each.hotspot_id not in found.goes_on.values()]
        if free:
            best = max(free, key=lambda each: (len(burst.members & each.members), each.hotspot_id))
            found.goes_on[index] = best.hotspot_id
        elif not near and burst.score >= threshold:
            found.begins.append(index)
    going = set(found.goes_on.values())
    found.ends = [
        each.hotspot_id
        for each in running
        if each.hotspot_id not in going and (each.hotspot_id in touched or now - each.seen_at >= LINGER)
    ]
    return found


def has_grown(observed: int, told: int) -> bool:
    """Whether it has grown so strongly that those who know of it are told again."""
    return observed >= GROWN * told


def _same(burst: Seen, each: Running) -> bool:
    if burst.members & each.members:
        return True
    apart = float(distance_m(burst.lng, burst.lat, each.lng, each.lat))
    return apart <= max(burst.radius_m, each.radius_m)
