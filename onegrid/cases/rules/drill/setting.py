"""What is drilled: the scenario, the posts and people, the stream, and what is known or assumed of the work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.drill.chance import Distribution
from onegrid.cases.rules.drill.refusals import NoSuchPerson, NoSuchStage
from onegrid.cases.rules.drill.staff import PostCard, with_more
from onegrid.cases.rules.drill.streams import Stream
from onegrid.cases.rules.state import TaskKind
from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules import Definition, LimitRule, VersionInfo
from onegrid.workforce.rules import ROLES, Level

FORWARD, BACK = 1.0, 0.1
"""Assumed weights of exits, where no history tells: onward in the order of the file, and back."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure with where it comes from: so many cases of the past, a file, or an assumption."""

    said_zh: str
    samples: int = 0

    @property
    def assumed(self) -> bool:
        return self.samples == 0


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
    """One drill. `start`: midnight of its first day, microseconds since 1970; `grids`: all that may be chosen.

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
        definition = self.ground.definition
        found = definition.stages.get(stage)
        if found is None:
            raise NoSuchStage(stage=stage, stages="、".join(definition.stages))
        changed = replace(found, limit=LimitRule(limit, from_report=found.limit.from_report))
        return self._with_definition(replace(definition, stages={**definition.stages, stage: changed}))

    def _with_definition(self, definition: Definition) -> "Setting":
        version = replace(self.version, definition=definition)
        return replace(self, version=version, ground=replace(self.ground, definition=definition))

    def with_person(self, role: str, code: str) -> "Setting":
        """The same with one more person in each post of a role, within a territory. Raises NoSuchPerson."""
        cards = with_more(self.cards, role, code)
        if cards == list(self.cards):
            roles = "、".join(sorted({card.role for card in self.cards}))
            raise NoSuchPerson(role=role, code=code or "全市", roles=roles)
        return replace(self, cards=cards)


def assumed_weights(definition: Definition) -> dict[str, dict[str, float]]:
    """Every exit onward as likely as the next, those back to an earlier stage of the file a tenth as likely."""
    order = {key: nth for nth, key in enumerate(definition.stages)}
    return {
        stage.key: {
            way.key: FORWARD if order.get(way.to, len(order)) > order[stage.key] else BACK
            for way in stage.exits.values()
        }
        for stage in definition.stages.values()
    }


def assumed_minutes(role_key: str) -> float:
    """Minutes of work that one case takes in a post of this role, where no history tells: longer higher up."""
    level = ROLES[role_key].level if role_key in ROLES else Level.COUNTY
    return _MINUTES.get(level, 60.0)


_MINUTES = {Level.GRID_2: 30.0, Level.GRID_1: 30.0, Level.TOWN: 45.0}
