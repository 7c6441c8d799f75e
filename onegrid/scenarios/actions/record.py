"""What every write of scenarios leaves behind: a step on the record, and the stamp moved."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.kernel import history, stamps
from onegrid.kernel.history import By, Entry


def record(
    kind: str, subject_id: UUID, verb: str, body: Mapping[str, object], *, by: Actor, now: datetime
) -> None:
    """Put one step on the record of a scenario or of the class dictionary, and tell every process."""
    post = next((standing.post_id for standing in by.standings), None)
    history.append([Entry(kind, subject_id, verb, now, By(by.account_id, post, by.name), body)])
    stamps.bump("scenarios")
