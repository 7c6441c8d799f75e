"""Who is who in one grid: for every role there and above it the post and its holders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import NotFound, Refusal
from onegrid.workforce.queries.duties import candidates, coverage, posts_for, requirements
from onegrid.workforce.queries.holders import Holder, holders
from onegrid.workforce.queries.posts import PostInfo, posts_by_id
from onegrid.workforce.rules import ROLES, HoleSum, NothingToCover, PostRequest, summed_up


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a request: the post with its holders (none: vacant), or the refusal."""

    request: PostRequest
    post: PostInfo | None
    holders: tuple[Holder, ...]
    refusal: Refusal | None


def _refuse_outside(actor: Actor, grids: Sequence[str]) -> None:
    if any(not actor.allows("workforce.read", grid) for grid in grids):
        raise NotFound(what="网格")


def answers(actor: Actor, requests: list[PostRequest], *, now: datetime) -> list[Answer]:
    """Who answers, in order. Raises NotFound for a grid outside the actor's territory."""
    _refuse_outside(actor, [request.grid for request in requests])
    found = posts_for(requests)
    post_ids = [PostId(post_id) for post_id in found if isinstance(post_id, UUID)]
    known, held = posts_by_id(post_ids), holders(post_ids, now=now)
    return [
        Answer(request, None, (), post)
        if isinstance(post, Refusal)
        else Answer(request, known[post], held[post], None)
        for request, post in zip(requests, found, strict=True)
    ]


def answer(actor: Actor, request: PostRequest, *, now: datetime) -> Answer:
    """Who answers for one request. Raises NotFound outside the actor's territory, or the refusal."""
    (found,) = answers(actor, [request], now=now)
    if found.refusal:
        raise found.refusal
    return found


@dataclass(frozen=True, slots=True)
class CandidateInfo:
    """One post to ask for a matter, or the refusal where there is no such post."""

    basis: str
    unit: str | None
    post: PostInfo | None
    refusal: Refusal | None


def candidates_shown(
    actor: Actor, class_code: str, grid: str, scenario: str, *, owners: Sequence[str] = ()
) -> list[CandidateInfo]:
    """The candidates for a matter with their posts. Raises NotFound outside the actor's territory."""
    _refuse_outside(actor, [grid])
    found = candidates(class_code, grid, scenario, owners=owners)
    known = posts_by_id([PostId(each.post) for each in found if isinstance(each.post, UUID)])
    return [
        CandidateInfo(each.basis, each.unit, None, each.post)
        if isinstance(each.post, Refusal)
        else CandidateInfo(each.basis, each.unit, known[each.post], None)
        for each in found
    ]


def coverage_of(actor: Actor, *, now: datetime) -> list[HoleSum]:
    """The holes in the actor's territory, one line per stage and reason with the number of grids.

    Raises NotPermitted, and NothingToCover where there is no grid."""
    actor.require("workforce.read")
    mine = actor.prefixes_for("workforce.read")
    grids: dict[int, list[str]] = {}
    needs = []
    for need in requirements(now=now):
        inside = grids.setdefault(id(need.grids), [code for code in need.grids if code.startswith(mine)])
        needs.append(need._replace(grids=inside))
    if not any(need.grids for need in needs):
        raise NothingToCover()
    return summed_up(coverage(needs, now=now))


def roster(actor: Actor, grid: str, *, scenario: str = "", now: datetime) -> list[Answer]:
    """Every role of the grid and of the places above it; departments are asked for one by one."""
    requests = [PostRequest(key, grid, scenario) for key, role in ROLES.items() if not role.of_department]
    return answers(actor, requests, now=now)
