"""Conditions of a definition are data, never code: nothing in them can reach Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CONTEXT_NAMES: Final = frozenset({"exit", "source", "channel", "class", "urgency"})
"""Names a condition may ask besides form fields: the exit being taken and facts of the case."""


class Comparison(StrEnum):
    """What a condition asks of one answer."""

    IS = "is"  # equals one of the values; for a multiple choice: contains one of them
    OVER = "over"  # number > value
    AT_LEAST = "at least"  # number >= value
    UNDER = "under"  # number < value
    ANSWERED = "answered"  # there is (True) or is not (False) an answer


@dataclass(frozen=True, slots=True)
class Asks:
    """One answer is tested."""

    field: str
    test: Comparison
    values: tuple[str | int | float | bool, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


Condition = Asks | AllOf | AnyOf | Not

ALWAYS: Final[Condition] = AllOf(())
NEVER: Final[Condition] = AnyOf(())


def is_empty(answer: object) -> bool:
    """No answer: missing, blank text, or an empty list. `False` and 0 are answers."""
    return answer is None or answer in ("", [], (), {})


def holds(condition: Condition, answers: Mapping[str, object]) -> bool:
    """Whether the condition is true of these answers; a missing answer fails all but `answered: false`."""
    match condition:
        case AllOf(of):
            return all(holds(one, answers) for one in of)
        case AnyOf(of):
            return any(holds(one, answers) for one in of)
        case Not(of):
            return not holds(of, answers)
        case Asks(field, test, values):
            return _test(test, values, answers.get(field))


def _test(test: Comparison, values: tuple[str | int | float | bool, ...], answer: object) -> bool:
    if test is Comparison.ANSWERED:
        return is_empty(answer) is not bool(values[0])
    if is_empty(answer):
        return False
    if test is Comparison.IS:
        given = answer if isinstance(answer, list | tuple) else (answer,)
        return any(_same(one, value) for one in given for value in values)
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    limit = float(values[0])
    if test is Comparison.OVER:
        return answer > limit
    return answer >= limit if test is Comparison.AT_LEAST else answer < limit


def _same(answer: object, value: object) -> bool:
    """Equal without letting True pass for 1."""
    return isinstance(answer, bool) is isinstance(value, bool) and answer == value


def asked(condition: Condition) -> Iterator[Asks]:
    """Every single test in the condition."""
    match condition:
        case Asks():
            yield condition
        case Not(of):
            yield from asked(of)
        case AllOf(of) | AnyOf(of):
            for one in of:
                yield from asked(one)
