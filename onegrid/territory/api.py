"""Divisions, grids, boundaries, and which grid a place lies in."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.http import ApiRequest, Problem, decode_cursor, encode_cursor
from onegrid.territory import queries
from onegrid.territory.rules import DivisionInfo, GridInfo, GridKind, GridLevel, NewDivision

router = Router(tags=["territory"])

Prefix = Annotated[str, Query(max_length=15, pattern="^[0-9]*$", description="the code begins with")]


class DivisionOut(Schema):
    """A division under the name of the last edition that lists it; `live` when that is the newest."""

    code: str
    name: str
    kind: str
    path_zh: str
    predecessors: list[str]
    lies_in: str
    first_edition: int
    last_edition: int
    live: bool


class ListedOut(Schema):
    """A division as one edition listed it."""

    code: str
    name: str
    kind: str


class GridOut(Schema):
    """A grid, in force from `valid_from` until, not including, `valid_to`."""

    code: str
    name: str
    path_zh: str
    level: GridLevel
    kind: GridKind
    first_level: str
    village: str
    town: str
    county: str
    predecessors: list[str]
    area_m2: float
    valid_from: datetime
    valid_to: datetime | None


class GridPage(Schema):
    """A page of grids by code, and the `next_cursor` of the one after it ("" on the last)."""

    items: list[GridOut]
    next_cursor: str


class Place(Schema):
    """A coordinate and the system it is given in."""

    lng: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    system: CoordinateSystem


@router.get("/territory/divisions", response={200: list[DivisionOut], 401: Problem, 403: Problem})
def list_divisions(request: ApiRequest, prefix: Prefix = "", gone: bool = False) -> list[DivisionInfo]:
    """The divisions under a code by code; with `gone` those that are no longer listed too."""
    request.actor.require("territory.read")
    return queries.divisions(prefix, live=not gone)


@router.get("/territory/editions", response={200: list[int], 401: Problem, 403: Problem})
def list_editions(request: ApiRequest) -> list[int]:
    """The years of the division lists that were loaded."""
    request.actor.require("territory.read")
    return queries.editions()


@router.get("/territory/editions/{edition}", response={200: list[ListedOut], 401: Problem, 403: Problem})
def get_edition(request: ApiRequest, edition: int, prefix: Prefix = "") -> list[NewDivision]:
    """What one edition listed, under the names of then."""
    request.actor.require("territory.read")
    return queries.listing(edition, prefix)


@router.get("/territory/grids", response={200: GridPage, 400: Problem, 401: Problem, 403: Problem})
def list_grids(
    request: ApiRequest,
    prefix: Prefix = "",
    level: GridLevel | None = None,
    cursor: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> GridPage:
    """The grids in force under a code, by code."""
    request.actor.require("territory.read")
    after = str(decode_cursor(cursor, 1)[0]) if cursor else ""
    page = queries.grids(prefix, level=level, at=request.now, after=after, limit=limit)
    following = encode_cursor(page[-1].code) if len(page) == limit else ""
    return GridPage(items=[GridOut.from_orm(each) for each in page], next_cursor=following)


@router.get("/territory/grids/{code}", response={200: GridOut, 401: Problem, 403: Problem, 404: Problem})
def get_grid(request: ApiRequest, code: str) -> GridInfo:
    """One grid, in force or not."""
    request.actor.require("territory.read")
    return queries.grid(code)


@router.get("/territory/locate", response={200: GridOut, 401: Problem, 403: Problem, 422: Problem})
def locate(request: ApiRequest, place: Query[Place]) -> GridInfo:
    """The grid in force that a place lies in; on a border the one with the lower code."""
    request.actor.require("territory.read")
    return queries.grid_at(place.lng, place.lat, place.system, at=request.now)


@router.get(
    "/territory/boundaries",
    response={200: None, 401: Problem, 403: Problem},
    openapi_extra={"responses": {200: {"content": {"application/geo+json": {}}}}},
)
def boundaries(
    request: ApiRequest,
    prefix: Prefix = "",
    level: GridLevel = GridLevel.SECOND,
    tolerance_m: Annotated[float, Query(ge=0, le=1000, allow_inf_nan=False)] = 10,
) -> HttpResponse:
    """The grids in force of one level as GeoJSON (WGS-84), simplified; neighbours keep common borders."""
    request.actor.require("territory.read")
    shown = queries.boundary_geojson(prefix, level=level, tolerance_m=tolerance_m)
    return HttpResponse(shown, content_type="application/geo+json")
