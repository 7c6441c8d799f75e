"""Grids are created, retired and replaced; a code is never used again, and the ground stays covered."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
import shapely
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.accounts.tests.factories import actor, standing
from onegrid.kernel import history, stamps
from onegrid.kernel.coordinates import CoordinateSystem, wgs84_to_gcj02
from onegrid.kernel.refusals import NotFound, Refusal
from onegrid.territory import queries
from onegrid.territory.actions import create_grids, replace_grids, retire_grids
from onegrid.territory.actions.writing import subject
from onegrid.territory.rules import BadGridCode, GridLevel, NewGrid, NoGrid
from onegrid.territory.rules.grids import (
    FirstLevelMissing,
    GridsExist,
    GridsNotInForce,
    GridsUnknown,
    GridTwice,
    NameMissing,
    UnusableShapes,
    VillagesMissing,
)
from onegrid.territory.rules.replacement import CoverageChanged, EffectiveInThePast, NothingToReplace
from onegrid.territory.tests.factories import FOUNDED, OTHER_VILLAGE, VILLAGE, county, divisions, square

pytestmark = pytest.mark.django_db
LATER = FOUNDED + timedelta(days=30)
MERGED = NewGrid(f"{VILLAGE}005", "第5网格", square(0, 1, columns=2))


def where(column: float, row: float) -> tuple[float, float]:
    """A point of the made-up county, in squares from its corner."""
    west, south, _, _ = square(0, 0).bounds
    return west + column * 0.01, south + row * 0.01


def located(column: float, row: float, *, at: datetime | None = None) -> str:
    lng, lat = where(column, row)
    return str(queries.locate(np.array([lng]), np.array([lat]), at=at)[0])


def test_users_see_the_path_of_names_not_the_code() -> None:
    county()
    assert queries.grid(f"{VILLAGE}003").path_zh == "南安市/水头镇/甲村/第3网格"
    assert queries.grid(f"{OTHER_VILLAGE}000").path_zh == "南安市/水头镇/一级网格"
    assert queries.paths([f"{VILLAGE}003", VILLAGE, "999999999999001"]) == {
        f"{VILLAGE}003": "南安市/水头镇/甲村/第3网格",
        VILLAGE: "南安市/水头镇/甲村",
    }


def test_grids_are_found_by_prefix_and_level() -> None:
    county()
    assert [each.code for each in queries.grids(VILLAGE, level=GridLevel.SECOND)] == [
        f"{VILLAGE}00{number}" for number in range(1, 5)
    ]
    assert len(queries.grids()) == len(queries.live_codes()) == len(queries.all_grid_codes()) == 10
    with pytest.raises(NotFound):
        queries.grid("350583104201009")


def test_a_place_is_located_in_second_level_grids_whatever_system_it_is_given_in() -> None:
    county()
    lng, lat = where(0.5, 0.5)
    assert queries.grid_at(lng, lat, CoordinateSystem.WGS84).code == f"{VILLAGE}003"
    assert queries.grid_at(*wgs84_to_gcj02(lng, lat), CoordinateSystem.GCJ02).code == f"{VILLAGE}003"
    with pytest.raises(NoGrid):
        queries.grid_at(lat, lng, CoordinateSystem.WGS84)


def test_a_first_level_grid_that_is_not_divided_takes_its_own_places() -> None:
    divisions()
    create_grids([NewGrid(f"{VILLAGE}000", "甲村", square(0, 0))], by=SYSTEM, now=FOUNDED)
    assert located(0.5, 0.5) == f"{VILLAGE}000"
    create_grids([NewGrid(f"{VILLAGE}001", "第1网格", square(0, 0))], by=SYSTEM, now=FOUNDED)
    assert located(0.5, 0.5) == f"{VILLAGE}001"
    assert queries.locator().known == {f"{VILLAGE}000", f"{VILLAGE}001"}


def test_the_locator_follows_every_change_and_is_not_built_again_without_one() -> None:
    county()
    first = queries.locator()
    assert queries.locator() is first
    replace_grids(
        retire=[f"{VILLAGE}001", f"{VILLAGE}002"], create=[MERGED], valid_from=LATER, by=SYSTEM, now=LATER
    )
    assert queries.locator() is not first
    assert located(0.5, 1.5) == MERGED.code


def test_a_replacement_takes_effect_at_its_date_and_the_past_keeps_its_grids() -> None:
    county()
    replace_grids(
        retire=[f"{VILLAGE}001", f"{VILLAGE}002"], create=[MERGED], valid_from=LATER, by=SYSTEM, now=FOUNDED
    )
    before = LATER - timedelta(seconds=1)
    assert (located(0.5, 1.5, at=before), located(0.5, 1.5, at=LATER)) == (f"{VILLAGE}001", MERGED.code)
    assert located(0.5, 1.5, at=FOUNDED - timedelta(days=1)) == ""
    assert f"{VILLAGE}001" in queries.live_codes(before)
    assert f"{VILLAGE}001" not in queries.live_codes()
    assert queries.grid(f"{VILLAGE}001").valid_to == LATER
    assert len(queries.grids(VILLAGE, at=before)) == 5


def test_a_merged_grid_knows_its_predecessors_and_so_do_split_ones() -> None:
    county()
    old = [f"{VILLAGE}001", f"{VILLAGE}002"]
    replace_grids(retire=old, create=[MERGED], valid_from=LATER, by=SYSTEM, now=LATER)
    assert queries.grid(MERGED.code).predecessors == tuple(old)
    halves = [NewGrid(f"{VILLAGE}00{6 + i}", f"第{6 + i}网格", square(i, 1)) for i in range(2)]
    again = LATER + timedelta(days=1)
    replace_grids(retire=[MERGED.code], create=halves, valid_from=again, by=SYSTEM, now=again)
    assert {queries.grid(half.code).predecessors for half in halves} == {(MERGED.code,)}


@pytest.mark.parametrize(
    "shape",
    [square(0, 1), square(0, 1, columns=3), square(0, 0, columns=2)],
    ids=["ground lost", "ground added", "other ground"],
)
def test_a_replacement_must_cover_the_same_ground(shape: shapely.Polygon) -> None:
    county()
    with pytest.raises(CoverageChanged):
        replace_grids(
            retire=[f"{VILLAGE}001", f"{VILLAGE}002"],
            create=[replace(MERGED, polygon=shape)],
            valid_from=LATER,
            by=SYSTEM,
            now=LATER,
        )
    assert queries.grid(f"{VILLAGE}001").valid_to is None


def test_the_new_grids_of_a_replacement_must_not_overlap() -> None:
    county()
    twice = [MERGED, NewGrid(f"{VILLAGE}006", "第6网格", square(1, 1))]
    with pytest.raises(CoverageChanged):
        replace_grids(
            retire=[f"{VILLAGE}001", f"{VILLAGE}002"], create=twice, valid_from=LATER, by=SYSTEM, now=LATER
        )


def test_a_replacement_needs_both_sides_and_a_date_that_has_not_passed() -> None:
    county()
    old = [f"{VILLAGE}001", f"{VILLAGE}002"]
    with pytest.raises(NothingToReplace):
        replace_grids(retire=old, create=[], valid_from=LATER, by=SYSTEM, now=LATER)
    with pytest.raises(EffectiveInThePast):
        replace_grids(retire=old, create=[MERGED], valid_from=FOUNDED, by=SYSTEM, now=LATER)


def test_a_code_is_never_used_again() -> None:
    county()
    retire_grids([f"{VILLAGE}001"], valid_to=LATER, by=SYSTEM, now=LATER)
    again = NewGrid(f"{VILLAGE}001", "第1网格", square(0, 1))
    with pytest.raises(GridsExist):
        create_grids([again], by=SYSTEM, now=LATER + timedelta(days=400))


def test_a_first_level_grid_cannot_end_before_its_second_level_grids() -> None:
    county()
    with pytest.raises(FirstLevelMissing):
        retire_grids([f"{VILLAGE}000"], valid_to=LATER, by=SYSTEM, now=LATER)
    whole = [f"{VILLAGE}00{number}" for number in range(5)]
    retire_grids(whole, valid_to=LATER, by=SYSTEM, now=LATER)
    assert located(0.5, 0.5) == ""


def test_only_a_grid_in_force_can_be_retired() -> None:
    county()
    with pytest.raises(GridsUnknown):
        retire_grids([f"{VILLAGE}009"], valid_to=LATER, by=SYSTEM, now=LATER)
    retire_grids([f"{VILLAGE}001"], valid_to=LATER, by=SYSTEM, now=LATER)
    for moment in (LATER, FOUNDED):
        with pytest.raises(GridsNotInForce):
            retire_grids([f"{VILLAGE}001"], valid_to=moment, by=SYSTEM, now=LATER)


BOW_TIE = shapely.Polygon([(118.4, 24.9), (118.41, 24.91), (118.41, 24.9), (118.4, 24.91)])


@pytest.mark.parametrize(
    ("grid", "refusal"),
    [
        (NewGrid(f"{VILLAGE}00x", "第9网格", square(0, 0)), BadGridCode),
        (NewGrid("350583104209000", "丁村", square(0, 0)), VillagesMissing),
        (NewGrid(f"{VILLAGE}009", " ", square(0, 0)), NameMissing),
        (NewGrid(f"{VILLAGE}009", "第9网格", BOW_TIE), UnusableShapes),
        (NewGrid(f"{VILLAGE}009", "第9网格", shapely.box(739594, 2908187, 803688, 2970073)), UnusableShapes),
        (NewGrid(f"{VILLAGE}009", "第9网格", shapely.Point(118, 24)), UnusableShapes),
    ],
)
def test_a_new_grid_with_a_fault_is_refused_and_nothing_is_written(
    grid: NewGrid, refusal: type[Refusal]
) -> None:
    county()
    fine = NewGrid(f"{VILLAGE}008", "第8网格", square(0, 0))
    with pytest.raises(refusal):
        create_grids([fine, grid], by=SYSTEM, now=LATER)
    assert fine.code not in queries.live_codes()


def test_a_second_level_grid_needs_its_first_level_grid_in_the_batch_or_in_force() -> None:
    divisions()
    with pytest.raises(FirstLevelMissing):
        create_grids([NewGrid(f"{VILLAGE}001", "第1网格", square(0, 0))], by=SYSTEM, now=FOUNDED)


def test_the_same_code_twice_in_a_batch_is_refused() -> None:
    divisions()
    grid = NewGrid(f"{VILLAGE}000", "甲村", square(0, 0))
    with pytest.raises(GridTwice):
        create_grids([grid, grid], by=SYSTEM, now=FOUNDED)


def test_nobody_changes_grids_outside_his_territory() -> None:
    county()
    office = actor(standing("grid-office", "350583104"))
    elsewhere = actor(standing("grid-office", "350583105"))
    retire_grids([f"{VILLAGE}001"], valid_to=LATER, by=office, now=LATER)
    for other in (elsewhere, actor(standing("town-desk", "350583104"))):
        with pytest.raises(NotPermitted):
            retire_grids([f"{VILLAGE}002"], valid_to=LATER, by=other, now=LATER)


def test_each_grid_has_its_record_and_the_row_holds_its_head() -> None:
    county()
    retire_grids([f"{VILLAGE}001"], valid_to=LATER, by=SYSTEM, now=LATER)
    recorded = history.trail(subject("grid", f"{VILLAGE}001"))
    assert [step.verb for step in recorded] == ["create", "retire"]
    assert list(history.faults(subject("grid", f"{VILLAGE}001"))) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail_seq FROM territory_grid WHERE code = %s", [f"{VILLAGE}001"])
        assert cursor.fetchone()[0] == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM territory_grid",
        "UPDATE territory_grid SET code = '350583104201777'",
        "UPDATE territory_grid SET boundary = ''",
        "UPDATE territory_grid SET valid_from = valid_from - interval '1 day'",
        "UPDATE territory_grid SET valid_to = valid_from",
    ],
)
def test_the_database_itself_keeps_code_boundary_and_beginning(statement: str) -> None:
    county()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_whole_partition_is_checked_level_by_level() -> None:
    county()
    levels = queries.live_coverage()
    assert {level: (found.grids, found.sound) for level, found in levels.items()} == {
        GridLevel.FIRST: (2, True),
        GridLevel.SECOND: (8, True),
    }
    retire_grids([f"{VILLAGE}001"], valid_to=LATER, by=SYSTEM, now=LATER)
    second = queries.live_coverage()[GridLevel.SECOND]
    assert [gap.beside for gap in second.gaps] == [
        (f"{VILLAGE}002", f"{VILLAGE}003", f"{VILLAGE}004"),
    ]


def test_locating_within_one_request_reads_the_stamps_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    county()
    located(0.5, 0.5)
    with django_assert_num_queries(1), stamps.pinned():
        for _ in range(3):
            located(0.5, 0.5)
            queries.paths([VILLAGE])
