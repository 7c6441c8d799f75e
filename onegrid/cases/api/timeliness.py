"""Whose steps were late."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from onegrid.cases import queries
from onegrid.kernel.http import Problem

router = Router()


class WindowIn(Schema):
    """Stages finished from `since` until before `until`."""

    since: AwareDatetime
    until: AwareDatetime
    limit: Annotated[int, Field(ge=1, le=5000)] = 500


class TimelinessOut(Schema):
    """One person in one post: stages finished, how many late and by how many hours, overdue there now."""

    account_id: UUID | None
    post_id: UUID | None
    name: str
    finished: int
    late: int
    late_hours: float
    overdue_now: int


@router.get(
    "/cases/overdue-steps",
    response={200: list[TimelinessOut], 403: Problem},
    summary="超期环节统计 by person",
)
def overdue_steps(request: Any, query: Query[WindowIn]) -> list[dict[str, Any]]:
    """For posts that supervise, in their territory."""
    found = queries.overdue_steps(
        request.actor, since=query.since, until=query.until, now=request.now, limit=query.limit
    )
    return [one._asdict() for one in found]
