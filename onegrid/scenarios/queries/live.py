"""What cases follow: the live versions, any version by id, the class dictionary; kept in memory by stamp."""

from collections.abc import Sequence
from functools import lru_cache

from onegrid.kernel.ids import VersionId
from onegrid.kernel.stamps import Cached
from onegrid.scenarios.models import Live, MatterClass, Version
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.accountability import requirements as required
from onegrid.scenarios.rules.classes import ClassTree
from onegrid.scenarios.rules.live import LiveScenarios
from onegrid.scenarios.rules.refusals import NoVersion
from onegrid.territory import queries as territory
from onegrid.workforce.rules import Requirement, leaf_grids


def _load_classes() -> ClassTree:
    return ClassTree(row.state() for row in MatterClass.objects.all())


def _load_live() -> LiveScenarios:
    towns: dict[Version, list[str]] = {}
    for row in Live.objects.select_related("version__scenario").order_by("scenario__key", "town"):
        towns.setdefault(row.version, []).append(row.town)
    versions = [
        found.state(found.scenario.key, towns=None if "" in where else tuple(where))
        for found, where in towns.items()
    ]
    return LiveScenarios(versions, classes=classes())


_classes = Cached("scenarios", _load_classes)
_live = Cached("scenarios", _load_live)


def classes() -> ClassTree:
    """The class dictionary, loaded again when it changes."""
    return _classes.get()


def live() -> LiveScenarios:
    """The versions that new cases follow, loaded again when one is published or suspended."""
    return _live.get()


@lru_cache(maxsize=256)
def _version(version_id: VersionId) -> VersionInfo:
    found = Version.objects.select_related("scenario").filter(id=version_id).first()
    if found is None:
        raise NoVersion(version_id=version_id)
    return found.state(found.scenario.key, towns=None)


def version(version_id: VersionId) -> VersionInfo:
    """Any version ever published; it never changes, so it is read once. Raises NoVersion."""
    return _version(version_id)


def requirements() -> Sequence[Requirement]:
    """What all live scenarios ask of the duty list, stage by stage, in the grids where they are live."""
    grids = leaf_grids(territory.live_codes())
    return [
        one
        for found in live().versions
        for one in required(found.definition, classes=classes(), grids=within(grids, found.towns))
    ]


def within(grids: list[str], towns: tuple[str, ...] | None) -> list[str]:
    """The grids that lie in these towns; None = all, the very same list."""
    return grids if towns is None else [grid for grid in grids if grid.startswith(towns)]
