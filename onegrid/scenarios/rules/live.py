"""Which version of which scenario takes a matter: by class and town, until its last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from onegrid.scenarios.rules.classes import ClassTree
from onegrid.scenarios.rules.definition import VersionInfo

_UNKNOWN: Final = object()


class LiveScenarios:
    """The versions that take cases, and the class each of them takes.

    `dormant` are the versions that would take cases if an order switched them on. A version with `until`
    (a trial, an order) takes none from that moment on; `at` gives what is left at a moment.
    """

    def __init__(
        self, versions: Iterable[VersionInfo], *, classes: ClassTree, dormant: Iterable[VersionInfo] = ()
    ) -> None:
        self.versions = tuple(versions)
        self.dormant = tuple(dormant)
        self.until = min((one.until for one in self.versions if one.until is not None), default=None)
        self._classes = classes
        self._later: LiveScenarios | None = None
        self._by_class: dict[str, list[VersionInfo]] = {}
        for version in sorted(self.versions, key=_rank):
            for code in version.definition.classes:
                self._by_class.setdefault(code, []).append(version)
        self._found: dict[tuple[str, str], VersionInfo | None] = {}

    def at(self, moment: datetime) -> LiveScenarios:
        """The same without the versions whose last day is over; itself while none is."""
        if self.until is None or moment < self.until:
            return self
        if self._later is None:
            left = [one for one in self.versions if one.until is None or one.until > self.until]
            self._later = LiveScenarios(left, classes=self._classes, dormant=self.dormant)
        return self._later.at(moment)

    def for_class(self, class_code: str, town: str) -> VersionInfo | None:
        """The version that takes matters of this class in this town (9 digits), or None.

        The scenario naming the nearest class wins; a version live in the town wins over a county-wide one, a
        trial over the version that it may replace.
        """
        key = (class_code, town)
        found = self._found.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            self._found[key] = found = self._search(class_code, town)
        return found if isinstance(found, VersionInfo) else None

    def _search(self, class_code: str, town: str) -> VersionInfo | None:
        for code in self._classes.lineage(class_code):
            for version in self._by_class.get(code, ()):
                if version.towns is None or town in version.towns:
                    return version
        return None

    def of(self, key: str, town: str) -> VersionInfo | None:
        """The version of one scenario that is live in this town, or None."""
        here = [v for v in self.versions if v.key == key and (v.towns is None or town in v.towns)]
        return min(here, key=_rank, default=None)


def _rank(version: VersionInfo) -> tuple[bool, bool]:
    return version.towns is None, version.until is None


def contested(version: VersionInfo, others: Iterable[VersionInfo]) -> Mapping[str, VersionInfo]:
    """Classes that another scenario takes in one of the same towns, with that scenario's version."""
    mine = set(version.definition.classes)
    return {
        code: other
        for other in others
        if other.key != version.key and _meet(version.towns, other.towns)
        for code in sorted(mine & set(other.definition.classes))
    }


def _meet(ours: tuple[str, ...] | None, theirs: tuple[str, ...] | None) -> bool:
    return (ours is None) is (theirs is None) and (ours is None or bool(set(ours) & set(theirs or ())))
