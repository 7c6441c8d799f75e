"""All running cases of a version moved to another one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema

from onegrid.cases import actions
from onegrid.cases.api.bodies import Body, Words
from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.kernel.ids import VersionId

router = Router()


class MoveVersionsIn(Body):
    """From which version to which, and the decision's reason."""

    before: UUID
    to: UUID
    reason: Words


class StayedOut(Schema):
    """A case that stays on its version, and why."""

    case_id: UUID
    code: str
    zh: str
    en: str


class VersionMovedOut(Schema):
    moved: int
    stayed: list[StayedOut]


@router.post(
    "/cases/move-version",
    response={200: VersionMovedOut, 403: Problem, 404: Problem, 422: Problem},
)
def move_versions(request: ApiRequest, body: MoveVersionsIn) -> HttpResponse:
    """改用版本: every running case of a version follows another one, where its stage exists in both."""

    def run() -> tuple[int, Any]:
        done = actions.move_versions(
            VersionId(body.before), VersionId(body.to), reason=body.reason, by=request.actor, now=request.now
        )
        stayed = [
            StayedOut(
                case_id=one.case_id,
                code=one.refusal.code,
                zh=one.refusal.message("zh"),
                en=one.refusal.message("en"),
            )
            for one in done.stayed
        ]
        return 200, VersionMovedOut(moved=done.moved, stayed=stayed)

    return idempotent(request, run)
