"""The YAML form of stages and exits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator
from pydantic import Field as Bounded

from onegrid.scenarios.rules.conditions import ALWAYS
from onegrid.scenarios.rules.form_document import FormIn, Many, form
from onegrid.scenarios.rules.parts import (
    ConditionIn,
    Doc,
    Key,
    LimitIn,
    LimitRuleIn,
    ManyWho,
    NeedsIn,
    TextDoc,
    TextIn,
    WhoIn,
    both,
    limit_rule,
    many,
    text,
    who,
)
from onegrid.scenarios.rules.stages import (
    Assigns,
    Exit,
    ExtensionRule,
    HoldRule,
    Joint,
    Message,
    Opens,
    Opinion,
    Rating,
    ReturnRule,
    Stage,
)
from onegrid.scenarios.rules.words import REASSIGN

Count = Annotated[int, Bounded(ge=1, le=100)]
_SAME: Final = (
    "acknowledge", "edits", "evidence", "not_same_as", "lapse", "lapse_by_hand", "pick", "virtual",
)  # fmt: skip
"""What the file and the stage spell alike."""


class MessageDoc(Doc):
    """Something told to someone; placeholders in braces."""

    to: ManyWho
    text: TextIn
    urgent: bool = False
    when: ConditionIn = ALWAYS

    def build(self) -> Message:
        return Message(many(self.to), text(self.text), self.urgent, self.when)


class OpinionDoc(TextDoc):
    """An opinion offered, where `when` holds; a plain string stands for both languages."""

    when: ConditionIn = ALWAYS

    def build(self) -> Opinion:
        return Opinion(self.zh, self.en, self.when)


OpinionIn = Annotated[OpinionDoc, BeforeValidator(both, json_schema_input_type=str | OpinionDoc)]


class OpensDoc(Doc):
    """A linked case that the exit opens."""

    class_: Annotated[str, Bounded(alias="class", min_length=1, max_length=20)]
    title: TextIn
    when: ConditionIn = ALWAYS

    def build(self) -> Opens:
        return Opens(self.class_, text(self.title), self.when)


class AssignsDoc(Doc):
    """Fields whose answers change the case."""

    unit: Key | None = None
    units: Key | None = None
    grid: Key | None = None
    due: Key | None = None
    urgency: Key | None = None
    class_code: Key | None = None


class ExitDoc(Doc):
    """A way out of the stage."""

    to: Key
    into: Key | None = None  # with `to: reassign`: the stage in the other grid
    label: TextIn
    needs: NeedsIn = ()
    opinions: tuple[OpinionIn, ...] = ()
    messages: tuple[MessageDoc, ...] = ()
    copy_: Annotated[ManyWho, Bounded(alias="copy")] = ()
    assigns: AssignsDoc = AssignsDoc()
    at_most: Count | None = None
    beyond: Key | None = None
    tell_from: Count | None = None
    tell: ManyWho = ()
    limit: LimitRuleIn | None = None
    starts: Many = ()
    outcome: Key | None = None
    when: ConditionIn = ALWAYS
    opens: Annotated[tuple[OpensDoc, ...], Bounded(max_length=5)] = ()

    def build(self, key: str, *, first_stage: str) -> Exit:
        new_grid = self.to == REASSIGN
        return Exit(
            key=key,
            label=text(self.label),
            to=(self.into or first_stage) if new_grid else self.to,
            needs=self.needs,
            opinions=tuple(one.build() for one in self.opinions),
            opens=tuple(one.build() for one in self.opens),
            messages=tuple(one.build() for one in self.messages),
            copy=many(self.copy_),
            assigns=Assigns(**dict(self.assigns)),
            new_grid=new_grid,
            at_most=self.at_most,
            beyond=self.beyond,
            tell_from=self.tell_from,
            tell=many(self.tell),
            limit=limit_rule(self.limit) if self.limit else None,
            starts=self.starts,
            outcome=self.outcome or key,
            when=self.when,
        )


class JointDoc(Doc):
    """Co-signing: one task per unit beside the stage."""

    one_task_per: Annotated[tuple[Key, ...], Bounded(min_length=1)]
    role: Key = "department-handler"
    chosen_by: Key | None = None
    limit: LimitRuleIn | None = None
    form: FormIn = ()
    needs: NeedsIn = ()
    closes: Annotated[str, Bounded(pattern="^(all|any)$")] = "all"
    waits_for: Many = ()

    def build(self) -> Joint:
        return Joint(
            units=self.one_task_per,
            role=self.role,
            chosen_by=self.chosen_by,
            limit=limit_rule(self.limit) if self.limit else None,
            form=form(self.form),
            needs=self.needs,
            closes_all=self.closes == "all",
            waits_for=self.waits_for,
        )


class ExtensionDoc(Doc):
    """延期"""

    decided_by: WhoIn
    step: LimitIn | None = None
    at_most: Count | None = 1
    needs: NeedsIn = ()
    form: FormIn = ()

    def build(self) -> ExtensionRule:
        return ExtensionRule(who(self.decided_by), self.step, self.at_most, self.needs, form(self.form))


class HoldDoc(Doc):
    """挂账"""

    decided_by: WhoIn
    longest: LimitIn | None = None
    at_most: Count | None = None
    needs: NeedsIn = ()

    def build(self) -> HoldRule:
        return HoldRule(who(self.decided_by), self.longest, self.at_most, self.needs)


class ReturnDoc(Doc):
    """退单"""

    to: WhoIn
    at_most: Count = 2
    within: LimitIn | None = None
    ruling: WhoIn | None = None
    legal_basis: bool = True

    def build(self) -> ReturnRule:
        ruling = who(self.ruling) if self.ruling else None
        return ReturnRule(who(self.to), self.at_most, self.within, ruling, self.legal_basis)


class RatingDoc(Doc):
    """Exits taken by the reporter's rating."""

    satisfied: Key
    unsatisfied: Key


