"""What every write of territory shares: one writer at a time, and how a step goes on record."""

from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.kernel.history import By


def lock() -> None:
    """Wait until no other transaction changes the territory; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE territory_division, territory_grid IN SHARE ROW EXCLUSIVE MODE")


def author(actor: Actor) -> By:
    """The actor as the record keeps it."""
    return By(actor.account_id, next(iter(actor.post_ids), None), actor.name)


def subject(kind: str, code: str) -> UUID:
    """The id under which a grid or the divisions of a county are on record: always the same for a code."""
    return uuid5(NAMESPACE_OID, f"onegrid:{kind}:{code}")
