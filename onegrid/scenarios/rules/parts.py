"""The small parts of the YAML form: texts, recipients, limits, needs and conditions, with their shorthands.

Each type reads its short or long spelling into the value the definition holds, and states both spellings to
the published schema. A wrong spelling raises ValueError with "中文|English".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError

from onegrid.kernel.calendar import Limit
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules.conditions import ALWAYS, NEVER, AllOf, AnyOf, Asks, Comparison, Condition, Not
from onegrid.scenarios.rules.evidence import Evidence, EvidenceKind, Need, OneOf
from onegrid.scenarios.rules.limits import LimitCase, LimitRule
from onegrid.scenarios.rules.words import Text, Who

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$", max_length=60)]


class Doc(BaseModel):
    """A part of the document: nothing unknown in it, keys as written."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)


def said(zh: str, en: str) -> ValueError:
    """A wrong spelling, in both languages."""
    return ValueError(f"{zh}|{en}")


# Texts


class TextDoc(Doc):
    """Both languages; a plain string stands for both."""

    zh: Annotated[str, Field(min_length=1, max_length=2000)]
    en: Annotated[str, Field(min_length=1, max_length=2000)]


def both(value: object) -> object:
    """A plain string for both languages."""
    return {"zh": value, "en": value} if isinstance(value, str) else value


TextIn = Annotated[TextDoc, BeforeValidator(both, json_schema_input_type=str | TextDoc)]


def text(doc: TextDoc) -> Text:
    """The text of both languages."""
    return Text(doc.zh, doc.en)


# Recipients


class WhoDoc(Doc):
    """A role, with the unit where the role belongs to one."""

    role: Key
    unit: Key | None = None


def _who(value: object) -> object:
    if value == "responsible":
        return {"role": "department-handler", "unit": "responsible"}
    return {"role": value} if isinstance(value, str) else value


WhoIn = Annotated[WhoDoc, BeforeValidator(_who, json_schema_input_type=str | WhoDoc)]


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) or value is None else [value]


ManyWho = Annotated[tuple[WhoIn, ...], BeforeValidator(_as_list, json_schema_input_type=WhoIn | list[WhoIn])]


def who(doc: WhoDoc) -> Who:
    """The recipient."""
    return Who(doc.role, doc.unit)


def many(docs: tuple[WhoDoc, ...]) -> tuple[Who, ...]:
    """The recipients."""
    return tuple(who(one) for one in docs)


# Amounts


def _written(pattern: str) -> Any:
    return Annotated[str, Field(pattern=pattern)]


def _limit(value: object) -> Limit:
    if isinstance(value, Limit):
        return value
    try:
        return Limit.parse(str(value))
    except Refusal as refusal:
        raise said(refusal.message("zh"), refusal.message("en")) from None


LIMIT_PATTERN: Final = r"^\d+(\.\d+)? (clock hours?|office hours?|working days?|days?|d)$"
LimitIn = Annotated[Limit, PlainValidator(_limit, json_schema_input_type=_written(LIMIT_PATTERN))]


def _measure(unit: str, example: str) -> Callable[[object], float]:
    pattern = re.compile(rf"^(\d{{1,6}}(?:\.\d+)?) ?{unit}$")

    def read(value: object) -> float:
        found = pattern.match(str(value))
        if found is None or float(found[1]) <= 0:
            raise said(f"“{value}”应写成“{example}”。", f"Write '{example}' instead of '{value}'.")
        return float(found[1])

    return read


Metres = Annotated[
    float, PlainValidator(_measure("m", "80 m"), json_schema_input_type=_written(r"^\d+(\.\d+)? ?m$"))
]
Percent = Annotated[
    float, PlainValidator(_measure("%", "50%"), json_schema_input_type=_written(r"^\d+(\.\d+)? ?%$"))
]
Days = Annotated[
    float, PlainValidator(_measure("d", "30 d"), json_schema_input_type=_written(r"^\d+(\.\d+)? ?d$"))
]

# Conditions

Scalar = str | int | float | bool
_COMPARE: Final = {
    "over": Comparison.OVER,
    "at_least": Comparison.AT_LEAST,
    "under": Comparison.UNDER,
    "answered": Comparison.ANSWERED,
}


