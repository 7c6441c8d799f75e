"""The raw material of made-up boundaries: a honeycomb with shaken nodes and winding edges.

Why no two edges ever cross: in a regular honeycomb of edge `e`, edges that share no node are at least `e`
apart. A node moves by at most 0.29 e and a bend leaves its straight edge by at most 0.19 e, so no point moves
by e/2. Edges that do share a node met at 120 degrees; shaken by that much they still meet at 49 degrees or
more, and bends stay within 18 degrees of their straight edge near its ends."""

from math import radians, sqrt, tan

import numpy as np

from onegrid.sample.rules.frame import Floats, Ints

SHAKE = 0.29
BEND = 0.19
_CONE = tan(radians(18.0))
_BENDS_AT = np.array([0.25, 0.5, 0.75])


def edge_for_area(area_m2: float) -> float:
    """Edge length in metres of a regular hexagon of that area."""
    return sqrt(2 * area_m2 / (3 * sqrt(3)))


def honeycomb(low: Floats, high: Floats, *, edge: float) -> tuple[Floats, Ints]:
    """Nodes (n, 2) in metres and edges (m, 2) as node numbers, covering the box from `low` to `high`.

    Each cell (q, r) owns its northern node and its southern one; a northern node is joined to three southern
    nodes of the cells above it."""
    rows = np.arange(-3, int(np.ceil((high[1] - low[1]) / (1.5 * edge))) + 4)
    width = sqrt(3) * edge
    columns = np.arange(-len(rows) // 2 - 4, int(np.ceil((high[0] - low[0]) / width)) + 5)
    q, r = (axis.ravel() for axis in np.meshgrid(columns, rows, indexing="ij"))
    centre = np.column_stack([low[0] + width * (q + r / 2), low[1] + 1.5 * edge * r])
    up = np.array([0.0, edge])
    nodes = np.concatenate([centre + up, centre - up])
    index = np.arange(len(q)).reshape(len(columns), len(rows))
    edges = np.concatenate([_joined(index, dq, dr) for dq, dr in ((0, 1), (-1, 1), (-1, 2))])
    edges[:, 1] += len(q)
    near = np.all((nodes > low - 2 * edge) & (nodes < high + 2 * edge), axis=1)
    return _compact(nodes, edges[np.all(near[edges], axis=1)])


def _joined(index: Ints, dq: int, dr: int) -> Ints:
    """Pairs (cell, the cell dq columns and dr rows away) where both exist."""
    wide, high = index.shape
    here = index[max(0, -dq) : wide - max(0, dq), max(0, -dr) : high - max(0, dr)]
    there = index[max(0, dq) : wide - max(0, -dq), max(0, dr) : high - max(0, -dr)]
    return np.column_stack([here.ravel(), there.ravel()])


def _compact(nodes: Floats, edges: Ints) -> tuple[Floats, Ints]:
    used, numbers = np.unique(edges, return_inverse=True)
    return nodes[used], numbers.reshape(edges.shape)


def shaken(nodes: Floats, *, edge: float, rng: np.random.Generator) -> Floats:
    """Every node moved to a random place within SHAKE x edge."""
    distance = SHAKE * edge * np.sqrt(rng.random(len(nodes)))
    turn = 2 * np.pi * rng.random(len(nodes))
    found: Floats = nodes + (distance * np.stack([np.cos(turn), np.sin(turn)])).T
    return found


def winding(nodes: Floats, edges: Ints, *, edge: float, rng: np.random.Generator) -> Floats:
    """Each edge as five points (m, 5, 2): its ends and three bends, by midpoint displacement."""
    tail, head = nodes[edges[:, 0]], nodes[edges[:, 1]]
    along = head - tail
    length = np.linalg.norm(along, axis=1)
    middle = rng.uniform(-1, 1, len(edges)) * length / 2 * _CONE
    offsets = np.column_stack([middle / 2, middle, middle / 2])
    offsets[:, [0, 2]] += rng.uniform(-1, 1, (len(edges), 2)) * length[:, None] / 8 * _CONE
    bound = np.minimum(np.minimum(_BENDS_AT, 1 - _BENDS_AT) * length[:, None] * _CONE, BEND * edge)
    offsets = np.clip(offsets, -bound, bound)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    bends = tail[:, None] + _BENDS_AT[:, None] * along[:, None] + offsets[..., None] * across[:, None]
    return np.concatenate([tail[:, None], bends, head[:, None]], axis=1)
