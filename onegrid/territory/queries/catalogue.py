"""Divisions and grids by code: all of them in memory, loaded again when the territory changes."""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import islice

from django.db import connection

from onegrid.kernel.ids import DivisionCode, GridCode
from onegrid.kernel.refusals import NotFound
from onegrid.kernel.stamps import Cached
from onegrid.territory.models import Division, Listing
from onegrid.territory.rules.codes import GridLevel, UnknownArea, level_of
from onegrid.territory.rules.divisions import DivisionInfo, NewDivision, short_name
from onegrid.territory.rules.grids import GridInfo
from onegrid.territory.rules.locator import Locator

LOCATORS_KEPT = 4
END = "~"  # sorts after every digit: the codes that start with p are those from p to p + END


class Catalogue:
    """All divisions and grids ever given, by code."""

    def __init__(self, divisions: Iterable[DivisionInfo], grids: Iterable[GridInfo]) -> None:
        self.divisions = {each.code: each for each in divisions}
        self.grids = {each.code: each for each in grids}
        self.grid_codes = sorted(self.grids)
        self.division_codes = sorted(self.divisions)
        moments = {each.valid_from for each in self.grids.values()}
        self.moments = sorted(moments | {each.valid_to for each in self.grids.values() if each.valid_to})
        self.live_in = lru_cache(maxsize=8)(self._live_in)
        self._lock = threading.Lock()
        self._locators: dict[int, Locator] = {}

    def epoch(self, at: datetime | None) -> int:
        """The number of the time between two changes of the partition; without a time the last one."""
        return len(self.moments) if at is None else bisect_right(self.moments, at)

    def locator(self, epoch: int, build: Callable[[], Locator]) -> Locator:
        """The locator of an epoch, built when first asked for; the last few are kept."""
        found = self._locators.get(epoch)
        if found is None:
            with self._lock:
                found = self._locators.get(epoch) or build()
                kept = list(self._locators.items())[1 - LOCATORS_KEPT :]
                self._locators = {**dict(kept), epoch: found}
        return found

    def _live_in(self, epoch: int) -> frozenset[str]:
        """The codes in force during an epoch."""
        if epoch == len(self.moments):
            return frozenset(code for code, each in self.grids.items() if each.in_force(None))
        moment = self.moments[epoch - 1] if epoch else None
        return frozenset(code for code, each in self.grids.items() if moment and each.in_force(moment))


def _load() -> Catalogue:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name, kind, predecessors, lies_in, first_edition, last_edition, live"
            " FROM territory_division"
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT code, name, valid_from, valid_to, predecessors, area_m2 FROM territory_grid")
        grids = cursor.fetchall()
    names = {row[0]: short_name(row[1]) for row in rows}
    return Catalogue(
        [
            DivisionInfo(
                code, name, kind, _path(code, names), tuple(predecessors), lies_in, first, last, live
            )
            for code, name, kind, predecessors, lies_in, first, last, live in rows
        ],
        [
            GridInfo(code, name, _grid_path(code, name, names), start, end, tuple(predecessors), area)
            for code, name, start, end, predecessors, area in grids
        ],
    )


def _path(code: str, names: Mapping[str, str]) -> str:
    """南安市/水头镇/某村."""
    return "/".join(names.get(code[:length], code[:length]) for length in (6, 9, 12) if length <= len(code))


def _grid_path(code: str, name: str, names: Mapping[str, str]) -> str:
    """南安市/水头镇/某村/第3网格; a first-level grid stands in the place of its village."""
    above = 9 if level_of(code) is GridLevel.FIRST else 12
    return f"{_path(code[:above], names)}/{name}"


_catalogue = Cached("territory", _load)


def catalogue() -> Catalogue:
    """All divisions and grids, as of the last change."""
    return _catalogue.get()


def _starting(codes: list[str] | list[GridCode] | list[DivisionCode], prefix: str) -> list[str]:
    return list(codes[bisect_left(codes, prefix) : bisect_left(codes, prefix + END)])


def grid(code: str) -> GridInfo:
    """One grid, in force or not; raises NotFound."""
    found = catalogue().grids.get(GridCode(code))
    if found is None:
        raise NotFound(what=f"网格 {code}")
    return found


def grids(
    prefix: str = "",
    *,
    level: GridLevel | None = None,
    at: datetime | None = None,
    after: str = "",
    limit: int | None = None,
) -> list[GridInfo]:
    """The grids in force under a division or grid, by code; `limit` of them behind the code `after`."""
    known = catalogue()
    live = known.live_in(known.epoch(at))
    codes = (code for code in _starting(known.grid_codes, prefix) if code > after and code in live)
    found = (code for code in codes if level is None or level_of(code) is level)
    return [known.grids[GridCode(code)] for code in islice(found, limit)]


def live_codes(at: datetime | None = None) -> frozenset[str]:
    """The codes of all grids in force, both levels."""
    known = catalogue()
    return known.live_in(known.epoch(at))


def used_codes() -> frozenset[str]:
    """The codes of all grids ever given, in force or not."""
    return frozenset(catalogue().grids)


def all_grid_codes() -> list[str]:
    """The codes of all grids in force, both levels, in order."""
    return sorted(live_codes())


def paths(codes: Iterable[str]) -> dict[str, str]:
    """What users see instead of a code: 南安市/水头镇/某村/第3网格, for grids and divisions that exist."""
    known = catalogue()
    found: dict[str, str] = {}
    for code in codes:
        if each := known.grids.get(GridCode(code)) or known.divisions.get(DivisionCode(code)):
            found[code] = each.path_zh
    return found


def division(code: str) -> DivisionInfo:
    """One division, live or not; raises NotFound."""
    found = catalogue().divisions.get(DivisionCode(code))
    if found is None:
        raise NotFound(what=f"区划 {code}")
    return found


def divisions(prefix: str = "", *, live: bool = True) -> list[DivisionInfo]:
    """The divisions under a code, itself included, by code; with live=False those that are gone too."""
    known = catalogue()
    found = (known.divisions[DivisionCode(code)] for code in _starting(known.division_codes, prefix))
    return [each for each in found if each.live or not live]


def check_area(prefix: str) -> None:
    """Raises UnknownArea unless a division or grid, past or present, has this code or one that begins so."""
    known = catalogue()
    if not (_starting(known.division_codes, prefix) or _starting(known.grid_codes, prefix)):
        raise UnknownArea(given=prefix)


def editions() -> list[int]:
    """The years of the division lists loaded so far, in order."""
    return list(Listing.objects.order_by("edition").values_list("edition", flat=True).distinct())


def listing(edition: int, prefix: str = "") -> list[NewDivision]:
    """What one edition listed, under the names of then."""
    rows = Listing.objects.filter(edition=edition, code__gte=prefix, code__lt=prefix + END).order_by("code")
    return [NewDivision(code, name, kind) for code, name, kind in rows.values_list("code", "name", "kind")]


def names_in_force() -> dict[DivisionCode, str]:
    """Code and name of the live divisions, read within the transaction that will change them."""
    rows = Division.objects.filter(live=True).values_list("code", "name")
    return {DivisionCode(code): name for code, name in rows}
