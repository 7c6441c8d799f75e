"""The plain rule: same class, at most 50 m, still open, the nearest."""

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.matching import Matter, PlainRule, distance_m
from onegrid.kernel.coordinates import EARTH_RADIUS_M
from onegrid.kernel.ids import CaseId, ClassCode

START = datetime(2026, 11, 24, tzinfo=UTC)
LNG, LAT = 118.38, 24.96
RULE = PlainRule()


def matter(
    number: int, *, east_m: float = 0, north_m: float = 0, code: str = "0102", urgent: bool = False,
    opens: bool = True, placed: bool = True,
) -> Matter:  # fmt: skip
    lat = LAT + math.degrees(north_m / EARTH_RADIUS_M)
    lng = LNG + math.degrees(east_m / EARTH_RADIUS_M / math.cos(math.radians(LAT)))
    return Matter(
        CaseId(UUID(int=number)), ClassCode(code), lng if placed else None, lat if placed else None,
        START + timedelta(seconds=number), urgent, opens,
    )  # fmt: skip


def joined(matters: list[Matter], leads: list[Matter] | None = None) -> list[int | None]:
    """The number of the case each matter joins, or None where it opens one."""
    return [found[0].case_id.int if found else None for found in RULE.propose(matters, leads or [])]


def test_the_same_class_within_fifty_metres_joins_the_open_case() -> None:
    assert joined([matter(9, east_m=49)], [matter(1)]) == [1]
    assert joined([matter(9, east_m=51)], [matter(1)]) == [None]
    assert joined([matter(9, east_m=10, code="0103")], [matter(1)]) == [None]


def test_the_nearest_lead_wins_and_of_equally_near_ones_the_first_opened() -> None:
    assert joined([matter(9)], [matter(1, east_m=30), matter(2, east_m=-10)]) == [2]
    assert joined([matter(9)], [matter(3), matter(2)]) == [2]


def test_reports_of_one_batch_join_the_first_of_them() -> None:
    assert joined([matter(1), matter(2, east_m=5), matter(3, east_m=60)]) == [None, 1, None]


def test_a_report_that_joined_is_no_lead_for_the_next() -> None:
    chain = [matter(1), matter(2, east_m=40), matter(3, east_m=80)]
    assert joined(chain) == [None, 1, None]


def test_without_a_place_nothing_is_joined() -> None:
    assert joined([matter(1, placed=False), matter(2, placed=False)]) == [None, None]


def test_a_report_that_cannot_open_a_case_is_no_lead() -> None:
    assert joined([matter(1, opens=False), matter(2), matter(3)]) == [None, None, 2]


def test_a_danger_to_life_joins_only_another_danger_to_life() -> None:
    assert joined([matter(9, urgent=True)], [matter(1)]) == [None]
    assert joined([matter(9, urgent=True)], [matter(1, urgent=True)]) == [1]
    assert joined([matter(9)], [matter(1, urgent=True)]) == [1]


def test_ten_thousand_identical_reports_make_one_case() -> None:
    found = joined([matter(number) for number in range(1, 10_001)])
    assert found == [None] + [1] * 9_999


spots = st.tuples(st.floats(-80, 80), st.floats(-80, 80))


@given(spots, spots)
def test_matching_is_symmetric(one: tuple[float, float], other: tuple[float, float]) -> None:
    first, second = (matter(i, east_m=x, north_m=y) for i, (x, y) in enumerate((one, other), start=1))
    assert distance_m(first, second) == distance_m(second, first)
    assert joined([second], [first]) == [1 if joined([first], [second]) == [2] else None]


@given(st.lists(spots, max_size=25), st.integers(0, 25))
def test_a_batch_matches_as_its_parts_do(places: list[tuple[float, float]], cut: int) -> None:
    matters = [matter(i, east_m=x, north_m=y) for i, (x, y) in enumerate(places, start=1)]
    whole = joined(matters)
    head = joined(matters[:cut])
    leads = [m for m, lead in zip(matters[:cut], head, strict=True) if lead is None]
    assert whole == head + joined(matters[cut:], leads)


@given(st.lists(spots, max_size=25))
def test_every_join_is_within_reach_and_every_opening_is_alone(places: list[tuple[float, float]]) -> None:
    matters = [matter(i, east_m=x, north_m=y) for i, (x, y) in enumerate(places, start=1)]
    leads: list[Matter] = []
    for one, lead in zip(matters, joined(matters), strict=True):
        distances = {other.case_id.int: distance_m(one, other) for other in leads}
        if lead is None:
            assert all(metres > 50 for metres in distances.values())
            leads.append(one)
        else:
            assert distances[lead] == min(distances.values()) <= 50
