"""The pairs worth comparing: none missed within reach, none too many, the same in any order of the rows."""

from collections import Counter
from collections.abc import Sequence
from math import hypot
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.intake.rules.filter.candidates import (
    BESIDE_M,
    ENDED_WITHIN,
    MOST,
    OTHER_WITHIN,
    REACH_M,
    pairs,
)
from onegrid.intake.rules.filter.matters import Matter, columns

from .filter_matters import DAY, HOUR, NOW, matter

Found = set[tuple[UUID, UUID]]


def found(new: Sequence[Matter], old: Sequence[Matter]) -> Found:
    some = pairs(columns(new), columns(old))
    return {(new[i].case_id, old[j].case_id) for i, j in zip(some.new, some.old, strict=True)}


def alone(new: Matter, old: Matter) -> bool:
    return bool(found([new], [old]))


@st.composite
def places(draw: st.DrawFn, *, first: int, most: int) -> list[tuple[int, float, float, float, str]]:
    count = draw(st.integers(0, most))
    coordinate = st.floats(-300, 300, allow_nan=False).map(lambda value: round(value, 1))
    return [
        (
            first + k, draw(coordinate), draw(coordinate), draw(st.integers(1, 40)) * DAY,
            draw(st.sampled_from(["A1", "A2", "B1"])),
        )
        for k in range(count)
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(places(first=0, most=8), places(first=100, most=20), st.sampled_from([24.9, 53.3]))
def test_every_pair_within_reach_is_found_and_no_other(
    new: list[tuple[int, float, float, float, str]],
    old: list[tuple[int, float, float, float, str]],
    lat: float,
) -> None:
    later = [matter(n, x, y, at=NOW, lat=lat, code=code) for n, x, y, _, code in new]
    earlier = [matter(n, x, y, at=NOW - ago, lat=lat, code=code) for n, x, y, ago, code in old]
    margin: Found = set()  # nearer to the limit than the plane is true
    expected: Found = set()
    for n, x, y, _, code in new:
        for m, u, v, _, other in old:
            metres, reach = hypot(x - u, y - v), REACH_M if code[0] == other[0] else BESIDE_M
            if abs(metres - reach) < 0.5:
                margin.add((UUID(int=n + 1), UUID(int=m + 1)))
            elif metres < reach:
                expected.add((UUID(int=n + 1), UUID(int=m + 1)))
    assert found(later, earlier) - margin == expected


@settings(max_examples=40, deadline=None)
@given(places(first=0, most=6), places(first=100, most=40), st.randoms(use_true_random=False))
def test_the_pairs_do_not_depend_on_the_order_of_the_rows(
    new: list[tuple[int, float, float, float, str]],
    old: list[tuple[int, float, float, float, str]],
    shuffled: Random,
) -> None:
    later = [matter(n, x, y, code=code, text="路灯不亮") for n, x, y, _, code in new]
    earlier = [matter(n, x, y, at=NOW - ago - n, code=code) for n, x, y, ago, code in old]
    first = found(later, earlier)
    shuffled.shuffle(later)
    shuffled.shuffle(earlier)
    assert found(later, earlier) == first


@pytest.mark.parametrize("north", [129.0, -129.0])
@pytest.mark.parametrize("lat", [0.0, 24.9, 53.3, -33.9])
def test_the_reach_is_the_same_in_every_direction_and_latitude(north: float, lat: float) -> None:
    here = matter(1, 0, 0, lat=lat)
    for east, up in ((0, north), (north, 0)):
        assert alone(here, matter(0, east, up, at=NOW - HOUR, lat=lat))
        assert not alone(here, matter(0, east * 1.02, up * 1.02, at=NOW - HOUR, lat=lat))


def test_what_ended_long_ago_is_no_candidate_and_what_ended_just_now_is() -> None:
    here = matter(1)
    assert alone(here, matter(0, at=NOW - 9 * DAY, ended=NOW - ENDED_WITHIN + 60))
    assert not alone(here, matter(0, at=NOW - 9 * DAY, ended=NOW - ENDED_WITHIN - 60))


def test_another_family_counts_only_when_it_came_lately() -> None:
    here = matter(1)
    assert alone(here, matter(0, code="B1", at=NOW - OTHER_WITHIN + 60))
    assert not alone(here, matter(0, code="B1", at=NOW - OTHER_WITHIN - 60))
    assert alone(here, matter(0, code="A2", at=NOW - 2 * OTHER_WITHIN))


def test_only_the_earlier_one_is_a_candidate_of_the_later() -> None:
    assert not alone(matter(1), matter(0, at=NOW + 1))
    assert not alone(matter(1), matter(1, at=NOW - DAY))
    assert alone(matter(1), matter(0)) and not alone(matter(0), matter(1))


def test_without_a_place_the_address_the_reporter_or_the_text_leads_there() -> None:
    before = NOW - DAY
    assert alone(matter(1, None, address=7), matter(0, 0, at=before, address=7))
    assert alone(matter(1, None, reporter=7), matter(0, 0, at=before, reporter=7))
    assert alone(matter(1, None, text="路灯不亮"), matter(0, 0, at=before, text="这里的路灯不亮"))
    assert not alone(matter(1, None, text="路灯不亮"), matter(0, 0, at=before, text="水果摊占道"))
    assert not alone(matter(1, None), matter(0, None, at=before))


def test_the_same_address_far_away_is_no_candidate() -> None:
    assert not alone(matter(1, 0, address=7), matter(0, 900, at=NOW - DAY, address=7))


def test_of_a_crowd_the_nearest_of_the_class_are_kept() -> None:
    new = [matter(k, float(k)) for k in range(3)]
    old = [matter(100 + k, k / 2, at=NOW - HOUR - k, code=("A1", "A2")[k % 2]) for k in range(120)]
    counts = Counter(later for later, _ in found(new, old))
    assert counts == {each.case_id: MOST for each in new}
    kept = {earlier.int - 1 for later, earlier in found(new[:1], old)}
    assert kept == {100 + k for k in range(0, 2 * MOST, 2)}


def test_nothing_on_one_side_gives_no_pairs() -> None:
    assert found([], [matter(0)]) == found([matter(0)], []) == set()