def condition(value: object) -> Condition:
    """`true`, `{field: value}`, `{field: [values]}`, `{field: {over: 5}}`, `{any: [...]}`, `{not: {...}}`."""
    if isinstance(value, AllOf | AnyOf | Asks | Not):
        return value
    if isinstance(value, bool):
        return ALWAYS if value else NEVER
    if not isinstance(value, Mapping) or not value:
        raise said("条件应写成“{字段: 值}”。", "Write a condition as {field: value}.")
    parts = tuple(_one(str(name), asked) for name, asked in value.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _one(name: str, asked: object) -> Condition:
    if name in {"any", "all"}:
        if not isinstance(asked, list):
            raise said(f"“{name}”后面应是条件的列表。", f"'{name}' takes a list of conditions.")
        parts = tuple(condition(one) for one in asked)
        return AnyOf(parts) if name == "any" else AllOf(parts)
    if name == "not":
        return Not(condition(asked))
    if isinstance(asked, Mapping):
        return _compared(name, asked)
    given: list[object] = asked if isinstance(asked, list) else [asked]
    values = tuple(one for one in given if isinstance(one, str | int | float | bool))
    if not values or len(values) < len(given):
        raise said(f"条件“{name}”缺少可比较的值。", f"Condition '{name}' has no value to compare with.")
    return Asks(name, Comparison.IS, values)


def _compared(name: str, asked: Mapping[str, Any]) -> Condition:
    parts: list[Condition] = []
    for how, value in asked.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if how not in _COMPARE or not (isinstance(value, bool) if how == "answered" else number):
            choices = "over, at_least, under, answered"
            zh = f"条件“{name}”的比较“{how}: {value}”无法识别，可用：{choices}。"
            raise said(zh, f"Condition '{name}' compares with '{how}: {value}'; use one of: {choices}.")
        parts.append(Asks(name, _COMPARE[how], (value,)))
    if not parts:
        raise said(f"条件“{name}”是空的。", f"Condition '{name}' is empty.")
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


ConditionIn = Annotated[Condition, PlainValidator(condition, json_schema_input_type=bool | dict[str, Any])]

# Limits


class LimitCaseDoc(Doc):
    """A limit for certain answers."""

    if_: Annotated[ConditionIn, Field(alias="if")]
    limit: LimitIn


class LimitDoc(Doc):
    """Time allowed; a plain string is the default."""

    default: LimitIn
    from_: Annotated[str | None, Field(alias="from", pattern="^(class|report)$")] = None
    when: tuple[LimitCaseDoc, ...] = ()
    by_outcome: dict[str, LimitIn] = {}
    by_class: dict[str, LimitIn] = {}


def _limit_rule(value: object) -> object:
    return {"default": value} if isinstance(value, str | int | float | Limit) else value


LimitRuleIn = Annotated[LimitDoc, BeforeValidator(_limit_rule, json_schema_input_type=str | LimitDoc)]


def limit_rule(doc: LimitDoc) -> LimitRule:
    """The rule by which a limit is found."""
    return LimitRule(
        default=doc.default,
        cases=tuple(LimitCase(one.if_, one.limit) for one in doc.when),
        by_outcome=dict(doc.by_outcome),
        by_class=dict(doc.by_class),
        from_class=doc.from_ == "class",
        from_report=doc.from_ == "report",
    )


# Needs


class EvidenceDoc(Doc):
    """One kind of evidence: label (photo label, document kind, signer), how many, how near."""

    label: Annotated[str, Field(max_length=60)] = ""
    at_least: Annotated[int, Field(ge=1, le=50)] = 1
    near: Metres | None = None


_KINDS: Final = ", ".join(EvidenceKind)


def _needs(value: object) -> tuple[Need, ...]:
    """`photo`, `[photo, opinion]`, `{photo: {label: after, at_least: 2}}`, `{any: [photo, document]}`."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(one for item in items for one in _need(item))


def _need(item: object) -> tuple[Need, ...]:
    if isinstance(item, Evidence | OneOf):
        return (item,)
    if isinstance(item, str):
        return (_evidence(item, {}),)
    if not isinstance(item, Mapping) or not item:
        raise said(f"证据应为：{_KINDS}。", f"Evidence is one of: {_KINDS}.")
    return tuple(
        OneOf(tuple(one for one in _needs(about) if isinstance(one, Evidence)))
        if kind == "any"
        else _evidence(str(kind), about)
        for kind, about in item.items()
    )


def _evidence(kind: str, about: object) -> Evidence:
    if kind not in set(EvidenceKind):
        raise said(f"没有“{kind}”这种证据，可用：{_KINDS}。", f"No evidence '{kind}'; use one of: {_KINDS}.")
    try:
        doc = EvidenceDoc.model_validate({"label": about} if isinstance(about, str) else about)
    except ValidationError as error:
        what = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()) or kind
        raise said(
            f"证据“{kind}”写法有误（{what}）：可写 label、at_least（1 至 50）、near（如 200 m）。",
            f"Evidence '{kind}' is wrong at {what}: it takes label, at_least (1 to 50) and near (200 m).",
        ) from None
    return Evidence(EvidenceKind(kind), doc.label, doc.at_least, doc.near)


_NEED_SCHEMA = str | dict[str, str | EvidenceDoc | list[Any]]
NeedsIn = Annotated[
    tuple[Need, ...], PlainValidator(_needs, json_schema_input_type=_NEED_SCHEMA | list[_NEED_SCHEMA])
]
