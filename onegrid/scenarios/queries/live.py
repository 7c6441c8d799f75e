"""What cases follow: the live versions, any version by id, the class dictionary; kept in memory by stamp."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from onegrid.kernel.ids import VersionId
from onegrid.kernel.stamps import Cached
from onegrid.scenarios.models import Activation, Live, MatterClass, Version
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.accountability import requirements as required
from onegrid.scenarios.rules.activation import meet
from onegrid.scenarios.rules.classes import ClassTree
from onegrid.scenarios.rules.live import LiveScenarios
from onegrid.scenarios.rules.refusals import NoVersion
from onegrid.territory import queries as territory
from onegrid.workforce.rules import Requirement, leaf_grids

KEPT: Final = 512  # versions in memory; a county has some 22 scenarios


def _load_classes() -> ClassTree:
    return ClassTree(row.state() for row in MatterClass.objects.all())


def _load_live() -> LiveScenarios:
    ready = published()
    orders = {order.scenario.key: order for order in _orders()}
    awake = [one for one in ready if one.definition.dormant is None]
    dormant = [one for one in ready if one.definition.dormant is not None]
    awake += [on for one in dormant if one.key in orders if (on := _switched_on(one, orders[one.key]))]
    return LiveScenarios(awake, classes=classes(), dormant=dormant)


def _orders() -> Iterable[Activation]:
    return Activation.objects.filter(ended_at=None).select_related("scenario")


def _switched_on(version: VersionInfo, order: Activation) -> VersionInfo | None:
    """A dormant version in the towns of the order until its last day; None where they do not meet."""
    towns = meet(version.towns, None if order.towns is None else tuple(order.towns))
    until = order.until if version.until is None else min(order.until, version.until)
    return None if towns == () else replace(version, towns=towns, until=until)


def published() -> list[VersionInfo]:
    """The versions put live and their towns as the database has them now, dormant ones too."""
    towns: dict[tuple[VersionId, datetime | None], list[str]] = {}
    for row in Live.objects.order_by("scenario__key", "town").values_list("version_id", "until", "town"):
        towns.setdefault((VersionId(row[0]), row[1]), []).append(row[2])
    known = versions([version_id for version_id, _ in towns])
    return [
        replace(known[version_id], towns=None if "" in where else tuple(where), until=until)
        for (version_id, until), where in towns.items()
    ]


_classes = Cached("scenarios", _load_classes)
_live = Cached("scenarios", _load_live)


def classes() -> ClassTree:
    """The class dictionary, loaded again when it changes."""
    return _classes.get()


def live(at: datetime) -> LiveScenarios:
    """The versions that new cases follow at that moment, in memory until one is put live, suspended, or
    switched on or off."""
    return _live.get().at(at)


_known: dict[VersionId, VersionInfo] = {}


def versions(ids: Sequence[VersionId]) -> Mapping[VersionId, VersionInfo]:
    """Any versions ever built; they never change, so each is read once. Unknown ids are left out."""
    missing = [one for one in dict.fromkeys(ids) if one not in _known]
    if missing:
        if len(_known) > KEPT:
            _known.clear()
            missing = list(dict.fromkeys(ids))
        found = Version.objects.select_related("scenario").filter(id__in=missing)
        _known.update({VersionId(row.id): row.state(row.scenario.key) for row in found})
    return {one: _known[one] for one in ids if one in _known}


def version(version_id: VersionId) -> VersionInfo:
    """Any version ever built. Raises NoVersion."""
    found = _known.get(version_id) or versions([version_id]).get(version_id)
    if found is None:
        raise NoVersion(version_id=version_id)
    return found


def requirements(*, now: datetime) -> Sequence[Requirement]:
    """What all live scenarios ask of the duty list, stage by stage, in the grids where they are live.

    A dormant one asks too: when its order comes, everybody must be there."""
    grids, ready = leaf_grids(territory.live_codes()), live(now)
    awake = [one for one in ready.versions if one.definition.dormant is None]
    return [
        one
        for found in (*awake, *ready.dormant)
        for one in required(found.definition, classes=classes(), grids=within(grids, found.towns))
    ]


def within(grids: list[str], towns: tuple[str, ...] | None) -> list[str]:
    """The grids that lie in these towns; None = all, the very same list."""
    return grids if towns is None else [grid for grid in grids if grid.startswith(towns)]
