"""What the workforce needs from above: which posts the live scenarios ask for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from onegrid.workforce.rules import Requirement


class Requirements(Protocol):
    """Every stage of every scenario that is live `now`, with the grids where it is."""

    def __call__(self, *, now: datetime) -> Sequence[Requirement]: ...
