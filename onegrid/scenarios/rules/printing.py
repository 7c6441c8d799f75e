"""A definition as plain JSON data: what front ends draw forms, flows and labels from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules.conditions import ALWAYS, NEVER, AllOf, AnyOf, Asks, Comparison, Condition, Not
from onegrid.scenarios.rules.evidence import OneOf


def as_json(value: object) -> Any:
    """Dataclasses as objects, limits with their labels, conditions spelled as in the file."""
    match value:
        case AllOf() | AnyOf() | Asks() | Not():
            return spelled(value)
        case Limit():
            return {"text": str(value), "zh": value.zh, "en": value.en}
        case OneOf(of):
            return {"any": [as_json(one) for one in of]}
        case Enum():
            return value.value
        case Mapping():
            return {str(key): as_json(one) for key, one in value.items()}
        case list() | tuple():
            return [as_json(one) for one in value]
        case frozenset() | set():
            return sorted(as_json(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name.rstrip("_"): as_json(getattr(value, one.name)) for one in fields(value)}
    return value


def spelled(condition: Condition) -> Any:
    """A condition in the spelling of the file, which reads back as the same condition."""
    if condition == ALWAYS:
        return True
    if condition == NEVER:
        return False
    match condition:
        case AllOf(of):
            return {"all": [spelled(one) for one in of]}
        case AnyOf(of):
            return {"any": [spelled(one) for one in of]}
        case Not(of):
            return {"not": spelled(of)}
        case Asks(field, Comparison.IS, values):
            return {field: values[0] if len(values) == 1 else list(values)}
        case Asks(field, test, values):
            return {field: {test.value.replace(" ", "_"): values[0]}}
