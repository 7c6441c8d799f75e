"""Who is who in one grid: for every role there and above it the post and its holders."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import NotFound, Refusal
from onegrid.workforce.queries.duties import posts_for
from onegrid.workforce.queries.holders import Holder, holders
from onegrid.workforce.queries.posts import PostInfo, posts_by_id
from onegrid.workforce.rules import ROLES, PostRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a request: the post with its holders (none: vacant), or the refusal."""

    request: PostRequest
    post: PostInfo | None
    holders: tuple[Holder, ...]
    refusal: Refusal | None


def answers(actor: Actor, requests: list[PostRequest], *, now: datetime) -> list[Answer]:
    """Who answers, in order. Raises NotFound for a grid outside the actor's territory."""
    if any(not actor.allows("workforce.read", request.grid) for request in requests):
        raise NotFound(what="网格")
    found = posts_for(requests)
    post_ids = [PostId(post_id) for post_id in found if isinstance(post_id, UUID)]
    known, held = posts_by_id(post_ids), holders(post_ids, now=now)
    return [
        Answer(request, None, (), post)
        if isinstance(post, Refusal)
        else Answer(request, known[post], held[post], None)
        for request, post in zip(requests, found, strict=True)
    ]


def roster(actor: Actor, grid: str, *, scenario: str = "", now: datetime) -> list[Answer]:
    """Every role of the grid and of the places above it; departments are asked for one by one."""
    requests = [PostRequest(key, grid, scenario) for key, role in ROLES.items() if not role.of_department]
    return answers(actor, requests, now=now)
