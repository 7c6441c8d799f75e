"""What the workforce needs from above: which posts the live scenarios ask for."""

from collections.abc import Sequence
from typing import Protocol

from onegrid.workforce.rules import Requirement


class Requirements(Protocol):
    """Every stage of every live scenario with the grids where it is live."""

    def __call__(self) -> Sequence[Requirement]: ...
