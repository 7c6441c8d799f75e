"""Which version of which scenario takes a matter: by class and town."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from onegrid.scenarios.rules.classes import ClassTree
from onegrid.scenarios.rules.definition import VersionInfo

_UNKNOWN: Final = object()


class LiveScenarios:
    """The live versions, one per scenario and town, and the class each of them takes."""

    def __init__(self, versions: Iterable[VersionInfo], *, classes: ClassTree) -> None:
        self.versions = tuple(versions)
        self._classes = classes
        self._by_class: dict[str, list[VersionInfo]] = {}
        for version in self.versions:
            for code in version.definition.classes:
                self._by_class.setdefault(code, []).append(version)
        self._found: dict[tuple[str, str], VersionInfo | None] = {}

    def for_class(self, class_code: str, town: str) -> VersionInfo | None:
        """The version that takes matters of this class in this town (9 digits), or None.

        The scenario naming the nearest class wins; a version live in the town wins over a county-wide one.
        """
        key = (class_code, town)
        found = self._found.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            self._found[key] = found = self._search(class_code, town)
        return found if isinstance(found, VersionInfo) else None

    def _search(self, class_code: str, town: str) -> VersionInfo | None:
        for code in self._classes.lineage(class_code):
            takers = [v for v in self._by_class.get(code, ()) if v.towns is None or town in v.towns]
            if takers:
                return next((v for v in takers if v.towns is not None), takers[0])
        return None

    def of(self, key: str, town: str) -> VersionInfo | None:
        """The version of one scenario that is live in this town, or None."""
        here = [v for v in self.versions if v.key == key and (v.towns is None or town in v.towns)]
        return next((v for v in here if v.towns is not None), here[0] if here else None)


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
