"""Sentences with placeholders: each is known, and none tells what will have to be erased."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Final

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.findings import Finding, finding, unknown
from onegrid.scenarios.rules.words import Text

PLACEHOLDERS: Final = frozenset(
    {"number", "title", "place", "stage", "due", "owner", "unit", "grid", "opinion", "scenario", "count"}
)
"""Words that cases fill into messages and opinions besides the form's answers."""


_WHAT: Final = ("可填入的内容", "placeholder")


def sentence_faults(definition: Definition) -> list[Finding]:
    """Placeholders that nobody fills, personal answers that would be sent out, erasing of nothing."""
    return [*_placeholders(definition), *_erased(definition)]


def _erased(definition: Definition) -> Iterator[Finding]:
    personal = definition.personal
    if definition.erase_days is not None and not personal:
        zh = "写了 erase，但没有任何字段标 personal: true，到期没有可删除的内容。"
        en = "'erase' is given, but no field is 'personal': there is nothing to delete."
        yield finding("erase-nothing", zh=zh, en=en, path=("erase",))
    for path, text in walking.templates(definition):
        for name in sorted(_names(text) & personal):
            zh = f"“{name}”是个人信息，不能写进通知、意见模板或标题（发出后无法删除）。"
            en = f"'{name}' is personal: what is sent cannot be erased, so no sentence may hold it."
            yield finding("personal-told", zh=zh, en=en, path=path)


def _placeholders(definition: Definition) -> Iterator[Finding]:
    known = {*PLACEHOLDERS, *(field.key for _, field, _, _ in walking.fields(definition))}
    for path, text in walking.templates(definition):
        for name in sorted(_names(text)):
            if name not in known:
                yield unknown(name, known, what=_WHAT, path=path, code="unknown-placeholder")


def _names(text: Text) -> set[str]:
    found: set[str] = set()
    for sentence in (text.zh, text.en):
        try:
            parts = list(string.Formatter().parse(sentence))
            found.update(f"{name}:{how}" if how else name for _, name, how, _ in parts if name is not None)
        except ValueError:
            found.add(sentence)
    return found
