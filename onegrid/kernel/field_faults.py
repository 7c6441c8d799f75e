"""Wrong fields of a request, told in the words and by the names its sender knows."""

from collections.abc import Mapping, Sequence
from typing import Any

# pydantic's error types in the users' words; {} takes what it says besides.
_FAULTS = {
    "missing": "必须填写",
    "extra_forbidden": "没有这一项，请删去",
    "enum": "只能是 {expected}",
    "literal_error": "只能是 {expected}",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "timezone_aware": "时间须带时区，如 2026-03-02T09:00:00+08:00",
}
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
    return ".".join(shown) or "内容 body"


def _fault_zh(each: Mapping[str, Any]) -> str:
    kind, context = str(each.get("type", "")), each.get("ctx") or {}
    if kind in _FAULTS:
        return _FAULTS[kind].format_map({name: str(value) for name, value in context.items()})
    return next((words for start, words in _KINDS if kind.startswith(start)), "不符合要求")
