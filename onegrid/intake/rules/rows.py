"""A row of somebody's table becomes a report: which column is what, and what each cell says."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from difflib import get_close_matches
from typing import Final

from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import Source
from onegrid.scenarios.rules.vocabulary import SOURCES

from .reports import Channel, JsonValue, Reporter, ReportIn, clean_text
from .sheets import COLUMN_LIMIT, Cell, Record, TooManyColumns, restored

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "external_id": (
        "编号", "上报编号", "工单号", "工单编号", "事件编号", "外部编号", "受理编号",
        "external id", "id", "case id", "case enquiry id", "number", "ticket",
    ),
    "title": ("标题", "事件标题", "主题", "诉求标题", "title", "subject", "case title"),
    "description": (
        "描述", "内容", "事件描述", "问题描述", "诉求内容", "反映内容", "详情",
        "description", "text", "content", "details",
    ),
    "class_code": ("类别编码", "事项编码", "分类编码", "小类编码", "类别代码", "class code", "category code"),
    "class_name": ("类别", "事项类别", "小类", "问题类别", "事件类型", "事项", "class", "category", "type"),
    "lng": ("经度", "lng", "lon", "longitude"),
    "lat": ("纬度", "lat", "latitude"),
    "system": ("坐标系", "坐标系统", "coordinate system", "crs"),
    "place_text": (
        "地址", "地点", "位置", "详细地址", "事发地点", "事发地址",
        "address", "location", "place",
    ),
    "grid_code": ("网格编码", "网格代码", "所属网格编码", "所属网格", "grid", "grid code"),
    "happened_at": ("发生时间", "事发时间", "happened at", "occurred at"),
    "reported_at": (
        "上报时间", "登记时间", "创建时间", "反映时间", "来电时间",
        "reported at", "created at", "open dt",
    ),
    "reporter_name": ("上报人", "报告人", "反映人", "姓名", "联系人", "诉求人", "来电人", "name", "reporter"),
    "reporter_phone": ("电话", "联系电话", "手机号", "手机", "来电号码", "phone", "mobile", "telephone"),
    "promised_due": ("承诺时限", "办结时限", "截止时间", "答复时限", "due", "deadline", "target dt"),
    "source": ("来源", "发现来源", "source"),
}  # fmt: skip
_SOURCES: Final[Mapping[str, Source]] = {
    name.casefold().replace(" ", ""): source for source in Source for name in (source.value, *SOURCES[source])
}
"""A source by its key, or by its Chinese or English name."""
_BY_HEADING: Final = {
    re.sub(r"[\s_\-]", "", heading): name for name, headings in HEADINGS.items() for heading in headings
}
ERROR_HEADINGS: Final = ("行号", "不予受理原因", "原因代码")
"""What the error file puts before the sender's own columns; left out when it is sent again."""
_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]*(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)?"
)


KNOWN_COLUMNS: Final = "、".join(names[0] for names in HEADINGS.values())
"""The usual Chinese heading of each column that an import understands."""


def unnamed_told(unnamed: Sequence[str]) -> str:
    """What is said of columns that an import does not understand, with the heading probably meant."""
    known = [name for names in HEADINGS.values() for name in names]
    near = ((heading, get_close_matches(heading, known, n=1, cutoff=0.5)) for heading in unnamed)
    told = "、".join(
        f"“{heading}”" + (f"（是否应为“{found[0]}”？）" if found else "") for heading, found in near
    )
    return f"未识别的列，已作为附加信息保留 unknown columns: {told}。可识别的列：{KNOWN_COLUMNS}。"


class HeadingsUnknown(Refusal):
    code = "intake.headings-unknown"
    zh = "表头中找不到“描述”“标题”或“类别”列，无法导入。读到的表头：{found}。可识别的列：{known}。"
    en = "No heading names a description, title or class. Headings found: {found}."


class HalfRow(Refusal):
    code = "intake.half-row"
    zh = "这一行只有 {found} 列，表头有 {expected} 列，可能是文件被截断。"
    en = "The row has {found} of {expected} columns; the file may be cut off."


class OverlongRow(Refusal):
    code = "intake.overlong-row"
    zh = "这一行有 {found} 列，多于表头的 {expected} 列，可能缺少引号。"
    en = "The row has {found} columns, the heading {expected}; a quote may be missing."


