"""The orders that switched a dormant scenario on, in force and past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onegrid.accounts.rules import Actor
from onegrid.scenarios.models import Activation


@dataclass(frozen=True, slots=True)
class ActivationRow:
    """One order. `towns` None: wherever the scenario is live; `ended_at`: ended early or replaced."""

    order_number: str
    issued_by: str
    towns: list[str] | None
    ends_on: date
    since: datetime
    by: str
    ended_at: datetime | None
    in_force: bool


def activations(key: str, *, actor: Actor, now: datetime) -> Sequence[ActivationRow]:
    """The orders of a scenario, newest first."""
    actor.require("scenario.read")
    return [
        ActivationRow(
            order_number=row.order_number,
            issued_by=row.issued_by,
            towns=row.towns,
            ends_on=row.ends_on,
            since=row.since,
            by=row.by,
            ended_at=row.ended_at,
            in_force=row.ended_at is None and now < row.until,
        )
        for row in Activation.objects.filter(scenario__key=key).order_by("-id")
    ]
