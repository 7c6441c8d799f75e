"""The simulated day has one burst, and the weeks before say that it is one."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions as intake
from onegrid.intake import queries as reports
from onegrid.intake.rules.reports import Channel, ReportIn
from onegrid.kernel import clock
from onegrid.kernel.coordinates import distance_m, to_wgs84
from onegrid.sample import actions, queries
from onegrid.sample.actions.playing import _busy, _polygons
from onegrid.sample.actions.remembering import remember
from onegrid.sample.rules.burst import CLASSES, SIZE, with_burst
from onegrid.sample.rules.day import Told
from onegrid.sample.tests.test_rules_city import city
from onegrid.sample.tests.test_rules_day import told

GRID = 3


def burst_day() -> list[Told]:
    shapes = [grid.polygon for grid in city(0.05).level(2)]
    return with_burst(told(), queries.vocabulary(), shapes[GRID], grid=GRID, rng=np.random.default_rng(7))


def test_the_burst_is_near_one_place_within_two_hours_and_of_several_classes() -> None:
    before, whole = Counter(told()), burst_day()
    more = [one for one in whole if one.grid == GRID and 9.5 <= one.at / 3600 <= 11.5 and one not in before]
    more = [one for one in more if one.repeats is None]
    assert len(whole) == len(told()) + SIZE
    assert Counter(one.class_code for one in more) == CLASSES
    places = [to_wgs84(one.lng, one.lat, one.system) for one in more]
    assert max(distance_m(*one, *other) for one in places for other in places) < 700


def test_the_rest_of_the_day_stays_as_it_was() -> None:
    whole = burst_day()
    assert [one.at for one in whole] == sorted(one.at for one in whole)
    for one in whole:
        if one.repeats is not None:
            assert whole[one.repeats].class_code == one.class_code
            assert whole[one.repeats].at <= one.at


@pytest.mark.django_db
def test_the_burst_of_the_day_is_found_as_a_hot_spot() -> None:
    now = clock.now()
    actions.build(scale=0.02)
    told, codes = actions.planned_day(seed=1, now=now, reports=160)
    polygons = _polygons(queries.second_level_shapes())
    remembered = remember(polygons, busy=_busy(codes), reports_a_day=len(told), seed=1, now=now)
    again = remember(polygons, busy=_busy(codes), reports_a_day=len(told), seed=1, now=now)
    assert (remembered > 8 * 7 * len(told) / 7, again) == (True, 0)
    intake.receive([_as_sent(number, one) for number, one in enumerate(told)], by=SYSTEM, now=now)
    intake.watch(now=now + timedelta(minutes=1))
    names = [one.name_zh for one in reports.hotspots(SYSTEM).items]
    assert [name for name in names if "路灯不亮等" in name]


def _as_sent(number: int, one: Told) -> ReportIn:
    return ReportIn(
        channel=Channel(one.channel), external_id=f"t-{number}", class_code=one.class_code,
        description=one.text, lng=one.lng, lat=one.lat, system=one.system,
    )  # fmt: skip
