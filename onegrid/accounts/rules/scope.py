"""Scope: what an actor reaches = the permissions of each post × the territory subtree of that post.

Divisions and grids hang by prefix (county 6, town 9, village 12, grid 15 digits), so a subtree is
"the code starts with". The prefix "" is everything and belongs to the system alone; a standing
whose territory is "" reaches nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from onegrid.accounts.rules.refusals import NotPermitted
from onegrid.accounts.rules.roles import PERMISSIONS, permissions_of
from onegrid.kernel.ids import AccountId, PostId, UnitId

Kind = Literal["person", "machine", "system"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A post held at this moment, in one's own name or for somebody who is away."""

    post_id: PostId
    role: str
    unit_id: UnitId
    territory: str
    title: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: a person, a machine or the system itself, with all that counts for rights.

    `territory` is a machine account's own subtree; a person reaches a place through posts only."""

    account_id: AccountId | None
    name: str
    kind: Kind
    standings: tuple[Standing, ...] = ()
    permissions: frozenset[str] = frozenset()
    territory: str = ""

    @property
    def post_ids(self) -> frozenset[PostId]:
        """The posts the actor holds now."""
        return frozenset(standing.post_id for standing in self.standings)

    @property
    def unit_ids(self) -> frozenset[UnitId]:
        """The units those posts belong to."""
        return frozenset(standing.unit_id for standing in self.standings)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The subtrees the actor reaches by any post; () is nothing, ("",) everything."""
        return self._reach(self.standings)

    def prefixes_for(self, permission: str) -> tuple[str, ...]:
        """The subtrees in which the actor has `permission`."""
        if permission not in self.permissions:
            return ()
        return self._reach(s for s in self.standings if permission in permissions_of(s.role))

    def _reach(self, standings: Iterable[Standing]) -> tuple[str, ...]:
        if self.kind == "system":
            return ("",)
        return minimal([self.territory, *(standing.territory for standing in standings)])

    def covers(self, code: str) -> bool:
        """True when the division or grid lies in a subtree the actor reaches by any post."""
        return code.startswith(self.prefixes)

    def allows(self, permission: str, code: str | None = None) -> bool:
        """True when the actor has `permission`; with `code`, has it for that division or grid."""
        if code is None:
            return permission in self.permissions
        return code.startswith(self.prefixes_for(permission))

    def require(self, permission: str, code: str | None = None) -> None:
        """Raise `NotPermitted` unless the actor has `permission` (for that division or grid)."""
        if not self.allows(permission, code):
            raise NotPermitted(permission=permission, label=PERMISSIONS.get(permission, permission))


SYSTEM: Final = Actor(None, "系统", "system", permissions=frozenset(PERMISSIONS))


def minimal(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The subtrees without those that lie in another one; "" (nothing) is left out."""
    kept: list[str] = []
    for prefix in sorted(filter(None, prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)
