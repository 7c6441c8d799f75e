"""The dictionary of matter classes (大类/小类): limits, responsible units, urgency, danger to life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from onegrid.kernel.calendar import Limit
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules.words import Text


class UnknownClass(Refusal):
    """No class has this code."""

    status = 422
    code = "scenarios.unknown-class"
    zh = "没有编码为“{class_code}”的事项类别。请从类别字典中选择。"
    en = "There is no matter class '{class_code}'; choose one from the dictionary."


class ClassKind(StrEnum):
    """Whose job it is first: events go to the locality, components to their owner (domain.md 1.3)."""

    EVENT = "event"  # 事件
    COMPONENT = "component"  # 部件
    MATTER = "matter"  # 社会治理事项


class Urgency(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part with a time of its own (stop work: 4 office hours; demolish: 20 working days)."""

    name: Text
    limit: Limit


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """One class. What a minor class does not say itself (unit, urgency, limit, kind) it has from its parent.

    `unit`: key of the responsible unit. `life_threatening`: the chain is skipped, duty rooms are told at
    once (domain.md 3.3). `filing`/`closing`: when a case is filed and when it counts as done.
    """

    code: str
    name: Text
    parent: str | None = None
    kind: ClassKind | None = None
    unit: str | None = None
    urgency: Urgency | None = None
    life_threatening: bool = False
    limit: Limit | None = None
    milestones: tuple[Milestone, ...] = ()
    filing: Text | None = None
    closing: Text | None = None
    keywords: tuple[str, ...] = ()

    @property
    def name_zh(self) -> str:
        return self.name.zh

    @property
    def name_en(self) -> str:
        return self.name.en


class ClassTree:
    """All classes by code, with inherited values filled in."""

    def __init__(self, classes: Iterable[ClassInfo]) -> None:
        given = {one.code: one for one in classes}
        self._classes: dict[str, ClassInfo] = {}
        for code in given:
            self._inherit(code, given, frozenset())
        self._children: dict[str | None, list[str]] = {}
        for code in sorted(self._classes):
            self._children.setdefault(self._classes[code].parent, []).append(code)

    def _inherit(self, code: str, given: Mapping[str, ClassInfo], below: frozenset[str]) -> ClassInfo:
        if code not in self._classes:
            own = given[code]
            if own.parent is not None and own.parent in given and own.parent not in below | {code}:
                own = _filled(own, self._inherit(own.parent, given, below | {code}))
            self._classes[code] = own
        return self._classes[code]

    def get(self, code: str) -> ClassInfo:
        """The class of this code. Raises UnknownClass."""
        try:
            return self._classes[code]
        except KeyError:
            raise UnknownClass(class_code=code) from None

    def __contains__(self, code: object) -> bool:
        return code in self._classes

    def __iter__(self) -> Iterator[ClassInfo]:
        """All classes, by code."""
        return (self._classes[code] for code in sorted(self._classes))

    def __len__(self) -> int:
        return len(self._classes)

    def children(self, code: str | None) -> tuple[ClassInfo, ...]:
        """The classes directly below this one; None = the top."""
        return tuple(self._classes[one] for one in self._children.get(code, ()))

    def under(self, code: str) -> tuple[ClassInfo, ...]:
        """The class itself and everything below it."""
        found: dict[str, ClassInfo] = {}
        waiting = [code] if code in self._classes else []
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = self._classes[one]
                waiting.extend(self._children.get(one, ()))
        return tuple(found[one] for one in sorted(found))

    def lineage(self, code: str) -> tuple[str, ...]:
        """The code and those of its ancestors, nearest first; just the code if it is unknown."""
        found = [code]
        while (one := self._classes.get(found[-1])) is not None and one.parent and one.parent not in found:
            found.append(one.parent)
        return tuple(found)


def _filled(own: ClassInfo, parent: ClassInfo) -> ClassInfo:
    return replace(
        own,
        kind=own.kind or parent.kind,
        unit=own.unit or parent.unit,
        urgency=own.urgency or parent.urgency,
        limit=own.limit or parent.limit,
        life_threatening=own.life_threatening or parent.life_threatening,
    )
