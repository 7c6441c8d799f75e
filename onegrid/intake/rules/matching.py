"""Is it the same matter? A matcher proposes, for each new matter, the open ones it may belong to.

`PlainRule` is the rule of thumb: same class, at most 50 m apart, still open, the nearest one. Another
matcher need only keep the protocol; the road of a report does not change."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from onegrid.kernel.coordinates import EARTH_RADIUS_M
from onegrid.kernel.ids import CaseId, ClassCode

PROPOSALS = 3
REACH_M = 50.0  # of the rule of thumb


class Matter(NamedTuple):
    """What is compared. Degrees WGS-84, None without a place. `urgent`: life-threatening.

    A new matter already carries the `case_id` it will have if it opens one; `opens` False: it cannot open one
    (nobody answers for it there), so that later ones cannot join it."""

    case_id: CaseId
    class_code: ClassCode
    lng: float | None
    lat: float | None
    opened_at: datetime
    urgent: bool
    opens: bool = True


class Match(NamedTuple):
    """One proposal: `certain` ones are joined at once, others wait for a person's tap."""

    case_id: CaseId
    distance_m: float
    certain: bool


class Matcher(Protocol):
    """Proposes for each matter, in their order, at most three earlier ones, best first.

    Earlier are the `leads` (matters of open cases, at least all within `reach_m`) and those before it in
    `matters` that open a case themselves, that is: can open, and have no certain match."""

    @property
    def reach_m(self) -> float:
        """How far around a matter its leads must be looked up."""

    def propose(self, matters: Sequence[Matter], leads: Sequence[Matter]) -> list[tuple[Match, ...]]: ...


class PlainRule:
    """Same class, at most `reach_m` apart, still open; a danger to life joins only another one."""

    def __init__(self, *, reach_m: float = REACH_M) -> None:
        self.reach_m = reach_m

    def propose(self, matters: Sequence[Matter], leads: Sequence[Matter]) -> list[tuple[Match, ...]]:
        """All matches of this rule are certain, so the first is joined."""
        ground = _Ground(self.reach_m, [*matters, *leads])
        for lead in leads:
            ground.add(lead)
        proposals = []
        for matter in matters:
            near = ground.near(matter)
            proposals.append(tuple(Match(lead.case_id, metres, True) for metres, lead in near[:PROPOSALS]))
            if matter.opens and not near:
                ground.add(matter)
        return proposals


class _Ground:
    """Leads by class in squares at least `reach_m` wide, so that nine squares hold every neighbour."""

    def __init__(self, reach_m: float, everything: Sequence[Matter]) -> None:
        farthest = max((abs(m.lat) for m in everything if m.lat is not None), default=0.0)
        self._reach = reach_m
        self._high = math.degrees(reach_m / EARTH_RADIUS_M)
        self._wide = self._high / max(math.cos(math.radians(min(farthest + 0.01, 89.9))), 1e-6)
        self._squares: dict[tuple[str, int, int], list[Matter]] = {}

    def add(self, lead: Matter) -> None:
        if lead.lng is not None and lead.lat is not None:
            x, y = math.floor(lead.lng / self._wide), math.floor(lead.lat / self._high)
            self._squares.setdefault((lead.class_code, x, y), []).append(lead)

    def near(self, matter: Matter) -> list[tuple[float, Matter]]:
        """Leads within reach, nearest first; of equally near ones the one opened first."""
        if matter.lng is None or matter.lat is None:
            return []
        found = []
        x, y = math.floor(matter.lng / self._wide), math.floor(matter.lat / self._high)
        for square in ((matter.class_code, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            for lead in self._squares.get(square, ()):
                metres = distance_m(matter, lead)
                if metres <= self._reach and (lead.urgent or not matter.urgent):
                    found.append((metres, lead))
        found.sort(key=lambda pair: (pair[0], pair[1].opened_at, pair[1].case_id))
        return found


def distance_m(one: Matter, other: Matter) -> float:
    """Metres between two places close together; the same both ways. Infinite without a place."""
    if one.lng is None or one.lat is None or other.lng is None or other.lat is None:
        return math.inf
    shrink = math.cos(math.radians((one.lat + other.lat) / 2))
    east = math.radians(one.lng - other.lng) * shrink
    north = math.radians(one.lat - other.lat)
    return EARTH_RADIUS_M * math.hypot(east, north)
