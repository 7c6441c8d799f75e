"""The YAML form of a whole scenario (design: a scenario is data), and the JSON schema published from it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BeforeValidator
from pydantic import Field as Bounded

from onegrid.scenarios.rules.conditions import ALWAYS
from onegrid.scenarios.rules.definition import (
    AgendaRule,
    Alert,
    Definition,
    DuplicateRule,
    EscalationStep,
    FollowUp,
    Late,
    Start,
)
from onegrid.scenarios.rules.form_document import FormIn, Many, form
from onegrid.scenarios.rules.parts import (
    ConditionIn,
    Days,
    Doc,
    Key,
    LimitIn,
    LimitRuleIn,
    ManyWho,
    Metres,
    NeedsIn,
    Percent,
    TextIn,
    limit_rule,
    many,
    text,
    who,
)
from onegrid.scenarios.rules.stage_document import Count, JointDoc, RequestsDoc, StageDoc
from onegrid.scenarios.rules.words import AreaLevel, Source


class StartDoc(Doc):
    """Where a case begins, for these sources, areas and answers."""

    stage: Key
    sources: tuple[Source, ...] = ()
    areas: tuple[AreaLevel, ...] = ()
    when: ConditionIn = ALWAYS
    leaves_out: Many = ()

    def build(self) -> Start:
        return Start(
            self.stage, frozenset(self.sources), frozenset(self.areas), self.when, frozenset(self.leaves_out)
        )


def _starts(value: object) -> object:
    return [{"stage": value}] if isinstance(value, str) else value


StartsIn = Annotated[
    tuple[StartDoc, ...], BeforeValidator(_starts, json_schema_input_type=str | list[StartDoc])
]


class AlertDoc(Doc):
    """An answer that must be told at once."""

    when: ConditionIn
    tell: ManyWho
    text: TextIn
    urgent: bool = True


class LateDoc(Doc):
    """Who hears of it when a report is not given by its time."""

    tell: Annotated[ManyWho, Bounded(min_length=1)]
    text: TextIn

    def build(self) -> Late:
        return Late(many(self.tell), text(self.text))


class FollowUpDoc(Doc):
    """Reports beside the flow; several in `who` have the same to report, each a task of his own."""

    name: TextIn
    who: Annotated[ManyWho, Bounded(min_length=1, max_length=20)]
    while_: Annotated[Many, Bounded(alias="while", min_length=1)]
    every: LimitRuleIn | None = None
    at: Percent | None = None
    by_exit: bool = False
    form: FormIn = ()
    evidence: NeedsIn = ()
    alerts: tuple[AlertDoc, ...] = ()
    closes_siblings: bool = False
    late: LateDoc | None = None

    def build(self, key: str) -> FollowUp:
        return FollowUp(
            key=key,
            name=text(self.name),
            who=who(self.who[0]),
            also=many(self.who[1:]),
            while_=self.while_,
            every=limit_rule(self.every) if self.every else None,
            at_percent=round(self.at) if self.at else None,
            by_exit=self.by_exit,
            form=form(self.form),
            evidence=self.evidence,
            alerts=tuple(Alert(a.when, many(a.tell), text(a.text), a.urgent) for a in self.alerts),
            closes_siblings=self.closes_siblings,
            late=self.late.build() if self.late else None,
        )


class EscalationDoc(Doc):
    """What happens at this share of a stage's limit."""

    at: Percent
    remind: ManyWho = ()
    tell: ManyWho = ()
    text: TextIn | None = None
    card: Annotated[str | None, Bounded(pattern="^(yellow|red)$")] = None
    raise_urgency: bool = False

    def build(self) -> EscalationStep:
        return EscalationStep(
            at_percent=round(self.at),
            remind=many(self.remind),
            tell=many(self.tell),
            text=text(self.text) if self.text else None,
            card=self.card,
            raise_urgency=self.raise_urgency,
        )


class AgendaDoc(Doc):
    """When a case goes before the joint conference."""

    unacknowledged: LimitIn | None = None
    returned: Count | None = None

    def build(self) -> AgendaRule:
        usual = AgendaRule()
        return AgendaRule(self.unacknowledged or usual.unacknowledged, self.returned or usual.returned)


class DuplicateDoc(Doc):
    """How near and how soon two reports may be the same matter; `joins` false: each is a matter of its own,
    as those of two households at one address are."""

    radius: Metres = 80.0
    window: Days = 3.0
    joins: bool = True

    def build(self) -> DuplicateRule:
        return DuplicateRule(self.radius, round(self.window), self.joins)


class SubjectDoc(Doc):
    """What a case is about."""

    nearest: Annotated[str | None, Bounded(pattern="^(building|enterprise|household|facility)$")] = None
    duplicate: DuplicateDoc = DuplicateDoc()


class DefinitionDoc(RequestsDoc):
    """A scenario project: how a kind of matter is found, flows, who answers, by when, with what evidence."""

    key: Key
    name: TextIn
    summary: TextIn | None = None
    dormant: TextIn | None = None
    basis: tuple[str, ...] = ()
    prefix: Annotated[str, Bounded(pattern="^[A-Z]{2}$")]
    owner: Key
    classes: Annotated[tuple[str, ...], Bounded(min_length=1)]
    discovery: Annotated[tuple[Source, ...], Bounded(min_length=1)]
    subject: SubjectDoc = SubjectDoc()
    form: FormIn = ()
    start: Annotated[StartsIn, Bounded(min_length=1)]
    stages: Annotated[dict[Key, StageDoc], Bounded(min_length=1, max_length=60)]
    follow_ups: Annotated[dict[Key, FollowUpDoc], Bounded(default_factory=dict)]
    joint: Annotated[dict[Key, JointDoc], Bounded(default_factory=dict)]
    escalation: tuple[EscalationDoc, ...] = ()
    agenda: AgendaDoc | None = None
    erase: Days | None = None

    def build(self) -> Definition:
        """The definition as cases follow it."""
        first = self.start[0].stage
        same = {name: getattr(self, name) for name in _SAME}
        return Definition(
            **same,
            **self.request_rules(),
            name=text(self.name),
            summary=text(self.summary) if self.summary else None,
            dormant=text(self.dormant) if self.dormant else None,
            nearest=self.subject.nearest,
            duplicate=self.subject.duplicate.build(),
            form=form(self.form),
            starts=tuple(one.build() for one in self.start),
            stages={k: one.build(k, first_stage=first, joint=self.joint) for k, one in self.stages.items()},
            follow_ups={key: one.build(key) for key, one in self.follow_ups.items()},
            escalation=tuple(one.build() for one in self.escalation),
            agenda=self.agenda.build() if self.agenda else AgendaRule(),
            erase_days=max(1, round(self.erase)) if self.erase else None,
        )


_SAME: Final = ("key", "basis", "prefix", "owner", "classes", "discovery")
"""What the file and the definition spell alike."""


def schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a scenario file, for editors and for other cities' tools."""
    described = DefinitionDoc.model_json_schema(mode="validation", by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:onegrid:scenario",
        **described,
        "title": "OneGrid scenario 场景运用项目",
    }
