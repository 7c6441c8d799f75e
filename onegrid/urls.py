"""Every address of the platform: the API under /api/, its documentation under /api/docs."""

from django.urls import path
from ninja import NinjaAPI

from onegrid.kernel.http import JsonRenderer, install_handlers

api = NinjaAPI(
    title="OneGrid 一张网",
    version="1",
    description="Grid-based grassroots governance: reports, cases, grids, posts, scenarios.",
    renderer=JsonRenderer(),
    docs_url="/docs",
)
install_handlers(api)

urlpatterns = [path("api/", api.urls)]
