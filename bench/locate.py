"""Speed of the locator: 1,000,000 points in 3,372 grids of about 60 vertices, against geopandas.sjoin.

Both times include building the index. The answers are compared with shapely's for all points, and for
points that lie exactly on borders. Run: `python -m bench.locate` (last line: one JSON object)."""

import gc
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, timed
from onegrid.territory.rules import Locator

Floats = NDArray[np.float64]
GRIDS_IN_ROW = [58] * 50 + [59] * 8  # 3,372 grids
POINTS_PER_SIDE = 15
AREA_KM2 = 2018
SIDE_KM = 45.39  # of the square before it is bent; its area comes out at 2,018 km2
KM_PER_DEGREE = np.array([100.9, 110.8])  # at 25 degrees north
WEST_SOUTH = np.array([118.1, 24.6])
POINTS = 1_000_000
ROUNDS = 3
GOAL = 20


def county(seed: int = 20) -> NDArray[np.object_]:
    """3,372 polygons that tile a bent, wiggly county of 2,018 km2; neighbours share every border vertex."""
    rng = np.random.default_rng(seed)
    per_row = rng.permutation(GRIDS_IN_ROW)
    levels = [_level(rng, i / len(per_row)) for i in range(len(per_row) + 1)]
    grids = []
    for low, high, count in zip(levels, levels[1:], per_row, strict=False):
        feet = np.linspace(0, len(low) - 1, count + 1).round().astype(int)
        walls = [_wall(rng, low[foot], high[foot]) for foot in feet]
        for i, (left, right) in enumerate(pairwise(feet)):
            ring = [low[left:right], walls[i + 1][:-1], high[left : right + 1][:0:-1], walls[i][:0:-1]]
            grids.append(shapely.Polygon(_bend(np.vstack(ring))))
    return np.array(grids)


def _level(rng: np.random.Generator, height: float) -> Floats:
    """A wiggly line from west to east, at that share of the county's height, in km."""
    count = 58 * POINTS_PER_SIDE + 1
    smooth = np.convolve(rng.normal(size=count + 20), np.ones(21) / 8.4, "valid")
    x = np.linspace(0, SIDE_KM, count) + rng.uniform(-0.35, 0.35, count) * SIDE_KM / count
    return np.column_stack([x, height * SIDE_KM + 0.09 * smooth + rng.uniform(-0.02, 0.02, count)])


def _wall(rng: np.random.Generator, foot: Floats, top: Floats) -> Floats:
    """A wiggly line between two points of neighbouring levels."""
    t = np.linspace(0, 1, POINTS_PER_SIDE + 1)
    wall = foot + (top - foot) * t[:, None]
    wave = 0.06 * np.sin(2 * np.pi * (t * rng.uniform(0.5, 2) + rng.random()))
    wall[1:-1, 0] += (np.sin(np.pi * t) * wave + rng.uniform(-0.02, 0.02, len(t)))[1:-1]
    return wall


def _bend(km: Floats) -> Floats:
    """The square bent to an irregular outline, in degrees."""
    x, y = km[:, 0], km[:, 1]
    bent = np.column_stack([x + 4 * np.sin(y / 9) + 1.5 * np.sin(y / 3.1 + x / 20), y + 3 * np.sin(x / 11)])
    degrees: Floats = WEST_SOUTH + (bent + 1.2 * np.sin(km[:, ::-1] / 4)) / KM_PER_DEGREE
    return degrees


def points_within(grids: NDArray[np.object_], count: int, seed: int = 21) -> Floats:
    """Random points, evenly spread over the county."""
    rng = np.random.default_rng(seed)
    outline = shapely.union_all(grids)
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    points = rng.uniform([west, south], [east, north], (2 * count, 2))
    points = points[shapely.contains_xy(outline, points[:, 0], points[:, 1])][:count]
    assert len(points) == count
    return np.asfortranarray(points)


