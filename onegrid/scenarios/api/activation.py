"""Dormant scenarios over HTTP: the orders that switch them on."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from ninja import Router

from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.scenarios import actions, queries
from onegrid.scenarios.api import bodies

router = Router()
ANSWERS: dict[Any, Any] = {
    200: list[bodies.ActivationOut], 403: Problem, 404: Problem, 409: Problem, 422: Problem,
}  # fmt: skip


def _orders(request: ApiRequest, key: str, write: Callable[[], None]) -> HttpResponse:
    def run() -> tuple[int, Any]:
        write()
        found = queries.activations(key, actor=request.actor, now=request.now)
        return 200, [bodies.ActivationOut.model_validate(one, from_attributes=True) for one in found]

    return idempotent(request, run)


@router.get("/scenarios/{key}/orders", response={200: list[bodies.ActivationOut], 403: Problem})
def list_orders(request: ApiRequest, key: str) -> Sequence[queries.ActivationRow]:
    """The orders that switched the scenario on, in force and past, newest first."""
    return queries.activations(key, actor=request.actor, now=request.now)


@router.post("/scenarios/{key}/activate", response=ANSWERS)
def activate_scenario(request: ApiRequest, key: str, body: bodies.OrderIn) -> HttpResponse:
    """启用休眠场景: by an order with its number, its authority and its last day; a new order renews."""
    return _orders(request, key, lambda: actions.activate(
        key, **body.model_dump(), by=request.actor, now=request.now
    ))  # fmt: skip


@router.post("/scenarios/{key}/deactivate", response=ANSWERS)
def deactivate_scenario(request: ApiRequest, key: str, body: bodies.ReasonIn) -> HttpResponse:
    """提前停用: no new case from now on; running ones go on."""
    return _orders(request, key, lambda: actions.deactivate(
        key, reason=body.reason, by=request.actor, now=request.now
    ))  # fmt: skip
