"""The partition of the territory into grids: the locator of a time, and how soundly it covers the ground."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from onegrid.kernel.coordinates import Bounds, CoordinateSystem, to_wgs84
from onegrid.kernel.ids import GridCode
from onegrid.territory.queries.boundaries import shapes
from onegrid.territory.queries.catalogue import catalogue, live_codes
from onegrid.territory.rules.codes import GridLevel, first_level_of, level_of, village_of
from onegrid.territory.rules.coverage import Coverage, Progress, coverage, ignore
from onegrid.territory.rules.grids import GridInfo, NoGrid
from onegrid.territory.rules.locator import Locator
from onegrid.territory.rules.segments import Floats


def _build(live: frozenset[str]) -> Locator:
    codes = leaves(live)
    return Locator(codes, list(shapes(codes).values()), known=live)


def leaves(live: frozenset[str]) -> list[str]:
    """The grids that points are located in: second-level ones, and first-level ones not divided further."""
    divided = {first_level_of(code) for code in live if level_of(code) is GridLevel.SECOND}
    return sorted(live - divided)


def locator(at: datetime | None = None) -> Locator:
    """The locator of the grids in force at a time; without one, of the partition after all recorded changes.

    Built when first asked for, and again when the territory has changed."""
    known = catalogue()
    epoch = known.epoch(at)
    return known.locator(epoch, lambda: _build(known.live_in(epoch)))


def locate(lng: Floats, lat: Floats, *, at: datetime | None = None) -> NDArray[np.str_]:
    """The code of the grid of each WGS-84 point, "" where there is none; on a border the lowest code."""
    return locator(at).locate_codes(lng, lat)


def grid_at(lng: float, lat: float, system: CoordinateSystem, *, at: datetime | None = None) -> GridInfo:
    """The grid of one place; raises NoGrid."""
    x, y = to_wgs84(lng, lat, system)
    code = str(locate(np.array([x]), np.array([y]), at=at)[0])
    if not code:
        raise NoGrid(lng=lng, lat=lat)
    return catalogue().grids[GridCode(code)]


def grids_without_division() -> list[str]:
    """The grids in force whose village is no longer on the list of divisions: they wait to be replaced."""
    known = catalogue()
    villages = {code for code, each in known.divisions.items() if each.live}
    return sorted(code for code in live_codes() if village_of(code) not in villages)


def county_bounds() -> dict[str, Bounds]:
    """The rectangle around the first-level grids in force, by county."""
    found: dict[str, list[shapely.Geometry]] = {}
    first = [code for code in live_codes() if level_of(code) is GridLevel.FIRST]
    for code, shape in shapes(first).items():
        found.setdefault(code[:6], []).append(shape)
    return {county: Bounds(*map(float, shapely.total_bounds(each))) for county, each in found.items()}


def live_coverage(*, progress: Progress = ignore) -> Mapping[GridLevel, Coverage]:
    """Gaps and overlaps of the grids in force: the first level among themselves, the second level within
    the first-level grids."""
    live = shapes(live_codes())
    first = {code: shape for code, shape in live.items() if level_of(code) is GridLevel.FIRST}
    second = {code: shape for code, shape in live.items() if level_of(code) is GridLevel.SECOND}
    return {
        GridLevel.FIRST: coverage(list(first), _array(first), progress=progress),
        GridLevel.SECOND: coverage(list(second), _array(second), areas=first, progress=progress),
    }


def _array(shapes_by_code: Mapping[str, shapely.Geometry]) -> NDArray[np.object_]:
    return np.fromiter(shapes_by_code.values(), dtype=object, count=len(shapes_by_code))
