"""Workers, appointments and delegations."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.kernel.ids import AccountId, WorkerId
from onegrid.workforce import actions, queries
from onegrid.workforce.api.schemas import (
    AppointmentIn,
    DelegationIn,
    DelegationPage,
    EndIn,
    Ids,
    PageQuery,
    WorkerChange,
    WorkerIn,
    WorkerPage,
    WorkerQuery,
)

router = Router(tags=["workforce"])


@router.get("/workforce/workers", response={200: WorkerPage, 400: Problem, 403: Problem})
def list_workers(request: ApiRequest, wanted: Query[WorkerQuery]) -> queries.Page[queries.WorkerInfo]:
    """Workers with a post in one's own territory."""
    return queries.workers(
        request.actor, wanted.wanted(), cursor=wanted.cursor, limit=wanted.limit, now=request.now
    )


@router.post("/workforce/workers", response={201: Ids, 403: Problem, 409: Problem, 422: Problem})
def create_workers(request: ApiRequest, body: list[WorkerIn]) -> HttpResponse:
    """Register workers, all or none."""
    new = [worker.new() for worker in body]
    return idempotent(
        request, lambda: (201, {"ids": actions.create_workers(new, by=request.actor, now=request.now)})
    )


@router.put(
    "/workforce/workers/{uuid:worker_id}",
    response={204: None, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def change_worker(request: ApiRequest, worker_id: UUID, body: WorkerChange) -> Status[None]:
    """Change a worker's name, category or account; the posts held stay."""
    account = AccountId(body.account_id) if body.account_id else None
    actions.change_worker(
        WorkerId(worker_id),
        name=body.name,
        category=body.category,
        account_id=account,
        by=request.actor,
        now=request.now,
    )
    return Status(204, None)


@router.post("/workforce/appointments", response={201: Ids, 403: Problem, 409: Problem, 422: Problem})
def appoint(request: ApiRequest, body: list[AppointmentIn]) -> HttpResponse:
    """Put workers into posts, all or none; one principal per post at a time."""
    new = [appointment.new() for appointment in body]
    return idempotent(
        request, lambda: (201, {"ids": actions.appoint(new, by=request.actor, now=request.now)})
    )


@router.post(
    "/workforce/appointments/{uuid:appointment_id}/end",
    response={204: None, 403: Problem, 404: Problem, 409: Problem},
)
def end_appointment(request: ApiRequest, appointment_id: UUID, body: EndIn) -> Status[None]:
    """End an appointment; delegations made for it end with it."""
    day = body.on or queries.city_day(request.now)
    actions.end_appointments([appointment_id], on=day, by=request.actor, now=request.now)
    return Status(204, None)


@router.get("/workforce/delegations", response={200: DelegationPage, 400: Problem})
def list_delegations(request: ApiRequest, wanted: Query[PageQuery]) -> queries.Page[queries.DelegationInfo]:
    """代办 in force or to come: of one's own posts, to oneself, and in one's own territory."""
    return queries.delegations(request.actor, cursor=wanted.cursor, limit=wanted.limit, now=request.now)


@router.post("/workforce/delegations", response={201: Ids, 403: Problem, 409: Problem, 422: Problem})
def delegate(request: ApiRequest, body: list[DelegationIn]) -> HttpResponse:
    """Let others act in posts between two days; the holders stay accountable."""
    new = [delegation.new() for delegation in body]
    return idempotent(
        request, lambda: (201, {"ids": actions.delegate(new, by=request.actor, now=request.now)})
    )


@router.post(
    "/workforce/delegations/{uuid:delegation_id}/end",
    response={204: None, 403: Problem, 404: Problem, 409: Problem},
)
def end_delegation(request: ApiRequest, delegation_id: UUID, body: EndIn) -> Status[None]:
    """End a delegation before its day."""
    day = body.on or queries.city_day(request.now)
    actions.end_delegation(delegation_id, on=day, by=request.actor, now=request.now)
    return Status(204, None)
