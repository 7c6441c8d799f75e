"""Who answers: one role, a whole grid, the candidates for a matter, and what nobody answers for."""

from typing import Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from onegrid.kernel.http import ApiRequest, Problem
from onegrid.workforce import queries
from onegrid.workforce.api.schemas import HolderOut, PostOut
from onegrid.workforce.rules import HOLE_LABELS, HoleKind, HoleSum, PostRequest, role_label

router = Router(tags=["workforce"])


class RefusalOut(Schema):
    """Why nobody answers."""

    code: str
    zh: str
    en: str

    @staticmethod
    def resolve_zh(obj: Any) -> str:
        return str(obj.message("zh"))

    @staticmethod
    def resolve_en(obj: Any) -> str:
        return str(obj.message("en"))


class AnswerOut(Schema):
    """The post that answers with its holders (none: vacant), or the refusal."""

    role: str
    role_zh: str
    post: PostOut | None
    holders: list[HolderOut]
    vacant: bool
    refusal: RefusalOut | None

    @staticmethod
    def resolve_role(obj: Any) -> str:
        return str(obj.request.role)

    @staticmethod
    def resolve_role_zh(obj: Any) -> str:
        return role_label(obj.request.role)

    @staticmethod
    def resolve_vacant(obj: Any) -> bool:
        return obj.post is not None and not any(holder.principal for holder in obj.holders)


class AnswerQuery(Schema):
    role: str
    grid: str = Field(max_length=15, description="grid, village, town or county code")
    scenario: str = ""
    unit: str | None = None
    class_code: str | None = None


@router.get("/workforce/answer", response={200: AnswerOut, 404: Problem, 422: Problem})
def get_answer(request: ApiRequest, wanted: Query[AnswerQuery]) -> queries.Answer:
    """The one post that answers for a role in a grid under a scenario."""
    return queries.answer(request.actor, PostRequest(**wanted.model_dump()), now=request.now)


class RosterQuery(Schema):
    grid: str = Field(max_length=15)
    scenario: str = ""


@router.get("/workforce/roster", response={200: list[AnswerOut], 404: Problem})
def get_roster(request: ApiRequest, wanted: Query[RosterQuery]) -> list[queries.Answer]:
    """Who is who in a grid: every role there and above it, with its post and holders."""
    return queries.roster(request.actor, wanted.grid, scenario=wanted.scenario, now=request.now)


class CandidateQuery(Schema):
    class_code: str
    grid: str = Field(max_length=15)
    scenario: str = ""
    owner: str | None = Field(None, description="unit that the class belongs to, where the matrix is silent")


class CandidateOut(Schema):
    """One post to ask; `basis` says why: locality or owner."""

    basis: str
    unit: str | None
    post: PostOut | None
    refusal: RefusalOut | None


@router.get("/workforce/candidates", response={200: list[CandidateOut], 404: Problem})
def get_candidates(request: ApiRequest, wanted: Query[CandidateQuery]) -> list[queries.CandidateInfo]:
    """Whom a dispatcher should ask for a matter, the first one first."""
    owners = [wanted.owner] if wanted.owner else []
    return queries.candidates_shown(
        request.actor, wanted.class_code, wanted.grid, wanted.scenario, owners=owners
    )


class HoleOut(Schema):
    """One thing that nobody (or nobody in person, or more than one) answers for, in `grids` grids."""

    kind: HoleKind
    kind_zh: str
    scenario: str
    stage: str
    role: str
    role_zh: str
    unit: str | None
    class_code: str | None
    grids: int
    first_grid: str
    posts: list[UUID]

    @staticmethod
    def resolve_kind_zh(obj: Any) -> str:
        return HOLE_LABELS[obj.kind][0]

    @staticmethod
    def resolve_role_zh(obj: Any) -> str:
        return role_label(obj.role)


@router.get("/workforce/coverage", response={200: list[HoleOut], 403: Problem, 422: Problem})
def get_coverage(request: ApiRequest) -> list[HoleSum]:
    """Every stage of every live scenario in the grids of one's own territory: the holes."""
    return queries.coverage_of(request.actor, now=request.now)
