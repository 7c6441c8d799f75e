"""Codes tell level, kind and what a grid lies in."""

import pytest

from onegrid.territory.rules import (
    BadDivisionCode,
    BadGridCode,
    GridKind,
    GridLevel,
    checked_division_code,
    checked_grid_code,
    kind_of,
    level_of,
    parent_codes,
    parent_division,
)
from onegrid.territory.rules.divisions import short_name, stem
from onegrid.territory.rules.numbering import NumbersUsedUp, numbered
from onegrid.territory.tests.factories import square

VILLAGE = "350583104201"


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("350583104201000", GridLevel.FIRST, GridKind.GENERAL),
        ("350583104201001", GridLevel.SECOND, GridKind.GENERAL),
        ("350583104201599", GridLevel.SECOND, GridKind.GENERAL),
        ("350583104201600", GridLevel.SECOND, GridKind.EXCLUSIVE),
        ("350583104201799", GridLevel.SECOND, GridKind.EXCLUSIVE),
        ("350583104201900", GridLevel.SECOND, GridKind.TEMPORARY),
        ("350583104501000", GridLevel.FIRST, GridKind.EXCLUSIVE),
    ],
)
def test_a_code_tells_level_and_kind(code: str, level: GridLevel, kind: GridKind) -> None:
    assert (level_of(checked_grid_code(code)), kind_of(code)) == (level, kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "35058310420100",
        "3505831042010000",
        "35058310420100a",
        "350583104201800",
        "３５０５８３１０４２０１００１",
    ],
)
def test_what_is_no_grid_code_is_refused(text: str) -> None:
    with pytest.raises(BadGridCode):
        checked_grid_code(text)


@pytest.mark.parametrize("text", ["", "35058", "3505831", "350583104201000", "35058x"])
def test_what_is_no_division_code_is_refused(text: str) -> None:
    with pytest.raises(BadDivisionCode):
        checked_division_code(text)


def test_a_grid_hangs_under_first_level_town_and_county_by_prefix() -> None:
    code = checked_grid_code("350583104201007")
    assert parent_codes(code) == (code, "350583104201000", "350583104", "350583")
    assert parent_division("350583104201") == "350583104"
    assert parent_division("350583") is None


@pytest.mark.parametrize(
    ("name", "short", "place"),
    [
        ("镇山村委会", "镇山村", "镇山"),
        ("溪美社区居委会", "溪美社区", "溪美"),
        ("美林居委会", "美林社区", "美林"),
        ("水头镇", "水头镇", "水头镇"),
    ],
)
def test_users_see_the_short_name_of_a_village(name: str, short: str, place: str) -> None:
    assert (short_name(name), stem(name)) == (short, place)


def test_numbers_run_row_by_row_from_the_north_each_row_from_the_west_and_behind_all_used_ones() -> None:
    places = [(2, 0), (0, 1), (1, 0), (2, 1), (0, 0), (1, 1)]
    given = numbered(
        [VILLAGE] * 6,
        [square(*place) for place in places],
        in_force={},
        used={f"{VILLAGE}007", f"{VILLAGE}601"},
    )
    assert dict(zip(places, given, strict=True)) == {
        (0, 1): f"{VILLAGE}008",
        (1, 1): f"{VILLAGE}009",
        (2, 1): f"{VILLAGE}010",
        (0, 0): f"{VILLAGE}011",
        (1, 0): f"{VILLAGE}012",
        (2, 0): f"{VILLAGE}013",
    }


def test_a_grid_in_force_with_the_same_boundary_keeps_its_number() -> None:
    known = {f"{VILLAGE}003": square(0, 0), "350583104202001": square(1, 0)}
    given = numbered([VILLAGE] * 2, [square(1, 0), square(0, 0)], in_force=known, used=set(known))
    assert given == [f"{VILLAGE}004", f"{VILLAGE}003"]


def test_the_numbers_of_a_village_can_run_out() -> None:
    with pytest.raises(NumbersUsedUp):
        numbered([VILLAGE], [square(0, 0)], in_force={}, used={f"{VILLAGE}599"})
