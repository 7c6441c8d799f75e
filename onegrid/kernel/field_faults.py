"""Wrong fields of a request, told in the words and by the names its sender knows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# pydantic's error types in the users' words; {} takes what it says besides.
_FAULTS = {
    "missing": "必须填写",
    "extra_forbidden": "没有这一项，请删去",
    "enum": "只能是：{expected}",
    "literal_error": "只能是：{expected}",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "timezone_aware": "时间须带时区，如 2026-03-02T09:00:00+08:00",
}
_PATTERNS = {
    "^[0-9a-f]{64}$": "须为 64 位小写十六进制的 SHA-256，即上传后得到的编号",
    "^[0-9]{9}$": "须为 9 位镇街编码",
}
_QUOTED = re.compile(r"'([^']*)'")
_KINDS = (
    ("uuid", "不是有效的编号"),
    ("date", "不是有效的日期或时间"),
    ("int", "须为整数"),
    ("float", "须为数字"),
    ("bool", "须为 true 或 false"),
    ("string", "须为文字"),
    ("list", "须为列表"),
    ("json", "不是有效的 JSON"),
)


def field_errors(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where each fault is, as the sender knows it (no name of our models), and what it is in both languages.

    Where a body may be one thing or a list of it, only the faults of the branch that was meant are told."""
    meant = [each for each in found if each.get("type") != "list_type"] or list(found)
    return [
        {"where": _where(each.get("loc", ())), "what": str(each.get("msg", "")), "zh": _fault_zh(each)}
        for each in meant
    ]


def _where(path: Sequence[object]) -> str:
    inner = [str(part) for part in path[1:] if str(part).islower() or str(part).isdigit()]
    shown = [part for part in inner if part not in {"body", "payload", "data"} and "[" not in part]
    return ".".join(shown) or "body"


def where_zh(where: str) -> str:
    """The place of a fault for a Chinese sentence: the body as a whole has no name of its own."""
    return "内容" if where == "body" else where


def _fault_zh(each: Mapping[str, Any]) -> str:
    kind, context = str(each.get("type", "")), each.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return _PATTERNS.get(pattern, f"格式不符合要求（{pattern}）")
    if kind in _FAULTS:
        words = {name: str(value) for name, value in context.items()}
        words["expected"] = _listed(words.get("expected", ""))
        return _FAULTS[kind].format_map(words)
    return next((words for start, words in _KINDS if kind.startswith(start)), "不符合要求")


def _listed(expected: str) -> str:
    """pydantic's "'a', 'b' or 'c'" as a Chinese list."""
    return "、".join(_QUOTED.findall(expected)) or expected
