"""A row of somebody's table becomes a report, or is refused by name."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from onegrid.intake.rules.reports import Channel, Reporter, ReportIn
from onegrid.intake.rules.rows import HeadingsUnknown, Layout, Terms, layout_of, parsed_time, report_of
from onegrid.intake.rules.sheets import Cell, Record, TooManyColumns
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import Source

CHINA = timezone(timedelta(hours=8))
TERMS = Terms(Channel.DEPARTMENT, "f00d", CHINA, CoordinateSystem.GCJ02, {"路灯": "0105"})
ZH = ("工单编号", "诉求内容", "类别", "经度", "纬度", "上报时间", "联系人", "联系电话", "来源", "备注")


def layout(*headings: str) -> Layout:
    return layout_of(Record(1, headings))


def row(*cells: Cell, headings: tuple[str, ...] = ZH) -> ReportIn:
    return report_of(Record(7, cells), layout(*headings), TERMS)


def test_a_chinese_table_is_understood() -> None:
    report = row(
        "G-1",
        "路灯不亮",
        "路灯",
        "118.38",
        "24.96",
        "2026/11/24 8:03",
        "张三",
        "13800000000",
        "hotline",
        "加急",
    )
    assert report == ReportIn(
        channel=Channel.DEPARTMENT, external_id="G-1", class_code="0105", description="路灯不亮",
        lng=118.38, lat=24.96, system=CoordinateSystem.GCJ02, source=Source.HOTLINE,
        reported_at=datetime(2026, 11, 24, 0, 3, tzinfo=UTC), reporter=Reporter("张三", "13800000000"),
        source_detail={"备注": "加急"},
    )  # fmt: skip


def test_an_english_table_is_understood() -> None:
    headings = ("CASE_ENQUIRY_ID", "Description", "Longitude (deg)", "LATITUDE", "Coordinate system")
    report = row(101.0, "pothole", -71.05, 42.36, "EPSG:4326", headings=headings)
    assert (report.external_id, report.lng, report.system) == ("101", -71.05, CoordinateSystem.WGS84)


def test_a_row_without_a_number_is_known_by_its_place_in_the_file() -> None:
    assert row("", "坑洼", "", "", "", "", "", "", "", "").external_id == "f00d:7"


def test_a_class_name_that_is_not_known_is_passed_on_for_a_person_to_see() -> None:
    assert row("1", "x", "外星人", "", "", "", "", "", "", "").class_code == "外星人"


def test_two_hundred_columns_are_kept_as_details() -> None:
    headings = ("描述", *(f"列{i}" for i in range(199)))
    report = report_of(Record(2, ("坑洼", *map(str, range(199)))), layout(*headings), TERMS)
    assert len(report.source_detail) == 199
    with pytest.raises(TooManyColumns):
        layout(*(f"列{i}" for i in range(2_001)))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("1", "只有半"), "intake.half-row"),
        (("1", "x", "", "", "", "", "", "", "", "", "多余"), "intake.overlong-row"),
        (("1", "x", "", "东经", "24.9", "", "", "", "", ""), "intake.bad-cell"),
        (("1", "x", "", "", "", "昨天", "", "", "", ""), "intake.bad-cell"),
        (("1", "x", "", "", "", "2026-13-41 08:00", "", "", "", ""), "intake.bad-cell"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(cells: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        row(*cells)
    assert refused.value.code == code
    assert "{" not in refused.value.message("zh") + refused.value.message("en")


def test_an_unknown_coordinate_system_is_refused_not_guessed() -> None:
    with pytest.raises(Refusal) as refused:
        row("坑洼", "118.3", "24.9", "北京54", headings=("描述", "经度", "纬度", "坐标系"))
    assert refused.value.code == "kernel.unknown-coordinate-system"


def test_a_table_without_a_description_is_refused_with_its_headings() -> None:
    with pytest.raises(HeadingsUnknown) as refused:
        layout("甲", "乙")
    assert "甲、乙" in refused.value.message("zh")


@pytest.mark.parametrize(
    "text", ["2026-11-24 08:03", "2026/11/24 8:03:00", "2026年11月24日8时3分", "2026-11-24T08:03:00.000"]
)
def test_times_are_read_as_people_write_them(text: str) -> None:
    assert parsed_time(text) == datetime(2026, 11, 24, 8, 3)  # noqa: DTZ001


def test_a_date_cell_of_a_workbook_is_local_midnight() -> None:
    report = row("坑洼", date(2026, 11, 24), headings=("描述", "发生时间"))
    assert report.happened_at == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_a_source_is_known_by_its_chinese_name_and_a_word_of_the_senders_own_is_kept() -> None:
    known = row("1", "坑洼", "", "", "", "", "", "", "群众反映", "")
    assert (known.source, known.source_detail) == (Source.PUBLIC, {})
    unknown = row("1", "坑洼", "", "", "", "", "", "", "随便", "")
    assert (unknown.source, unknown.source_detail) == (None, {"来源": "随便"})
