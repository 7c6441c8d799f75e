"""The simulated day: five channels, the rhythm of a day, places inside grids, some matters told twice."""

from collections import Counter
from functools import cache

import numpy as np
import shapely

from onegrid.kernel.coordinates import distance_m, to_wgs84
from onegrid.sample import queries
from onegrid.sample.rules.day import HOURS, REPEATED, Told, day
from onegrid.sample.tests.test_rules_city import city

REPORTS = 1_500


@cache
def told(seed: int = 1) -> list[Told]:
    shapes = [grid.polygon for grid in city(0.05).level(2)]
    rng = np.random.default_rng(seed)
    return day(queries.vocabulary(), shapes, busy=np.ones(len(shapes)), reports=REPORTS, rng=rng)


def test_all_five_channels_report_in_order_of_time() -> None:
    assert set(Counter(report.channel for report in told())) == set(HOURS)
    times = [report.at for report in told()]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] < 86_400


def test_workers_report_most_in_the_morning_and_nothing_at_night() -> None:
    hours = Counter(
        int(report.at // 3600) for report in told() if report.channel == "worker" and report.repeats is None
    )
    assert max(hours, key=lambda hour: hours[hour]) in range(7, 11)
    assert not any(hours[hour] for hour in range(5))


def test_every_first_report_lies_in_its_grid() -> None:
    shapes = [grid.polygon for grid in city(0.05).level(2)]
    for report in told():
        if report.repeats is None:
            lng, lat = to_wgs84(report.lng, report.lat, report.system)
            assert shapes[report.grid].distance(shapely.Point(lng, lat)) < 1e-8


def test_some_matters_are_told_twice_close_by_and_within_hours() -> None:
    again = [report for report in told() if report.repeats is not None]
    assert abs(len(again) / REPORTS - REPEATED) < 0.04
    for report in again:
        first = told()[report.repeats or 0]
        one, two = (to_wgs84(r.lng, r.lat, r.system) for r in (first, report))
        assert first.class_code == report.class_code
        assert distance_m(*one, *two) < 50
        assert 0 <= report.at - first.at < 6 * 3600


def test_only_residents_give_a_name_and_a_number_that_nobody_has() -> None:
    for report in told():
        assert bool(report.reporter) == (report.channel == "public")
        assert report.phone == "" or report.phone.startswith("160")


def test_the_same_seed_tells_the_same_day() -> None:
    shapes = [grid.polygon for grid in city(0.05).level(2)]
    busy = np.ones(len(shapes))
    one, two = (
        day(queries.vocabulary(), shapes, busy=busy, reports=60, rng=np.random.default_rng(9))
        for _ in range(2)
    )
    assert one == two
