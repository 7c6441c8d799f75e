"""Values of one version in words, for the sentence 'from … to …'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules.conditions import ALWAYS, NEVER, AllOf, AnyOf, Asks, Condition, Not
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.differences.labels import LABELS
from onegrid.scenarios.rules.evidence import Evidence, OneOf
from onegrid.scenarios.rules.fields import FieldKind, Form, Operation
from onegrid.scenarios.rules.handbook.asking import Asking, class_name
from onegrid.scenarios.rules.handbook.names import AREAS, KINDS, LEVELS, SOURCES, SUBJECTS, Names
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Stage
from onegrid.scenarios.rules.words import AreaLevel, Source, Text, Who

_STAGES: Final = frozenset({"to", "beyond", "not_same_as", "while_", "stage", "leaves_out"})
_EXITS: Final = frozenset({"lapse", "waits_for", "satisfied", "unsatisfied"})
_FIELDS: Final = frozenset({"edits", "chosen_by", "of"})
_UNITS: Final = frozenset({"owner", "units"})
_OPERATIONS: Final = {
    Operation.SUM: Text("合计", "sum"),
    Operation.DIFFERENCE: Text("相减", "difference"),
    Operation.PRODUCT: Text("相乘", "product"),
    Operation.RATIO: Text("相除", "ratio"),
    Operation.DAYS_BETWEEN: Text("相隔天数", "days between"),
}
_NONE: Final = ("无", "none")
_BARE: Final = {True: ("是", "yes"), False: ("否", "no")}
_CARDS: Final = {"yellow": Text("黄牌", "yellow"), "red": Text("红牌", "red")}


class Saying:
    """Says values of one definition in one language; `form` and `stage` are where the value stands."""

    def __init__(self, definition: Definition, names: Names, lang: str) -> None:
        self.say = Wording(definition, names, lang)

    def value(self, name: str, value: object, *, form: Form | None, stage: Stage | None) -> str:
        """The value of an attribute in words; quotation marks in it are the inner ones."""
        said = self._said(name, value, Asking(self.say, form=form, stage=stage))
        return said.replace("“", "‘").replace("”", "’") if self.say.zh else said.replace("'", "")

    def _said(self, name: str, value: object, ask: Asking) -> str:
        say = self.say
        match value:
            case None | "" | () | bool():
                return say.pick(*(_BARE[value] if isinstance(value, bool) else _NONE))
            case AllOf() | AnyOf() | Asks() | Not():
                return self._condition(name, value, ask)
            case LimitRule():
                return ask.limit(value)
            case Limit():
                return say.limit(value)
            case Who():
                return say.who(value)
            case Evidence() | OneOf():
                return say.need(value)
            case Text():
                return say.sentence(value)
            case Enum():
                return self._enum(value)
            case str():
                return self._key(name, value, ask)
            case int() | float():
                return f"{value:g}"
            case frozenset() | set():
                return self._listed(name, sorted(value), ask)
            case list() | tuple():
                return self._listed(name, value, ask)
        return self._parts(value, ask) if is_dataclass(value) else str(value)

    def _listed(self, name: str, values: Iterable[object], ask: Asking) -> str:
        needs = name in ("evidence", "needs")
        return self.say.listed((self._said(name, one, ask) for one in values), last="；" if needs else "")

    def _condition(self, name: str, value: Condition, ask: Asking) -> str:
        pick = self.say.pick
        if name == "required":
            words = pick("必填", "always"), pick("选填", "optional")
        else:
            words = pick("始终", "always"), pick("从不", "never")
        if value in (ALWAYS, NEVER):
            return words[value == NEVER]
        return pick(f"{ask.condition(value)}时", f"when {ask.condition(value)}")

    def _enum(self, value: Enum) -> str:
        word: Text | None = None
        if isinstance(value, FieldKind):
            word = KINDS[value]
        elif isinstance(value, Source):
            word = SOURCES[value.value]
        elif isinstance(value, AreaLevel):
            word = AREAS[value]
        elif isinstance(value, Operation):
            word = _OPERATIONS[value]
        return self.say.text(word) if word else str(value.value)

    def _key(self, name: str, value: str, ask: Asking) -> str:
        say = self.say
        if name in _STAGES:
            return say.target(value).strip("“”")
        if name in _EXITS and ask.stage is not None and value in ask.stage.exits:
            return say.text(ask.stage.exits[value].label)
        if name in _FIELDS:
            return say.field_label(value, ask.fields)
        if name in _UNITS:
            return say.unit(value)
        if name in ("role", "from_"):
            return say.who(Who(value))
        if name in ("classes", "class_code"):
            return class_name(say, value)
        if name == "starts" and value in say.definition.follow_ups:
            return say.text(say.definition.follow_ups[value].name)
        return self._word(name, value)

    def _word(self, name: str, value: str) -> str:
        words = {"labels": {}, "levels": LEVELS, "card": _CARDS, "nearest": SUBJECTS}
        if name == "labels":
            return self.say.label(value) or value
        word = words.get(name, {}).get(value)
        return self.say.text(word) if word else value

    def _parts(self, value: object, ask: Asking) -> str:
        """Any other part: its own parts that say something, each with its name."""
        found = []
        for one in fields(value):  # type: ignore[arg-type]
            own = getattr(value, one.name)
            if own in (None, "", (), False, ALWAYS) or isinstance(own, Form) or one.name == "key":
                continue
            label = LABELS.get(one.name)
            said = self._said(one.name, own, ask)
            found.append(f"{self.say.text(label)}{self.say.pick('：', ': ')}{said}" if label else said)
        return self.say.listed(found, last=self.say.pick("，", ", "))
