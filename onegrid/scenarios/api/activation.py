"""Dormant scenarios over HTTP: the orders that switch them on."""

from collections.abc import Sequence

from ninja import Router, Status

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.scenarios import actions, queries
from onegrid.scenarios.api import bodies

router = Router()


@router.get("/scenarios/{key}/orders", response={200: list[bodies.ActivationOut], 403: Problem})
def list_orders(request: ApiRequest, key: str) -> Sequence[queries.ActivationRow]:
    """The orders that switched the scenario on, in force and past, newest first."""
    return queries.activations(key, actor=request.actor, now=request.now)


@router.post(
    "/scenarios/{key}/activate",
    response={204: None, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def activate_scenario(request: ApiRequest, key: str, body: bodies.OrderIn) -> Status[None]:
    """启用休眠场景: by an order with its number, its authority and its last day; a new order renews."""
    actions.activate(key, **body.model_dump(), by=request.actor, now=request.now)
    return Status(204, None)


@router.post(
    "/scenarios/{key}/deactivate",
    response={204: None, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def deactivate_scenario(request: ApiRequest, key: str, body: bodies.ReasonIn) -> Status[None]:
    """提前停用: no new case from now on; running ones go on."""
    actions.deactivate(key, reason=body.reason, by=request.actor, now=request.now)
    return Status(204, None)
