"""YAML text to plain data with line numbers, defensively.

No tags, no anchors, no duplicate keys, bounded size and depth: a definition file cannot run code, blow up
memory or say one thing twice. Only `true`, `false`, `null` and decimal numbers are not text, so that the
key `on` and the class code 0102 stay what they look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import yaml

from onegrid.scenarios.rules.findings import (
    DefinitionRefused,
    Finding,
    Lines,
    Path,
    Position,
    finding,
)
from onegrid.scenarios.rules.yaml_faults import first_fault, said_zh

MAX_CHARACTERS: Final = 512 * 1024
MAX_DEPTH: Final = 32
MAX_NODES: Final = 50_000
TOO_DEEP: Final = ("too-deep", f"嵌套超过 {MAX_DEPTH} 层。", f"Nested deeper than {MAX_DEPTH} levels.")

Data = dict[str, "Data"] | list["Data"] | str | int | float | bool | None


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012  # PyYAML's own way of starting without YAML 1.1 guesses


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9]\d{0,14})$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9]\d*)\.\d+$"), list("-0123456789")
)


def read(text: str) -> tuple[Data, Lines] | DefinitionRefused:
    """The data of a YAML text and the line of each of its parts, or why it cannot be read."""
    if len(text) > MAX_CHARACTERS:
        size = MAX_CHARACTERS // 1024
        return _refused(
            "too-large", f"文件超过 {size} KB，请删减。", f"The file is over {size} KB; shorten it."
        )
    try:
        problem = _dangers(yaml.parse(text, Loader=_Loader))
        if problem is not None:
            return DefinitionRefused((problem,))
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return DefinitionRefused((_syntax(error, text),))
    if node is None:
        return _refused("empty", "文件是空的。", "The file is empty.")
    lines: Lines = {}
    faults: list[Finding] = []
    data = _plain(node, (), lines, faults)
    return DefinitionRefused(tuple(faults)) if faults else (data, lines)


def _refused(code: str, zh: str, en: str) -> DefinitionRefused:
    return DefinitionRefused((finding(code, zh=zh, en=en),))


def _at(mark: Any, code: str, zh: str, en: str, path: Path = ()) -> Finding:
    found = finding(code, zh=zh, en=en, path=path)
    return found if mark is None else replace(found, line=mark.line + 1, column=mark.column + 1)


def _syntax(error: yaml.YAMLError, text: str) -> Finding:
    if "nesting depth" in str(getattr(error, "problem", "")):  # the scanner's own bound, since libyaml 0.2.6
        return _at(_mark(error), *TOO_DEEP)
    error = first_fault(text, error, _Loader)
    mark = _mark(error)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    lines = text.splitlines()
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return _at(mark, "tab", "缩进不能用制表符，请改用空格。", "Indent with spaces, not with tabs.")
    return _at(
        mark,
        "bad-yaml",
        f"不是正确的 YAML：{said_zh(what)}。请检查缩进、冒号和引号。",
        f"Not valid YAML: {what}.",
    )


def _mark(error: yaml.YAMLError) -> Any:
    """Where to look: a quote that is never closed is told where it was opened."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    quoted = context is not None and "quoted scalar" in str(getattr(error, "context", ""))
    return context if quoted else mark


def _dangers(events: Iterable[yaml.Event]) -> Finding | None:
    """Anchors, tags, too much depth or too many parts; found before anything is built."""
    depth = documents = 0
    for count, event in enumerate(events):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        said = _danger(event)
        if depth > MAX_DEPTH:
            said = TOO_DEEP
        if count > MAX_NODES:
            said = "too-many-parts", f"内容超过 {MAX_NODES} 项。", f"More than {MAX_NODES} parts."
        if documents > 1:
            said = "two-documents", "一个文件只能有一个场景。", "One file holds one scenario."
        if said is not None:
            return _at(event.start_mark, *said)
    return None


def _danger(event: yaml.Event) -> tuple[str, str, str] | None:
    if getattr(event, "anchor", None) is not None:
        return (
            "anchor",
            "不允许使用锚点和引用（& 和 *），请写全。",
            "No anchors or aliases (& and *): write it out.",
        )
    if getattr(event, "tag", None) is not None:
        return "tag", "不允许使用类型标签（!）。", "No type tags (!)."
    return None


def _plain(node: yaml.Node, path: Path, lines: Lines, faults: list[Finding]) -> Data:
    lines.setdefault(path, _place(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, faults)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*path, i), lines, faults) for i, one in enumerate(node.value)]
    return _scalar(node)


def _place(node: yaml.Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _mapping(node: yaml.MappingNode, path: Path, lines: Lines, faults: list[Finding]) -> Data:
    result: dict[str, Data] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(_at(key_node.start_mark, "bad-key", "键必须是文字。", "A key must be text.", path))
            continue
        key = str(key_node.value)
        if key in result:
            zh, en = f"“{key}”重复出现，请删去一个。", f"'{key}' appears twice; delete one."
            faults.append(_at(key_node.start_mark, "duplicate-key", zh, en, (*path, key)))
        lines[(*path, key)] = _place(key_node)
        result[key] = _plain(value_node, (*path, key), lines, faults)
    return result


def _scalar(node: yaml.Node) -> Data:
    value = str(node.value)
    match node.tag.rsplit(":", 1)[-1]:
        case "bool":
            return value == "true"
        case "null":
            return None
        case "int":
            return int(value)
        case "float":
            return float(value)
    return value
