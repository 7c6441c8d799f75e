"""Reads of territory: divisions and grids by code, the locator, boundaries, and how it covers."""

from onegrid.territory.queries.boundaries import boundary_geojson, shapes
from onegrid.territory.queries.catalogue import (
    all_grid_codes,
    check_area,
    division,
    divisions,
    editions,
    grid,
    grids,
    listing,
    live_codes,
    paths,
    used_codes,
)
from onegrid.territory.queries.partition import (
    county_bounds,
    grid_at,
    grids_without_division,
    live_coverage,
    locate,
    locator,
)

__all__ = [
    "all_grid_codes",
    "boundary_geojson",
    "check_area",
    "county_bounds",
    "division",
    "divisions",
    "editions",
    "grid",
    "grid_at",
    "grids",
    "grids_without_division",
    "listing",
    "live_codes",
    "live_coverage",
    "locate",
    "locator",
    "paths",
    "shapes",
    "used_codes",
]
