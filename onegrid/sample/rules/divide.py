"""Divides the county's faces into towns, first-level grids and second-level grids.

Known seats and village centres (facts) are kept where they are; everything between them is made up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onegrid.sample.rules.frame import Ints
from onegrid.sample.rules.growth import Graph, graph_of, grow, parts, settle, spread
from onegrid.sample.rules.mesh import Mesh
from onegrid.sample.rules.simple import simplified

LEAST_FACES = 4
"""Faces of the smallest first-level grid (about 0.5 km2)."""
_TOWN_CENTRE_M = 3_000.0
"""Within this distance of a seat, places lie closer together."""


@dataclass(frozen=True, slots=True)
class Place:
    """A town, village, community, park or market to be given a territory; `at` in metres where known."""

    code: str
    name: str
    kind: str
    at: tuple[float, float] | None

    @property
    def town(self) -> str:
        """The nine digits of the town it is, or lies in."""
        return self.code[:9]

    @property
    def exclusive(self) -> bool:
        """Parks and markets: a small territory with workers of its own."""
        return self.kind in {"park", "market"}


@dataclass(frozen=True, slots=True)
class Division:
    """Per face of the mesh: number of its town, of its first-level unit, of its second-level grid."""

    town: Ints
    unit: Ints
    grid: Ints
    grid_unit: Ints
    """Per second-level grid the number of its first-level unit."""


def divide(
    mesh: Mesh, *, towns: Sequence[Place], units: Sequence[Place], grids: int, rng: np.random.Generator
) -> Division:
    """Every face gets one town, one unit of that town and one second-level grid of it, `grids` in all."""
    graph = graph_of(mesh)
    town = _towns(mesh, graph, towns, units)
    unit = _units(mesh, graph, town, towns, units)
    wanted = _shares(graph, unit, units, grids=grids, rng=rng)
    grid, grid_unit = _grids(mesh, graph, unit, wanted)
    return Division(town, unit, grid, grid_unit)


def _nearest(graph: Graph, at: tuple[float, float], faces: Ints) -> int:
    return int(faces[np.argmin(np.linalg.norm(graph.centre[faces] - np.array(at), axis=1))])


def _towns(mesh: Mesh, graph: Graph, towns: Sequence[Place], units: Sequence[Place]) -> Ints:
    """Town of each face: grown from the seats and the known centres of its villages.

    A centre that would lie cut off from its own town is left out (its village is then placed freely)."""
    everywhere = np.arange(len(graph.area))
    number = {place.code: k for k, place in enumerate(towns)}
    seeds = {_nearest(graph, place.at, everywhere): k for k, place in enumerate(towns) if place.at}
    seats = dict(seeds)
    for place in units:
        if place.at:
            seeds.setdefault(_nearest(graph, place.at, everywhere), number[place.town])
    within = range(len(graph.area))
    while True:
        owner = grow(graph, list(seeds), within=within, owners=seeds.values())
        home: set[int] = set()
        for seat, k in seats.items():
            home |= next(p for p in parts(graph, [f for f, o in owner.items() if o == k]) if seat in p)
        cut_off = [seed for seed in seeds if seed not in home]
        if not cut_off:
            break
        for seed in cut_off:
            del seeds[seed]
    labels = np.array([owner[face] for face in within])
    return simplified(mesh, graph, labels, parents=np.zeros_like(labels))


def _units(mesh: Mesh, graph: Graph, town: Ints, towns: Sequence[Place], units: Sequence[Place]) -> Ints:
    labels = np.full(len(town), -1)
    for k, place in enumerate(towns):
        faces = np.flatnonzero(town == k)
        mine = [j for j, unit in enumerate(units) if unit.town == place.code]
        for face, j in _units_of(graph, faces, place, [(j, units[j]) for j in mine]).items():
            labels[face] = j
    return simplified(mesh, graph, labels, parents=town)


def _units_of(graph: Graph, faces: Ints, seat: Place, units: list[tuple[int, Place]]) -> dict[int, int]:
    """Face -> unit within one town. Where no centre is known units are spread, communities near the seat."""
    seeds: dict[int, int] = {}
    within = set(faces.tolist())
    everywhere = np.arange(len(graph.area))
    for j, unit in units:
        if unit.at and _nearest(graph, unit.at, everywhere) in within:
            free = faces[~np.isin(faces, list(seeds))]
            seeds[_nearest(graph, unit.at, free)] = j
    rest = [(j, unit) for j, unit in units if j not in seeds.values()]
    middle = np.array(seat.at) if seat.at else graph.centre[faces].mean(axis=0)
    ease = np.minimum(np.linalg.norm(graph.centre[faces] - middle, axis=1) / _TOWN_CENTRE_M, 1.0) * 0.6 + 0.4
    points = list(seeds) + spread(graph, faces, taken=list(seeds), count=len(rest), ease=ease)
    points = settle(graph, points, within=within, fixed=len(seeds), rounds=2)
    free_points = sorted(points[len(seeds) :], key=lambda f: float(np.linalg.norm(graph.centre[f] - middle)))
    rest.sort(key=lambda item: (item[1].kind != "community", item[1].exclusive, item[0]))
    owners = [*seeds.values(), *(j for j, _ in rest)]
    small = {j for j, unit in units if unit.exclusive}
    return _grown_to_size(graph, [*seeds, *free_points], owners, within, small)


def _grown_to_size(
    graph: Graph, seeds: list[int], owners: list[int], within: set[int], small: set[int]
) -> dict[int, int]:
    """Grows units; those that come out too small get a head start, parks and markets begin late."""
    lead = [-400.0 if j in small else 0.0 for j in owners]
    for _ in range(40):
        grown = grow(graph, seeds, within=within, owners=owners, head_start=lead)
        size = np.bincount(list(grown.values()), minlength=max(owners) + 1)
        starved = [k for k, j in enumerate(owners) if size[j] < LEAST_FACES]
        if not starved:
            break
        for k in starved:
            lead[k] += 150.0
    return grown


def _shares(
    graph: Graph, unit: Ints, units: Sequence[Place], *, grids: int, rng: np.random.Generator
) -> Ints:
    """Second-level grids per unit, `grids` in all: more where it is large, more where people live close."""
    size = np.bincount(unit, minlength=len(units))
    area = np.bincount(unit, graph.area, minlength=len(units))
    dense = np.array([1.7 if place.kind == "community" else 1.0 for place in units])
    weight = area**0.4 * dense * np.exp(rng.normal(0, 0.15, len(units)))
    low, high = 0.0, float(grids)
    for _ in range(60):  # the factor at which the bounded shares add up
        factor = (low + high) / 2
        total = np.clip(weight / weight.sum() * factor, 3, size).sum()
        low, high = (factor, high) if total < grids else (low, factor)
    exact = np.clip(weight / weight.sum() * high, 3, size)
    shares: Ints = np.floor(exact).astype(np.int64)
    room = np.flatnonzero(shares < size)
    order = room[np.argsort(-(exact - shares)[room], kind="stable")]
    shares[order[: grids - shares.sum()]] += 1
    return shares


def _grids(mesh: Mesh, graph: Graph, unit: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    labels = np.full(len(unit), -1)
    first = np.concatenate([[0], np.cumsum(wanted)])
    for k, count in enumerate(wanted):
        faces = np.flatnonzero(unit == k)
        within = set(faces.tolist())
        seeds = spread(graph, faces, taken=[], count=int(count), ease=np.ones(len(faces)))
        seeds = settle(graph, seeds, within=within, fixed=0, rounds=3)
        for face, owner in grow(graph, seeds, within=within).items():
            labels[face] = first[k] + owner
    return simplified(mesh, graph, labels, parents=unit), np.repeat(np.arange(len(wanted)), wanted)
