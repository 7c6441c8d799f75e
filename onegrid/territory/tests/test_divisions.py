"""Divisions by edition: nothing is forgotten, and what changes is told."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.accounts.tests.factories import actor
from onegrid.kernel import history
from onegrid.kernel.refusals import NotFound, Refusal
from onegrid.territory import queries
from onegrid.territory.actions import load_divisions
from onegrid.territory.actions.writing import subject
from onegrid.territory.rules import NewDivision
from onegrid.territory.rules.division_file import UnreadableDivisions, division_rows
from onegrid.territory.rules.divisions import DuplicateDivision, OldEdition, ParentMissing, UnknownKind
from onegrid.territory.tests.factories import DIVISIONS, FOUNDED

NANAN = Path(__file__).parents[4] / "shared/data/admin_nanan"
needs_nanan = pytest.mark.skipif(
    not NANAN.exists(), reason="the real lists of Nan'an are not here (../shared/data/admin_nanan)"
)
pytestmark = pytest.mark.django_db


def nanan_2016() -> Iterator[NewDivision]:
    with (NANAN / "nanan_towns_villages_2016_adcode.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = row["code12"]
            if row["level"] == "county":
                yield NewDivision(code[:6], row["name"], "county")
            elif row["level"] == "town":
                yield NewDivision(code[:9], row["name"], "town")
            else:
                yield NewDivision(code, row["name"], "village" if code[9] == "2" else "community")


def nanan_2023() -> Iterator[NewDivision]:
    yield NewDivision("350583", "南安市", "county")
    with (NANAN / "nanan_towns.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield NewDivision(row["code9"], row["name"], "town")
    with (NANAN / "nanan_villages.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield NewDivision(row["code12"], row["name"], "village" if row["kind"] == "村" else "community")


@needs_nanan
def test_nanan_from_2016_to_2023_six_codes_go_thirteen_come_eight_are_renamed() -> None:
    load_divisions(list(nanan_2016()), edition=2016, by=SYSTEM, now=FOUNDED)
    change = load_divisions(list(nanan_2023()), edition=2023, by=SYSTEM, now=FOUNDED)

    assert {queries.division(code).name for code in change.gone} == {
        f"{name}村委会" for name in ("庄顶", "李东", "梅亭", "洋美", "福溪", "西美")
    }
    assert len(change.new) == 13
    renamed = {str(each.code): (each.before, each.after) for each in change.renamed if len(each.code) == 12}
    assert len(renamed) == 8
    assert renamed["350583106206"] == ("鳌埔山村委会", "梧埔山村委会")
    assert renamed["350583120223"] == ("淗江村委会", "菊江村委会")


@needs_nanan
def test_villages_that_became_communities_keep_their_predecessors() -> None:
    load_divisions(list(nanan_2016()), edition=2016, by=SYSTEM, now=FOUNDED)
    change = load_divisions(list(nanan_2023()), edition=2023, by=SYSTEM, now=FOUNDED)

    turned = {row.code: row.predecessors[0] for row in change.new if row.predecessors}
    assert sorted(turned) == [f"350583003{number:03}" for number in range(3, 9)]
    assert sorted(turned.values()) == sorted(change.gone)
    assert queries.division("350583003003").predecessors == ("350583003201",)


@needs_nanan
def test_a_code_that_is_gone_stays_known_and_each_edition_keeps_its_names() -> None:
    load_divisions(list(nanan_2016()), edition=2016, by=SYSTEM, now=FOUNDED)
    load_divisions(list(nanan_2023()), edition=2023, by=SYSTEM, now=FOUNDED)

    gone = queries.division("350583003201")
    assert (gone.live, gone.first_edition, gone.last_edition) == (False, 2016, 2016)
    assert gone.path_zh == "南安市/美林街道/福溪村"
    assert queries.editions() == [2016, 2023]
    assert {row.code: row.name for row in queries.listing(2016, "350583106")}[
        "350583106206"
    ] == "鳌埔山村委会"
    assert len([each for each in queries.divisions("350583") if each.level == 12]) == 430
    assert len(queries.divisions("350583003", live=False)) == len(queries.divisions("350583003")) + 6


def test_the_newest_edition_may_be_supplemented_and_then_nothing_goes() -> None:
    load_divisions(DIVISIONS, edition=2023, by=SYSTEM, now=FOUNDED)
    park = NewDivision("350583104501", "水头样例产业园", "park", lies_in="350583104201")
    change = load_divisions([park], edition=2023, by=SYSTEM, now=FOUNDED)
    assert (change.gone, [row.code for row in change.new]) == ((), [park.code])
    assert len(queries.divisions()) == 5


def test_a_new_edition_does_not_end_the_parks_that_the_county_numbered_itself() -> None:
    park = NewDivision("350583104501", "水头样例产业园", "park")
    load_divisions([*DIVISIONS, park], edition=2023, by=SYSTEM, now=FOUNDED)
    load_divisions(DIVISIONS[:3], edition=2024, by=SYSTEM, now=FOUNDED)
    assert queries.division(park.code).live
    assert not queries.division(DIVISIONS[3].code).live


def test_an_older_edition_is_refused() -> None:
    load_divisions(DIVISIONS, edition=2023, by=SYSTEM, now=FOUNDED)
    with pytest.raises(OldEdition):
        load_divisions(DIVISIONS, edition=2022, by=SYSTEM, now=FOUNDED)


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (NewDivision("350583105201", "丙村委会", "village"), ParentMissing),
        (NewDivision("350583104201", "甲村委会", "village"), DuplicateDivision),
        (NewDivision("350583104203", "丙村委会", "hamlet"), UnknownKind),
        (NewDivision("35058310420", "丙村委会", "village"), Refusal),
    ],
)
def test_a_list_with_one_bad_row_is_refused_as_a_whole(row: NewDivision, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        load_divisions([*DIVISIONS, row], edition=2023, by=SYSTEM, now=FOUNDED)
    with pytest.raises(NotFound):
        queries.division("350583")


def test_loading_is_on_record_and_only_for_those_who_may() -> None:
    load_divisions(DIVISIONS, edition=2023, by=SYSTEM, now=FOUNDED)
    recorded = history.trail(subject("divisions", "350583"))
    assert [(step.verb, step.body["edition"]) for step in recorded] == [("load", 2023)]
    with pytest.raises(NotPermitted):
        load_divisions(DIVISIONS, edition=2024, by=actor(), now=FOUNDED)


def test_the_database_itself_refuses_to_forget_a_code() -> None:
    load_divisions(DIVISIONS, edition=2023, by=SYSTEM, now=FOUNDED)
    for statement in ("DELETE FROM territory_division", "UPDATE territory_division SET code = '350584'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_the_usual_encodings(encoding: str) -> None:
    data = "code,name,kind,predecessors\n350583003003,福溪社区居委会,community,350583003201\n".encode(
        encoding
    )
    assert division_rows(data) == [
        NewDivision("350583003003", "福溪社区居委会", "community", ("350583003201",))
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "缺少列"),
        ("code,name\n350583,南安市\n", "缺少列 kind"),
        ("code,name,kind\n", "没有任何一行"),
        ("code,name,kind\n350583,南安市\n", "第 2 行"),
        ("code,name,kind\n350583,南安市,county,x,y\n", "第 2 行"),
    ],
)
def test_an_unreadable_list_is_refused_with_the_line(text: str, why: str) -> None:
    with pytest.raises(UnreadableDivisions) as refused:
        division_rows(text.encode())
    assert why in refused.value.message("zh")
