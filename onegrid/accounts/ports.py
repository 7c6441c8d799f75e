"""What accounts needs from above: which posts somebody holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from onegrid.accounts.rules import Standing
from onegrid.kernel.ids import AccountId


class Standings(Protocol):
    """The posts each account holds at `now`, own appointments and delegations alike.

    The answer may depend on `now` by its day only, and changes with the stamp "workforce"."""

    def __call__(
        self, account_ids: Sequence[AccountId], *, now: datetime
    ) -> Mapping[AccountId, tuple[Standing, ...]]: ...
