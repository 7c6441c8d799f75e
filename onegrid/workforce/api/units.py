"""Units, worker categories and the responsibility matrix."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema, Status

from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.workforce import actions, queries
from onegrid.workforce.api.schemas import Ids, PageQuery
from onegrid.workforce.rules import Employment, Matter, Responsibility, UnitKind, WorkerCategory

router = Router(tags=["workforce"])


class UnitOut(Schema):
    unit_id: UUID
    key: str
    kind: UnitKind
    territory: str
    name_zh: str
    name_en: str
    parent: str | None
    matters_zh: str
    matters_en: str
    powers_zh: str
    powers_en: str


class UnitPage(Schema):
    items: list[UnitOut]
    next_cursor: str


class UnitIn(Schema):
    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    kind: UnitKind
    territory: str = Field(pattern=r"^(\d{6}|\d{9}|\d{12})$", description="division code of its area")
    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field("", max_length=120)
    parent: str | None = None
    matters_zh: str = ""
    matters_en: str = ""
    powers_zh: str = ""
    powers_en: str = ""

    def new(self) -> actions.NewUnit:
        return actions.NewUnit(**self.model_dump())


class CategoryLine(Schema):
    """One line of the list of worker categories; `auxiliary` marks the six auxiliaries 六大员."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    zh: str = Field(min_length=1, max_length=40)
    en: str = Field(min_length=1, max_length=80)
    employment: Employment
    auxiliary: bool = False
    payer: str | None = Field(None, description="key of the unit that pays the subsidy")

    def line(self) -> WorkerCategory:
        return WorkerCategory(**self.model_dump())


class ResponsibilityLine(Schema):
    """Which departments answer for a class of matters in a territory; empty prefixes mean all."""

    matter: Matter
    owners: list[str] = Field(min_length=1, description="unit keys, the leading one first")
    class_prefix: str = ""
    territory: str = ""

    def line(self) -> Responsibility:
        return Responsibility(self.matter, tuple(self.owners), self.class_prefix, self.territory)


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
