"""The whole territory of the sample city, or the part of it that a smaller scale needs."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from onegrid.kernel.refusals import Refusal
from onegrid.sample.rules.clip import mesh_within
from onegrid.sample.rules.divide import Division, Place, divide
from onegrid.sample.rules.frame import Floats, Frame, Ints
from onegrid.sample.rules.mesh import OUTSIDE, Mesh, ring_points, rings
from onegrid.sample.rules.numbering import Label, labels, unit_name

SECOND_LEVEL_GRIDS = 3_372
"""Second-level grids of the source text."""
WORKERS = 22_000
"""Grid workers of the source text."""
_FACES = 15_500
"""Faces of the mesh: grids then have about 60 vertices."""
TOWNS_FIRST = ("350583001", "350583119", "350583118", "350583120", "350583002", "350583003")
"""A smaller city begins with these: the county's seat, then the stone market town, then their neighbours."""


class CityThere(Refusal):
    """The sample never mixes with what is there."""

    status = 409
    code = "sample.city-there"
    zh = "数据库中已有区划和网格。样例城市只能建在空数据库中：请另设 ONEGRID_HOME 或 DATABASE_URL。"
    en = "The database already has a territory. The sample city needs an empty one: set ONEGRID_HOME."


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid to be created. `polygon` in degrees (WGS-84); grids of one level share their borders exactly."""

    code: str
    name: str
    level: int
    exclusive: bool
    polygon: shapely.Polygon


@dataclass(frozen=True, slots=True)
class City:
    """Towns, first-level units (villages, communities, parks, markets) and the grids of both levels.

    The home town of the cast comes first, its neighbour in the story second."""

    towns: tuple[Place, ...]
    units: tuple[Place, ...]
    grids: tuple[Grid, ...]

    def level(self, number: int) -> list[Grid]:
        """The grids of one level."""
        return [grid for grid in self.grids if grid.level == number]

    def lies_in(self, place: Place) -> str:
        """For a park or market the village of its town next to it, to which its statistics go; else ""."""
        if not place.exclusive:
            return ""
        centre = {grid.code[:12]: grid.polygon.centroid for grid in self.level(1)}
        villages = [unit.code for unit in self.units if unit.town == place.town and not unit.exclusive]
        return min(villages, key=lambda code: (centre[code].distance(centre[place.code]), code), default="")


def plan_city(
    outline: Floats,
    towns: Sequence[Place],
    units: Sequence[Place],
    *,
    frame: Frame,
    scale: float,
    rng: np.random.Generator,
) -> City:
    """The city at `scale` (0 < scale <= 1) inside a county outline (degrees, not closed).

    The county is always divided as a whole, so that a grid has the same code and border at every scale;
    then `scale` x all first-level units are kept, town by town, the last town only round its seat."""
    outline = outline if shapely.is_ccw(shapely.LinearRing(outline)) else outline[::-1]
    mesh = mesh_within(outline, frame=frame, faces=_FACES, rng=rng)
    division = divide(mesh, towns=towns, units=units, grids=SECOND_LEVEL_GRIDS, rng=rng)
    return _County(mesh, division, towns, units).city(max(1, round(scale * len(units))))


class _County:
    """The divided county, from which a city takes what it keeps."""

    def __init__(
        self, mesh: Mesh, division: Division, towns: Sequence[Place], units: Sequence[Place]
    ) -> None:
        self.mesh, self.division, self.towns, self.units = mesh, division, towns, units
        self.unit_centre, _ = self._middles(division.unit)
        self.grid_centre, self.grid_area = self._middles(division.grid)
        self.seats = [self._seat(k) for k in range(len(towns))]

    def city(self, count: int) -> City:
        """The city of `count` first-level grids."""
        kept = self._kept(count)
        places = tuple(self.units[k] for k in sorted(kept))
        here = {place.town for place in places}
        grids = sorted([*self._first_level(kept), *self._second_level(kept)], key=lambda grid: grid.code)
        towns = sorted((town for town in self.towns if town.code in here), key=lambda town: _turn(town.code))
        return City(tuple(towns), places, tuple(grids))

    def _middles(self, numbers: Ints) -> tuple[Floats, Floats]:
        """Centre (metres) and area (m2) of each numbered region."""
        area: Floats = np.bincount(numbers, self.mesh.area).astype(np.float64)
        weighted = self.mesh.centre * self.mesh.area[:, None]
        sums = np.column_stack([np.bincount(numbers, weighted[:, k]) for k in (0, 1)])
        return sums / area[:, None], area

    def _seat(self, k: int) -> int:
        """The unit that the seat of town k lies in (or the town's middle, where no seat is known)."""
        faces = np.flatnonzero(self.division.town == k)
        at = self.towns[k].at
        middle = self.mesh.centre[faces].mean(axis=0) if at is None else np.array(at)
        nearest = np.argmin(np.linalg.norm(self.mesh.centre[faces] - middle, axis=1))
        return int(self.division.unit[faces[nearest]])

    def _kept(self, count: int) -> set[int]:
        """The units of a city of `count` first-level grids; what is kept of a town hangs together."""
        left, right = (self.division.unit[faces].tolist() for faces in self.mesh.neighbours)
        touching: dict[int, set[int]] = {}
        for here, there in set(zip(left, right, strict=True)):
            touching.setdefault(here, set()).add(there)
        kept: set[int] = set()
        for k in sorted(range(len(self.towns)), key=lambda k: _turn(self.towns[k].code)):
            kept |= self._round_seat(k, touching, most=count - len(kept))
        return kept

    def _round_seat(self, k: int, touching: dict[int, set[int]], *, most: int) -> set[int]:
        """Up to `most` units of town k, each touching one before it, the nearest to the seat first."""
        seat, edge, found = self.unit_centre[self.seats[k]], {self.seats[k]}, set[int]()
        while edge and len(found) < most:
            near = min(edge, key=lambda j: (float(np.linalg.norm(self.unit_centre[j] - seat)), j))
            found.add(near)
            edge |= {j for j in touching[near] if self.units[j].town == self.towns[k].code}
            edge -= found
        return found

    def _polygons(self, numbers: Ints, kept: Collection[int]) -> dict[int, shapely.Polygon]:
        found = rings(self.mesh, np.where(np.isin(numbers, list(kept)), numbers, OUTSIDE))
        return {k: shapely.Polygon(ring_points(self.mesh, ring[0])) for k, ring in found.items()}

    def _first_level(self, kept: set[int]) -> Iterator[Grid]:
        shapes = self._polygons(self.division.unit, kept)
        for k in kept:
            place = self.units[k]
            yield Grid(f"{place.code}000", unit_name(place), 1, place.exclusive, shapes[k])

    def _second_level(self, kept: set[int]) -> Iterator[Grid]:
        seat_of = {seat: self.towns[k].name for k, seat in enumerate(self.seats)}
        named: dict[int, Label] = {}
        for k in kept:
            mine = np.flatnonzero(self.division.grid_unit == k)
            found = labels(
                self.units[k], self.grid_centre[mine], self.grid_area[mine], seat_of=seat_of.get(k)
            )
            named.update(zip(mine.tolist(), found, strict=True))
        shapes = self._polygons(self.division.grid, named)
        for grid, label in named.items():
            yield Grid(label.code, label.name, 2, label.exclusive, shapes[grid])


def _turn(code: str) -> tuple[int, str]:
    return (TOWNS_FIRST.index(code) if code in TOWNS_FIRST else len(TOWNS_FIRST), code)
