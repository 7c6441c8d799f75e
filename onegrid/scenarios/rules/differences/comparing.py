"""The comparison: part by part, keyed parts by their keys, everything else from one value to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Final

from onegrid.scenarios.rules.conditions import AllOf, AnyOf, Asks, Not
from onegrid.scenarios.rules.definition import Definition, EscalationStep
from onegrid.scenarios.rules.differences.labels import LABELS
from onegrid.scenarios.rules.differences.saying import Saying
from onegrid.scenarios.rules.evidence import Evidence, OneOf
from onegrid.scenarios.rules.fields import Choice, Field, Form
from onegrid.scenarios.rules.handbook.names import Names
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.words import Text, Who


class Kind(StrEnum):
    """What happened to the part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where in the definition, in which stage if in one, and the sentence for the reader."""

    kind: Kind
    path: tuple[str, ...]
    stage: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the comparison stands: its name in both languages, and the forms its conditions may ask."""

    path: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""
    stage: str | None = None
    stages: tuple[Stage | None, Stage | None] = (None, None)
    forms: tuple[Form | None, Form | None] = (None, None)

    def at(self, key: str, zh: str, en: str) -> _Place:
        """A part of this place."""
        return replace(
            self,
            path=(*self.path, key),
            zh=f"{self.zh}的{zh}" if self.zh else zh,
            en=f"{self.en}, {en}" if self.en else en,
        )


_WHOLE: Final = (Text, Who, LimitRule, Evidence, OneOf, AllOf, AnyOf, Asks, Not)
_NOUNS: Final[Mapping[type, tuple[str, str]]] = {
    Stage: ("环节", "stage"),
    Exit: ("出口", "exit"),
    Field: ("字段", "field"),
    Choice: ("选项", "choice"),
    EscalationStep: ("提醒升级点", "escalation step"),
}


def differences(old: Definition, new: Definition, *, names: Names) -> list[Difference]:
    """Every change from the old version to the new, in the order of the definition; none for equal ones."""
    return list(_Comparison(old, new, names).parts(old, new, _Place()))


