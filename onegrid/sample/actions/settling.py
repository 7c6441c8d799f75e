"""Divisions, grids and scenarios of the sample city."""

from datetime import datetime

from onegrid.accounts.rules import Actor
from onegrid.sample.queries import COUNTY
from onegrid.sample.rules.city import City
from onegrid.scenarios.actions import load_library
from onegrid.territory.actions import create_grids, load_divisions
from onegrid.territory.rules import NewDivision, NewGrid

EDITION = 2023


def settle(city: City, *, by: Actor, now: datetime) -> None:
    """Load the county, its towns, villages, parks and markets, and create the grids of both levels."""
    places = [
        NewDivision(place.code, place.name, place.kind, lies_in=city.lies_in(place))
        for place in (*city.towns, *city.units)
    ]
    load_divisions([NewDivision(COUNTY, "南安市", "county"), *places], edition=EDITION, by=by, now=now)
    grids = [NewGrid(grid.code, grid.name, grid.polygon) for grid in city.grids]
    create_grids(grids, by=by, now=now, valid_from=now)


def publish(*, by: Actor, now: datetime) -> None:
    """Publish the scenarios of the library; this also checks that each stage has its post in each grid."""
    load_library(by=by, now=now)
