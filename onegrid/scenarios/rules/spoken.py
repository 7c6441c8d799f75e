"""An answer in words, as a sentence with placeholders says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from onegrid.scenarios.rules.conditions import is_empty
from onegrid.scenarios.rules.fields import ATTACHED, Field, FieldKind
from onegrid.scenarios.rules.words import Text

NOTHING: Final = Text("—", "—")
_YES_NO: Final = {True: Text("是", "yes"), False: Text("否", "no")}
_NUMBERS: Final = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.COMPUTED})
_SHAPES: Final = frozenset({FieldKind.POINT, FieldKind.POLYGON, FieldKind.CIRCLE})


def spoken(field: Field, answer: object, *, zone: str) -> Text:
    """The answer in both languages: labels of choices, numbers with unit, times of the city; — for none.

    Personal answers are never said: what was said cannot be erased."""
    if is_empty(answer) or field.is_personal or field.kind in _SHAPES:
        return NOTHING
    if field.kind is FieldKind.YES_NO:
        return _YES_NO[bool(answer)]
    if field.kind in ATTACHED:
        count = len(answer) if isinstance(answer, list | tuple) else 1
        return Text(f"{count} 项", f"{count} items")
    if isinstance(answer, list | tuple):
        labels = _labels(field)
        each = [labels.get(str(one), Text(str(one), str(one))) for one in answer]
        return Text("、".join(one.zh for one in each), ", ".join(one.en for one in each))
    return _one(field, answer, zone)


def _one(field: Field, answer: object, zone: str) -> Text:
    if field.kind in _NUMBERS and isinstance(answer, int | float):
        said = f"{answer:.2f}".rstrip("0").rstrip(".") + (
            field.unit or ("元" if field.kind is FieldKind.MONEY else "")
        )
        return Text(said, said)
    if field.kind is FieldKind.DATETIME:
        moment = datetime.fromisoformat(str(answer))
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZoneInfo(zone))
        return Text(f"{moment:%Y-%m-%d %H:%M}", f"{moment:%Y-%m-%d %H:%M}")
    return _labels(field).get(str(answer), Text(str(answer), str(answer)))


def _labels(field: Field) -> Mapping[str, Text]:
    return {choice.key: choice.label for choice in field.choices}
