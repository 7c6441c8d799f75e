"""Forms as tables: what is asked, how it is answered, when it is shown, when it must be answered."""

from __future__ import annotations

from onegrid.scenarios.rules.conditions import ALWAYS, NEVER
from onegrid.scenarios.rules.fields import Computed, Field, FieldKind, Form, Operation
from onegrid.scenarios.rules.handbook.asking import Asking, measure
from onegrid.scenarios.rules.handbook.document import Table
from onegrid.scenarios.rules.handbook.names import KINDS, LEVELS
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.stages import Stage
from onegrid.scenarios.rules.words import Who

_OPERATIONS = {
    Operation.SUM: "合计",
    Operation.DIFFERENCE: "相减",
    Operation.PRODUCT: "相乘",
    Operation.RATIO: "相除",
    Operation.DAYS_BETWEEN: "相隔天数",
}


def form_table(say: Wording, form: Form, *, stage: Stage | None = None) -> Table:
    """One row a field."""
    ask = Asking(say, form=form, stage=stage)
    rows = tuple(
        (one.label.zh, KINDS[one.kind].zh, shown(ask, one), required(ask, one), "；".join(_notes(ask, one)))
        for one in form.fields
    )
    return Table(("填什么", "怎么填", "何时显示", "何时必填", "说明"), rows, (20, 12, 22, 22, 24))


def shown(ask: Asking, one: Field) -> str:
    """When the field is shown."""
    return "始终显示" if one.visible == ALWAYS else f"{ask.condition(one.visible)}时"


def required(ask: Asking, one: Field) -> str:
    """When the field must be answered."""
    if one.read_only:
        return "自动生成，不用填"
    if one.required == NEVER:
        return "选填"
    return "必填" if one.required == ALWAYS else f"{ask.condition(one.required)}时必填"


def _notes(ask: Asking, one: Field) -> list[str]:
    say = ask.say
    notes = [say.text(one.hint), _range(one), _items(one)]
    if one.choices:
        notes.append(f"可选：{_choices(ask, one)}")
    if one.labels:
        notes.append(f"可标注：{say.listed(say.label(label) for label in one.labels)}")
    if one.levels:
        notes.append(f"可选层级：{say.listed(LEVELS[one].zh for one in one.levels if one in LEVELS)}")
    if one.columns:
        notes.append(f"各列：{say.listed(column.label.zh for column in one.columns)}")
    if one.computed is not None:
        notes.append(_sum(say, one.computed))
    if one.hidden is not None:
        notes.append(_hidden(ask, one))
    if one.is_personal:
        notes.append("个人信息，仅办理岗位可见")
    return [note for note in notes if note]


def _choices(ask: Asking, one: Field) -> str:
    def name(label: str, asked: str) -> str:
        return f"{label}（{asked}时）" if asked else label

    return ask.say.listed(name(choice.label.zh, ask.condition(choice.when)) for choice in one.choices)


def _range(one: Field) -> str:
    unit = measure(one.unit, zh=True)
    if one.minimum is not None and one.maximum is not None:
        return f"{_number(one.minimum)}至{_number(one.maximum)}{unit}"
    if one.minimum is not None:
        return f"不小于{_number(one.minimum)}{unit}"
    if one.maximum is not None:
        return f"不大于{_number(one.maximum)}{unit}"
    return f"单位：{unit}" if unit else f"不超过{one.max_length}字" if one.max_length else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,}"


def _items(one: Field) -> str:
    if one.kind in (FieldKind.UNITS, FieldKind.CHOICES):
        word = "项"
    else:
        word = "张" if one.kind is FieldKind.PHOTO else "行" if one.kind is FieldKind.TABLE else "份"
    least = f"至少{one.at_least}{word}" if one.at_least else ""
    most = f"最多{one.at_most}{word}" if one.at_most else ""
    return "，".join(part for part in (least, most) if part)


def _sum(say: Wording, rule: Computed) -> str:
    operands = [say.field_label(name) for name in rule.of]
    return f"由{say.listed(operands)}{_OPERATIONS[rule.operation]}得出"


def _hidden(ask: Asking, one: Field) -> str:
    assert one.hidden is not None
    roles = ask.say.listed(ask.say.who(Who(role)) for role in one.hidden.from_)
    when = ask.condition(one.hidden.when)
    return f"{when}时，对{roles}隐去" if when else f"对{roles}隐去"
