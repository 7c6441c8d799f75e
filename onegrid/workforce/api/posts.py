"""Posts and their duties."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from onegrid.kernel.http import ApiRequest, Problem, idempotent
from onegrid.kernel.ids import PostId
from onegrid.workforce import actions, queries
from onegrid.workforce.api.schemas import (
    DutyLine,
    DutyPage,
    Ids,
    PageQuery,
    PostDetailOut,
    PostIn,
    PostPage,
    PostQuery,
)

router = Router(tags=["workforce"])


@router.get("/workforce/posts", response={200: PostPage, 400: Problem, 403: Problem})
def list_posts(request: ApiRequest, wanted: Query[PostQuery]) -> queries.Page[queries.PostInfo]:
    """Live posts of one's own territory; `vacant=true` shows those that nobody holds."""
    return queries.posts(
        request.actor, wanted.wanted(), cursor=wanted.cursor, limit=wanted.limit, now=request.now
    )


@router.post("/workforce/posts", response={201: Ids, 403: Problem, 409: Problem, 422: Problem})
def create_posts(request: ApiRequest, body: list[PostIn]) -> HttpResponse:
    """Create posts, all or none; nobody holds them yet."""
    new = [post.new() for post in body]
    return idempotent(
        request, lambda: (201, {"ids": actions.create_posts(new, by=request.actor, now=request.now)})
    )


@router.get("/workforce/posts/{uuid:post_id}", response={200: PostDetailOut, 404: Problem})
def get_post(request: ApiRequest, post_id: UUID) -> queries.PostDetail:
    """One post with its holders, duties, appointments and everything on its record."""
    return queries.post_detail(request.actor, PostId(post_id), now=request.now)


@router.post(
    "/workforce/posts/{uuid:post_id}/close", response={204: None, 403: Problem, 409: Problem, 422: Problem}
)
def close_post(request: ApiRequest, post_id: UUID) -> Status[None]:
    """Abolish a post that nobody holds any more."""
    actions.close_posts([PostId(post_id)], by=request.actor, now=request.now)
    return Status(204, None)


@router.put("/workforce/posts/{uuid:post_id}/duties", response={204: None, 403: Problem, 422: Problem})
def set_duties(request: ApiRequest, post_id: UUID, body: list[DutyLine]) -> Status[None]:
    """Say what a post answers for; no line means everything of its role in its territory."""
    lines = [each.line(PostId(post_id)) for each in body]
    actions.set_duties({PostId(post_id): lines}, by=request.actor, now=request.now)
    return Status(204, None)


class DutyQuery(PageQuery):
    territory: str = ""
    scenario: str = ""


@router.get("/workforce/duties", response={200: DutyPage, 400: Problem, 403: Problem})
def list_duties(request: ApiRequest, wanted: Query[DutyQuery]) -> queries.Page[queries.DutyInfo]:
    """职责清单: which post of one's own territory answers for what."""
    return queries.duty_list(
        request.actor,
        territory=wanted.territory,
        scenario=wanted.scenario,
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
