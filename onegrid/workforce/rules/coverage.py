"""Coverage: every stage of every live scenario has one held post in every grid, or here is the hole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.ids import PostId
from onegrid.workforce.rules.duties import DutyTable, PostRequest
from onegrid.workforce.rules.roles import ROLES, Level

NOBODY, SEVERAL = -1, -2


class HoleKind(StrEnum):
    """What is wrong at a grid."""

    NO_POST = "no-post"
    SEVERAL_POSTS = "several-posts"
    VACANT = "vacant"


HOLE_LABELS = {
    HoleKind.NO_POST: ("无责任岗位", "no post"),
    HoleKind.SEVERAL_POSTS: ("多个责任岗位", "several posts"),
    HoleKind.VACANT: ("岗位无人任职", "post without holder"),
}


class Requirement(NamedTuple):
    """A stage of a scenario needs one post of this role (and unit, and class) in each of these grids."""

    scenario: str
    stage: str
    role: str
    unit: str | None
    grids: Sequence[str]
    class_code: str | None = None


@dataclass(frozen=True, slots=True)
class Hole:
    """One grid where a stage has no post, several, or one that nobody holds."""

    kind: HoleKind
    scenario: str
    stage: str
    role: str
    unit: str | None
    class_code: str | None
    grid: str
    posts: tuple[PostId, ...] = ()


def leaf_grids(codes: Iterable[str]) -> list[str]:
    """The grids that a report can end in: all but the first-level ones that second-level grids divide."""
    ordered = sorted(set(codes))
    divided = {code[:12] for code in ordered if not code.endswith("000")}
    return [code for code in ordered if not (code.endswith("000") and code[:12] in divided)]


def every_role(grids: Sequence[str], exclusive: Sequence[str] = ()) -> list[Requirement]:
    """The least that a county needs without any scenario: each grid, town and county role filled.

    `grids` are the general leaf grids, `exclusive` those that have an exclusive worker instead."""
    everywhere = [*grids, *exclusive]
    second = {"exclusive-worker": exclusive, "grid-worker-2": grids, "grid-head-2": grids}
    return [
        Requirement("", "", role.key, None, second.get(role.key, everywhere))
        for role in ROLES.values()
        if role.level is not Level.DEPARTMENT
    ]


def holes(
    table: DutyTable, requirements: Iterable[Requirement], *, vacant: frozenset[PostId] = frozenset()
) -> list[Hole]:
    """All holes, in the order of the requirements; `vacant` are the posts that nobody holds now.

    Works on whole arrays of grids: a county of 3,372 grids and 22 scenarios takes a second or two."""
    order = list(table.posts)
    rank = {post: index for index, post in enumerate(order)}
    empty = np.fromiter((post in vacant for post in order), dtype=bool, count=len(order))
    spread: dict[int, Places] = {}
    found: list[Hole] = []
    for requirement in requirements:
        places = spread.get(id(requirement.grids)) or Places(requirement.grids)
        spread[id(requirement.grids)] = places
        picked = _picked(table, requirement, places, rank)
        bad = picked < 0
        if empty.any():
            bad |= empty[np.maximum(picked, 0)]
        found.extend(
            _hole(table, requirement, places.grids[int(i)], int(picked[i]), order)
            for i in np.flatnonzero(bad)
        )
    return found


class Places:  # kept while `holes` runs, so that the id of its grids stays theirs
    """The distinct villages, towns and counties of a list of grids, with the way back to each grid."""

    def __init__(self, grids: Sequence[str]) -> None:
        self.grids = grids
        self._codes = np.array(grids, dtype="U15")
        self._levels: dict[int, tuple[list[str], NDArray[np.intp]]] = {}

    def level(self, length: int) -> tuple[list[str], NDArray[np.intp]]:
        """The distinct codes of `length` digits and, for each grid, which of them it lies in."""
        if length not in self._levels:
            codes, back = np.unique(self._codes.astype(f"U{length}"), return_inverse=True)
            self._levels[length] = (codes.tolist(), back)
        return self._levels[length]


def _picked(
    table: DutyTable, need: Requirement, places: Places, rank: dict[PostId, int]
) -> NDArray[np.int64]:
    """For each grid the index of its post, NOBODY or SEVERAL; the most specific place wins."""
    picked = np.full(len(places.grids), NOBODY, dtype=np.int64)
    for length in reversed(table.lengths(need.role, need.unit)):
        codes, back = places.level(length)
        here = np.fromiter(
            (_choice(table, need, code, length, rank) for code in codes), dtype=np.int64, count=len(codes)
        )[back]
        picked = np.where(here == NOBODY, picked, here)
    return picked


def _choice(table: DutyTable, need: Requirement, code: str, length: int, rank: dict[PostId, int]) -> int:
    if len(code) < length:
        return NOBODY
    posts = table.at(need.role, need.unit or "", code, need.scenario, need.class_code)
    if not posts:
        return NOBODY
    return rank[posts[0]] if len(posts) == 1 else SEVERAL


def _hole(table: DutyTable, need: Requirement, grid: str, picked: int, order: Sequence[PostId]) -> Hole:
    request = PostRequest(need.role, grid, need.scenario, need.unit, need.class_code)
    kind, posts = HoleKind.NO_POST, table.answering(request)
    if picked == SEVERAL:
        kind = HoleKind.SEVERAL_POSTS
    elif picked >= 0:
        kind, posts = HoleKind.VACANT, (order[picked],)
    return Hole(kind, need.scenario, need.stage, need.role, need.unit, need.class_code, grid, posts)


@dataclass(frozen=True, slots=True)
class HoleSum:
    """The holes of one stage for one reason: in how many grids, the first of them, and its posts."""

    kind: HoleKind
    scenario: str
    stage: str
    role: str
    unit: str | None
    class_code: str | None
    grids: int
    first_grid: str
    posts: tuple[PostId, ...]


def summed_up(found: Iterable[Hole]) -> list[HoleSum]:
    """One line per stage and reason, in the order of their first hole."""
    groups: dict[tuple[HoleKind, str, str, str, str | None, str | None], list[Hole]] = {}
    for hole in found:
        key = (hole.kind, hole.scenario, hole.stage, hole.role, hole.unit, hole.class_code)
        groups.setdefault(key, []).append(hole)
    return [HoleSum(*key, len(group), group[0].grid, group[0].posts) for key, group in groups.items()]
