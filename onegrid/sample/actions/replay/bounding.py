"""Lays out the replayed city: divisions with fictional codes, wards and precincts from the boundary files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from onegrid.accounts.rules import Actor
from onegrid.sample.rules.replay.places import (
    CITY_NAME,
    COUNTY,
    TOWN,
    TOWN_NAME,
    precinct_grid,
    split_precinct,
    ward_grid,
    ward_village,
)
from onegrid.territory.actions import Boundaries, import_grids, load_divisions, read_boundaries
from onegrid.territory.rules import NewDivision
from onegrid.territory.rules.codes import GridLevel
from onegrid.territory.rules.imports import Value

WARDS: Final = "wards_wgs84.geojson"
PRECINCTS: Final = "precincts_wgs84.geojson"


def lay_out(folder: Path, *, by: Actor, now: datetime) -> int:
    """Load divisions and import both levels of grids; returns how many boundaries had to be mended.

    Raises PrecinctUnreadable and what territory refuses (FileMissing and others)."""
    wards, precincts = read_boundaries(folder / WARDS), read_boundaries(folder / PRECINCTS)
    numbers = [_ward(each.attributes) for each in wards.features]
    villages = [NewDivision(ward_village(number), f"第{number}选区", "village") for number in numbers]
    city = [NewDivision(COUNTY, CITY_NAME, "county"), NewDivision(TOWN, TOWN_NAME, "town"), *villages]
    load_divisions(city, edition=now.year, by=by, now=now)
    levels = ((wards, GridLevel.FIRST), (precincts, GridLevel.SECOND))
    reports = [
        import_grids(_coded(boundaries), level=level, code="code", name="name", by=by, now=now)
        for boundaries, level in levels
    ]
    return sum(len(report.repairs) for report in reports)


def _ward(attributes: Mapping[str, Value]) -> int:
    return int(float(attributes["WARD"] or 0))


def _coded(boundaries: Boundaries) -> Boundaries:
    """The boundaries with our code and name in place of the file's attributes."""
    features = tuple(replace(each, attributes=_named(each.attributes)) for each in boundaries.features)
    return replace(boundaries, features=features)


def _named(attributes: Mapping[str, Value]) -> dict[str, Value]:
    if "WARD_PRECINCT" in attributes:
        written = str(attributes["WARD_PRECINCT"])
        return {"code": precinct_grid(*split_precinct(written)), "name": f"Precinct {written}"}
    ward = _ward(attributes)
    return {"code": ward_grid(ward), "name": f"第{ward}选区 Ward {ward}"}
