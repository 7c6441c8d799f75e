"""Cuts the honeycomb with the county's real outline; the outline keeps every vertex it had."""

from itertools import pairwise

import numpy as np
import shapely

from onegrid.sample.rules import honeycomb
from onegrid.sample.rules.frame import Bools, Floats, Frame, Ints
from onegrid.sample.rules.mesh import Mesh, weave


def mesh_within(outline: Floats, *, frame: Frame, faces: int, rng: np.random.Generator) -> Mesh:
    """About `faces` made-up faces that tile the outline: its vertices in degrees, in order, not closed."""
    metres = frame.metres(outline)
    edge = honeycomb.edge_for_area(shapely.Polygon(metres).area / faces)
    nodes, edges = honeycomb.honeycomb(metres.min(axis=0), metres.max(axis=0), edge=edge)
    nodes = honeycomb.shaken(nodes, edge=edge, rng=rng)
    bent = frame.degrees(honeycomb.winding(nodes, edges, edge=edge, rng=rng))
    straight = bent[:, [0, 4]]
    walls = np.stack([outline, np.roll(outline, -1, axis=0)], axis=1)
    tree = shapely.STRtree(shapely.linestrings(walls))
    cut, wall = tree.query(shapely.linestrings(straight), predicate="intersects")
    touched = np.unique(tree.query(shapely.linestrings(bent), predicate="intersects")[0])
    inside = shapely.contains_xy(shapely.Polygon(outline), *frame.degrees(nodes).T)
    whole = np.setdiff1d(np.flatnonzero(inside[edges].all(axis=1)), cut)
    plain = np.isin(whole, touched)
    lines = [straight[i] if flat else bent[i] for i, flat in zip(whole, plain, strict=True)]
    hits = _Hits(straight[cut], walls[wall], cut, wall)
    pieces, piece_ends = hits.pieces(straight, edges, inside, first=len(nodes))
    shore, shore_ends = hits.shore(outline, first=len(nodes))
    ends = np.concatenate([edges[whole], piece_ends, shore_ends])
    numbers = np.unique(ends, return_inverse=True)[1].reshape(ends.shape)
    return weave([*lines, *pieces, *shore], numbers, frame=frame)


class _Hits:
    """Where straight edges meet the walls of the outline, each with its share of the way along both."""

    def __init__(self, edge: Floats, wall: Floats, edge_number: Ints, wall_number: Ints) -> None:
        along, ward, gap = edge[:, 1] - edge[:, 0], wall[:, 1] - wall[:, 0], wall[:, 0] - edge[:, 0]
        cross = along[:, 0] * ward[:, 1] - along[:, 1] * ward[:, 0]
        self.on_edge = (gap[:, 0] * ward[:, 1] - gap[:, 1] * ward[:, 0]) / cross
        self.on_wall = (gap[:, 0] * along[:, 1] - gap[:, 1] * along[:, 0]) / cross
        self.point = wall[:, 0] + self.on_wall[:, None] * ward
        self.edge, self.wall = edge_number, wall_number

    def pieces(
        self, straight: Floats, edges: Ints, inside: Bools, *, first: int
    ) -> tuple[list[Floats], Ints]:
        """The parts of the cut edges that lie inside; hit k is node first + k."""
        lines, ends = [], []
        order = np.lexsort((self.on_edge, self.edge))
        for group in np.split(order, np.flatnonzero(np.diff(self.edge[order])) + 1):
            number = self.edge[group[0]]
            stops = [(edges[number, 0], straight[number, 0])]
            stops += [(first + k, self.point[k]) for k in group]
            stops += [(edges[number, 1], straight[number, 1])]
            begin = 0 if inside[edges[number, 0]] else 1
            for (a, p), (b, q) in list(pairwise(stops))[begin::2]:
                lines.append(np.array([p, q]))
                ends.append((a, b))
        return lines, np.array(ends)

    def shore(self, outline: Floats, *, first: int) -> tuple[list[Floats], Ints]:
        """The outline cut at every hit; vertex j of the outline is the node after all hits + j."""
        corner = first + len(self.point) + np.arange(len(outline))
        stops = np.concatenate([outline, self.point])
        names = np.concatenate([corner, first + np.arange(len(self.point))])
        wall = np.concatenate([np.arange(len(outline)), self.wall])
        order = np.lexsort((np.concatenate([np.zeros(len(outline)), self.on_wall]), wall))
        chain = np.column_stack([names[order], np.roll(names[order], -1)])
        lines = np.stack([stops[order], np.roll(stops[order], -1, axis=0)], axis=1)
        return list(lines), chain
