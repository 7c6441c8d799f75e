"""Whether one answer is of the kind its field asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from onegrid.scenarios.rules.conditions import holds
from onegrid.scenarios.rules.fields import Choice, Field, FieldKind

Wrong = tuple[str, str] | None
"""What is wrong, in Chinese and English; None = nothing."""

_LENGTHS: Final = {FieldKind.TEXT: 500, FieldKind.LONG_TEXT: 5000}
_GRID: Final = re.compile(r"\d{15}")
_UNIT: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHA: Final = re.compile(r"[0-9a-f]{64}")


def wrong_answer(field: Field, answer: object, *, answers: Mapping[str, object]) -> Wrong:
    """What is wrong with an answer that was given; `answers` are all answers, for dependent dictionaries."""
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _chosen(field, answer, answers)
    return _CHECKS[field.kind](field, answer)


def offered(field: Field, answers: Mapping[str, object]) -> tuple[Choice, ...]:
    """The choices that may be taken, given the other answers."""
    return tuple(one for one in field.choices if holds(one.when, answers))


def _chosen(field: Field, answer: object, answers: Mapping[str, object]) -> Wrong:
    many = field.kind is FieldKind.CHOICES
    if many and not isinstance(answer, list):
        return "应为选项的列表", "must be a list of choices"
    given: list[object] = answer if isinstance(answer, list) and many else [answer]
    choices = offered(field, answers)
    keys = [one.key for one in choices]
    for one in given:
        if one not in keys:
            labels = "、".join(f"{choice.label.zh}（{choice.key}）" for choice in choices)
            return (
                f"没有选项“{one}”，可选：{labels}",
                f"has no choice '{one}'; take one of {', '.join(keys)}",
            )
    return _counted(field, given) if many else None


def _counted(field: Field, given: Sequence[object]) -> Wrong:
    if len(given) < field.at_least:
        return f"至少需要 {field.at_least} 项", f"needs at least {field.at_least}"
    if field.at_most is not None and len(given) > field.at_most:
        return f"最多 {field.at_most} 项", f"takes at most {field.at_most}"
    if all(isinstance(one, str) for one in given) and len(set(map(str, given))) < len(given):
        return "有重复项", "names one thing twice"
    return None


def _text(field: Field, answer: object) -> Wrong:
    if not isinstance(answer, str):
        return "应为文字", "must be text"
    longest = field.max_length or _LENGTHS.get(field.kind, 200)
    if len(answer) > longest:
        return f"不能超过 {longest} 个字", f"must not be longer than {longest} characters"
    if any(ord(one) < 32 and one not in "\n\r\t" for one in answer):
        return "含有不可见的控制字符", "holds control characters"
    if field.pattern and re.fullmatch(field.pattern, answer) is None:
        return "格式不对", "is not written in the form asked for"
    return None


def _number(field: Field, answer: object) -> Wrong:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return "应为数字", "must be a number"
    if field.minimum is not None and answer < field.minimum:
        return f"不能小于 {field.minimum:g}{field.unit}", f"must be at least {field.minimum:g}{field.unit}"
    if field.maximum is not None and answer > field.maximum:
        return f"不能大于 {field.maximum:g}{field.unit}", f"must be at most {field.maximum:g}{field.unit}"
    return None


def _date(_: Field, answer: object) -> Wrong:
    try:
        date.fromisoformat(answer if isinstance(answer, str) and len(answer) == 10 else "")
    except ValueError:
        return "应为日期，如 2026-03-31", "must be a date like 2026-03-31"
    return None


def _moment(_: Field, answer: object) -> Wrong:
    try:
        moment = datetime.fromisoformat(answer if isinstance(answer, str) else "")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        example = "2026-03-31T09:00:00+08:00"
        return f"应为带时区的时间，如 {example}", f"must be a time with zone like {example}"
    return None


def _yes_no(_: Field, answer: object) -> Wrong:
    return None if isinstance(answer, bool) else ("应为是或否", "must be true or false")


def _unit(field: Field, answer: object) -> Wrong:
    keys = [one.key for one in field.choices]
    if not isinstance(answer, str) or _UNIT.fullmatch(answer) is None or (keys and answer not in keys):
        labels = "、".join(f"{choice.label.zh}（{choice.key}）" for choice in field.choices)
        hint = f"，可选：{labels}" if keys else ""
        return f"不是可选的部门{hint}", f"must be a unit{' out of ' + ', '.join(keys) if keys else ''}"
    return None


def _units(field: Field, answer: object) -> Wrong:
    if not isinstance(answer, list):
        return "应为部门的列表", "must be a list of units"
    return next((wrong for one in answer if (wrong := _unit(field, one))), None) or _counted(field, answer)


def _grid(field: Field, answer: object) -> Wrong:
    if not isinstance(answer, str) or _GRID.fullmatch(answer) is None:
        return "应为 15 位网格编码", "must be a grid code of 15 digits"
    level = "1" if answer.endswith("000") else "2"
    if field.levels and level not in field.levels:
        return "不是允许选择的网格层级", "is a grid of a level that may not be chosen"
    return None


def _is_point(answer: object) -> bool:
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        return False
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in answer):
        return False
    lng, lat = answer
    return bool(-180 <= lng <= 180 and -90 <= lat <= 90)


def _point(_: Field, answer: object) -> Wrong:
    return None if _is_point(answer) else ("应为 [经度, 纬度]", "must be [longitude, latitude]")


def _polygon(_: Field, answer: object) -> Wrong:
    ring = answer if isinstance(answer, list) else []
    if not 4 <= len(ring) <= 2000 or not all(map(_is_point, ring)) or ring[0] != ring[-1]:
        return "应为首尾相接的点列（至少 4 点）", "must be a closed ring of at least 4 points"
    return None


def _circle(_: Field, answer: object) -> Wrong:
    radius = answer.get("radius_m") if isinstance(answer, Mapping) else None
    good = isinstance(radius, int | float) and not isinstance(radius, bool) and 0 < radius <= 100_000
    if not isinstance(answer, Mapping) or not good or not _is_point(answer.get("centre")):
        return "应有圆心 centre 和半径 radius_m（米）", "must have centre and radius_m (metres)"
    return None


def _attached(field: Field, answer: object) -> Wrong:
    if not isinstance(answer, list) or not all(isinstance(one, Mapping) for one in answer):
        return "应为附件的列表", "must be a list of attachments"
    for one in answer:
        if _SHA.fullmatch(str(one.get("sha", ""))) is None:
            return "的附件没有先上传", "holds an attachment that was not uploaded"
        if field.labels and one.get("label") not in field.labels:
            labels = "、".join(field.labels)
            return f"的附件标签应为：{labels}", f"takes attachments labelled {', '.join(field.labels)}"
    return _counted(field, answer)


def _rows(field: Field, answer: object) -> Wrong:
    if not isinstance(answer, list) or not all(isinstance(one, Mapping) for one in answer):
        return "应为行的列表", "must be a list of rows"
    return _counted(field, answer)


def _read_only(_: Field, __: object) -> Wrong:
    return "由系统得出，不用填写", "is filled by the system"


_CHECKS: Final[Mapping[FieldKind, Callable[[Field, object], Wrong]]] = {
    **dict.fromkeys(FieldKind, _text),
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _number,
    FieldKind.DATE: _date,
    FieldKind.DATETIME: _moment,
    FieldKind.YES_NO: _yes_no,
    FieldKind.UNIT: _unit,
    FieldKind.UNITS: _units,
    FieldKind.GRID: _grid,
    FieldKind.POINT: _point,
    FieldKind.POLYGON: _polygon,
    FieldKind.CIRCLE: _circle,
    **dict.fromkeys(
        (FieldKind.PHOTO, FieldKind.VIDEO, FieldKind.VOICE, FieldKind.FILE, FieldKind.SIGNATURE), _attached
    ),
    FieldKind.TABLE: _rows,
    FieldKind.COMPUTED: _read_only,
    FieldKind.MIRROR: _read_only,
}
