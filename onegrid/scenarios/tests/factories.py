"""A city small enough to read in which the library is live, made through actions."""

from datetime import UTC, datetime
from typing import Final

from onegrid.kernel.ids import VersionId, new_id
from onegrid.scenarios.rules import Definition, VersionInfo

NOW: Final = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
COUNTY: Final = "350583"
DEPARTMENT_ROLES: Final = ("department-handler", "department-deputy", "department-head")


def version_of(
    definition: Definition, *, number: int = 1, towns: tuple[str, ...] | None = None
) -> VersionInfo:
    """A version as if it had been published."""
    return VersionInfo(VersionId(new_id()), definition.key, number, definition, towns)