class RequestsDoc(Doc):
    """What may be asked for: more time, a hold, sending back."""

    extension: ExtensionDoc | None = None
    hold: HoldDoc | None = None
    return_: Annotated[ReturnDoc | None, Bounded(alias="return")] = None

    def request_rules(self) -> dict[str, Any]:
        """The rules that are written, by name."""
        rules = {"extension": self.extension, "hold": self.hold, "return_": self.return_}
        return {name: rule.build() for name, rule in rules.items() if rule is not None}


class StageDoc(RequestsDoc):
    """One step with one accountable post and one clock."""

    name: TextIn
    task: TextIn | None = None
    who: WhoIn
    copy_: Annotated[ManyWho, Bounded(alias="copy")] = ()
    may_copy: ManyWho = ()
    assignable: ManyWho = ()
    acknowledge: LimitIn | None = None
    limit: LimitRuleIn
    form: FormIn = ()
    edits: Many = ()
    evidence: NeedsIn = ()
    exits: Annotated[dict[Key, ExitDoc], Bounded(min_length=1)]
    messages: tuple[MessageDoc, ...] = ()
    not_same_as: Many = ()
    lapse: Key | None = None
    lapse_by_hand: bool = False
    rating: RatingDoc | None = None
    pick: bool = False
    virtual: bool = False

    def build(self, key: str, *, first_stage: str, joint: Mapping[str, JointDoc]) -> Stage:
        """The stage of this key; `first_stage` is where `reassign` leads unless the exit says otherwise."""
        same = {name: getattr(self, name) for name in _SAME}
        return Stage(
            **same,
            **self.request_rules(),
            key=key,
            name=text(self.name),
            task=text(self.task) if self.task else None,
            who=who(self.who),
            copy=many(self.copy_),
            may_copy=many(self.may_copy),
            assignable=many(self.assignable),
            limit=limit_rule(self.limit),
            form=form(self.form),
            exits={name: one.build(name, first_stage=first_stage) for name, one in self.exits.items()},
            messages=tuple(one.build() for one in self.messages),
            rating=Rating(self.rating.satisfied, self.rating.unsatisfied) if self.rating else None,
            joint=joint[key].build() if key in joint else None,
        )
