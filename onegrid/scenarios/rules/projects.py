"""The life of a scenario project (规范化), as one table: from a department's proposal to live and retired.

A project is one round of work on a scenario: proposed by a department, decided by the joint conference,
drafted by both, built, drilled, tried in towns, live. A change of a live scenario is a new round; the version
of the round before goes on until the new one is live (domain.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from onegrid.scenarios.rules.project_refusals import (
    CasesRunning,
    DraftMoved,
    NotAgreed,
    NotPossible,
    NotYourProject,
)


class State(StrEnum):
    """Where a project stands."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    APPROVED = "approved"
    DRAFTED = "drafted"
    BUILT = "built"
    DRILLED = "drilled"
    TRIAL = "trial"
    LIVE = "live"
    SUSPENDED = "suspended"
    RETIRED = "retired"

    @property
    def zh(self) -> str:
        return _STATES[self][0]

    @property
    def en(self) -> str:
        return _STATES[self][1]


_STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.PROPOSED: ("已提出", "proposed"),
    State.DECLINED: ("未通过", "declined"),
    State.APPROVED: ("已立项", "approved"),
    State.DRAFTED: ("拟稿中", "being drafted"),
    State.BUILT: ("已定版", "built"),
    State.DRILLED: ("已演练", "drilled"),
    State.TRIAL: ("试运行", "on trial"),
    State.LIVE: ("正式运行", "live"),
    State.SUSPENDED: ("已停用", "suspended"),
    State.RETIRED: ("已退出", "retired"),
}

ENDED: Final = frozenset({State.DECLINED, State.RETIRED})
IN_HAND: Final = frozenset(
    {State.PROPOSED, State.APPROVED, State.DRAFTED, State.BUILT, State.DRILLED, State.TRIAL}
)
"""A scenario has at most one project in one of these states."""

RUNNING: Final = frozenset({State.TRIAL, State.LIVE})
"""New cases follow the project's version."""


class Side(StrEnum):
    """Which of the two that draft a scenario together somebody acts for."""

    DEPARTMENT = "department"  # 牵头单位: a post of the unit that owns the scenario
    OFFICE = "office"  # 市网格办, which also records what the joint conference decided

    @property
    def zh(self) -> str:
        return "牵头单位" if self is Side.DEPARTMENT else "市网格办"

    @property
    def en(self) -> str:
        return "the owner unit" if self is Side.DEPARTMENT else "the grid office"


BOTH: Final = frozenset(Side)
OFFICE: Final = frozenset({Side.OFFICE})