class _Comparison:
    def __init__(self, old: Definition, new: Definition, names: Names) -> None:
        self.said = {lang: (Saying(old, names, lang), Saying(new, names, lang)) for lang in ("zh", "en")}

    def parts(self, old: object, new: object, place: _Place) -> Iterator[Difference]:
        """The parts of two values of one kind that differ."""
        for one in fields(old):  # type: ignore[arg-type]
            before, after = getattr(old, one.name), getattr(new, one.name)
            if one.compare and before != after:  # what follows from other parts is no change of its own
                yield from self.part(one.name, before, after, place)

    def part(self, name: str, before: object, after: object, place: _Place) -> Iterator[Difference]:
        """One part that differs."""
        keyed = _keyed(before), _keyed(after)
        if keyed[0] is not None and keyed[1] is not None and (keyed[0] or keyed[1]):
            yield from self.items(name, keyed[0], keyed[1], self._form_place(name, before, after, place))
        elif type(before) is type(after) and is_dataclass(before) and not isinstance(before, _WHOLE):
            label = LABELS.get(name, Text(name, name))
            yield from self.parts(before, after, place.at(name, label.zh, label.en))
        else:
            yield self.changed(name, before, after, place)

    def _form_place(self, name: str, before: object, after: object, place: _Place) -> _Place:
        forms = (before if isinstance(before, Form) else None, after if isinstance(after, Form) else None)
        if forms == (None, None):
            return place
        if not place.path:
            return replace(place, path=(name,), zh="登记表单", en="registration form", forms=forms)
        return replace(place, path=(*place.path, name), forms=forms)

    def items(
        self, name: str, before: Mapping[str, object], after: Mapping[str, object], place: _Place
    ) -> Iterator[Difference]:
        """Keyed parts: those gone, those new, those changed, and a changed order."""
        if place.path[-1:] != (name,):
            place = replace(place, path=(*place.path, name))
        for key, one in before.items():
            if key not in after:
                yield self.gone_or_new(Kind.REMOVED, name, key, one, place)
        for key, one in after.items():
            if key not in before:
                yield self.gone_or_new(Kind.ADDED, name, key, one, place)
            elif before[key] != one:
                zh, en = _named(before[key])
                inner = self._inner(place.at(key, zh, en), before[key], one, name, key)
                yield from self.parts(before[key], one, inner)
        common = [key for key in before if key in after]
        ordered = name not in ("stages", "exits", "follow_ups")
        if ordered and common != [key for key in after if key in before]:
            yield self._sentence(Kind.CHANGED, place, name, "顺序有调整", "order changed")

    def _inner(self, place: _Place, before: object, after: object, name: str, key: str) -> _Place:
        if isinstance(before, Stage) and isinstance(after, Stage):
            return replace(place, path=(name, key), stage=key, stages=(before, after))
        return place

    def gone_or_new(self, kind: Kind, name: str, key: str, one: object, place: _Place) -> Difference:
        """A keyed part that only one version has."""
        zh, en = _named(one)
        stage = key if isinstance(one, Stage) else place.stage
        verb, word = ("新增", "added") if kind is Kind.ADDED else ("取消", "removed")
        where, at = (f"{place.zh}：", f"{place.en}: ") if place.zh else ("", "")
        more = self._about(kind, one, stage)
        zh, en = f"{where}{verb}{zh}{more.zh}", f"{at}{word} {en}{more.en}"
        return Difference(kind, (*place.path, key), stage, zh, en)

    def _about(self, kind: Kind, one: object, stage: str | None) -> Text:
        """What is worth knowing of a new part."""
        if kind is Kind.REMOVED or not isinstance(one, Stage | Exit):
            return Text("", "")
        names = ("who", "limit") if isinstance(one, Stage) else ("to", "needs")
        told = {}
        for lang, (_, say) in self.said.items():
            own = one if isinstance(one, Stage) else None
            parts = [
                f"{say.say.text(LABELS[n])}{say.say.pick('：', ' ')}"
                + say.value(n, getattr(one, n), form=None, stage=own)
                for n in names
            ]
            told[lang] = say.say.listed(parts, last=say.say.pick("，", ", "))
        return Text(f"（{told['zh']}）", f" ({told['en']})")

    def changed(self, name: str, before: object, after: object, place: _Place) -> Difference:
        """One value that is another now."""
        old = {lang: self._value(0, lang, name, before, place) for lang in self.said}
        new = {lang: self._value(1, lang, name, after, place) for lang in self.said}
        zh = f"由“{old['zh']}”改为“{new['zh']}”" if old["zh"] != new["zh"] else "有调整"
        en = f"from '{old['en']}' to '{new['en']}'" if old["en"] != new["en"] else "changed"
        return self._sentence(Kind.CHANGED, place, name, zh, en)

    def _value(self, side: int, lang: str, name: str, value: object, place: _Place) -> str:
        say = self.said[lang][side]
        return say.value(name, value, form=place.forms[side], stage=place.stages[side])

    def _sentence(self, kind: Kind, place: _Place, name: str, zh: str, en: str) -> Difference:
        label = LABELS.get(name, Text("其他内容", name))
        where, at = (f"{place.zh}：", f"{place.en}: ") if place.zh else ("", "")
        path = (*place.path, name.rstrip("_"))
        return Difference(kind, path, place.stage, f"{where}{label.zh}{zh}", f"{at}{label.en} {en}")


def _keyed(value: object) -> Mapping[str, object] | None:
    """Parts that are told apart by a key: stages, exits, fields, choices, escalation steps."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Form):
        return {one.key: one for one in value.fields}
    if isinstance(value, tuple) and all(isinstance(one, Field | Choice) for one in value):
        return {one.key: one for one in value}
    if isinstance(value, tuple) and all(isinstance(one, EscalationStep) for one in value):
        steps = {f"{one.at_percent}%": one for one in value}
        return steps if len(steps) == len(value) else None
    return None


def _named(one: object) -> tuple[str, str]:
    """What a keyed part is called in a sentence."""
    noun = _NOUNS.get(type(one), ("跟踪报告", "follow-up"))
    if isinstance(one, EscalationStep):
        return f"{noun[0]}“{one.at_percent}%”", f"{noun[1]} '{one.at_percent}%'"
    name = getattr(one, "name", None) or getattr(one, "label", None)
    assert isinstance(name, Text)
    return f"{noun[0]}“{name.zh}”", f"{noun[1]} '{name.en}'"
