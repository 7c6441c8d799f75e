"""Tables of reports: every row ends in exactly one count, also when the process dies half-way."""

import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.actions import imports
from onegrid.intake.commands import app
from onegrid.intake.models import Import, Report
from onegrid.intake.rules.imports import Counts, error_file
from onegrid.intake.rules.reports import Channel
from onegrid.intake.tests.factories import NOW, Staff
from onegrid.kernel.coordinates import CoordinateSystem

HEAD = "工单编号,诉求内容,类别,经度,纬度"
HERE = "118.385,24.955"


pytestmark = pytest.mark.usefixtures("storage")


def start(content: bytes, *, name: str = "a.csv", system: CoordinateSystem | None = None) -> Import:
    return actions.start_import(
        io.BytesIO(content), name=name, channel=Channel.DEPARTMENT, system=system, by=SYSTEM, now=NOW
    )


def run(
    content: bytes, *, name: str = "a.csv", system: CoordinateSystem | None = CoordinateSystem.WGS84
) -> Import:
    return actions.run_import(start(content, name=name, system=system).id, now=NOW)


def table(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEAD, *rows, ""]).encode(encoding)


def faults(found: Import) -> list[tuple[int, str]]:
    return [(each.row, each.reason) for each in queries.faults(found.id)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_in_any_usual_encoding_becomes_reports(world: Staff, encoding: str) -> None:
    done = run(table(f"1,垃圾成堆,暴露垃圾,{HERE}", f"2,又是垃圾,暴露垃圾,{HERE}", encoding=encoding))
    assert done.counts == Counts(opened=1, joined=1)
    assert Report.objects.get(external_id="1").description == "垃圾成堆"


def test_every_row_is_counted_once_and_the_rejected_ones_are_listed(world: Staff) -> None:
    done = run(
        table(
            f"1,垃圾成堆,暴露垃圾,{HERE}",
            "2,没有坐标,暴露垃圾,,",
            f"3,不知道什么,外星事务,{HERE}",
            "4,只有半",
            "5,坐标写错,暴露垃圾,东经,24.9",
            "6,颠倒,暴露垃圾,24.955,118.385",
            f"1,垃圾成堆,暴露垃圾,{HERE}",
            f"1,换了内容,暴露垃圾,{HERE}",
            f'7,"引号没闭合,暴露垃圾,{HERE}',
        )
    )
    assert done.counts == Counts(opened=1, joined=0, pooled=2, rejected=5, repeated=1)
    assert faults(done) == [
        (5, "intake.half-row"),
        (6, "intake.bad-cell"),
        (7, "intake.swapped-coordinate"),
        (9, "intake.key-reused"),
        (10, "intake.unclosed-quote"),
    ]


def test_the_error_file_is_safe_to_open_and_can_be_sent_again_corrected(world: Staff) -> None:
    bad = run(table("=cmd|'/c calc'!A0,@危险,暴露垃圾,东经,24.955"))
    text = "".join(error_file(bad.headings, queries.faults(bad.id)))
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["行号"], row["工单编号"], row["诉求内容"]) == ("2", "'=cmd|'/c calc'!A0", "'@危险")
    mended = run(text.replace("东经", "118.385").encode())
    assert mended.counts == Counts(opened=1)
    assert Report.objects.get(holds_key=True).external_id == "=cmd|'/c calc'!A0"
    assert mended.unnamed == []


def test_a_workbook_becomes_reports(world: Staff) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "描述", "类别", "经度", "纬度", "联系电话", "发生时间"])
    sheet.append([1001, "垃圾成堆", "暴露垃圾", 118.385, 24.955, 13800000000, NOW.replace(tzinfo=None)])
    sheet.append([1002, "=1+1", "暴露垃圾", 118.385, 24.955, None, None])
    out = io.BytesIO()
    book.save(out)
    done = run(out.getvalue(), name="a.xlsx")
    assert done.counts == Counts(opened=1, joined=1)
    assert Report.objects.filter(external_id="1001", contact__isnull=False).exists()


def bomb(*, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """The zip with every declared size of its only part replaced."""
    true = len(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))
    return content.replace(true.to_bytes(4, "little"), size.to_bytes(4, "little"))


