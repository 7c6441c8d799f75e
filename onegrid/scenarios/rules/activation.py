"""Dormant scenarios: switched on only by an order with a number and an end date (domain.md 0.1, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.project_refusals import BadDay, BadEndDate, NoTowns, OrderNeeded, TownsNotLive

LONGEST_ORDER: Final = 180
"""Days that one order may last; a new one renews it."""

LONGEST_TRIAL: Final = 365
"""Days that a trial may last."""

Towns = tuple[str, ...] | None
"""Town codes (9 digits); None is the whole county."""


@dataclass(frozen=True, slots=True)
class Order:
    """What switches a dormant scenario on. `ends_on` is the last day, in the city's calendar."""

    number: str
    issued_by: str
    ends_on: date | None
    towns: Towns = None


def check_order(order: Order, definition: Definition, *, live: Towns, today: date) -> None:
    """Raise OrderNeeded, BadEndDate or TownsNotLive unless the order may switch the scenario on.

    `live`: where the dormant scenario was put live."""
    _check_whole(order, definition)
    assert order.ends_on is not None
    if not today < order.ends_on <= today + timedelta(days=LONGEST_ORDER):
        raise BadEndDate(day=order.ends_on, longest=LONGEST_ORDER)
    _check_towns(order, definition.key, live)


def _check_whole(order: Order, definition: Definition) -> None:
    parts = (
        (order.number.strip(), "启用令文号", "an order number"),
        (order.issued_by.strip(), "签发机关", "who issued the order"),
        (order.ends_on, "截止日期", "an end date"),
    )
    missing = [(zh, en) for given, zh, en in parts if not given]
    if missing:
        kind = definition.dormant
        raise OrderNeeded(
            name_zh=definition.name.zh,
            name_en=definition.name.en,
            missing_zh="、".join(zh for zh, _ in missing),
            missing_en=", ".join(en for _, en in missing),
            kind_zh=kind.zh if kind else "",
            kind_en=kind.en if kind else "",
        )


def _check_towns(order: Order, key: str, live: Towns) -> None:
    if order.towns == ():
        raise NoTowns
    outside = [town for town in order.towns or () if live is not None and town not in live]
    if outside:
        raise TownsNotLive(key=key, towns="、".join(outside))


def check_trial(towns: tuple[str, ...], *, ends_on: date, today: date) -> None:
    """A trial names its towns and a last day ahead. Raises NoTowns, BadDay."""
    if not towns:
        raise NoTowns
    if not today < ends_on <= today + timedelta(days=LONGEST_TRIAL):
        raise BadDay(day=ends_on, longest=LONGEST_TRIAL)


def meet(ours: Towns, theirs: Towns) -> Towns:
    """The towns in both; None is the whole county."""
    if ours is None:
        return theirs
    return ours if theirs is None else tuple(town for town in ours if town in theirs)
