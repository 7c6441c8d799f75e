"""Who is meant: the one accountable post of a stage, those who are told, and who may make a move."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from onegrid.accounts.rules import Actor, Standing
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.refusals import OwnWork
from onegrid.cases.rules.state import CaseState, Hand, TaskKind
from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import OWNER_UNIT, RESPONSIBLE, Relative, Stage, Who
from onegrid.workforce.rules import ROLES, Level


def unit_key(who: Who, case: CaseState, ground: Ground) -> str | None:
    """The unit that a recipient rule means for this case."""
    if who.unit == RESPONSIBLE:
        return case.unit or None
    if who.unit == OWNER_UNIT:
        entry = ground.duties.posts.get(case.owner) if case.owner else None
        return entry.unit if entry else None
    return who.unit


def post_of(who: Who, case: CaseState, ground: Ground) -> PostId:
    """The one post a role means here. Raises NoPost, SeveralPosts or UnitNeeded."""
    return ground.duties.post_for(
        who.role, case.grid_code, case.scenario, unit_key(who, case, ground), case.class_code
    )


def head_of(post_id: PostId | None, case: CaseState, ground: Ground) -> PostId | None:
    """One level up: of a village post the chief, of a town post the town's head, of a department its head."""
    entry = ground.duties.posts.get(post_id) if post_id else None
    if entry is None:
        return None
    for role in _ABOVE.get(entry.role, _ABOVE_ALL):
        found = maybe_post(Who(role, entry.unit if role == "department-head" else None), case, ground)
        if found is not None and found != post_id:
            return found
    return None


_ABOVE_ALL = ("grid-office", "county-leader")
_VILLAGE = ("chief-head", "town-desk", "grid-office")
_TOWN = ("town-head", "grid-office", "county-leader")
_ABOVE_LEVEL = {Level.GRID_2: _VILLAGE, Level.GRID_1: _VILLAGE, Level.TOWN: _TOWN}
_ABOVE: dict[str, tuple[str, ...]] = {
    **{key: _ABOVE_LEVEL[role.level] for key, role in ROLES.items() if role.level in _ABOVE_LEVEL},
    **dict.fromkeys(("department-handler", "department-deputy"), ("department-head", "county-leader")),
}


def told(
    whom: Iterable[Who], case: CaseState, ground: Ground
) -> tuple[tuple[PostId, ...], tuple[str, ...], bool]:
    """The posts meant, the recipients nobody answers for, and whether the reporters are meant too."""
    posts: list[PostId] = []
    missing: list[str] = []
    reporters = False
    for who in whom:
        if who.relative is Relative.REPORTER:
            reporters = True
            continue
        found = maybe_post(who, case, ground)
        if found is None:
            missing.append(str(who))
        elif found not in posts:
            posts.append(found)
    return tuple(posts), tuple(missing), reporters


def maybe_post(who: Who, case: CaseState, ground: Ground) -> PostId | None:
    """The post meant, or None where nobody answers: for telling, never for owning."""
    match who.relative:
        case Relative.OWNER:
            return case.owner
        case Relative.PREVIOUS:
            return case.sender
        case Relative.UNIT_HEAD:
            return head_of(case.owner, case, ground)
        case _:
            try:
                return post_of(who, case, ground)
            except Refusal:
                return None


def hands_barred(stage: Stage, case: CaseState) -> tuple[Hand, ...]:
    """Who worked the stages that this stage checks, and so must not check them."""
    return tuple(case.hands[key] for key in stage.not_same_as if key in case.hands)


def is_own_work(stage: Stage, case: CaseState, post_id: PostId | None, by: Actor | None) -> bool:
    """True when this post, or the person behind it, would check his own work."""
    if not case.hands or not stage.not_same_as:
        return False
    account = by.account_id if by is not None else None
    return any(
        hand.post_id == post_id or (account is not None and hand.account_id == account)
        for hand in hands_barred(stage, case)
    )


def forbid_own_rating(case: CaseState, by: Actor) -> None:
    """Nobody says for the reporter how well he did himself, by whatever move. Raises OwnWork."""
    if by.account_id in {hand.account_id for hand in case.hands.values()} - {None}:
        raise OwnWork


def works_on(case: CaseState, by: Actor) -> bool:
    """Whether one of the actor's posts works the case, co-signs it or reports on it: need to know."""
    beside = {task.post_id for task in case.tasks if task.kind in (TaskKind.COSIGN, TaskKind.FOLLOW_UP)}
    return bool(({case.owner} | beside) & by.post_ids)


