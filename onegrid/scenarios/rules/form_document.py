"""The YAML form of a form: its fields as written in the file."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BeforeValidator
from pydantic import Field as Bounded

from onegrid.scenarios.rules.conditions import ALWAYS, NEVER
from onegrid.scenarios.rules.fields import Choice, Computed, Field, FieldKind, Form, Hidden, Operation
from onegrid.scenarios.rules.parts import ConditionIn, Doc, Key, TextIn, text

Many = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda v: [v] if isinstance(v, str) else v, json_schema_input_type=str | list[str]),
]


class ChoiceDoc(Doc):
    """One value of a dictionary; `when` limits it to certain other answers."""

    key: Key
    label: TextIn
    when: ConditionIn = ALWAYS


class ComputedDoc(Doc):
    """A value reckoned from other answers, never typed in."""

    operation: Operation
    of: Annotated[tuple[str, ...], Bounded(min_length=1, max_length=20)]


class HiddenDoc(Doc):
    """Roles that see a mask instead of the answer."""

    from_: Annotated[Many, Bounded(alias="from")]
    when: ConditionIn = ALWAYS


class FieldDoc(Doc):
    """One question of a form."""

    key: Key
    kind: FieldKind
    label: TextIn
    hint: TextIn | None = None
    required: ConditionIn = NEVER
    visible: ConditionIn = ALWAYS
    unit: Annotated[str, Bounded(max_length=20)] = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: Annotated[int | None, Bounded(ge=1, le=20_000)] = None
    pattern: Annotated[str, Bounded(max_length=200)] = ""
    choices: tuple[ChoiceDoc, ...] = ()
    at_least: Annotated[int, Bounded(ge=0, le=200)] = 0
    at_most: Annotated[int | None, Bounded(ge=1, le=1000)] = None
    labels: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    columns: tuple[FieldDoc, ...] = ()
    computed: ComputedDoc | None = None
    mirror: Annotated[str, Bounded(max_length=100)] = ""
    hidden: HiddenDoc | None = None
    personal: bool = False

    def build(self) -> Field:
        """The field as forms use it."""
        same = {name: getattr(self, name) for name in _SAME}
        return Field(
            **same,
            label=text(self.label),
            hint=text(self.hint) if self.hint else None,
            choices=tuple(Choice(one.key, text(one.label), one.when) for one in self.choices),
            columns=tuple(one.build() for one in self.columns),
            computed=Computed(self.computed.operation, self.computed.of) if self.computed else None,
            hidden=Hidden(self.hidden.from_, self.hidden.when) if self.hidden else None,
        )


_SAME: Final = (
    "key", "kind", "required", "visible", "unit", "minimum", "maximum", "max_length", "pattern", "at_least",
    "at_most", "labels", "levels", "mirror", "personal",
)  # fmt: skip
"""What the file and the form spell alike."""

FormIn = tuple[FieldDoc, ...]


def form(docs: FormIn) -> Form:
    """The form these fields make."""
    return Form(tuple(one.build() for one in docs))
