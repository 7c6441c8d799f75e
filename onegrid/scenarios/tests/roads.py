"""A case on its road through a definition: every exit is taken with its form and evidence checked."""

from collections import Counter
from collections.abc import Mapping

from onegrid.scenarios.rules import (
    ENDS,
    AreaLevel,
    Draft,
    EvidenceKind,
    Exit,
    Given,
    Source,
    Stage,
    check_form,
    parse,
)
from onegrid.scenarios.rules.conditions import holds
from onegrid.scenarios.tests.files import LIBRARY, definition


def given(*wanted: str) -> list[Given]:
    """Evidence written short, taken on the spot: "photo:after*2", "document:minutes"."""
    found = []
    for one in wanted:
        name, _, count = one.partition("*")
        kind, _, label = name.partition(":")
        found += [Given(EvidenceKind(kind), label, 5.0)] * int(count or 1)
    return found


def written(key: str) -> Mapping[str, object]:
    """The scenario as its file says it, for what is told to others than the flow."""
    draft = parse((LIBRARY / f"{key}.yaml").read_text())
    assert isinstance(draft, Draft), draft
    assert isinstance(draft.data, dict)
    return draft.data


class Road:
    """One case: where it stands, what it knows, how often each exit was taken."""

    def __init__(self, key: str, source: str, area: object = "grid", **answers: object) -> None:
        self.definition = definition(key)
        found = Source(source)
        self.answers: dict[str, object] = {"source": source, "channel": found.channel, **answers}
        first = self.definition.first_stage(
            channel=found.channel, source=found, area=AreaLevel(str(area)), answers=self.answers
        )
        self.at = first.key
        self.way = [first.key]
        self.taken: Counter[tuple[str, str]] = Counter()
        self.entered: Exit | None = None

    @property
    def stage(self) -> Stage:
        return self.definition.stages[self.at]

    @property
    def limit(self) -> str:
        """The time allowed where the case stands, without the class dictionary."""
        rule = (self.entered.limit if self.entered else None) or self.stage.limit
        by = self.entered.key if self.entered else None
        return str(rule.for_(self.definition.classes[0], entered_by=by, answers=self.answers))

    def open_exits(self, **values: object) -> set[str]:
        """The exits offered with these answers."""
        return {
            key
            for key, leave in self.stage.exits.items()
            if holds(leave.when, {**self.answers, **values, "exit": key})
        }

    def missing(self, exit_: str, *evidence: str, opinion: object = "同意", **values: object) -> list[str]:
        """What keeps this exit from being taken: fields, evidence, or the code where neither."""
        problems = check_form(
            self.stage,
            self.stage.exits[exit_],
            values=values,
            evidence=given(*evidence),
            opinion=str(opinion),
            answers=self.answers,
            base=self.definition.form,
        )
        return [one.field or one.code for one in problems]

    def take(self, exit_: str, *evidence: str, opinion: object = "同意", **values: object) -> "Road":
        """Take the exit; it must be open and complete."""
        problems = self.missing(exit_, *evidence, opinion=opinion, **values)
        assert problems == [], (self.at, exit_, problems)
        self.entered = self.stage.exits[exit_]
        target = self.entered.target(taken=self.taken[self.at, exit_])
        assert target is not None, f"{exit_} of {self.at} is used up"
        self.taken[self.at, exit_] += 1
        self.answers |= values
        self.at = target
        self.way.append(target)
        return self

    @property
    def ended(self) -> bool:
        return self.at in ENDS