def border_points(grids: NDArray[np.object_], seed: int = 22) -> Floats:
    """All vertices, their next floating-point neighbours, and points between two vertices of a border."""
    rng = np.random.default_rng(seed)
    vertices = shapely.get_coordinates(grids)
    near = np.nextafter(vertices, rng.choice([-np.inf, np.inf], vertices.shape))
    return np.vstack([vertices, near, (vertices[1:] + vertices[:-1]) / 2])


def by_shapely(grids: NDArray[np.object_], points: Floats) -> NDArray[np.int64]:
    """The lowest grid that covers each point, -1 for none."""
    lowest = np.full(len(points), len(grids))
    point, grid = shapely.STRtree(grids).query(shapely.points(points), predicate="covered_by")
    np.minimum.at(lowest, point, grid)
    return np.where(lowest < len(grids), lowest, -1)


def run() -> Figure:
    """Measure, print a table, and give the figure."""
    console = Console()
    with console.status("drawing 3,372 grids and 1,000,000 points"):
        grids = county()
        points = points_within(grids, POINTS)
        codes = [f"350583100{i // 599:03d}{i % 599 + 1:03d}" for i in range(len(grids))]
        assert shapely.coverage_is_valid(grids)
    with console.status("comparing every answer with shapely"):
        locator = Locator(codes, grids)
        tested = np.vstack([points, border_points(grids)])
        differing = int((locator.locate(tested[:, 0], tested[:, 1]) != by_shapely(grids, tested)).sum())
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        with console.status("timing the locator and geopandas.sjoin in turns"):
            for name, spent in _one_round(grids, points, codes).items():
                times.setdefault(name, []).append(spent)
    result = {name: median(spent) for name, spent in times.items()}
    ours, peer = result["locator: index and points"], result["geopandas.sjoin"]
    _print(console, result, grids)
    console.print(
        f"{differing} of {len(tested):,} answers differ from shapely's; {len(tested) - POINTS:,} at borders"
    )
    speed = 0.0 if differing else peer / ours
    unit = "x faster than geopandas.sjoin"
    return figure("locate", speed, unit, goal=GOAL, peer="geopandas.sjoin", peer_value=1.0)


def _one_round(grids: NDArray[np.object_], points: Floats, codes: list[str]) -> dict[str, float]:
    lng, lat = points[:, 0], points[:, 1]
    gc.collect()
    grids = shapely.from_wkb(shapely.to_wkb(grids))  # fresh shapes: nobody profits from an earlier index
    made: list[geopandas.GeoDataFrame] = []

    def make_points() -> None:
        made.append(geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lng, lat), crs=4326))

    def sjoin(predicate: str) -> Callable[[], object]:
        frame = geopandas.GeoDataFrame({"code": codes}, geometry=grids, crs=4326)
        located = geopandas.GeoDataFrame(geometry=made[0].geometry.copy())
        return lambda: geopandas.sjoin(located, frame, predicate=predicate)

    times = {"geopandas: making the points": timed(make_points)}
    times["geopandas.sjoin"] = timed(sjoin("intersects"))
    times["geopandas.sjoin, predicate within"] = timed(sjoin("within"))
    times["locator: index and points"] = timed(lambda: Locator(codes, grids).locate(lng, lat))
    ready = Locator(codes, grids)
    times["locator: points only"] = timed(lambda: ready.locate(lng, lat))
    return times


def _print(console: Console, times: dict[str, float], grids: NDArray[np.object_]) -> None:
    vertices = shapely.get_num_coordinates(grids).mean() - 1
    area = shapely.area(shapely.transform(grids, lambda degrees: degrees * KM_PER_DEGREE)).sum()
    title = f"{POINTS:,} points in {len(grids):,} grids of {vertices:.0f} vertices, {area:,.0f} km2"
    table = Table("what", "seconds", "against the locator", title=title)
    for name, spent in sorted(times.items(), key=lambda item: item[1]):
        table.add_row(name, f"{spent:.3f}", f"{spent / times['locator: index and points']:.1f}x")
    console.print(table)


if __name__ == "__main__":
    main(run)
