"""What every write of the workforce leaves behind: a step on the record, and the stamp moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.kernel import history, stamps
from onegrid.kernel.history import By, Entry, Head


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to one subject; `first` begins its chain."""

    subject_id: UUID
    verb: str
    body: Mapping[str, object]
    first: bool = False


def record(kind: str, steps: Sequence[Step], *, by: Actor, now: datetime) -> None:
    """Put the steps on the record and say that the workforce has changed."""
    writer = next((s.post_id for s in by.standings), None)
    who = By(by.account_id, writer, by.name)
    entries = [Entry(kind, step.subject_id, step.verb, now, who, step.body, _head(step)) for step in steps]
    history.append(entries)
    stamps.bump("workforce")


def _head(step: Step) -> Head | None:
    return history.GENESIS if step.first else None
