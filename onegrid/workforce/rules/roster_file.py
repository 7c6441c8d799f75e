"""The roster file (花名册): one line per post and holder.

CSV in UTF-8 (with or without BOM) or GB18030, headings in Chinese or English."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from onegrid.workforce.rules.refusals import RosterUnreadable, RowUnreadable

COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "role": ("角色", "what kind of post: role key or Chinese name"),
    "place": ("绑定编码", "division or grid code the post is bound to"),
    "unit": ("单位", "unit key; empty = the village, town or office of that place"),
    "post_key": ("岗位编号", "key of the post; empty = role and place"),
    "title": ("岗位名称", "title of a new post; empty = unit and role"),
    "name": ("姓名", "holder; empty = the post alone"),
    "staff_no": ("工号", "staff number; the same number is the same worker"),
    "category": ("人员类别", "worker category: key or Chinese name"),
    "username": ("账号", "account the worker signs in with"),
    "principal": ("主责", "是: answers for the post (default); 否: assists"),
    "starts_on": ("任职日期", "first day, e.g. 2026-12-01; empty = today"),
    "scenarios": ("承担场景", "scenario keys the post is narrowed to, separated by ；"),
    "classes": ("承担类别", "matter class prefixes the post is narrowed to, separated by ；"),
}
REQUIRED: Final = ("role", "place")
MOST_COLUMNS: Final = 200
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SEVERAL: Final = re.compile(r"[;；,，、\s]+")
_YES: Final = {"": True, "是": True, "y": True, "yes": True, "1": True, "true": True}
_NO: Final = {"否": False, "n": False, "no": False, "0": False, "false": False}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line as understood; empty texts are what the file left empty."""

    number: int
    role: str
    place: str
    unit: str
    post_key: str
    title: str
    name: str
    staff_no: str
    category: str
    username: str
    principal: bool
    starts_on: date | None
    scenarios: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterTable:
    """The file as a table: its headings and its rows with the line each stands on."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def _no_roster(zh: str, en: str) -> RosterUnreadable:
    return RosterUnreadable(reason=zh, reason_en=en)


def _bad(zh: str, en: str) -> RowUnreadable:
    return RowUnreadable(reason=zh, reason_en=en)


def read_table(data: bytes) -> RosterTable:
    """The file's text as rows. Raises RosterUnreadable: no text, no rows, too wide, or headings missing."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    try:
        rows = [(reader.line_num, tuple(map(str.strip, row))) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise _no_roster(f"CSV 格式错误：{error}", f"bad CSV: {error}") from None
    if not rows:
        raise _no_roster("文件是空的", "the file is empty")
    headings = rows[0][1]
    if len(headings) > MOST_COLUMNS:
        raise _no_roster(f"超过 {MOST_COLUMNS} 列", f"more than {MOST_COLUMNS} columns")
    missing = [name for name in REQUIRED if name not in _positions(headings)]
    if missing:
        names = "、".join(COLUMNS[name][0] for name in missing)
        raise _no_roster(f"缺少列：{names}", f"missing columns: {', '.join(missing)}")
    return RosterTable(headings, tuple(rows[1:]))


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_roster(
        "不是 CSV 文本，请另存为 CSV（UTF-8 或 GB18030）", "not CSV text; save it as CSV (UTF-8 or GB18030)"
    )


def _positions(headings: Sequence[str]) -> dict[str, int]:
    known = {label: name for name, (zh, _) in COLUMNS.items() for label in (name, zh)}
    return {known[text]: index for index, text in enumerate(headings) if text in known}


def line_of(table: RosterTable, number: int, row: Sequence[str]) -> RosterLine:
    """One row understood. Raises RowUnreadable naming the cell that is not."""
    if any(row[len(table.headings) :]):
        raise _bad("单元格比表头多", "more cells than headings")
    cells = {name: row[i] if i < len(row) else "" for name, i in _positions(table.headings).items()}
    cell = {name: cells.get(name, "") for name in COLUMNS}
    for name in REQUIRED:
        if not cell[name]:
            raise _bad(f"「{COLUMNS[name][0]}」为空", f"'{name}' is empty")
    for name, text in cell.items():
        if text[:1] in "=+@" and text:
            raise _bad(f"「{COLUMNS[name][0]}」是公式：{text[:40]}", f"'{name}' is a formula: {text[:40]}")
    return RosterLine(
        number,
        **{name: cell[name] for name in ("role", "place", "unit", "post_key", "title", "name")},
        **{name: cell[name] for name in ("staff_no", "category", "username")},
        principal=_yes(cell["principal"]),
        starts_on=_day(cell["starts_on"]),
        scenarios=_several(cell["scenarios"]),
        classes=_several(cell["classes"]),
    )


def _yes(text: str) -> bool:
    answers = _YES | _NO
    if text.lower() not in answers:
        raise _bad(f"「主责」应为是或否：{text}", f"'principal' must be 是 or 否: {text}")
    return answers[text.lower()]


def _day(text: str) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise _bad(f"「任职日期」无法识别：{text}", f"'starts_on' is no date: {text}") from None


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _SEVERAL.split(text) if part))


def error_file(table: RosterTable, errors: Mapping[int, str]) -> bytes:
    """The refused rows as they came, with the reason in a last column; no cell can act as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*table.headings, "原因 reason"])
    for number, row in table.rows:
        if number in errors:
            padded = [*row, *[""] * (len(table.headings) - len(row))]
            writer.writerow([_harmless(cell) for cell in [*padded, errors[number]]])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
