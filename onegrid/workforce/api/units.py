"""Units, worker categories and the responsibility matrix."""

from django.http import HttpResponse
from ninja import Query, Router, Status

from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.workforce import actions, queries
from onegrid.workforce.api.schemas import (
    CategoryLine,
    Ids,
    PageQuery,
    ResponsibilityLine,
    UnitIn,
    UnitPage,
)
from onegrid.workforce.rules import Responsibility, UnitKind, WorkerCategory

router = Router(tags=["workforce"])


class UnitQuery(PageQuery):
    kind: UnitKind | None = None


@router.get("/workforce/units", response={200: UnitPage, 400: Problem, 403: Problem})
def list_units(request: ApiRequest, wanted: Query[UnitQuery]) -> queries.Page[queries.UnitInfo]:
    """Departments and county offices, and the towns and villages of one's own territory."""
    kinds = [wanted.kind] if wanted.kind else list(UnitKind)
    return queries.units(request.actor, kinds=kinds, cursor=wanted.cursor, limit=wanted.limit)


@router.post("/workforce/units", response={201: Ids, 403: Problem, 409: Problem, 422: Problem})
def create_units(request: ApiRequest, body: list[UnitIn]) -> HttpResponse:
    """Create units, all or none."""
    new = [unit.new() for unit in body]
    return idempotent(
        request, lambda: (201, {"ids": actions.create_units(new, by=request.actor, now=request.now)})
    )


@router.get("/workforce/categories", response={200: list[CategoryLine], 403: Problem})
def list_categories(request: ApiRequest) -> list[WorkerCategory]:
    """Kinds of workers and which department pays them."""
    request.actor.require("workforce.read")
    return queries.categories()


@router.put("/workforce/categories", response={204: None, 403: Problem, 409: Problem, 422: Problem})
def set_categories(request: ApiRequest, body: list[CategoryLine]) -> Status[None]:
    """Replace the list of worker categories; those that workers have must stay on it."""
    actions.set_categories([each.line() for each in body], by=request.actor, now=request.now)
    return Status(204, None)


@router.get("/workforce/responsibilities", response={200: list[ResponsibilityLine], 403: Problem})
def list_responsibilities(request: ApiRequest) -> list[Responsibility]:
    """The responsibility matrix: class and territory -> departments."""
    request.actor.require("workforce.read")
    return queries.responsibility_lines()


@router.put("/workforce/responsibilities", response={204: None, 403: Problem, 409: Problem, 422: Problem})
def set_responsibilities(request: ApiRequest, body: list[ResponsibilityLine]) -> Status[None]:
    """Replace the responsibility matrix."""
    actions.set_responsibilities([each.line() for each in body], by=request.actor, now=request.now)
    return Status(204, None)
