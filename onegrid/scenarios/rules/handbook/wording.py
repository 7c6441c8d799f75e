"""A definition's parts as readable words: recipients, limits, evidence, sentences with places to fill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.answers import LABEL_ZH
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.evidence import EvidenceKind, Need, OneOf
from onegrid.scenarios.rules.fields import Field
from onegrid.scenarios.rules.handbook.names import PLACEHOLDERS, RELATIVES, Names
from onegrid.scenarios.rules.words import ARCHIVED, CLOSED, OWNER_UNIT, RESPONSIBLE, Text, Who
from onegrid.workforce.rules import ROLES

EVIDENCE: Final = {
    EvidenceKind.PHOTO: Text("照片", "photo"),
    EvidenceKind.VIDEO: Text("视频", "video"),
    EvidenceKind.VOICE: Text("录音", "voice"),
    EvidenceKind.DOCUMENT: Text("文书", "document"),
    EvidenceKind.SIGNATURE: Text("签名", "signature"),
    EvidenceKind.OPINION: Text("办理意见", "written opinion"),
}
_COUNTERS: Final = {EvidenceKind.PHOTO: "张", EvidenceKind.VIDEO: "段", EvidenceKind.VOICE: "段"}
_CLOCKS: Final = {ClockKind.CLOCK_HOURS: "（昼夜连续计时）", ClockKind.DAYS: "（自然日）"}
_DEPARTMENT: Final = "部门"
_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z0-9_-]+)\}")

_AROUND: Final = re.compile(r" ?(【[^】]*】) ?")


@dataclass(frozen=True)
class Wording:
    """Says the parts of one definition in Chinese ("zh") or English ("en"); never a bare key in Chinese."""

    definition: Definition
    names: Names
    lang: str = "zh"

    @property
    def zh(self) -> bool:
        return self.lang == "zh"

    def text(self, text: Text | None) -> str:
        """A label or sentence in this language."""
        return "" if text is None else text.zh if self.zh else text.en

    def pick(self, zh: str, en: str) -> str:
        """The one of two spellings that belongs to this language."""
        return zh if self.zh else en

    def listed(self, parts: Iterable[str], *, last: str = "") -> str:
        """Parts joined as a list; `last` replaces the comma."""
        return (last or self.pick("、", ", ")).join(one for one in parts if one)

    # Recipients

    def unit(self, key: str) -> str:
        """The name of a unit; the unit that answers for the case is named as such."""
        if key == RESPONSIBLE:
            return self.pick("主责部门", "the responsible unit")
        if key == OWNER_UNIT:
            return self.pick("当前责任单位", "the unit in charge")
        known = self.names.units.get(key)
        return self.text(known) if known else self.pick("（未登记的单位）", key)

    def who(self, who: Who) -> str:
        """A recipient by the names of role and unit."""
        if who.role in RELATIVES:
            return self.text(RELATIVES[who.role])
        role = ROLES.get(who.role)
        name = self.pick(role.zh, role.en) if role else self.pick("（未登记的岗位）", who.role)
        if who.unit is None:
            return name
        if self.zh:
            return self.unit(who.unit) + name.removeprefix(_DEPARTMENT)
        return f"{name} of {self.unit(who.unit)}"

    def whos(self, whos: Iterable[Who]) -> str:
        """Several recipients, in order."""
        return self.listed(map(self.who, whos))

    # Time

    def limit(self, limit: Limit) -> str:
        """An amount of time with its clock."""
        return limit.zh + _CLOCKS.get(limit.clock, "") if self.zh else limit.en

    # Places to go

    def target(self, key: str) -> str:
        """The name of a stage or an end."""
        if key == CLOSED:
            return self.pick("结案", "closed")
        if key == ARCHIVED:
            return self.pick("归档", "archived")
        stage = self.definition.stages.get(key)
        return self.pick(f"“{stage.name.zh}”", f"'{stage.name.en}'") if stage else self.pick("（无）", key)

    # Evidence

    def label(self, label: str) -> str:
        """A photo label, document kind or signer in this language."""
        if not self.zh:
            return label.replace("-", " ")
        return LABEL_ZH.get(label, label if not label.isascii() else "")

    def need(self, need: Need) -> str:
        """What must be shown, how many, how near."""
        if isinstance(need, OneOf):
            return self.listed(map(self.need, need.of), last=self.pick("，或", " or "))
        label, kind = self.label(need.label), self.text(EVIDENCE[need.kind])
        near = (
            self.pick(f"（距现场{need.near_m:g}米内）", f" within {need.near_m:g} m") if need.near_m else ""
        )
        if not self.zh:
            count = f"{need.at_least} " if need.at_least > 1 else ""
            return f"{count}{label} {kind}".replace("  ", " ").strip() + near
        own = need.kind is EvidenceKind.DOCUMENT and label
        count = "" if need.kind is EvidenceKind.OPINION else self._count(need.kind, need.at_least)
        return (label if own else label + kind) + count + near

    def _count(self, kind: EvidenceKind, number: int) -> str:
        counter = _COUNTERS.get(kind, "份")
        return f"{number}{counter}" if number > 1 or counter == "张" else ""

    def needs(self, needs: Iterable[Need]) -> str:
        """All that must be shown."""
        return self.listed(map(self.need, needs), last=self.pick("；", "; "))

    # Sentences

    @cached_property
    def _labels(self) -> dict[str, Text]:
        found: dict[str, Text] = {}
        for _, one, _, _ in walking.fields(self.definition):
            found[one.key] = one.label
            for column in one.columns:
                zh, en = f"{one.label.zh}的{column.label.zh}", f"{column.label.en} of {one.label.en}"
                found[f"{one.key}.{column.key}"] = Text(zh, en)
        return found

    def field_label(self, key: str, near: Sequence[Field] = ()) -> str:
        """The label of a field or "table.column", looked for among `near` first, then everywhere."""
        here = next((one.label for one in near if one.key == key), self._labels.get(key))
        return self.text(here) if here else self.pick("（未知字段）", key)

    def sentence(self, text: Text | None) -> str:
        """A template, its places to fill named in brackets."""

        def fill(found: re.Match[str]) -> str:
            word = PLACEHOLDERS.get(found[1])
            name = self.text(word) if word else self.field_label(found[1])
            return self.pick(f"【{name}】", f"[{name}]")

        filled = _PLACEHOLDER.sub(fill, self.text(text))
        return _AROUND.sub(r"\1", filled) if self.zh else filled
