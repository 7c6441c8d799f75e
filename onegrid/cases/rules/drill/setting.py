"""What is drilled: the scenario, the posts and people, the stream, what is known or assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.drill.chance import Distribution
from onegrid.cases.rules.drill.refusals import NoSuchPerson, NoSuchStage
from onegrid.cases.rules.drill.staff import PostCard, with_more
from onegrid.cases.rules.drill.streams import Stream
from onegrid.cases.rules.state import TaskKind
from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules import CLOSED, ENDS, Definition, LimitRule, VersionInfo
from onegrid.scenarios.rules.walking import accountable_whos
from onegrid.workforce.rules import ROLES, Level

FORWARD, ASIDE, BACK = 1.0, 0.3, 0.1
"""Assumed weights of exits, where no history tells: nearer to the end, to another desk as near, and back."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure with where it comes from: so many cases of the past, a file, or an assumption."""

    said_zh: str
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Habits:
    """How the work is done: handling times in seconds of office time, and which exits are taken how often."""

    handling: Mapping[str, Distribution]  # by stage
    tasks: Mapping[TaskKind, Distribution]
    weights: Mapping[str, Mapping[str, float]]  # stage -> exit -> weight
    rating: Distribution  # clock time until a reporter rates
    handling_from: Mapping[str, Known] = field(default_factory=dict)
    weights_from: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """One drill. `start`: midnight of its first day, microseconds since 1970; `grids`: those there are.

    `most_open`: where the drill gives up, so that a flood of open cases never fills the machine."""

    version: VersionInfo
    ground: Ground
    cards: Sequence[PostCard]
    habits: Habits
    stream: Stream
    stream_zh: str
    grids: Sequence[str]
    units: tuple[str, ...]
    start: int
    days: int
    seed: int
    most_open: int = 400_000

    def with_limit(self, stage: str, limit: Limit) -> "Setting":
        """The same with another limit in one stage, for all classes. Raises NoSuchStage."""
        return self._with_definition(other_definition(self.ground.definition, stage, limit))

    def _with_definition(self, definition: Definition) -> "Setting":
        version = replace(self.version, definition=definition)
        return replace(self, version=version, ground=replace(self.ground, definition=definition))

    def with_person(self, role: str, code: str) -> "Setting":
        """The same with one more person in each post of a role, within a territory. Raises NoSuchPerson."""
        cards = with_more(self.cards, role, code)
        if cards == list(self.cards):
            at_hand = {card.role for card in self.cards}
            used = sorted(at_hand & {who.role for _, who in accountable_whos(self.ground.definition)})
            raise NoSuchPerson(role=role, code=code or "全市", roles="、".join(used))
        return replace(self, cards=cards)


def other_definition(definition: Definition, stage: str, limit: Limit) -> Definition:
    """The same flow with another limit in one stage, for all classes. Raises NoSuchStage."""
    found = definition.stages.get(stage)
    if found is None:
        raise NoSuchStage(stage=stage, stages="、".join(definition.stages))
    changed = replace(found, limit=LimitRule(limit, from_report=found.limit.from_report))
    return replace(definition, stages={**definition.stages, stage: changed})


def assumed_weights(definition: Definition) -> dict[str, dict[str, float]]:
    """An exit that brings a case nearer to its end counts 1, one to a desk as near 0.3, one back 0.1."""
    left, passed = steps_left(definition), steps_passed(definition)
    return {
        stage.key: {way.key: _weight(stage.key, way.to, left, passed) for way in stage.exits.values()}
        for stage in definition.stages.values()
    }


def _weight(stage: str, to: str, left: Mapping[str, int], passed: Mapping[str, int]) -> float:
    if to in ENDS or left[to] < left[stage]:
        return FORWARD
    return ASIDE if left[to] == left[stage] and passed[to] > passed[stage] else BACK


def steps_left(definition: Definition) -> dict[str, int]:
    """How many exits lie at least between each stage and the end of a matter dealt with."""
    return _far(definition, {CLOSED: 0} | ({} if _closes(definition) else dict.fromkeys(ENDS, 0)))


def _closes(definition: Definition) -> bool:
    return any(way.to == CLOSED for stage in definition.stages.values() for way in stage.exits.values())


def _far(definition: Definition, ends: dict[str, int]) -> dict[str, int]:
    far = dict(ends)
    for _ in definition.stages:
        for key, stage in definition.stages.items():
            near = min((far[way.to] for way in stage.exits.values() if way.to in far), default=None)
            if near is not None and near + 1 < far.get(key, len(definition.stages) + 1):
                far[key] = near + 1
    most = len(definition.stages) + 1
    return {key: far.get(key, most) for key in definition.stages}


def steps_passed(definition: Definition) -> dict[str, int]:
    """How many exits lie at least between the nearest start and each stage."""
    passed = {start.stage: 0 for start in definition.starts}
    ahead = list(passed)
    for key in ahead:
        for way in definition.stages[key].exits.values():
            if way.to not in passed and way.to not in ENDS:
                passed[way.to] = passed[key] + 1
                ahead.append(way.to)
    return {key: passed.get(key, len(definition.stages)) for key in definition.stages}


def assumed_minutes(role_key: str) -> float:
    """Minutes of work that one case takes a post of this role, where no history tells: longer higher up."""
    level = ROLES[role_key].level if role_key in ROLES else Level.COUNTY
    return _MINUTES.get(level, 60.0)


_MINUTES = {Level.GRID_2: 30.0, Level.GRID_1: 30.0, Level.TOWN: 45.0}