class BadCell(Refusal):
    code = "intake.bad-cell"
    zh = "“{heading}”一栏的“{value}”无法识别，应为{expected}。"
    en = "'{value}' under '{heading}' cannot be read."


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a table holds what; `unnamed` columns are kept as the sender's details."""

    headings: tuple[str, ...]
    columns: Mapping[str, int]
    unnamed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed for a whole file: channel, the system of coordinates that name none, the time zone of
    times that name none, class codes by class name, and the mark that keeps its row numbers apart."""

    channel: Channel
    mark: str
    zone: tzinfo
    system: CoordinateSystem | None = None
    class_names: Mapping[str, str] = field(default_factory=dict)


def layout_of(header: Record) -> Layout:
    """Read the header row; raises `HeadingsUnknown` when no column says what happened."""
    headings = tuple(text_of(cell) for cell in header.cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    if len(headings) > COLUMN_LIMIT:
        raise TooManyColumns(count=len(headings), limit=COLUMN_LIMIT)
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        name = _BY_HEADING.get(_plain(heading))
        if name and name not in columns:
            columns[name] = index
    if not columns.keys() & {"description", "title", "class_name", "class_code"}:
        raise HeadingsUnknown(found="、".join(headings[:20]), known=KNOWN_COLUMNS)
    named = set(columns.values())
    rest = (i for i, heading in enumerate(headings) if heading and heading not in ERROR_HEADINGS)
    return Layout(headings, columns, tuple(i for i in rest if i not in named))


def report_of(record: Record, layout: Layout, terms: Terms) -> ReportIn:
    """The report that a row holds; raises the refusal that names the first cell that cannot be read."""
    if record.fault:
        raise record.fault
    reader = _Row(_fitted(record.cells, len(layout.headings)), layout, terms)
    return ReportIn(
        channel=terms.channel,
        external_id=reader.text("external_id") or f"{terms.mark}:{record.row}",
        source=reader.source(), class_code=reader.class_code(), grid_code=reader.text("grid_code") or None,
        title=reader.text("title"), description=reader.text("description"),
        lng=reader.number("lng"), lat=reader.number("lat"), system=reader.system(),
        place_text=reader.text("place_text"), happened_at=reader.moment("happened_at"),
        reported_at=reader.moment("reported_at"), promised_due=reader.moment("promised_due"),
        reporter=reader.reporter(), source_detail=reader.details(),
    )  # fmt: skip


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal point, formula guards taken off."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return clean_text(restored(str(cell)))


def _plain(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\s_\-*:]|\(.*?\)", "", folded)


def _fitted(cells: Sequence[Cell], width: int) -> Sequence[Cell]:
    if len(cells) < width:
        raise HalfRow(found=len(cells), expected=width)
    if any(text_of(cell) for cell in cells[width:]):
        raise OverlongRow(found=len(cells), expected=width)
    return cells


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Sequence[Cell]
    layout: Layout
    terms: Terms

    def cell(self, name: str) -> Cell:
        index = self.layout.columns.get(name)
        return None if index is None else self.cells[index]

    def text(self, name: str) -> str:
        return text_of(self.cell(name))

    def number(self, name: str) -> float | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return float(text.rstrip("°"))
        except ValueError:
            raise self.bad(name, "数字（度）") from None

    def moment(self, name: str) -> datetime | None:
        cell = self.cell(name)
        if isinstance(cell, date) and not isinstance(cell, datetime):
            cell = datetime.combine(cell, time())
        moment = cell if isinstance(cell, datetime) else parsed_time(self.text(name))
        if moment is None:
            if self.text(name):
                raise self.bad(name, "时间，如 2026-11-24 08:00")
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.terms.zone)

    def reporter(self) -> Reporter | None:
        name, phone = self.text("reporter_name"), self.text("reporter_phone")
        return Reporter(name, phone) if name or phone else None

    def system(self) -> CoordinateSystem | None:
        if not (self.text("lng") or self.text("lat")):
            return None
        text = self.text("system")
        return CoordinateSystem.parse(text) if text else self.terms.system

    def source(self) -> Source | None:
        return _SOURCES.get(self.text("source").casefold().replace(" ", ""))

    def class_code(self) -> str | None:
        code, name = self.text("class_code"), self.text("class_name")
        return code or self.terms.class_names.get(name.casefold()) or name or None

    def details(self) -> dict[str, JsonValue]:
        given = {self.layout.headings[i]: text_of(self.cells[i]) for i in self.layout.unnamed}
        if self.source() is None and self.text("source"):  # a word of the sender's own is kept as it is
            given[self.layout.headings[self.layout.columns["source"]]] = self.text("source")
        return {heading: text for heading, text in given.items() if text}

    def bad(self, name: str, expected: str) -> BadCell:
        heading = self.layout.headings[self.layout.columns[name]]
        return BadCell(heading=heading, value=self.text(name)[:80], expected=expected)


def parsed_time(text: str) -> datetime | None:
    """A time as people write it: ISO 8601, 2026/11/24 8:03, 2026年11月24日8时3分; None when it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the caller knows the zone
    except ValueError:
        return None
