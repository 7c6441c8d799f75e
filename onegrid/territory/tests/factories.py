"""A small made-up county: two villages, each one first-level grid of four second-level squares; and the same
squares as boundary files of every format."""

import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely

from onegrid.accounts.rules import SYSTEM
from onegrid.territory import actions
from onegrid.territory.actions import Boundaries, ImportReport, import_grids
from onegrid.territory.rules import GridLevel, NewDivision, NewGrid

COUNTY: Final = "350583"
TOWN: Final = "350583104"
VILLAGE: Final = "350583104201"
OTHER_VILLAGE: Final = "350583104202"
FOUNDED: Final = datetime(2026, 1, 1, tzinfo=UTC)
WEST, SOUTH, SIDE = 118.40, 24.90, 0.01

DIVISIONS: Final = (
    NewDivision(COUNTY, "南安市", "county"),
    NewDivision(TOWN, "水头镇", "town"),
    NewDivision(VILLAGE, "甲村委会", "village"),
    NewDivision(OTHER_VILLAGE, "乙社区居委会", "community"),
)


def square(column: int, row: int, *, columns: int = 1, rows: int = 1) -> shapely.Polygon:
    """A rectangle of the made-up county, counted in squares of about 1 km from its south-west corner."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + columns * SIDE, south + rows * SIDE)


def village_grids(village: str, column: int) -> list[NewGrid]:
    """The first-level grid of a village, two squares wide and high, and its four second-level grids."""
    second = [
        NewGrid(f"{village}{i + 1:03}", f"第{i + 1}网格", square(column + i % 2, 1 - i // 2))
        for i in range(4)
    ]
    return [NewGrid(f"{village}000", "一级网格", square(column, 0, columns=2, rows=2)), *second]


def divisions(rows: Sequence[NewDivision] = DIVISIONS) -> None:
    """The divisions of the county."""
    actions.load_divisions(rows, edition=2023, by=SYSTEM, now=FOUNDED)


def county() -> list[NewGrid]:
    """The county with divisions and grids, tiled without gap or overlap; answers its grids."""
    divisions()
    grids = [*village_grids(VILLAGE, 0), *village_grids(OTHER_VILLAGE, 2)]
    actions.create_grids(grids, by=SYSTEM, now=FOUNDED)
    return grids


Points = np.ndarray[Any, np.dtype[np.float64]]
CODES: Final = [f"{VILLAGE}{number:03}" for number in range(1, 5)]
NAMES: Final = [grid.name for grid in village_grids(VILLAGE, 0)[1:]]
SHAPES: Final = [grid.polygon for grid in village_grids(VILLAGE, 0)[1:]]


def undivided_village() -> None:
    """A village with its first-level grid, not yet divided."""
    divisions()
    actions.create_grids(village_grids(VILLAGE, 0)[:1], by=SYSTEM, now=FOUNDED)


def geojson(
    path: Path,
    shapes: Sequence[Any] = SHAPES,
    *,
    crs: str = "",
    codes: Sequence[str] = CODES,
) -> Path:
    """A GeoJSON file with code and name; `shapes` may also be raw GeoJSON geometries."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": shape.__geo_interface__ if isinstance(shape, shapely.Geometry) else shape,
        }
        for code, name, shape in zip(codes, NAMES, shapes, strict=True)
    ]
    member = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **member, "features": features}))
    return path


def written(path: Path, *, crs: str = "EPSG:4490", shapes: Sequence[Any] = SHAPES, **options: Any) -> Path:
    """A file in any format that its suffix names."""
    wkb = shapely.to_wkb(np.array(shapes, dtype=object))
    fields = [np.array(CODES, dtype=object), np.array(NAMES, dtype=object)]
    pyogrio.raw.write(path, wkb, fields, ["code", "name"], geometry_type="Polygon", crs=crs, **options)
    return path


def zipped(path: Path, members: Sequence[tuple[str, bytes]]) -> Path:
    """An archive with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def zipped_shapefile(path: Path, folder: Path, *, within: str = "") -> Path:
    """A zipped Shapefile, in a folder of the archive."""
    written(folder / "grids.shp")
    return zipped(path, [(within + part.name, part.read_bytes()) for part in sorted(folder.glob("grids.*"))])


def moved(shapes: Sequence[Any], move: Callable[[Points], Points]) -> list[Any]:
    """The shapes with each point moved."""
    return list(shapely.transform(np.array(shapes, dtype=object), move))


def bring_in(found: Boundaries, **options: Any) -> ImportReport:
    """Import a file that was read, as second-level grids unless told otherwise."""
    settings: dict[str, Any] = {"level": GridLevel.SECOND, "code": "code", "name": "name"} | options
    return import_grids(found, by=SYSTEM, now=FOUNDED, **settings)
