"""Plays the simulated day: reports come in, cases are worked, all through the API."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush

import numpy as np
from shapely.geometry.base import BaseGeometry

from onegrid.sample import queries
from onegrid.sample.actions.calling import HttpApi
from onegrid.sample.actions.keys import DayKeys
from onegrid.sample.actions.remembering import remember
from onegrid.sample.actions.reporting import Reporters
from onegrid.sample.actions.working import Officials
from onegrid.sample.ports import Api, Keys, Pace
from onegrid.sample.rules.burst import SIZE, with_burst
from onegrid.sample.rules.day import Told, day
from onegrid.sample.rules.tally import Tally

REPORTS_PER_GRID = 2.0
"""A busy day: about six times the average of the source text."""
HOME_SHARE = 0.25
"""Share of reports that fall into the cast's home village, so that there is something to see."""
BURST_SHARE = 0.1
"""A day has its burst where that is no more than this share of its reports."""
_POOL_EVERY_S = 20 * 60
_DELAY_S = 25 * 60
"""Mean time until somebody does the next thing about a case."""
_NIGHT_ENDS_S, _NIGHT_BEGINS_S, _DAY_S = 6.5 * 3600, 22 * 3600, 86_400


def planned_day(*, seed: int, now: datetime, reports: int | None = None) -> tuple[list[Told], list[str]]:
    """The reports of the day for the city in the database, and the codes of its grids in their order.

    In a city without cases the same seed gives the same day; later days of one city differ."""
    shapes = queries.second_level_shapes()
    codes = list(shapes)
    rng = np.random.default_rng([seed, queries.cases_so_far(now=now)])
    count = round(REPORTS_PER_GRID * len(codes)) if reports is None else reports
    words, polygons, bursts = queries.vocabulary(), _polygons(shapes), count >= SIZE / BURST_SHARE
    told = day(words, polygons, busy=_busy(codes), reports=count - SIZE if bursts else count, rng=rng)
    if bursts:
        home = next(k for k, code in enumerate(codes) if code.startswith(queries.home_village(codes)))
        told = with_burst(told, words, polygons[home], grid=home, rng=rng)
    return told, codes


def _polygons(shapes: Mapping[str, BaseGeometry]) -> list[BaseGeometry]:
    return list(shapes.values())


def _busy(codes: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """How much is reported in each grid: the home village has its share, the others the rest alike."""
    home = np.array([code.startswith(queries.home_village(codes)) for code in codes])
    rest = max(1, len(codes) - int(home.sum()))
    return np.where(home, HOME_SHARE / home.sum(), (1 - HOME_SHARE) / rest)


class Player:
    """One running day. `tell` hears the tally after each thing that happens."""

    def __init__(
        self,
        told: Sequence[Told],
        codes: Sequence[str],
        *,
        api: Api,
        keys: Keys,
        run: str,
        rng: np.random.Generator,
        tell: Callable[[Tally], None],
    ) -> None:
        self.tally, self._tell, self._rng, self._told = Tally(), tell, rng, told
        towns: dict[str, list[str]] = {}
        for code in codes:
            towns.setdefault(code[:9], []).append(code)
        self._reporters = Reporters(api, keys, codes, run, rng, self.tally)
        grids = {town: tuple(found) for town, found in towns.items()}
        self._officials = Officials(api, keys, grids, queries.departments(), rng, self.tally)
        self._queue: list[tuple[float, int, str, str]] = []
        self._turn = 0

    def play(self, pace: Pace) -> Tally:
        """Play the day until midnight, or until the pace breaks off."""
        for number, report in enumerate(self._told):
            self._plan(report.at, "report", str(number))
        self._plan(_NIGHT_ENDS_S, "pool", "")
        while self._queue:
            at, _, what, which = heappop(self._queue)
            now = pace.until(at)
            self.tally.at = at
            self._do(what, which, at, now)
            self._tell(self.tally)
        return self.tally

    def _plan(self, at: float, what: str, which: str) -> None:
        if at < _DAY_S:
            self._turn += 1
            heappush(self._queue, (at, self._turn, what, which))

    def _do(self, what: str, which: str, at: float, now: datetime) -> None:
        match what:
            case "report":
                number = int(which)
                if case_id := self._reporters.send(number, self._told[number], now=now):
                    self._plan(self._later(at), "visit", case_id)
            case "pool":
                for case_id in self._reporters.decide_pool(now):
                    self._plan(self._later(at), "visit", case_id)
                self._plan(at + _POOL_EVERY_S, "pool", "")
            case _:
                if self._officials.visit(which, now=now):
                    self._plan(self._later(at), "visit", which)

    def _later(self, at: float) -> float:
        """When somebody gets to it: some time later, not at night."""
        later = at + 120 + float(self._rng.exponential(_DELAY_S))
        if later < _NIGHT_ENDS_S:
            return _NIGHT_ENDS_S + float(self._rng.exponential(_DELAY_S))
        return later if later < _NIGHT_BEGINS_S else _DAY_S


def play_day(
    url: str,
    *,
    pace: Pace,
    seed: int,
    now: datetime,
    reports: int | None = None,
    tell: Callable[[Tally], None],
) -> Tally:
    """Play the simulated day against the API at `url`, which must run on this database.

    Tokens are issued to those who act, and revoked at the end."""
    told, codes = planned_day(seed=seed, now=now, reports=reports)
    polygons = _polygons(queries.second_level_shapes())
    remember(polygons, busy=_busy(codes), reports_a_day=len(told), seed=seed, now=now)
    keys, api = DayKeys(now=now), HttpApi(url)
    rng = np.random.default_rng(seed)
    player = Player(told, codes, api=api, keys=keys, run=f"{now:%Y%m%d%H%M%S}", rng=rng, tell=tell)
    try:
        return player.play(pace)
    finally:
        keys.give_back(now=now)
        api.close()