@dataclass(frozen=True, slots=True)
class Project:
    """What the rules look at. `draft` is the number of the present draft (0: none was written).

    `agreed`: which draft each side agreed to last. `resumes_to`: the state before a suspension.
    `running_out`: suspended for good, retired by itself when the last running case ends.
    """

    state: State
    draft: int = 0
    agreed: Mapping[Side, int] = field(default_factory=dict)
    resumes_to: State | None = None
    running_out: bool = False

    @property
    def missing(self) -> list[Side]:
        """Who has not agreed to the present draft."""
        return [side for side in Side if not self.draft or self.agreed.get(side) != self.draft]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: who may do it, in which states, and where it leads (None: see the rule)."""

    verb: str
    zh: str
    en: str
    sides: frozenset[Side]
    states: frozenset[State]
    to: State | None


_REWORKED = frozenset({State.APPROVED, State.DRAFTED, State.BUILT, State.DRILLED, State.SUSPENDED})
_DRILLABLE = frozenset({State.BUILT, State.DRILLED, State.TRIAL, State.LIVE, State.SUSPENDED})
_RETIRABLE = frozenset(State) - ENDED - {State.PROPOSED}

STEPS: Final[Mapping[str, Step]] = {
    step.verb: step
    for step in (
        #    verb       name                            who     from                             to
        Step("approve", "立项", "approve", OFFICE, frozenset({State.PROPOSED}), State.APPROVED),
        Step("decline", "不予立项", "decline", OFFICE, frozenset({State.PROPOSED}), State.DECLINED),
        Step("draft", "拟稿", "draft", BOTH, _REWORKED, State.DRAFTED),
        Step("agree", "同意草案", "agree to the draft", BOTH, frozenset({State.DRAFTED}), State.DRAFTED),
        Step("build", "定版", "build", OFFICE, frozenset({State.DRAFTED}), State.BUILT),
        Step("drill", "记录演练", "record a drill", OFFICE, _DRILLABLE, None),
        Step("trial", "试运行", "try", OFFICE, frozenset({State.DRILLED, State.TRIAL}), State.TRIAL),
        Step("go-live", "正式运行", "go live", OFFICE, RUNNING, State.LIVE),
        Step("suspend", "停用", "suspend", OFFICE, RUNNING, State.SUSPENDED),
        Step("resume", "恢复", "resume", OFFICE, frozenset({State.SUSPENDED}), None),
        Step("retire", "退出", "retire", OFFICE, _RETIRABLE, State.RETIRED),
    )
}


def check(project: Project, verb: str, sides: frozenset[Side]) -> Step:
    """The step, where this side may take it now. Raises NotYourProject, NotPossible (naming what is)."""
    step = STEPS[verb]
    if not sides & step.sides:
        who = sorted(step.sides)
        raise NotYourProject(
            verb=step.en,
            verb_zh=step.zh,
            who_zh="或".join(side.zh for side in who),
            who=" or ".join(side.en for side in who),
        )
    if not _open(project, step):
        raise _not_possible(project, step)
    return step


def _not_possible(project: Project, step: Step) -> NotPossible:
    """The refusal that says where the project stands and what whoever may can do with it."""
    possible = [one for one in STEPS.values() if _open(project, one)]
    return NotPossible(
        state=str(project.state),
        state_zh=project.state.zh,
        state_en=project.state.en,
        verb=step.en,
        verb_zh=step.zh,
        possible=[one.verb for one in possible],
        possible_zh="、".join(one.zh for one in possible) or "无",
        possible_en=", ".join(one.en for one in possible) or "nothing",
    )


def _open(project: Project, step: Step) -> bool:
    """A version that is suspended before it ever ran cannot be resumed: there is nothing to go back to."""
    resumable = step.verb != "resume" or project.resumes_to is not None
    return project.state in step.states and resumable


def permitted(project: Project, sides: frozenset[Side]) -> list[Step]:
    """What somebody of these sides may do with the project now."""
    return [step for step in STEPS.values() if sides & step.sides and _open(project, step)]


def decided(project: Project, sides: frozenset[Side], *, granted: bool) -> Project:
    """What the joint conference decided on a proposal."""
    step = check(project, "approve" if granted else "decline", sides)
    return replace(project, state=_to(step))


def drafted(project: Project, sides: frozenset[Side], *, seen: int) -> Project:
    """A new draft on top of the one that its author has seen; nobody has agreed to it yet.

    What was built before stays a version, but the project goes back to drafting. Raises DraftMoved."""
    step = check(project, "draft", sides)
    _same_draft(project, seen)
    return replace(
        project,
        state=_to(step),
        draft=project.draft + 1,
        agreed={},
        resumes_to=None,
        running_out=False,
    )


def agreed(project: Project, sides: frozenset[Side], *, seen: int) -> Project:
    """Whoever acts agrees to the draft that he has seen, for each side that he stands for."""
    check(project, "agree", sides)
    _same_draft(project, seen)
    return replace(project, agreed={**project.agreed, **dict.fromkeys(sides, project.draft)})


def _same_draft(project: Project, seen: int) -> None:
    if seen != project.draft:
        raise DraftMoved(number=project.draft, seen=seen)


def built(project: Project, sides: frozenset[Side]) -> Project:
    """The draft that both sides agreed to becomes a version. Raises NotAgreed."""
    step = check(project, "build", sides)
    if project.missing:
        raise NotAgreed(
            number=project.draft,
            missing=[str(side) for side in project.missing],
            missing_zh="、".join(side.zh for side in project.missing),
            missing_en=" and ".join(side.en for side in project.missing),
        )
    return replace(project, state=_to(step))


def drilled(project: Project, sides: frozenset[Side]) -> Project:
    """A drill of the version; one that already runs may be drilled again and stays where it is."""
    check(project, "drill", sides)
    return replace(project, state=State.DRILLED) if project.state is State.BUILT else project


def tried(project: Project, sides: frozenset[Side]) -> Project:
    """On trial in chosen towns until a day; trying again sets other towns or another day."""
    return replace(project, state=_to(check(project, "trial", sides)))


def gone_live(project: Project, sides: frozenset[Side]) -> Project:
    """Live in the whole county or in towns, after a trial; live again sets other towns."""
    return replace(project, state=_to(check(project, "go-live", sides)))


def suspended(project: Project, sides: frozenset[Side]) -> Project:
    """No new case; running ones go on to their end."""
    return replace(project, state=_to(check(project, "suspend", sides)), resumes_to=project.state)


def resumed(project: Project, sides: frozenset[Side]) -> Project:
    """Back to where it was suspended; a decision to run out is void with it."""
    check(project, "resume", sides)
    assert project.resumes_to is not None
    return replace(project, state=project.resumes_to, resumes_to=None, running_out=False)


def retired(project: Project, sides: frozenset[Side], *, running: int, run_out: bool) -> Project:
    """For good. With cases running it is refused, or, if so chosen, takes no new case and retires with the
    last of them. Raises CasesRunning."""
    step = check(project, "retire", sides)
    if not running:
        return replace(project, state=_to(step), running_out=False)
    if not run_out:
        raise CasesRunning(count=running)
    before = project.state if project.state in RUNNING else project.resumes_to
    return replace(project, state=State.SUSPENDED, resumes_to=before, running_out=True)


def replaced(project: Project) -> Project:
    """Another round took its place everywhere: it is retired, and its running cases stay on its version."""
    return replace(project, state=State.RETIRED, resumes_to=None, running_out=False)


def _to(step: Step) -> State:
    assert step.to is not None
    return step.to
