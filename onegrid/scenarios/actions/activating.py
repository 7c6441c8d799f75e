"""Switching a dormant scenario on by an order, renewing it, switching it off before its day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.scenarios import queries
from onegrid.scenarios.actions.going_live import one_at_a_time, town_list
from onegrid.scenarios.actions.projects import worded
from onegrid.scenarios.actions.record import record
from onegrid.scenarios.actions.running import end_of
from onegrid.scenarios.models import Activation, Scenario
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.activation import Order, Towns, check_order
from onegrid.scenarios.rules.project_refusals import NotActive, NotDormant, OrderUsed
from onegrid.scenarios.rules.refusals import NoScenario, NotLive
from onegrid.workforce import queries as workforce


@transaction.atomic
def activate(
    key: str,
    *,
    order_number: str,
    issued_by: str,
    ends_on: date | None,
    towns: Sequence[str] | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """A dormant scenario takes cases until the end of that day, in these towns (None: where it is live).

    A new order replaces the one in force. Raises NoScenario, NotLive, NotDormant, OrderNeeded (no number, no
    authority or no end date), BadEndDate, TownsNotLive, OrderUsed."""
    by.require("scenario.write")
    one_at_a_time()
    scenario = _scenario(key)
    ready = _ready(key)
    order = Order(order_number.strip(), issued_by.strip(), ends_on, town_list(towns))
    check_order(order, ready[0].definition, live=_where(ready), today=workforce.city_day(now))
    assert order.ends_on is not None
    if Activation.objects.filter(scenario=scenario, order_number=order.number).exists():
        raise OrderUsed(order=order.number)
    Activation.objects.filter(scenario=scenario, ended_at=None).update(ended_at=now)
    row = Activation(scenario=scenario, order_number=order.number, issued_by=order.issued_by, since=now)
    row.towns = None if order.towns is None else list(order.towns)
    row.ends_on, row.until, row.by = order.ends_on, end_of(order.ends_on), by.name
    row.save()
    body = {
        "order": order.number,
        "issued_by": order.issued_by,
        "ends_on": order.ends_on,
        "towns": order.towns,
    }
    record("scenario", scenario.id, "activated", body, by=by, now=now)


@transaction.atomic
def deactivate(key: str, *, reason: str, by: Actor, now: datetime) -> None:
    """The emergency is over before the order's last day: no new case from now on; running ones go on.

    Raises NoScenario, NotActive, WordsNeeded."""
    by.require("scenario.write")
    one_at_a_time()
    scenario = _scenario(key)
    order = Activation.objects.filter(scenario=scenario, ended_at=None, until__gt=now).first()
    if order is None:
        raise NotActive(key=key)
    why = worded(reason, "停用理由", "the reason")
    order.ended_at = now
    order.save()
    record(
        "scenario", scenario.id, "deactivated", {"order": order.order_number, "reason": why}, by=by, now=now
    )


def _scenario(key: str) -> Scenario:
    found = Scenario.objects.filter(key=key).first()
    if found is None:
        raise NoScenario(key=key)
    return found


def _ready(key: str) -> list[VersionInfo]:
    """The live versions of the scenario, which must be dormant."""
    live = [one for one in queries.published() if one.key == key]
    if not live:
        raise NotLive(key=key)
    dormant = [one for one in live if one.definition.dormant is not None]
    if not dormant:
        raise NotDormant(key=key)
    return dormant


def _where(ready: Sequence[VersionInfo]) -> Towns:
    """All towns in which it is live; None is the whole county."""
    if any(one.towns is None for one in ready):
        return None
    return tuple(sorted({town for one in ready for town in one.towns or ()}))
