"""Reading tables that people send, however they were written."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.sheets import (
    NotText,
    Part,
    Record,
    delimiter_of,
    encoding_of,
    neutral,
    oversized,
    records,
    restored,
)

ROW = "编号,描述\n1,垃圾成堆\n"


def read(text: str) -> list[Record]:
    return list(records(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("written", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found(written: str, found: str) -> None:
    assert encoding_of([ROW.encode(written)], name="a.csv") == found


def test_a_character_cut_in_half_at_the_end_is_no_other_encoding() -> None:
    assert encoding_of([ROW.encode()[:-3]], name="a.csv") == "utf-8"
    assert encoding_of([ROW.encode()[:10], ROW.encode()[10:]], name="a.csv") == "utf-8"


@pytest.mark.parametrize("junk", [b"\x00\x01\x02", b"PK\x03\x04\x00", b"\xff\xff\xff\xff"])
def test_what_is_no_text_is_refused(junk: bytes) -> None:
    with pytest.raises(NotText):
        encoding_of([junk], name="a.csv")


def test_tabs_and_semicolons_are_delimiters_too() -> None:
    assert [delimiter_of(header) for header in ("a,b", "a\tb\tc", "a;b", "描述")] == [",", "\t", ";", ","]


def test_empty_lines_are_no_records_and_line_numbers_stay_true() -> None:
    assert [(r.row, r.cells) for r in read("a,b\n\n,\n1,2\n")] == [(1, ("a", "b")), (4, ("1", "2"))]


def test_a_quoted_cell_may_run_over_lines() -> None:
    assert read('a,b\n1,"x\ny"\n2,z\n')[1:] == [Record(2, ("1", "x\ny")), Record(4, ("2", "z"))]


def test_a_quote_that_never_closes_spoils_its_own_line_only() -> None:
    first, broken, *rest = read('a,b\n1,"x\n2,y\n3,z\n')
    assert first.row == 1
    assert broken.fault is not None
    assert broken.fault.code == "intake.unclosed-quote"
    assert rest == [Record(3, ("2", "y")), Record(4, ("3", "z"))]


cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(str.strip)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    assert [list(r.cells) for r in read(out.getvalue())[1:]] == rows


def test_a_formula_is_shown_as_text_and_a_number_stays_a_number() -> None:
    assert neutral("=cmd|'/c calc'!A0") == "'=cmd|'/c calc'!A0"
    assert [neutral(text) for text in ("@sum", "+1+2", "-71.05", "普通")] == [
        "'@sum",
        "'+1+2",
        "-71.05",
        "普通",
    ]


@given(st.text())
def test_a_corrected_error_file_says_what_the_first_file_said(text: str) -> None:
    guarded = neutral(text)
    assert not guarded.startswith(("=", "@", "\t", "\r"))
    if not text.startswith("'"):
        assert restored(guarded) == text


def test_a_workbook_of_plausible_size_is_opened_and_a_bomb_is_not() -> None:
    mib = 1 << 20
    assert oversized([Part("sheet1.xml", 4 * mib, 60 * mib)], name="a.xlsx") is None
    bombs = (
        [Part("sheet1.xml", mib, 500 * mib)],
        [Part("sheet1.xml", 1000, 5 * mib)],
        [Part(f"{i}.xml", 10, 10) for i in range(3_000)],
    )
    for parts in bombs:
        refusal = oversized(parts, name="a.xlsx")
        assert refusal is not None
        assert refusal.status == 413
