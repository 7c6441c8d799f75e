"""From the text of a scenario file, or its stored data, to a Definition; every fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.document import DefinitionDoc
from onegrid.scenarios.rules.findings import (
    DefinitionRefused,
    Finding,
    Lines,
    Path,
    finding,
    located,
    nearest,
)
from onegrid.scenarios.rules.reading import Data, read
from onegrid.scenarios.rules.references import broken_references

UNFILLED: Final = "待填写"
"""Stands in a draft wherever its author must still say something; no definition with it is accepted."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text whose names all resolve; whether it is sound is asked separately."""

    definition: Definition
    data: Data  # what was read, as stored in a version
    lines: Lines


@lru_cache(maxsize=64)
def parse(text: str) -> Draft | DefinitionRefused:
    """Read a scenario file; the same text again gives the same draft without reading it.

    Refuses bad YAML, unknown or missing keys, wrong values and dangling names."""
    result = read(text)
    if isinstance(result, DefinitionRefused):
        return result
    data, lines = result
    gaps = unfilled(data)
    try:
        document = DefinitionDoc.model_validate(data)
    except ValidationError as error:
        faults = [one for one in translated(error) if not any(_same(one.path, gap.path) for gap in gaps)]
        return DefinitionRefused(located([*gaps, *faults], lines))
    if gaps:
        return DefinitionRefused(located(gaps, lines))
    definition = document.build()
    faults = broken_references(definition, joint=document.joint)
    return DefinitionRefused(located(faults, lines)) if faults else Draft(definition, data, lines)


def unfilled(data: Data, path: Path = ()) -> list[Finding]:
    """Every value that a draft leaves for its author to fill in."""
    if data == UNFILLED:
        zh = f"此处尚待填写（“{UNFILLED}”只是占位），填写后才能启用。"
        en = f"This is still to be filled in ('{UNFILLED}' only keeps the place)."
        return [finding("unfilled", zh=zh, en=en, path=path)]
    if isinstance(data, dict):
        return [one for key, value in data.items() for one in unfilled(value, (*path, key))]
    if isinstance(data, list):
        return [one for index, value in enumerate(data) for one in unfilled(value, (*path, index))]
    return []


def _same(fault: Path, gap: Path) -> bool:
    """Whether a fault is only that the place is not filled in yet."""
    return fault[: len(gap)] == gap


def stored(data: Mapping[str, Any]) -> Definition:
    """The definition of a version from its stored data, which was checked when it was published."""
    return DefinitionDoc.model_validate(data).build()


def translated(error: ValidationError) -> list[Finding]:
    """What the typed model says is wrong, in sentences for the author."""
    return [_fault(one) for one in error.errors(include_url=False, include_context=True)]


def _fault(error: ErrorDetails) -> Finding:
    path: Path = tuple(part for part in error["loc"] if part != "[key]")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error" and "|" in str(context.get("error", "")):
        zh, _, en = str(context["error"]).partition("|")
        return finding("bad-value", zh=zh, en=en, path=path)
    name = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return _unknown_key(path, name)
    said = _SENTENCES.get(kind)
    if said is None:
        return finding("bad-value", zh=f"“{name}”的值不合要求。", en=f"'{name}': {error['msg']}.", path=path)
    code, zh, en = said(name, context)
    return finding(code, zh=zh, en=en, path=path)


def _unknown_key(path: Path, name: str) -> Finding:
    near = nearest(name, _KEYS)
    hint, hint_en = (
        (f"是否想写“{near}”？", f" Did you mean '{near}'?") if near else ("请删去。", " Delete it.")
    )
    return finding(
        "unknown-key",
        zh=f"没有“{name}”这一项，{hint}",
        en=f"There is no key '{name}' here.{hint_en}",
        path=path,
    )


_Said = Callable[[str, Mapping[str, Any]], tuple[str, str, str]]


def _kind(zh: str, en: str) -> _Said:
    def say(name: str, _: Mapping[str, Any]) -> tuple[str, str, str]:
        what, what_en = (f"“{name}”", f"'{name}'") if name else ("文件内容", "The file")
        return "bad-type", f"{what}应为{zh}。", f"{what_en} must be {en}."

    return say


def _expected(name: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return "bad-value", f"“{name}”只能是：{expected}。", f"'{name}' must be one of: {expected}."


def _bound(sign: str, key: str) -> _Said:
    def say(name: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
        return "bad-value", f"“{name}”须{sign} {context[key]}。", f"'{name}' must be {sign} {context[key]}."

    return say


_SENTENCES: Final[Mapping[str, _Said]] = {
    "missing": lambda name, _: ("missing-key", f"缺少“{name}”，请补上。", f"'{name}' is missing; add it."),
    "enum": _expected,
    "literal_error": _expected,
    "string_type": _kind("文字（数字请加引号）", "text (quote a number)"),
    "int_type": _kind("整数", "a whole number"),
    "int_parsing": _kind("整数", "a whole number"),
    "int_from_float": _kind("整数", "a whole number"),
    "float_type": _kind("数字", "a number"),
    "float_parsing": _kind("数字", "a number"),
    "bool_type": _kind("true 或 false", "true or false"),
    "bool_parsing": _kind("true 或 false", "true or false"),
    "tuple_type": _kind("列表", "a list"),
    "list_type": _kind("列表", "a list"),
    "dict_type": _kind("“键: 值”的映射", "a mapping of keys to values"),
    "model_type": _kind("“键: 值”的映射", "a mapping of keys to values"),
    "model_attributes_type": _kind("“键: 值”的映射", "a mapping of keys to values"),
    "string_pattern_mismatch": lambda name, context: (
        "bad-value",
        f"“{name}”的写法不对，应符合 {context.get('pattern')}。",
        f"'{name}' must match {context.get('pattern')}.",
    ),
    "string_too_short": lambda name, _: ("bad-value", f"“{name}”不能为空。", f"'{name}' must not be empty."),
    "string_too_long": _bound("≤", "max_length"),
    "too_short": lambda name, _: ("bad-value", f"“{name}”不能为空。", f"'{name}' must not be empty."),
    "too_long": _bound("≤", "max_length"),
    "greater_than_equal": _bound("≥", "ge"),
    "less_than_equal": _bound("≤", "le"),
}


def _keys() -> frozenset[str]:
    found: set[str] = set()
    described = DefinitionDoc.model_json_schema(mode="validation", by_alias=True)
    for part in (described, *described["$defs"].values()):
        found.update(part.get("properties", {}))
    return frozenset(found)


_KEYS: Final = _keys()