@pytest.mark.parametrize(
    "content",
    [
        bomb(parts={"xl/worksheets/sheet1.xml": b" " * (8 << 20)}),
        lying(bomb(parts={"xl/worksheets/sheet1.xml": b" " * (8 << 20)}), 1000),
        bomb(parts={"xl/worksheets/sheet1.xml": b'<c r="A1"/><c r="XFD1048576"/>'}),
    ],
)
def test_a_zip_bomb_is_not_opened(world: Staff, content: bytes) -> None:
    done = run(content, name="a.xlsx")
    assert (done.state, done.reason) == ("failed", "intake.workbook-too-large")
    assert done.reason_zh


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 no zip at all", "intake.workbook-unreadable"),
        (b"\x00\x01\x02\x03", "intake.file-not-text"),
        ("甲,乙\n1,2\n".encode(), "intake.headings-unknown"),
        (b"", "intake.headings-unknown"),
    ],
)
def test_a_file_that_is_no_table_fails_with_a_reason(world: Staff, content: bytes, reason: str) -> None:
    done = run(content)
    assert (done.state, done.reason) == ("failed", reason)


def test_two_hundred_columns_are_kept(world: Staff) -> None:
    head = ",".join(["描述", *(f"列{i}" for i in range(199))])
    row = ",".join(["垃圾成堆", *map(str, range(199))])
    done = run(f"{head}\n{row}\n".encode())
    assert done.counts == Counts(pooled=1)
    assert Report.objects.get().source_detail["列198"] == "198"
    assert len(done.unnamed) == 199


def test_coordinates_without_a_system_are_rejected_not_guessed(world: Staff) -> None:
    done = run(table(f"1,垃圾成堆,暴露垃圾,{HERE}"), system=None)
    assert faults(done) == [(2, "intake.system-missing")]


def test_the_same_file_again_is_the_same_import(world: Staff) -> None:
    content = table(f"1,垃圾成堆,暴露垃圾,{HERE}")
    first, again = run(content), run(content)
    assert first.id == again.id
    assert Report.objects.count() == 1


@pytest.mark.parametrize("end", [b"", b"\r\n"])
def test_the_rows_counted_are_those_below_the_heading(world: Staff, end: bytes) -> None:
    content = table(f"1,垃圾成堆,暴露垃圾,{HERE}", f"2,又是垃圾,暴露垃圾,{HERE}").rstrip() + end
    assert start(content).rows == 2
    blank = table(f"1,路面坑洼,暴露垃圾,{HERE}", "", "2,只有半")
    done = run(blank)
    assert done.rows == done.counts.rows == 2


def test_the_command_tells_what_it_did_not_understand_and_that_a_file_was_known(
    world: Staff, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("编号,描述,类别,经度度,纬度\n1,垃圾成堆,暴露垃圾,118.385,24.955\n", encoding="utf-8")
    words = ["intake", "import", str(file), "--system", "WGS84"]
    first = CliRunner().invoke(app, words)
    assert "“经度度”（是否应为“经度”？）" in first.output
    assert "导入过" not in first.output
    assert "导入过，本次没有重复导入" in CliRunner().invoke(app, words).output
    usage = CliRunner().invoke(app, ["intake", "import", "--help"], env={"COLUMNS": "200"}).output
    assert "承诺时限" in re.sub(r"[\s│]", "", usage)  # wherever the line was broken


class Killed(Exception):
    """The process ended here."""


def test_a_killed_import_goes_on_where_it_stopped(world: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BATCH", 2)
    rows = [f"{i},垃圾成堆,暴露垃圾,{HERE}" for i in range(1, 8)]
    found = start(table(*rows, "8,半"), system=CoordinateSystem.WGS84)

    def die(row: int, rows: int) -> None:
        if row >= 4:
            raise Killed

    with pytest.raises(Killed):
        actions.run_import(found.id, now=NOW, progress=die)
    half = Import.objects.get(id=found.id)
    assert (half.state, half.counts.rows) == ("running", 4)
    assert queries.waiting_imports() == [found.id]
    done = actions.run_import(found.id, now=NOW)
    assert (done.state, done.counts) == ("done", Counts(opened=1, joined=6, rejected=1))
    assert Report.objects.count() == 7
