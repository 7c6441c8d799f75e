"""The definition of a scenario: a frozen value that cases follow and everything printed is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.kernel.ids import VersionId
from onegrid.scenarios.rules.conditions import ALWAYS, Condition, holds
from onegrid.scenarios.rules.evidence import Need
from onegrid.scenarios.rules.fields import NO_FORM, Form
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import ExtensionRule, HoldRule, ReturnRule, Stage
from onegrid.scenarios.rules.words import AreaLevel, Source, Text, Who

_THREE_DAYS: Final = Limit(3, ClockKind.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a case begins: the first start whose tests all hold. Empty `sources` or `areas` test nothing.

    `leaves_out`: stages that a case entering here deliberately never reaches.
    """

    stage: str
    sources: frozenset[Source] = frozenset()
    areas: frozenset[AreaLevel] = frozenset()
    when: Condition = ALWAYS
    leaves_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer in a follow-up report that must be told at once (stopped building resumed)."""

    when: Condition
    tell: tuple[Who, ...]
    text: Text
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class Late:
    """Who hears of it when a report was not given by its time (三天无应答)."""

    tell: tuple[Who, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Reports beside the flow: periodic (`every`) or once at `at_percent` of the stage's limit (中期报告).

    Runs while the case is in one of the stages `while_`; with `by_exit` only after an exit that `starts` it.
    Ends with the main flow. `also`: others who have the same to report, each a task of his own.
    `closes_siblings`: the first of them to report does it for all, until the next report is due.
    Where the second-level grid of a case is not known, the post above reports (`standing_in`).
    """

    key: str
    name: Text
    who: Who
    while_: tuple[str, ...]
    every: LimitRule | None = None
    at_percent: int | None = None
    by_exit: bool = False
    form: Form = NO_FORM
    evidence: tuple[Need, ...] = ()
    alerts: tuple[Alert, ...] = ()
    closes_siblings: bool = False
    also: tuple[Who, ...] = ()
    late: Late | None = None

    @property
    def whos(self) -> tuple[Who, ...]:
        """Everyone who has it to report."""
        return (self.who, *self.also)


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """At this share of a stage's limit: remind or tell; may issue a card and raise the urgency."""

    at_percent: int
    remind: tuple[Who, ...] = ()
    tell: tuple[Who, ...] = ()
    text: Text | None = None
    card: str | None = None  # "yellow" | "red"
    raise_urgency: bool = False


@dataclass(frozen=True, slots=True)
class AgendaRule:
    """When a case goes before the joint conference 联席会议 (domain.md 3.3).

    `unacknowledged`: not signed in for so long; `returned`: sent back so often."""

    unacknowledged: Limit = _THREE_DAYS
    returned: int = 2


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Two reports may be the same matter within this distance and time; `joins` False: none ever joins
    another, by itself or by a proposal."""

    radius_m: float = 80.0
    window_days: int = 3
    joins: bool = True


@dataclass(frozen=True, slots=True)
class Definition:
    """A scenario as published. `form` holds the base facts taken at registration.

    `erase_days`: personal answers are deleted so many days after the case ended; None = kept with it.
    `personal`: keys of the fields, in whichever form, whose answers are personal."""

    key: str
    name: Text
    prefix: str  # of case numbers, e.g. "HJ"
    owner: str  # unit key
    classes: tuple[str, ...]  # matter class codes; a code takes everything below it
    discovery: tuple[Source, ...]
    starts: tuple[Start, ...]
    stages: Mapping[str, Stage]
    summary: Text | None = None
    basis: tuple[str, ...] = ()  # laws and rules the flow rests on
    nearest: str | None = None  # what a case hangs on: "building", "enterprise"
    duplicate: DuplicateRule = DuplicateRule()
    form: Form = NO_FORM
    follow_ups: Mapping[str, FollowUp] = field(default_factory=dict)
    escalation: tuple[EscalationStep, ...] = ()
    extension: ExtensionRule | None = None
    hold: HoldRule | None = None
    return_: ReturnRule | None = None
    agenda: AgendaRule = AgendaRule()
    erase_days: int | None = None
    dormant: Text | None = None  # switched on only by an order; says what kind of order
    personal: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = (one.key for form in self._forms() for one in form.fields if one.is_personal)
        object.__setattr__(self, "personal", frozenset(keys))

    def _forms(self) -> Iterator[Form]:
        yield self.form
        for stage in self.stages.values():
            yield stage.form
            yield from (one.form for one in (stage.joint, stage.extension) if one is not None)
        yield from (one.form for one in self.follow_ups.values())
        if self.extension is not None:
            yield self.extension.form

    @property
    def name_zh(self) -> str:
        return self.name.zh

    @property
    def name_en(self) -> str:
        return self.name.en

    def first_stage(
        self,
        *,
        channel: str,
        source: Source | None = None,
        area: AreaLevel = AreaLevel.GRID,
        answers: Mapping[str, object] | None = None,
    ) -> Stage:
        """Where a new case begins; with only the channel known, a start that names any source of it is taken.

        A sound definition always has one. Raises LookupError otherwise.
        """
        for start in self.starts:
            if _starts(start, channel=channel, source=source, area=area, answers=answers or {}):
                return self.stages[start.stage]
        raise LookupError(f"{self.key}: no start for {channel}/{source}")

    def extension_of(self, stage: Stage) -> ExtensionRule | None:
        return stage.extension or self.extension

    def hold_of(self, stage: Stage) -> HoldRule | None:
        return stage.hold or self.hold

    def return_of(self, stage: Stage) -> ReturnRule | None:
        return stage.return_ or self.return_


def _starts(
    start: Start, *, channel: str, source: Source | None, area: AreaLevel, answers: Mapping[str, object]
) -> bool:
    from_here = (
        not start.sources
        or source in start.sources
        or (source is None and channel in {one.channel for one in start.sources})
    )
    return from_here and (not start.areas or area in start.areas) and holds(start.when, answers)


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A version, which never changes; `towns` None: the whole county; from `until` on it takes no case."""

    version_id: VersionId
    key: str
    number: int
    definition: Definition
    towns: tuple[str, ...] | None
    until: datetime | None = None
