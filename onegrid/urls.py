"""Every address of the platform: the API under /api/, its documentation, and the front page."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from ninja import NinjaAPI, Router, Schema

from onegrid.accounts.api import router as accounts
from onegrid.cases.api import router as cases
from onegrid.intake.api import router as intake
from onegrid.kernel import http
from onegrid.notices.api import router as notices
from onegrid.sample.queries import has_city
from onegrid.scenarios.api import router as scenarios
from onegrid.territory.api import router as territory
from onegrid.workforce.api import router as workforce

api = NinjaAPI(
    title="OneGrid 一张网",
    version="1",
    description=(
        "Grid-based grassroots governance 基层社会治理网格化: reports, cases, grids, posts, scenarios. "
        "Refusals are RFC 9457 problem details with a stable `code`; writes take an `Idempotency-Key`; "
        "lists are keyset pages; reads carry an `ETag`. Where `/api/health` says `sample`, boundaries below "
        "the county and all people are made up 示例城市：县级以下的边界和所有人员都是虚构的。"
    ),
    renderer=http.JsonRenderer(),
    auth=http.signed_in,
    docs_url="/docs",
)
http.install_handlers(api)
for router in (intake, cases, notices, accounts, territory, workforce, scenarios):  # busiest first
    api.add_router("", router)

health = Router()


class Health(Schema):
    """Whether this process can do its work."""

    database: bool
    sample: bool  # boundaries below the county and all people are made up


@health.get("/health", response=Health, auth=None, tags=["operations"])
def get_health(request: HttpRequest) -> Health:
    """Whether the database answers, and whether this installation holds the sample city."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health(database=True, sample=has_city())


api.add_router("", health)


def front(request: HttpRequest) -> HttpResponse:
    """The front page: what runs here, where the API is described, and that a sample is a sample."""
    return render(request, "front.html", {"sample": has_city()})


def nothing_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that does not exist, answered like every other refusal."""
    return http.problem(http.NoSuchAddress(path=request.path))


handler404 = nothing_here
urlpatterns = [path("", front), path("api/", api.urls)]
