"""The YAML form of the class dictionary: a nested list, read with the same care as scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field as Bounded
from pydantic import TypeAdapter, ValidationError

from onegrid.scenarios.rules.classes import ClassInfo, ClassKind, Milestone, Urgency
from onegrid.scenarios.rules.findings import DefinitionRefused, Finding, finding, located
from onegrid.scenarios.rules.parsing import translated
from onegrid.scenarios.rules.parts import Doc, Key, LimitIn, TextIn, text
from onegrid.scenarios.rules.reading import read


class MilestoneDoc(Doc):
    """A part with its own limit."""

    name: TextIn
    limit: LimitIn


_MILESTONES: Final = TypeAdapter(tuple[MilestoneDoc, ...])  # made once: making it costs more than reading


def milestones_from(stored: object) -> tuple[Milestone, ...]:
    """Milestones from their stored list."""
    docs = _MILESTONES.validate_python(stored)
    return tuple(Milestone(text(one.name), one.limit) for one in docs)


def milestones_to(milestones: tuple[Milestone, ...]) -> list[dict[str, object]]:
    """Milestones as a list to store; the inverse of `milestones_from`."""
    return [{"name": {"zh": one.name.zh, "en": one.name.en}, "limit": str(one.limit)} for one in milestones]


class ClassDoc(Doc):
    """A class and the classes below it."""

    code: Annotated[str, Bounded(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
    name: TextIn
    kind: ClassKind | None = None
    unit: Key | None = None
    urgency: Urgency | None = None
    life_threatening: bool = False
    limit: LimitIn | None = None
    milestones: tuple[MilestoneDoc, ...] = ()
    filing: TextIn | None = None
    closing: TextIn | None = None
    keywords: tuple[str, ...] = ()
    classes: tuple[ClassDoc, ...] = ()

    def build(self, parent: str | None = None) -> Iterator[ClassInfo]:
        yield ClassInfo(
            code=self.code,
            name=text(self.name),
            parent=parent,
            kind=self.kind,
            unit=self.unit,
            urgency=self.urgency,
            life_threatening=self.life_threatening,
            limit=self.limit,
            milestones=tuple(Milestone(text(one.name), one.limit) for one in self.milestones),
            filing=text(self.filing) if self.filing else None,
            closing=text(self.closing) if self.closing else None,
            keywords=self.keywords,
        )
        for one in self.classes:
            yield from one.build(self.code)


class ClassesDoc(Doc):
    """A class dictionary."""

    classes: Annotated[tuple[ClassDoc, ...], Bounded(min_length=1)]


def parse_classes(source: str) -> tuple[ClassInfo, ...] | DefinitionRefused:
    """Read a class dictionary. Refuses bad YAML, wrong values and a code given twice."""
    result = read(source)
    if isinstance(result, DefinitionRefused):
        return result
    data, lines = result
    try:
        document = ClassesDoc.model_validate(data)
    except ValidationError as error:
        return DefinitionRefused(located(translated(error), lines))
    classes = tuple(info for one in document.classes for info in one.build())
    faults = list(_doubles(classes))
    return DefinitionRefused(tuple(faults)) if faults else classes


def _doubles(classes: tuple[ClassInfo, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for one in classes:
        if one.code in seen:
            zh, en = f"类别编码“{one.code}”出现两次。", f"The class code '{one.code}' appears twice."
            yield finding("duplicate-class", zh=zh, en=en, path=("classes",))
        seen.add(one.code)
