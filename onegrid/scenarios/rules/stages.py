"""Stages and exits: who answers, by when, with what evidence, and where the case goes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules.conditions import ALWAYS, Condition
from onegrid.scenarios.rules.evidence import Need
from onegrid.scenarios.rules.fields import NO_FORM, Form
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.words import ENDS, Text, Who


@dataclass(frozen=True, slots=True)
class Message:
    """What is told to whom when something happens; `{number}` and the like are filled in by cases."""

    to: tuple[Who, ...]
    text: Text
    urgent: bool = False
    when: Condition = ALWAYS  # e.g. only for cases from the hotline


@dataclass(frozen=True, slots=True)
class Opinion(Text):
    """A template offered for the written opinion while `when` holds (of outcome, source, answers)."""

    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Opens:
    """Another case that taking an exit opens at the same place, linked to this one (超审批 → 两违)."""

    class_code: str
    title: Text
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Assigns:
    """Form fields whose answers change the case when the exit is taken (None: nothing of the kind).

    unit: the unit that answers from now on; units: the departments of the joint stage entered;
    grid: the new grid (needed where `Exit.new_grid`); due: the next stage's due time; the others alike.
    """

    unit: str | None = None
    units: str | None = None
    grid: str | None = None
    due: str | None = None
    urgency: str | None = None
    class_code: str | None = None

    def fields(self) -> tuple[str, ...]:
        given = (self.unit, self.units, self.grid, self.due, self.urgency, self.class_code)
        return tuple(one for one in given if one is not None)


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a stage.

    `to`: key of a stage, CLOSED or ARCHIVED; the own stage means staying with a new limit (续报).
    `new_grid`: the case also moves to another grid (the answer to `assigns.grid`), whose posts then answer.
    `at_most`: how often one case may take it; afterwards it leads to `beyond`, or is refused if None.
    `tell_from`: from this many takings on, `tell` is informed each time (an escalating loop).
    `limit`: overrides the next stage's limit. `starts`: follow-ups that begin here.
    `outcome`: what the case ends as (only where `to` is an end).
    """

    key: str
    label: Text
    to: str
    needs: tuple[Need, ...] = ()
    opinions: tuple[Opinion, ...] = ()  # templates offered for the written opinion
    messages: tuple[Message, ...] = ()
    copy: tuple[Who, ...] = ()
    assigns: Assigns = Assigns()
    new_grid: bool = False
    at_most: int | None = None
    beyond: str | None = None
    tell_from: int | None = None
    tell: tuple[Who, ...] = ()
    limit: LimitRule | None = None
    starts: tuple[str, ...] = ()
    outcome: str = ""
    when: Condition = ALWAYS  # offered only while this holds of the answers
    opens: tuple[Opens, ...] = ()  # linked cases

    @property
    def ends(self) -> bool:
        return self.to in ENDS

    @property
    def label_zh(self) -> str:
        return self.label.zh

    def target(self, *, taken: int) -> str | None:
        """Where the exit leads a case that took it `taken` times before; None = it may not be taken again."""
        return self.to if self.at_most is None or taken < self.at_most else self.beyond


@dataclass(frozen=True, slots=True)
class Joint:
    """Co-signing 会签: one open task per unit beside the stage, `units` being the allowed ones.

    A case's units are the answer to `chosen_by` (a field of kind `units`), or all if it is None.
    An exit in `waits_for` is open only when all tasks are done (`closes_all`) or any one is.
    """

    units: tuple[str, ...]
    role: str = "department-handler"
    chosen_by: str | None = None
    limit: LimitRule | None = None  # None: the stage's own
    form: Form = NO_FORM
    needs: tuple[Need, ...] = ()
    closes_all: bool = True
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """延期, asked before due: how much, how often, who decides; `at_most` None = counted, not limited."""

    decided_by: Who
    step: Limit | None = None  # fixed step; None: the asker names the new due time
    at_most: int | None = 1
    needs: tuple[Need, ...] = ()
    form: Form = NO_FORM


@dataclass(frozen=True, slots=True)
class HoldRule:
    """挂账: the clock stops until a review date; `longest` bounds one hold."""

    decided_by: Who
    longest: Limit | None = None
    at_most: int | None = None
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """退单: back to `to`, at most `at_most` times, `within` of taking up; then `ruling` decides."""

    to: Who
    at_most: int = 2
    within: Limit | None = None
    ruling: Who | None = None
    legal_basis: bool = True  # 三定方案 article is mandatory from the ruling on


@dataclass(frozen=True, slots=True)
class Rating:
    """While the case is in this stage, the reporter's rating takes one of these exits (never by default)."""

    satisfied: str
    unsatisfied: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the flow with one accountable post and one running clock.

    `who` is the main recipient 主送; `copy` must be informed 分送; `may_copy` the sender may add 选送.
    `assignable`: besides `who`, posts of these roles may be given the stage by hand-over.
    `acknowledge`: time to take up 签收. `edits`: base facts of the case that may be corrected here.
    `lapse`: the exit taken by the system when the limit passes (None: the case stays and escalates); people
    may take it only with `lapse_by_hand`.
    `not_same_as`: stages whose worker must not be the one who works this stage (nobody checks his own work).
    `pick`: with several posts among `who` and `assignable`, the sender must say which one gets the stage.
    `virtual`: shown in the log of a case but not in the flow chart.
    """

    key: str
    name: Text
    who: Who
    limit: LimitRule
    exits: Mapping[str, Exit]
    task: Text | None = None  # what is to be done, by what means
    copy: tuple[Who, ...] = ()
    may_copy: tuple[Who, ...] = ()
    assignable: tuple[Who, ...] = ()
    acknowledge: Limit | None = None
    form: Form = NO_FORM
    edits: tuple[str, ...] = ()
    evidence: tuple[Need, ...] = ()  # needed at every exit
    messages: tuple[Message, ...] = ()  # told on entering
    not_same_as: tuple[str, ...] = ()
    lapse: str | None = None
    lapse_by_hand: bool = False
    rating: Rating | None = None
    joint: Joint | None = None
    extension: ExtensionRule | None = None  # None: the definition's
    hold: HoldRule | None = None
    return_: ReturnRule | None = None
    pick: bool = False
    virtual: bool = False

    @property
    def name_zh(self) -> str:
        return self.name.zh

    @property
    def name_en(self) -> str:
        return self.name.en
