"""Division lists as CSV: code, name, kind, and where known predecessors and lies_in."""

import csv
import io

from onegrid.kernel.refusals import Refusal
from onegrid.territory.rules.divisions import NewDivision

REQUIRED = ("code", "name", "kind")


class UnreadableDivisions(Refusal):
    code = "territory.unreadable-divisions"
    zh = "区划名单无法读取：{reason}。需要 UTF-8 或 GB18030 编码的 CSV，首行为 code,name,kind。"
    en = "The division list cannot be read: {reason_en}. It must be a CSV headed code,name,kind."


def division_rows(data: bytes) -> list[NewDivision]:
    """The rows of a CSV file in UTF-8 or GB18030; further columns: predecessors (codes, blanks between),
    lies_in. Raises UnreadableDivisions with the line."""
    reader = csv.DictReader(io.StringIO(_text(data), newline=""))
    missing = [column for column in REQUIRED if column not in (reader.fieldnames or ())]
    if missing:
        raise _unreadable(f"缺少列 {'、'.join(missing)}", f"{', '.join(missing)} missing in the heading")
    try:
        rows = [_division(row, reader.line_num) for row in reader]
    except csv.Error as error:
        raise _at(reader.line_num, str(error), str(error)) from error
    if not rows:
        raise _unreadable("没有任何一行", "it has no row")
    return rows


def _unreadable(reason: str, reason_en: str) -> UnreadableDivisions:
    return UnreadableDivisions(reason=reason, reason_en=reason_en)


def _at(line: int, reason: str, reason_en: str) -> UnreadableDivisions:
    return _unreadable(f"第 {line} 行{reason}", f"line {line}: {reason_en}")


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("编码无法识别", "its encoding is unknown")


def _division(row: dict[str, str], line: int) -> NewDivision:
    if None in row or any(not row[column] for column in REQUIRED):
        raise _at(line, "不完整", "not complete")
    return NewDivision(
        row["code"].strip(),
        row["name"].strip(),
        row["kind"].strip(),
        tuple((row.get("predecessors") or "").split()),
        (row.get("lies_in") or "").strip(),
    )
