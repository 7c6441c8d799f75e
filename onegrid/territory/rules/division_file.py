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
        raise UnreadableDivisions(
            reason=f"缺少列 {'、'.join(missing)}", reason_en=f"{', '.join(missing)} missing in the heading"
        )
    rows = []
    try:
        for row in reader:
            if None in row or any(not row[column] for column in REQUIRED):
                raise UnreadableDivisions(
                    reason=f"第 {reader.line_num} 行不完整",
                    reason_en=f"line {reader.line_num} is not complete",
                )
            rows.append(_division(row))
    except csv.Error as error:
        raise UnreadableDivisions(
            reason=f"第 {reader.line_num} 行：{error}", reason_en=f"line {reader.line_num}: {error}"
        ) from error
    if not rows:
        raise UnreadableDivisions(reason="没有任何一行", reason_en="it has no row")
    return rows


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDivisions(reason="编码无法识别", reason_en="its encoding is unknown")


def _division(row: dict[str, str]) -> NewDivision:
    return NewDivision(
        row["code"].strip(),
        row["name"].strip(),
        row["kind"].strip(),
        tuple((row.get("predecessors") or "").split()),
        (row.get("lies_in") or "").strip(),
    )