class Doer(Enum):
    """Who may make a move, with the words for a refusal."""

    OWNER = ("责任岗位", "the accountable post")
    SENDER = ("派发该环节的岗位", "the post that sent it")
    APPROVER = ("审批岗位", "the approver")
    DISPATCHER = ("责任岗位或有派遣权的岗位", "the owner or a post that may dispatch here")
    SUPERVISOR = ("有督办权的岗位", "a post that may supervise here")
    PRESSER = ("有派遣权或督办权的岗位", "a post that may dispatch or supervise here")
    DESK = ("有派遣权的岗位", "a post that may dispatch here")
    RATER = ("反映人，或代为回访的调度台", "the reporter, or a desk that called back")
    OFFICE = ("市网格办", "the county grid office")
    UNMERGER = ("并案前的责任岗位，或有派遣权的岗位", "the post that owned it, or one that may dispatch here")
    VOIDER = ("有作废权的岗位", "a post that may void cases here")
    CONFERENCE = ("市网格办或市分管领导", "the county grid office or a county leader")
    INVOLVED = ("与该事件有关的岗位", "a post involved in the case")
    TASK_POST = ("承担该任务的岗位", "the post that has the task")
    ANYONE = ("任何人", "anyone")

    @property
    def zh(self) -> str:
        return self.value[0]

    @property
    def en(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Acting:
    """Whether the actor may make the move, and from which of his posts (None: the system, a bystander)."""

    allowed: bool
    post: PostId | None


def acting(doer: Doer, case: CaseState, by: Actor, *, task_post: PostId | None = None) -> Acting:
    """The post from which the actor makes a move that is this doer's to make."""
    if by.kind == "system":
        return Acting(True, task_post or case.owner)
    own = _own_post(doer, case, by, task_post)
    if own is not None:
        return Acting(True, own)
    for permission in _PERMISSIONS[doer]:
        if by.allows(permission, case.grid_code):
            return Acting(True, _covering(case, by))
    return Acting(doer is Doer.ANYONE, _covering(case, by) if doer is Doer.ANYONE else None)


CONFERENCE = frozenset({"grid-office", "county-leader"})
"""The office that calls the joint conference, and who presides."""


def sits_in_conference(standing: Standing, grid_code: str) -> bool:
    """Whether the post may decide for the joint conference here: the office that calls it, a leader."""
    return standing.role in CONFERENCE and grid_code.startswith(standing.territory)


def _covering(case: CaseState, by: Actor) -> PostId | None:
    over = (s.post_id for s in by.standings if s.territory and case.grid_code.startswith(s.territory))
    return next(over, None)


def _own_post(doer: Doer, case: CaseState, by: Actor, task_post: PostId | None) -> PostId | None:
    posts: tuple[PostId | None, ...] = ()
    match doer:
        case Doer.CONFERENCE:
            return next((s.post_id for s in by.standings if sits_in_conference(s, case.grid_code)), None)
        case Doer.OWNER | Doer.DISPATCHER:
            posts = (case.owner,)
        case Doer.UNMERGER:
            posts = (case.before_merge.owner if case.before_merge else None,)
        case Doer.SENDER:
            posts = (case.previous.post_id if case.previous else None,)
        case Doer.APPROVER:
            posts = (case.request.approvers[0] if case.request else None,)
        case Doer.TASK_POST:
            posts = (task_post,)
        case Doer.INVOLVED:
            posts = (case.owner, case.sender, *(task.post_id for task in case.tasks))
        case _:
            return None
    held = by.post_ids
    return next((post for post in posts if post is not None and post in held), None)


_PERMISSIONS: dict[Doer, tuple[str, ...]] = {
    Doer.OWNER: (),
    Doer.SENDER: (),
    Doer.APPROVER: (),
    Doer.TASK_POST: (),
    Doer.DISPATCHER: ("case.dispatch",),
    Doer.SUPERVISOR: ("case.supervise",),
    Doer.PRESSER: ("case.dispatch", "case.supervise"),
    Doer.DESK: ("case.dispatch",),
    Doer.RATER: ("case.dispatch",),
    Doer.OFFICE: ("scenario.write",),
    Doer.UNMERGER: ("case.dispatch",),
    Doer.VOIDER: ("case.void",),
    Doer.CONFERENCE: (),
    Doer.INVOLVED: ("case.dispatch", "case.supervise"),
    Doer.ANYONE: (),
}
