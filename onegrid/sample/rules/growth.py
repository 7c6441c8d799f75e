"""Grows regions over the faces of a mesh: each is connected, because it grows face by face from a seed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from onegrid.sample.rules.frame import Floats, Ints
from onegrid.sample.rules.mesh import OUTSIDE, Mesh


@dataclass(frozen=True, slots=True)
class Graph:
    """Per face: the faces it touches with the distance of the centres (m), its centre (m), its area (m2)."""

    links: list[list[tuple[int, float]]]
    centre: Floats
    area: Floats
    shore: frozenset[int]
    """Faces on the county's outline."""


def graph_of(mesh: Mesh) -> Graph:
    """The faces of a mesh as a graph."""
    left, right = mesh.neighbours
    length = np.linalg.norm(mesh.centre[left] - mesh.centre[right], axis=1)
    links: list[list[tuple[int, float]]] = [[] for _ in mesh.area]
    for here, there, far in zip(left.tolist(), right.tolist(), length.tolist(), strict=True):
        links[here].append((there, far))
    outer = mesh.face[np.arange(len(mesh.face)) ^ 1] == OUTSIDE
    return Graph(links, mesh.centre, mesh.area, frozenset(mesh.face[outer].tolist()) - {OUTSIDE})


def grow(
    graph: Graph,
    seeds: Sequence[int],
    *,
    within: Collection[int],
    owners: Iterable[int] | None = None,
    head_start: Iterable[float] | None = None,
) -> dict[int, int]:
    """Face -> owner of the seed that reaches it first (metres less the seed's head start).

    A seed is never taken by another; faces that no seed can reach are missing."""
    owner = dict(zip(seeds, range(len(seeds)) if owners is None else owners, strict=True))
    lead = [0.0] * len(seeds) if head_start is None else head_start
    starts = zip(seeds, lead, strict=True)
    queue = [(far - start, there, seed) for seed, start in starts for there, far in graph.links[seed]]
    heapify(queue)
    while queue:
        reach, here, source = heappop(queue)
        if here in owner or here not in within:
            continue
        owner[here] = owner[source]
        for there, far in graph.links[here]:
            if there not in owner:
                heappush(queue, (reach + far, there, here))
    return owner


def spread(graph: Graph, faces: Ints, *, taken: Sequence[int], count: int, ease: Floats) -> list[int]:
    """`count` more seeds among `faces`, each as far as possible from those before.

    Distances are divided by `ease` (per face of `faces`), how loosely seeds lie there; slivers come last."""
    where = graph.centre[faces]
    whole = graph.area[faces] > 0.5 * float(np.median(graph.area))
    gap = np.full(len(faces), np.inf)
    for seed in taken:
        gap = np.minimum(gap, np.linalg.norm(where - graph.centre[seed], axis=1))
    chosen: list[int] = []
    for _ in range(count):
        score = np.where(np.isinf(gap), -np.linalg.norm(where - where.mean(axis=0), axis=1), gap / ease)
        best = int(np.argmax(np.where(gap > 0, score - 1e9 * ~whole, -np.inf)))
        chosen.append(int(faces[best]))
        gap = np.minimum(gap, np.linalg.norm(where - where[best], axis=1))
    return chosen


def settle(graph: Graph, seeds: list[int], *, within: Collection[int], fixed: int, rounds: int) -> list[int]:
    """Moves all but the first `fixed` seeds to the middle of what they grow, `rounds` times (Lloyd)."""
    for _ in range(rounds):
        region: dict[int, list[int]] = {}
        for face, owner in grow(graph, seeds, within=within).items():
            region.setdefault(owner, []).append(face)
        seeds = seeds[:fixed] + [_middle(graph, region[k]) for k in range(fixed, len(seeds))]
    return seeds


def _middle(graph: Graph, faces: list[int]) -> int:
    where, weight = graph.centre[faces], graph.area[faces]
    mean = (where * weight[:, None]).sum(axis=0) / weight.sum()
    return faces[int(np.argmin(np.linalg.norm(where - mean, axis=1) + 1e9 * (weight < 0.5 * weight.max())))]


def parts(graph: Graph, faces: Iterable[int]) -> list[set[int]]:
    """The connected parts of a set of faces, largest first (ties: the one with the lowest face)."""
    rest, found = set(faces), []
    while rest:
        part, edge = set(), [min(rest)]
        rest.discard(edge[0])
        while edge:
            here = edge.pop()
            part.add(here)
            for there, _ in graph.links[here]:
                if there in rest:
                    rest.discard(there)
                    edge.append(there)
        found.append(part)
    return sorted(found, key=lambda part: (-len(part), min(part)))
