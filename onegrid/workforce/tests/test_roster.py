"""A roster comes in line by line: what fits is written, what does not comes back with its reason."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.kernel.refusals import Refusal
from onegrid.workforce import actions, queries
from onegrid.workforce.rules import NoPost, RosterUnreadable
from onegrid.workforce.rules.roster import County, take
from onegrid.workforce.rules.roster_file import COLUMNS, RosterLine, error_file, line_of, read_table
from onegrid.workforce.tests.factories import COUNTY, GRID, NOW, TODAY, VILLAGE, Staff, staff

HEADINGS = "角色,绑定编码,单位,姓名,工号,人员类别,账号,主责,承担场景"


def table(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([headings, *rows]).encode(encoding)


def reasons(data: bytes) -> list[str]:
    return [row[-1] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))][1:]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_offices_save(encoding: str) -> None:
    found = read_table(table("一级网格长,350583111201,,欧阳娜娜", encoding=encoding))
    line = line_of(found, *found.rows[0])
    assert (line.role, line.place, line.name, line.principal) == ("一级网格长", VILLAGE, "欧阳娜娜", True)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空"),
        (b"PK\x03\x04\x00\x00\x00\x00", "CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "CSV"),
        ("姓名,工号\n王,1".encode(), "角色、绑定编码"),
        (('"角色","绑定编码\n' + "x" * 200).encode(), "格式"),
        ((",".join(["角色", "绑定编码", *"x" * 250])).encode(), "200"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_by_name(data: bytes, word: str) -> None:
    with pytest.raises(RosterUnreadable) as refused:
        read_table(data)
    assert word in refused.value.message("zh")


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("一级网格长", "绑定编码"),
        ("=cmd|calc,350583111201", "公式"),
        ("一级网格长,350583111201,,王,,,,也许", "是或否"),
        ("一级网格长,350583111201,,,,,,,,,,多", "表头"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(row: str, word: str) -> None:
    found = read_table(table(row))
    with pytest.raises(Refusal, match="row-unreadable") as refused:
        line_of(found, *found.rows[0])
    assert word in refused.value.message("zh")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        found = read_table((HEADINGS + "\n" + text).encode())
        for number, row in found.rows:
            line_of(found, number, row)
    except Refusal:
        pass


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=2, max_size=9))
def test_no_cell_of_the_error_file_is_a_formula(cells: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS.split(","), cells])
    found = read_table(out.getvalue().encode())
    back = error_file(found, {number: "原因" for number, _ in found.rows}).decode("utf-8-sig")
    assert all(cell[:1] not in ("=", "+", "-", "@") for row in csv.reader(io.StringIO(back)) for cell in row)


def counted() -> Iterator[UUID]:
    return (UUID(int=number) for number in range(1, 1000))


def line(number: int, **cells: str) -> RosterLine:
    empty = dict.fromkeys(COLUMNS, "")
    texts = {**empty, "role": "grid-head", "place": VILLAGE, "category": "full-time", **cells}
    for name in ("principal", "starts_on", "scenarios", "classes"):
        texts.pop(name)
    return RosterLine(number, **texts, principal=True, starts_on=None, scenarios=(), classes=())


names = st.sampled_from(["王", "陈", "林", ""])
staff_numbers = st.sampled_from(["", "S1", "S2"])
villages = st.sampled_from([VILLAGE, "350583112205"])


@given(st.lists(st.tuples(names, staff_numbers, villages), max_size=8))
def test_whatever_is_taken_has_one_principal_per_post_and_one_name_per_staff_number(
    rows: list[tuple[str, str, str]],
) -> None:
    units = frozenset({f"village-{VILLAGE}", "village-350583112205"})
    county = County(units, {"full-time": "full-time"}, {})
    lines = [
        line(n, name=name, staff_no=staff_no, place=place) for n, (name, staff_no, place) in enumerate(rows)
    ]
    refused = take(county, lines, ids=counted(), today=date(2026, 11, 24))
    assert len({tenure.post_id for tenure in county.appointments}) == len(county.appointments)
    for each in lines:
        if each.name and each.number not in refused and each.staff_no:
            assert county.workers[each.staff_no].name == each.name
    again = take(
        county,
        [each for each in lines if each.number not in refused and each.staff_no],
        ids=counted(),
        today=TODAY,
    )
    assert again == {}


@pytest.fixture
def made(db: None) -> Staff:
    return staff()


def test_good_rows_come_in_and_bad_ones_come_back_with_their_reason(made: Staff) -> None:
    data = table(
        "第一网格长,350583111201,,李驻村,S001,机关干部,,,",
        "第一副网格长,350583111201000,,李驻村,S001,,,,",
        "二级网格员,350583111201003,,周协管,S002,文化协管员,,否,",
        "部门承办人,350583,housing,吴住建,S003,official,,是,危房；燃气",
        "第一网格长,350583111201,,又一个,S004,机关干部,,,",
        "一级网格长,350583111999,,某人,S005,机关干部,,,",
        "部门承办人,350583,,某人,S006,机关干部,,,",
        "镇网格办,350583111201,,某人,S007,机关干部,,,",
        "二级网格员,350583111201003,,某人,S008,宇航员,,否,",
    )
    done = actions.import_roster(data, by=SYSTEM, now=NOW)
    assert (done.posts, done.workers, done.appointments) == (1, 3, 4)
    assert [type(refusal).__name__ for refusal in done.refused.values()] == [
        "PostHasPrincipal", "UnknownKey", "UnitNeeded", "TerritoryUnfit", "UnknownKey",
    ]  # fmt: skip
    assert len(reasons(done.error_file)) == 5
    chief, deputy = (queries.post_for(role, GRID, "any") for role in ("chief-head", "deputy-chief"))
    held = queries.holders([chief, deputy], now=NOW)
    assert held[chief][0].worker_id == held[deputy][0].worker_id
    assert queries.post_for("department-handler", GRID, "燃气", unit="housing")
    with pytest.raises(NoPost):
        queries.post_for("department-handler", GRID, "other", unit="housing")


def test_sending_a_roster_twice_changes_nothing(made: Staff) -> None:
    data = table("第一网格长,350583111201,,李驻村,S001,机关干部,,,", "镇安办,350583111,,,,,,,")
    actions.import_roster(data, by=SYSTEM, now=NOW)
    again = actions.import_roster(data, by=SYSTEM, now=NOW)
    assert (again.posts, again.workers, again.appointments, dict(again.refused)) == (0, 0, 0, {})


def test_a_roster_links_workers_to_accounts_once(made: Staff) -> None:
    data = table(
        "第一网格长,350583111201,,林小梅,X1,专职网格员,lin,,",
        "第一副网格长,350583111201,,某人,X2,专职网格员,nobody,,",
        "镇主要领导,350583111,,林小梅,lin,,,,",
    )
    done = actions.import_roster(data, by=SYSTEM, now=NOW)
    assert [type(refusal).__name__ for refusal in done.refused.values()] == ["AccountTaken", "UnknownKey"]
    assert {s.role for s in made.actor("lin").standings} == {"grid-worker-2", "town-head"}


def test_nobody_imports_beyond_their_own_territory(made: Staff) -> None:
    data = table("核查员,350681,,,,,,,", "核查员,350583,,,,,,,")
    done = actions.import_roster(data, by=made.actor("gao"), now=NOW)
    assert [type(refusal).__name__ for refusal in done.refused.values()] == ["NotPermitted"]
    with pytest.raises(NotPermitted):
        actions.import_roster(data, by=made.actor("wang"), now=NOW)
    assert COUNTY in made.actor("gao").prefixes
