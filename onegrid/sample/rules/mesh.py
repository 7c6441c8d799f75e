"""A planar map as half-edges: faces share their edges vertex by vertex, so unions of faces tile exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onegrid.sample.rules.frame import Floats, Frame, Ints

OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Mesh:
    """Half-edge 2i runs along line i, half-edge 2i+1 back along it.

    `points[start[i]:start[i + 1]]` is line i in degrees; `after` is the next half-edge round the face on the
    left; `face` that face (-1 outside); `area` in m2 and `centre` in metres of the frame, per face."""

    points: Floats
    start: Ints
    after: Ints
    face: Ints
    area: Floats
    centre: Floats
    frame: Frame

    @property
    def neighbours(self) -> tuple[Ints, Ints]:
        """Pairs of faces that share an edge, in both orders."""
        left, right = self.face, self.face[np.arange(len(self.face)) ^ 1]
        real = (left != OUTSIDE) & (right != OUTSIDE)
        return left[real], right[real]

    def along(self, half_edge: int) -> Floats:
        """The half-edge's points in its own direction, without the last one."""
        line = self.points[self.start[half_edge >> 1] : self.start[(half_edge >> 1) + 1]]
        return line[:0:-1] if half_edge & 1 else line[:-1]


def weave(lines: Sequence[Floats], ends: Ints, *, frame: Frame) -> Mesh:
    """A mesh of lines (points in degrees) that meet only at their numbered ends (n, 2)."""
    sizes = np.array([len(line) for line in lines])
    start = np.concatenate([[0], np.cumsum(sizes)])
    points = np.concatenate(lines)
    after = _turns(points, start, ends)
    ring = _rings(after)
    area, centre = _measures(frame.metres(points), start, ring)
    inner = area > 0
    number = np.full(len(area), OUTSIDE)
    number[inner] = np.arange(inner.sum())
    return Mesh(points, start, after, number[ring], area[inner], centre[inner], frame)


def _turns(points: Floats, start: Ints, ends: Ints) -> Ints:
    """Per half-edge the one that follows it round the face on its left, at its head the next clockwise."""
    first, last = start[:-1], start[1:] - 1
    leave = np.stack([points[first + 1] - points[first], points[last - 1] - points[last]], axis=1)
    leave = leave.reshape(-1, 2)
    tail = ends.reshape(-1)
    order = np.lexsort((np.arctan2(leave[:, 1], leave[:, 0]), tail))
    begins = np.searchsorted(tail[order], np.arange(tail.max() + 2))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    low, high = begins[tail], begins[tail + 1]
    clockwise = order[np.where(place == low, high - 1, place - 1)]
    found: Ints = clockwise[np.arange(len(order)) ^ 1]
    return found


def _rings(after: Ints) -> Ints:
    """Numbers the cycles of `after`."""
    follow, ring, count = after.tolist(), [-1] * len(after), 0
    for begin in range(len(follow)):
        if ring[begin] >= 0:
            continue
        here = begin
        while ring[here] < 0:
            ring[here] = count
            here = follow[here]
        count += 1
    return np.array(ring)


def _measures(points: Floats, start: Ints, ring: Ints) -> tuple[Floats, Floats]:
    """Signed area and centroid of each ring of half-edges."""
    cross = points[:-1, 0] * points[1:, 1] - points[1:, 0] * points[:-1, 1]
    moment = (points[:-1] + points[1:]) * cross[:, None]
    terms = np.column_stack([cross, moment])
    terms[start[1:-1] - 1] = 0  # from the end of one line to the start of the next
    per_line = np.add.reduceat(np.concatenate([terms, np.zeros((1, 3))]), start[:-1])
    per_half = np.stack([per_line, -per_line], axis=1).reshape(-1, 3)
    sums = np.column_stack([np.bincount(ring, per_half[:, k]) for k in range(3)])
    return sums[:, 0] / 2, sums[:, 1:] / (3 * sums[:, :1])


def rings(mesh: Mesh, labels: Ints) -> dict[int, list[list[int]]]:
    """Per label (one per face, -1 = outside) its border rings as half-edges, the label's faces on their left.

    Outer rings run anticlockwise, holes clockwise; a simple region has exactly one ring."""
    left = np.where(mesh.face == OUTSIDE, OUTSIDE, labels[mesh.face])
    differs = left != left[np.arange(len(left)) ^ 1]
    edge, after = differs.tolist(), mesh.after.tolist()
    done = bytearray(len(left))
    found: dict[int, list[list[int]]] = {}
    for begin in np.flatnonzero(differs & (left != OUTSIDE)).tolist():
        if done[begin]:
            continue
        ring, here = [], begin
        while not done[here]:
            done[here] = 1
            ring.append(here)
            here = after[here]
            while not edge[here]:
                here = after[here ^ 1]
        found.setdefault(int(left[begin]), []).append(ring)
    return found


def ring_points(mesh: Mesh, ring: list[int]) -> Floats:
    """The ring's vertices in degrees, not closed."""
    return np.concatenate([mesh.along(half_edge) for half_edge in ring])
