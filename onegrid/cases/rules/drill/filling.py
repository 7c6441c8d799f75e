"""Fills in any form with made-up answers that the form takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from onegrid.cases.rules.drill.choosing import pick
from onegrid.scenarios.rules import Field, FieldKind, Form
from onegrid.scenarios.rules.answer_kinds import offered
from onegrid.scenarios.rules.conditions import holds

NOT_YET_UPLOADED = "0" * 64
"""Stands for a file in a form until it is uploaded."""
_TURNS = 3  # an answer may make another field appear
_FILES = {FieldKind.PHOTO, FieldKind.VIDEO, FieldKind.VOICE, FieldKind.FILE, FieldKind.SIGNATURE}
_LISTS = {FieldKind.CHOICES, FieldKind.UNITS}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is true of a case's place: its point in degrees, grids of the same town, the units there are."""

    at: tuple[float, float]
    grids: tuple[str, ...]
    units: tuple[str, ...]
    now: datetime


def filled(
    form: Form, *, known: Mapping[str, object], around: Surroundings, rng: np.random.Generator
) -> dict[str, object]:
    """An answer to every field that must be answered here; what may stay open stays open."""
    values: dict[str, object] = {}
    for _ in range(_TURNS):
        for field in form.fields:
            now = {**known, **values}
            asked = not field.read_only and holds(field.visible, now) and holds(field.required, now)
            if asked and field.key not in values:
                values[field.key] = _answer(field, now, around, rng)
    return values


def _answer(
    field: Field, known: Mapping[str, object], around: Surroundings, rng: np.random.Generator
) -> object:
    if field.kind in _FILES:
        labels = field.labels or ("",)
        count = max(1, field.at_least)
        return [{"sha": NOT_YET_UPLOADED, "label": labels[k % len(labels)]} for k in range(count)]
    if field.kind is FieldKind.TABLE:
        row = filled(Form(field.columns), known=known, around=around, rng=rng)
        return [row] * max(1, field.at_least)
    one = _single(field, known, around, rng)
    return [one] if field.kind in _LISTS else one


def _single(
    field: Field, known: Mapping[str, object], around: Surroundings, rng: np.random.Generator
) -> object:
    match field.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            choices = offered(field, known)
            return pick(choices, None, rng).key if choices else ""
        case FieldKind.YES_NO:
            return bool(rng.random() < 0.7)
        case FieldKind.UNIT | FieldKind.UNITS:
            return pick([choice.key for choice in field.choices] or around.units, None, rng)
        case FieldKind.GRID:
            return pick(around.grids, None, rng)
        case FieldKind.NUMBER | FieldKind.MONEY:
            return _number(field, rng)
        case FieldKind.DATE:
            return (around.now + timedelta(days=3)).date().isoformat()
        case FieldKind.DATETIME:
            return (around.now + timedelta(days=2)).isoformat(timespec="seconds")
        case FieldKind.POINT | FieldKind.POLYGON | FieldKind.CIRCLE:
            return _shape(field.kind, around.at)
        case _:
            return f"样例：{field.label.zh}"[: field.max_length]


def _number(field: Field, rng: np.random.Generator) -> int:
    low = max(1, int(field.minimum or 0))
    high = min(120, int(field.maximum)) if field.maximum is not None else 120
    return int(rng.integers(low, max(low, high) + 1))


def _shape(kind: FieldKind, at: tuple[float, float]) -> object:
    lng, lat = at
    if kind is FieldKind.POINT:
        return [lng, lat]
    if kind is FieldKind.CIRCLE:
        return {"centre": [lng, lat], "radius_m": 20}
    side = 0.0002
    return [[lng, lat], [lng + side, lat], [lng + side, lat + side], [lng, lat + side], [lng, lat]]
