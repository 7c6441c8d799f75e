"""What territory tells others."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from onegrid.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsReplaced(Event):
    """Grids were split, merged or redrawn: from `valid_from` on the created ones count."""

    topic: ClassVar[str] = "territory.grids-replaced"
    retired: tuple[str, ...]
    created: tuple[str, ...]
    valid_from: datetime
