"""What scenarios need from above: how many cases still follow their versions."""

from collections.abc import Sequence
from typing import Protocol

from onegrid.kernel.ids import VersionId


class RunningCases(Protocol):
    """How many cases that have not ended stand on these versions."""

    def __call__(self, versions: Sequence[VersionId]) -> int: ...
