"""Which version is drilled: the live one, one of a number, or a draft that is only a text."""

from datetime import datetime
from typing import Final
from uuid import UUID

from onegrid.kernel.ids import VersionId
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.refusals import NotLive, not_sound

DRAFT: Final = VersionId(UUID(int=0))


def live_version(key: str, *, now: datetime) -> VersionInfo:
    """The version that new cases follow, that of the whole county before one on trial. Raises NotLive."""
    found = [version for version in scenarios.live(now).versions if version.key == key]
    if not found:
        raise NotLive(key=key)
    return min(found, key=lambda version: version.towns is not None)


def drafted(text: str) -> VersionInfo:
    """The draft as it would be built. Raises NotSound, with every finding and its position."""
    found = scenarios.review(text)
    if found.draft is None or found.findings:
        raise not_sound(found.findings)
    definition = found.draft.definition
    return VersionInfo(DRAFT, definition.key, 0, definition, None)
