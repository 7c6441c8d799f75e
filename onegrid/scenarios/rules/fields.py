"""Typed fields of a form (domain.md 4.7): what is asked, when it is shown, when it must be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onegrid.scenarios.rules.conditions import ALWAYS, NEVER, Condition, holds
from onegrid.scenarios.rules.words import Text


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long text"
    NUMBER = "number"
    MONEY = "money"  # yuan
    DATE = "date"  # YYYY-MM-DD
    DATETIME = "datetime"  # ISO 8601 with offset
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes-no"
    PERSON = "person"  # citizen
    POST = "post"
    UNIT = "unit"  # unit key
    UNITS = "units"  # unit keys
    ENTERPRISE = "enterprise"
    BUILDING = "building"
    GRID = "grid"  # 15-digit grid code
    CLASS = "class"  # matter class code
    POINT = "point"  # [lng, lat] WGS-84
    POLYGON = "polygon"  # [[lng, lat], ...] WGS-84, closed
    CIRCLE = "circle"  # {"centre": [lng, lat], "radius_m": number}
    SPOT = "spot"  # 图斑号
    PHOTO = "photo"  # list of {"sha": ..., "label": ...}
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    SIGNATURE = "signature"
    TABLE = "table"  # list of rows
    COMPUTED = "computed"
    CASE = "case"  # number of another case
    MIRROR = "mirror"  # read-only copy of a registry field


READ_ONLY = frozenset({FieldKind.COMPUTED, FieldKind.MIRROR})
ATTACHED = frozenset(
    {FieldKind.PHOTO, FieldKind.VIDEO, FieldKind.VOICE, FieldKind.FILE, FieldKind.SIGNATURE, FieldKind.TABLE}
)
"""Kinds whose answer is a list; `at_least` and `at_most` count its items."""


class Operation(StrEnum):
    """The only sums a computed field may do."""

    SUM = "sum"
    DIFFERENCE = "difference"
    PRODUCT = "product"
    RATIO = "ratio"
    DAYS_BETWEEN = "days between"


@dataclass(frozen=True, slots=True)
class Computed:
    """`of` names the operands in order: fields of the form, or "table.column" for SUM."""

    operation: Operation
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a dictionary field; offered only when `when` holds (dependent dictionaries)."""

    key: str
    label: Text
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Hidden:
    """The answer is masked from these roles while the condition holds (an enterprise hides its identity)."""

    from_: tuple[str, ...]
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `minimum`/`maximum` bound numbers; `at_least`/`at_most` bound the items of a list."""

    key: str
    kind: FieldKind
    label: Text
    hint: Text | None = None
    required: Condition = NEVER
    visible: Condition = ALWAYS
    unit: str = ""  # of a number: m², m, %
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    pattern: str = ""
    choices: tuple[Choice, ...] = ()
    at_least: int = 0
    at_most: int | None = None
    labels: tuple[str, ...] = ()  # photo labels, document kinds or signer roles that may be given
    levels: tuple[str, ...] = ()  # grid picker: levels that may be chosen
    columns: tuple[Field, ...] = ()  # of a table
    computed: Computed | None = None
    mirror: str = ""  # registry field shown, e.g. "building.storeys"
    hidden: Hidden | None = None
    personal: bool = False  # shown only to posts that work the case, deleted after its end

    @property
    def read_only(self) -> bool:
        return self.kind in READ_ONLY

    @property
    def is_personal(self) -> bool:
        """Whether the answer is personal information; a table with a personal column is so as a whole."""
        return self.personal or any(column.personal for column in self.columns)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order they are shown."""

    fields: tuple[Field, ...] = ()

    def get(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)

    def keys(self) -> frozenset[str]:
        return frozenset(one.key for one in self.fields)


NO_FORM: Final = Form()


def visible_to(
    form: Form, answers: Mapping[str, object], *, roles: frozenset[str], works: bool = False
) -> dict[str, object]:
    """The answers that someone holding only these roles may see; the others are replaced by None.

    `works`: one of his posts works the case or co-signs it; only then he sees personal answers."""
    fields = {one.key: one for one in form.fields}
    return {key: _shown(fields.get(key), answers, roles, works=works) for key in answers}


def _shown(one: Field | None, answers: Mapping[str, object], roles: frozenset[str], *, works: bool) -> object:
    if one is None:
        return None
    barred = one.is_personal and not works
    return None if barred or _is_hidden(one, answers, roles) else answers[one.key]


def _is_hidden(one: Field, answers: Mapping[str, object], roles: frozenset[str]) -> bool:
    return one.hidden is not None and roles <= frozenset(one.hidden.from_) and holds(one.hidden.when, answers)
