"""Gaps and overlaps of a set of grids, in m².

Hard rules (domain.md 8): no grid crosses the border of its village, neighbours overlap by no more than 1 m²,
and the grids of a village together are the village within 10 m²."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from onegrid.territory.rules.codes import first_level_of
from onegrid.territory.rules.shapes import Shapes, areas_m2

OVERLAP_M2, UNION_M2 = 1.0, 10.0
NOISE_M2 = 0.01  # smaller than a hand: rounding of two lines that are meant to be one
CHUNK = 2000

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground claimed by two grids; `lng`, `lat` is a point on it."""

    first: str
    second: str
    m2: float
    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Ground claimed by no grid; `beside` are the grids that touch it."""

    beside: tuple[str, ...]
    m2: float
    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class Beyond:
    """Ground of a grid outside the first-level grid that it belongs to."""

    code: str
    first_level: str
    m2: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well some grids cover their area. Each list has the largest first."""

    grids: int
    area_m2: float
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]
    beyond: tuple[Beyond, ...]

    @property
    def overlap_m2(self) -> float:
        return sum(each.m2 for each in self.overlaps)

    @property
    def gap_m2(self) -> float:
        return sum(each.m2 for each in self.gaps)

    @property
    def beyond_m2(self) -> float:
        return sum(each.m2 for each in self.beyond)

    @property
    def sound(self) -> bool:
        """True when nothing overlaps by more than 1 m² and no gap or excess is larger than 10 m²."""
        whole = all(gap.m2 <= UNION_M2 for gap in self.gaps)
        within = all(excess.m2 <= UNION_M2 for excess in self.beyond)
        return whole and within and all(overlap.m2 <= OVERLAP_M2 for overlap in self.overlaps)


def ignore(_done: int, _all: int) -> None:
    """The progress that nobody wants to see."""


def coverage(
    codes: Sequence[str],
    polygons: Shapes,
    *,
    areas: Mapping[str, BaseGeometry] | None = None,
    progress: Progress = ignore,
) -> Coverage:
    """Gaps and overlaps of valid polygons that should tile the `areas` (first-level grids by code).

    Without areas only enclosed gaps are found: nobody says where the outer border should run."""
    overlaps = _overlaps(codes, polygons, progress)
    gaps = _shortfalls(codes, polygons, areas) if areas else _holes(polygons)
    return Coverage(
        grids=len(codes),
        area_m2=float(areas_m2(polygons).sum()),
        overlaps=overlaps,
        gaps=_described(gaps, codes, polygons),
        beyond=_beyond(codes, polygons, areas or {}),
    )


def _overlaps(codes: Sequence[str], polygons: Shapes, progress: Progress) -> tuple[Overlap, ...]:
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    first, second = first[first < second], second[first < second]
    found: list[Overlap] = []
    for start in range(0, len(first), CHUNK):
        pairs = slice(start, start + CHUNK)
        shared = shapely.intersection(polygons[first[pairs]], polygons[second[pairs]])
        for i, m2, lng, lat in _notable(shared):
            low, high = sorted((codes[first[start + i]], codes[second[start + i]]))
            found.append(Overlap(low, high, m2, lng, lat))
        progress(min(start + CHUNK, len(first)), len(first))
    return tuple(sorted(found, key=lambda overlap: -overlap.m2))


def _notable(shapes: Shapes) -> Iterator[tuple[int, float, float, float]]:
    """Position, m² and a point (lng, lat) of each shape larger than rounding."""
    areas = areas_m2(shapes)
    large = np.flatnonzero(areas > NOISE_M2)
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes[large]))
    for i, (lng, lat) in zip(large, inside, strict=True):
        yield int(i), float(areas[i]), float(lng), float(lat)


def _holes(polygons: Shapes) -> Shapes:
    """What the grids enclose but none of them has."""
    whole = shapely.get_parts(shapely.union_all(polygons))
    return np.array([shapely.Polygon(ring) for part in whole for ring in part.interiors], dtype=object)


def _shortfalls(codes: Sequence[str], polygons: Shapes, areas: Mapping[str, BaseGeometry]) -> Shapes:
    """What each area has beyond the grids in it; areas without any grid are not divided and lack nothing."""
    inside: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        inside.setdefault(first_level_of(code), []).append(i)
    missing = [
        shapely.difference(area, shapely.union_all(polygons[inside[code]]))
        for code, area in areas.items()
        if code in inside
    ]
    parts: Shapes = shapely.get_parts(np.array(missing, dtype=object))
    return parts


def _described(gaps: Shapes, codes: Sequence[str], polygons: Shapes) -> tuple[Gap, ...]:
    tree = shapely.STRtree(polygons)
    found = []
    for i, m2, lng, lat in _notable(gaps):
        beside = tree.query(gaps[i], predicate="intersects")
        found.append(Gap(tuple(sorted(codes[each] for each in beside)), m2, lng, lat))
    return tuple(sorted(found, key=lambda gap: -gap.m2))


def _beyond(codes: Sequence[str], polygons: Shapes, areas: Mapping[str, BaseGeometry]) -> tuple[Beyond, ...]:
    held = [i for i, code in enumerate(codes) if first_level_of(code) in areas]
    around = np.array([areas[first_level_of(codes[i])] for i in held], dtype=object)
    excess = areas_m2(shapely.difference(polygons[held], around)) if held else np.empty(0)
    found = [
        Beyond(codes[i], first_level_of(codes[i]), float(m2))
        for i, m2 in zip(held, excess, strict=True)
        if m2 > NOISE_M2
    ]
    return tuple(sorted(found, key=lambda beyond: -beyond.m2))
