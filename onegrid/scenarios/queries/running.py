"""How many cases still follow a scenario's versions: asked of `cases` above through a port."""

from collections.abc import Sequence

from onegrid.kernel.ids import VersionId
from onegrid.scenarios.ports import RunningCases


def _none(versions: Sequence[VersionId]) -> int:
    return 0


_port: RunningCases = _none


def set_running_cases(port: RunningCases) -> None:
    """Say who counts running cases; wiring.py alone calls it."""
    global _port  # noqa: PLW0603 - the one place where the port is plugged in
    _port = port


def running_cases(versions: Sequence[VersionId]) -> int:
    """How many cases that have not ended stand on these versions."""
    return _port(versions) if versions else 0
