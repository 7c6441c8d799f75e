"""Whether each field of each form is complete and can be answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.conditions import CONTEXT_NAMES, NEVER
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.fields import ATTACHED, Field, FieldKind, Form, Operation
from onegrid.scenarios.rules.findings import Finding, Path, finding

_NUMERIC: Final = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.COMPUTED})
_DATED: Final = frozenset({FieldKind.DATE, FieldKind.DATETIME})
_CHOSEN: Final = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")


def field_faults(definition: Definition) -> list[Finding]:
    """Faults of single fields, double keys in a form, and one key with two kinds."""
    kinds: dict[str, FieldKind] = {}
    faults: list[Finding] = []
    for path, form, _ in walking.forms(definition):
        faults.extend(_doubles(form, path))
    for path, one, form, _ in walking.fields(definition):
        faults.extend(_field(one, form, path))
        if kinds.setdefault(one.key, one.kind) is not one.kind:
            zh = f"字段“{one.key}”在别处是 {kinds[one.key]} 类型；同名字段须同类型，或换个名字。"
            en = f"The field '{one.key}' is of kind {kinds[one.key]} elsewhere; use that kind or another key."
            faults.append(finding("field-two-kinds", zh=zh, en=en, path=path))
    return faults


def _doubles(form: Form, path: Path) -> Iterator[Finding]:
    for key, count in Counter(one.key for one in form.fields).items():
        if count > 1:
            zh, en = f"字段“{key}”在一张表单里出现 {count} 次。", f"The field '{key}' appears {count} times."
            yield finding("duplicate-field", zh=zh, en=en, path=path)


def _field(one: Field, form: Form, path: Path) -> Iterator[Finding]:
    faults = (
        *_names(one), *_bounds(one), *_needed_parts(one), *_pattern(one), *_computed(one, form),
        *_personal(one, form),
    )  # fmt: skip
    for fault in faults:
        code, zh, en = fault
        yield finding(code, zh=f"字段“{one.key}”{zh}", en=f"The field '{one.key}' {en}", path=path)
    for index, column in enumerate(one.columns):
        yield from _field(column, Form(one.columns), (*path, "columns", index))
        if column.kind is FieldKind.TABLE:
            zh, en = "子表里不能再放子表。", "A table cannot hold a table."
            yield finding("table-in-table", zh=zh, en=en, path=(*path, "columns", index))


Fault = tuple[str, str, str]


def _names(one: Field) -> Iterator[Fault]:
    if one.key in CONTEXT_NAMES:
        yield "reserved-field", "用了保留名，请换个名字。", "uses a reserved name; choose another."


def _bounds(one: Field) -> Iterator[Fault]:
    low, high = one.minimum, one.maximum
    if low is not None and high is not None and low > high:
        yield "field-bounds", "的最小值大于最大值。", "has a minimum above its maximum."
    if one.at_most is not None and one.at_least > one.at_most:
        yield "field-bounds", "的最少数量大于最多数量。", "needs more items than it may have."
    if (one.at_least or one.at_most) and one.kind not in ATTACHED | {FieldKind.CHOICES, FieldKind.UNITS}:
        yield (
            "field-bounds",
            "只有一个答案，不能写 at_least、at_most。",
            "has one answer: no at_least or at_most.",
        )


def _needed_parts(one: Field) -> Iterator[Fault]:
    if one.kind in _CHOSEN and not one.choices:
        yield "field-incomplete", "没有可选项（choices）。", "has no choices."
    if len({choice.key for choice in one.choices}) < len(one.choices):
        yield "duplicate-choice", "的可选项有重复。", "has a choice twice."
    if one.choices and one.kind not in _CHOSEN | {FieldKind.UNIT, FieldKind.UNITS}:
        yield "field-incomplete", "不是选择类，不能写 choices。", "is no choice and cannot have choices."
    if one.read_only and one.required != NEVER:
        yield (
            "field-incomplete",
            "由系统得出，不能要求填写。",
            "is filled by the system and cannot be required.",
        )
    for kind, name, there in (
        (FieldKind.TABLE, "columns", one.columns),
        (FieldKind.MIRROR, "mirror", one.mirror),
        (FieldKind.COMPUTED, "computed", one.computed),
    ):
        if (one.kind is kind) != bool(there):
            zh = f"：{kind} 类型须写 {name}，其他类型不能写。"
            yield "field-incomplete", zh, f"must have '{name}' if, and only if, its kind is {kind}."


def _pattern(one: Field) -> Iterator[Fault]:
    if not one.pattern:
        return
    if _REPEATED_GROUP.search(one.pattern):
        yield (
            "field-pattern",
            "的格式不能重复括号组（会拖慢系统）。",
            "must not repeat a group in its pattern.",
        )
        return
    try:
        re.compile(one.pattern)
    except re.error as error:
        yield "field-pattern", f"的格式不是正确的正则表达式：{error}。", f"has a bad pattern: {error}."


def _computed(one: Field, form: Form) -> Iterator[Fault]:
    if one.computed is None:
        return
    fixed = {Operation.DIFFERENCE, Operation.RATIO, Operation.DAYS_BETWEEN}
    if one.computed.operation in fixed and len(one.computed.of) != 2:
        yield "computed-operands", "须有两个运算项。", "needs two operands."
    wanted = _DATED if one.computed.operation is Operation.DAYS_BETWEEN else _NUMERIC
    for name in one.computed.of:
        operand = _operand(name, form)
        if operand is None or operand.kind not in wanted or not _known_before(operand, one, form):
            yield "computed-operands", f"的运算项“{name}”不可用。", f"cannot reckon with '{name}'."


def _personal(one: Field, form: Form) -> Iterator[Fault]:
    if one.personal and one.kind in ATTACHED - {FieldKind.TABLE}:
        zh = "是附件，作为证据随案卷保存，不能标 personal；请改用文字字段。"
        yield "personal-attached", zh, "is evidence kept with the case: it cannot be 'personal'."
    if one.computed is None or one.personal:
        return
    for name in one.computed.of:
        operand = _operand(name, form)
        if operand is not None and operand.personal:
            zh = f"由个人信息“{name}”算出，也须标 personal: true。"
            yield "personal-computed", zh, f"is reckoned from '{name}' and so must be 'personal' too."


def _known_before(operand: Field, one: Field, form: Form) -> bool:
    """A computed operand must stand above, so that no value waits for itself."""
    order = [field.key for field in form.fields]
    return operand.computed is None or (
        operand.key in order and order.index(operand.key) < order.index(one.key)
    )


def _operand(name: str, form: Form) -> Field | None:
    table, _, column = name.partition(".")
    found = form.get(table)
    return found if not column or found is None else Form(found.columns).get(column)
