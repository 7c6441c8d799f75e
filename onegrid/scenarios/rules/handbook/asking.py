"""Conditions as readable sentences: when a field is shown, when an exit is offered, which limit applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.conditions import ALWAYS, NEVER, AllOf, AnyOf, Asks, Comparison, Condition, Not
from onegrid.scenarios.rules.fields import Field, FieldKind, Form
from onegrid.scenarios.rules.handbook.names import CHANNELS, MEASURES, SOURCES, URGENCIES
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Stage
from onegrid.scenarios.rules.words import Text

_Value = str | int | float | bool
_FACTS: Final[Mapping[str, Mapping[str, Text]]] = {
    "source": SOURCES,
    "channel": CHANNELS,
    "urgency": URGENCIES,
}
_FACT_NAMES: Final = {
    "exit": Text("选择的出口", "exit taken"),
    "source": Text("发现来源", "source"),
    "channel": Text("上报渠道", "channel"),
    "class": Text("事项类别", "matter class"),
    "urgency": Text("紧急程度", "urgency"),
}
_TESTS: Final = {
    Comparison.OVER: ("大于", "over"),
    Comparison.AT_LEAST: ("不少于", "at least"),
    Comparison.UNDER: ("小于", "under"),
}


class Asking:
    """Says conditions of one place in the definition: its form's fields and its stage's exits first."""

    def __init__(self, say: Wording, *, form: Form | None = None, stage: Stage | None = None) -> None:
        self.say = say
        self.stage = stage
        base = say.definition.form.fields
        self.fields: tuple[Field, ...] = (
            *(form.fields if form else ()),
            *(stage.form.fields if stage else ()),
            *base,
        )

    def condition(self, condition: Condition) -> str:
        """The condition in words; "" where it always holds."""
        if condition == ALWAYS:
            return ""
        if condition == NEVER:
            return self.say.pick("从不", "never")
        match condition:
            case AllOf(of):
                return self._joined(of, self.say.pick("，且", " and "))
            case AnyOf(of):
                return self._joined(of, self.say.pick("，或者", " or "))
            case Not(of):
                return self._not(of)
            case Asks():
                return self._asks(condition, self.say.pick("为", "is"))

    def _joined(self, of: Sequence[Condition], word: str) -> str:
        parts = [self.condition(one) for one in of]
        nested = [isinstance(one, AllOf | AnyOf) and len(one.of) > 1 for one in of]
        return word.join(
            f"（{part}）" if deep else part for part, deep in zip(parts, nested, strict=True) if part
        )

    def _not(self, of: Condition) -> str:
        if isinstance(of, Asks) and of.test is Comparison.IS:
            return self._asks(of, self.say.pick("不为", "is not"))
        return self.say.pick(f"不符合“{self.condition(of)}”", f"not ({self.condition(of)})")

    def _asks(self, one: Asks, verb: str) -> str:
        name = self._name(one.field)
        if one.test is Comparison.ANSWERED:
            zh, en = ("已填写", "is answered") if one.values[0] else ("未填写", "is not answered")
            return self.say.pick(f"{zh}{name}", f"{name} {en}")
        if one.test is not Comparison.IS:
            zh, en = _TESTS[one.test]
            unit = self._unit(one.field)
            number = f"{float(one.values[0]):g}{unit}"
            return self.say.pick(f"{name}{zh}{number}", f"{name} {en} {number}")
        values = self.say.listed([self._value(one.field, value) for value in one.values], last=self._or)
        return self.say.pick(f"{name}{verb}{values}", f"{name} {verb} {values}")

    @property
    def _or(self) -> str:
        return self.say.pick("或", " or ")

    def _field(self, key: str) -> Field | None:
        here = next((one for one in self.fields if one.key == key), None)
        everywhere = (one for _, one, _, _ in walking.fields(self.say.definition))
        return here or next((one for one in everywhere if one.key == key), None)

    def _name(self, key: str) -> str:
        fact = _FACT_NAMES.get(key)
        label = self.say.text(fact) if fact else self.say.field_label(key, self.fields)
        return label if fact else self.say.pick(f"“{label}”", f"'{label}'")

    def _unit(self, key: str) -> str:
        found = self._field(key)
        return measure(found.unit, zh=self.say.zh) if found else ""

    def _value(self, key: str, value: _Value) -> str:
        if key == "exit":
            leave = self.stage.exits.get(str(value)) if self.stage else None
            label = self.say.text(leave.label) if leave else self._any_exit(str(value))
            return self.say.pick(f"“{label}”", f"'{label}'")
        if key == "class":
            return class_name(self.say, str(value))
        if key in _FACTS:
            word = _FACTS[key].get(str(value))
            return self.say.text(word) if word else str(value)
        return self._answer(self._field(key), value)

    def _any_exit(self, key: str) -> str:
        for _, leave, _ in walking.exits(self.say.definition):
            if leave.key == key:
                return self.say.text(leave.label)
        return self.say.pick("（未知出口）", key)

    def _answer(self, one: Field | None, value: _Value) -> str:
        if isinstance(value, bool):
            return self.say.pick("“是”" if value else "“否”", "yes" if value else "no")
        for choice in one.choices if one else ():
            if choice.key == value:
                return self.say.pick(f"“{choice.label.zh}”", f"'{choice.label.en}'")
        if one is not None and one.kind in (FieldKind.UNIT, FieldKind.UNITS):
            return self.say.unit(str(value))
        return f"{value:g}" if isinstance(value, int | float) else value

    # Limits

    def limit(self, rule: LimitRule) -> str:
        """A limit rule in words, from the most particular to the usual."""
        say = self.say
        parts = [say.limit(rule.default)]
        if rule.from_class:
            parts = [say.pick("按事项类别规定的时限；未规定的", "that of the class, else ") + parts[0]]
        if rule.from_report:
            parts = [say.pick("按上报时约定的时间；未约定的", "as promised in the report, else ") + parts[0]]
        parts += [self._case(self.condition(one.when), say.limit(one.limit)) for one in rule.cases]
        parts += [
            self._case(
                say.pick("经出口", "by ") + self._value("exit", key) + say.pick("进入", ""), say.limit(one)
            )
            for key, one in rule.by_outcome.items()
        ]
        parts += [self._case(class_name(say, code), say.limit(one)) for code, one in rule.by_class.items()]
        return say.listed(parts, last=say.pick("；", "; "))

    def _case(self, when: str, limit: str) -> str:
        return self.say.pick(f"{when}的，{limit}", f"{limit} if {when}")


def class_name(say: Wording, code: str) -> str:
    """A matter class by its name, with its code."""
    known = say.names.classes.get(code)
    return f"{say.text(known)}（{code}）" if known else code


def measure(unit: str, *, zh: bool) -> str:
    """The unit of a number in words."""
    return MEASURES.get(unit, unit) if zh else f" {unit}" if unit else ""
