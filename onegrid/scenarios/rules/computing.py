"""Values of computed fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import prod

from onegrid.scenarios.rules.fields import Computed, Form, Operation


def computed(form: Form, answers: Mapping[str, object]) -> dict[str, float | None]:
    """The values of the computed fields, in order; None where an operand is missing or dividing by zero."""
    known = dict(answers)
    results: dict[str, float | None] = {}
    for one in form.fields:
        if one.computed is not None:
            known[one.key] = results[one.key] = _reckon(one.computed, known)
    return results


def _reckon(rule: Computed, known: Mapping[str, object]) -> float | None:
    if rule.operation is Operation.DAYS_BETWEEN:
        first, second = (_day(known.get(name)) for name in rule.of)
        return None if first is None or second is None else float((second - first).days)
    given = [number for name in rule.of for number in _numbers(name, known)]
    numbers = [number for number in given if number is not None]
    if rule.operation is Operation.SUM:
        return sum(numbers)
    if len(numbers) < len(given):
        return None
    if rule.operation is Operation.PRODUCT:
        return prod(numbers)
    first_number, second_number = numbers
    if rule.operation is Operation.DIFFERENCE:
        return first_number - second_number
    return first_number / second_number if second_number else None


def _numbers(name: str, known: Mapping[str, object]) -> list[float | None]:
    table, _, column = name.partition(".")
    answer = known.get(table)
    if column:
        rows = answer if isinstance(answer, list) else []
        return [_number(row.get(column)) for row in rows if isinstance(row, Mapping)]
    return [_number(answer)]


def _number(answer: object) -> float | None:
    return float(answer) if isinstance(answer, int | float) and not isinstance(answer, bool) else None


def _day(answer: object) -> date | None:
    return datetime.fromisoformat(answer).date() if isinstance(answer, str) and answer else None
