"""Keeps every region simple, that is in one piece and without a hole."""

from collections import deque
from collections.abc import Iterable

import numpy as np

from onegrid.sample.rules.frame import Ints
from onegrid.sample.rules.growth import Graph
from onegrid.sample.rules.mesh import Mesh, ring_points, rings

_ROUNDS = 60


def simplified(mesh: Mesh, graph: Graph, labels: Ints, *, parents: Ints) -> Ints:
    """The same regions, each in one piece and without a hole; faces change hands only within their parent.

    A region closed in by another gets a corridor out through it; a piece cut off joins a neighbour.
    Raises ValueError when that does not come to an end (another seed will)."""
    labels = labels.copy()
    for _ in range(_ROUNDS):
        faulty = {label: found for label, found in rings(mesh, labels).items() if len(found) > 1}
        if not faulty:
            return labels
        for found in faulty.values():
            faces, new = _repair(mesh, graph, labels, found, parents=parents)
            labels[faces] = new
    raise ValueError("these regions cannot be made simple; take another seed")


def _repair(
    mesh: Mesh, graph: Graph, labels: Ints, found: list[list[int]], *, parents: Ints
) -> tuple[list[int], int]:
    """Faces of the region to give away, and to which label."""
    area = [_signed_area(mesh, ring) for ring in found]
    outer, fault = int(np.argmax(area)), int(np.argmin(area))
    inside = mesh.face[found[fault]].tolist()
    label = int(labels[inside[0]])
    if area[fault] > 0:
        faces = _reach(graph, labels, inside[:1], label)
    else:
        faces = _shortest(graph, labels, inside, set(mesh.face[found[outer]].tolist()), label)
    beyond = mesh.face[np.array(found[fault]) ^ 1]
    here = mesh.face[found[fault]]
    good = (beyond >= 0) & (parents[beyond] == parents[here]) & np.isin(here, faces)
    if not good.any():
        raise ValueError("a region cut off has no neighbour of its parent; take another seed")
    return faces, int(labels[beyond[good][0]])


def _signed_area(mesh: Mesh, ring: list[int]) -> float:
    x, y = mesh.frame.metres(ring_points(mesh, ring)).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def _reach(graph: Graph, labels: Ints, begin: Iterable[int], label: int) -> list[int]:
    """The faces of the label connected to `begin`."""
    seen = set(begin)
    edge = list(seen)
    while edge:
        for there, _ in graph.links[edge.pop()]:
            if there not in seen and labels[there] == label:
                seen.add(there)
                edge.append(there)
    return sorted(seen)


def _shortest(graph: Graph, labels: Ints, begin: Iterable[int], goal: set[int], label: int) -> list[int]:
    """The shortest way through the label's faces from `begin` to `goal`, both ends included."""
    came: dict[int, int] = dict.fromkeys(begin, -1)
    edge = deque(came)
    while edge:
        here = edge.popleft()
        if here in goal:
            way = [here]
            while (here := came[here]) >= 0:
                way.append(here)
            return way
        for there, _ in graph.links[here]:
            if there not in came and labels[there] == label:
                came[there] = here
                edge.append(there)
    raise ValueError("a hole has no way out; take another seed")
