"""Who is informed besides 选送, and who may get a stage: what the sender of a case may choose."""

from collections.abc import Iterable, Iterator, Sequence

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.people import is_own_work, maybe_post, unit_key
from onegrid.cases.rules.refusals import NotACopy, PickOne
from onegrid.cases.rules.state import CaseState
from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import Stage, Who
from onegrid.workforce.rules import PostRequest, role_label


def may_be(post: PostId, whos: Iterable[Who], case: CaseState, ground: Ground) -> bool:
    """Whether the post is of one of these kinds here: role, department and place all fit."""
    entry = ground.duties.posts.get(post)
    if entry is None or not case.grid_code.startswith(entry.territory):
        return False
    return any(
        maybe_post(who, case, ground) == post
        if who.relative is not None
        else entry.role == who.role and unit_key(who, case, ground) in (None, entry.unit)
        for who in whos
    )


def chosen(
    posts: Sequence[PostId], stage: Stage | None, case: CaseState, ground: Ground
) -> tuple[PostId, ...]:
    """The posts that the sender informs besides, each once, all of them within the stage's `may_copy`.

    `stage`: the one that the case enters or stays in, None at its end. Raises NotACopy."""
    may_copy = stage.may_copy if stage else ()
    for post in posts:
        if not may_be(post, may_copy, case, ground):
            name = stage.name.zh if stage else "结束"
            raise NotACopy(post=_label(post, ground), stage=stage.key if stage else "end", stage_name=name)
    return tuple(dict.fromkeys(posts))


def on_record(copies: tuple[PostId, ...]) -> dict[str, object]:
    """How the record names the posts informed besides."""
    return {"copy": copies} if copies else {}


def _label(post: PostId, ground: Ground) -> str:
    entry = ground.duties.posts.get(post)
    return role_label(entry.role) if entry else str(post)


def candidates(stage: Stage, case: CaseState, ground: Ground) -> tuple[PostId, ...]:
    """The posts that may get the stage here, the usual one first; nobody gets his own work to check."""
    found = dict.fromkeys(
        post for who in (stage.who, *stage.assignable) for post in _answering(who, case, ground)
    )
    return tuple(post for post in found if not is_own_work(stage, case, post, None))


def _answering(who: Who, case: CaseState, ground: Ground) -> Iterator[PostId]:
    unit = unit_key(who, case, ground)
    try:
        yield from ground.duties.answering(
            PostRequest(who.role, case.grid_code, case.scenario, unit, case.class_code)
        )
    except Refusal:  # a role or unit that is no more
        return


def picked(stage: Stage, case: CaseState, ground: Ground) -> PostId | None:
    """The main recipient of a stage whose sender named none: the only one there is. Raises PickOne.

    None where the stage leaves no choice: then its own post gets it."""
    if not stage.pick:
        return None
    posts = candidates(stage, case, ground)
    if len(posts) > 1:
        names = "、".join(_label(post, ground) for post in posts)
        raise PickOne(
            stage=stage.key,
            stage_name=stage.name.zh,
            count=len(posts),
            names=names,
            posts=list(map(str, posts)),
        )
    return posts[0] if posts else None
