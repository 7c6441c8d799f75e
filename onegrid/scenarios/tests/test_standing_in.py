"""The check asks for whoever reports where the second-level grid is not known, and only for him there."""

from collections.abc import Sequence

import pytest

from onegrid.kernel.ids import PostId, new_id
from onegrid.scenarios.rules.accountability import accountable, requirements
from onegrid.scenarios.rules.standing_in import stand_ins, stands_in
from onegrid.scenarios.rules.words import AreaLevel, Who
from onegrid.scenarios.tests.files import HJ, definition, tree
from onegrid.workforce.rules import ROLES, DutyTable, Hole, Level, PostEntry, Requirement, holes

DIVIDED, WHOLE = "350583111201001", "350583111202000"  # the second village has no second-level grid


def county(*, without: str = "") -> DutyTable:
    """Every role of the county, its towns, its villages and its one second-level grid."""
    places = {
        Level.COUNTY: ["350583"],
        Level.TOWN: ["350583111"],
        Level.GRID_1: ["350583111201", "350583111202"],
        Level.GRID_2: [DIVIDED],
    }
    posts = [
        PostEntry(PostId(new_id()), role.key, place, "")
        for role in ROLES.values()
        for place in places.get(role.level, [])
        if f"{role.key}@{place}" != without
    ]
    departments = [
        PostEntry(PostId(new_id()), role.key, "350583", unit)
        for role in ROLES.values()
        if role.of_department
        for unit in sorted({one.unit for one in tree() if one.unit} | {"urban-management"})
    ]
    return DutyTable([*posts, *departments])


def found(table: DutyTable) -> list[tuple[str, tuple[str, ...]]]:
    def asked(wanted: Sequence[Requirement]) -> Sequence[Hole]:
        return holes(table, wanted)

    faults = accountable(definition(HJ), classes=tree(), grids=[DIVIDED, WHOLE], holes=asked)
    return sorted({(str(one.post), one.grids) for one in faults})


def test_a_village_without_second_level_grids_needs_no_head_of_one() -> None:
    assert found(county()) == []


def test_a_report_that_nobody_would_make_is_refused() -> None:
    assert found(county(without="grid-head@350583111202")) == [("grid-head", (WHOLE,))]
    assert found(county(without=f"grid-head-2@{DIVIDED}")) == [("grid-head-2", (DIVIDED,))]
    assert found(county(without="town-desk@350583111")) == [("town-desk", (DIVIDED, WHOLE))]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_whoever_stands_in_is_never_lower_and_always_known(role: str) -> None:
    who = Who(role)
    assert stands_in(who, AreaLevel.GRID) == who
    assert all(one.role in ROLES for one in stand_ins(who))
    assert bool(stand_ins(who)) is (ROLES[role].level in (Level.GRID_2, Level.GRID_1))


def test_requirements_name_the_grids_in_which_they_hold() -> None:
    wanted = requirements(definition(HJ), classes=tree(), grids=[DIVIDED, WHOLE])
    grids = {one.role: list(one.grids) for one in wanted if one.unit is None}
    assert grids["grid-head-2"] == [DIVIDED]
    assert grids["grid-head"] == grids["town-desk"] == [DIVIDED, WHOLE]
