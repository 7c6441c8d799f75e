"""The files of a replay: the city's cases and duplicate links, and the file of rejected rows."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from onegrid.intake.rules.sheets import neutral
from onegrid.kernel.refusals import Refusal
from onegrid.sample.rules.replay.mapping import Subject
from onegrid.sample.rules.replay.rows import COLUMNS, Row, objection, read_row


class NoCases(Refusal):
    status = 404
    code = "sample.no-cases"
    zh = "文件夹“{folder}”中应恰有一个 cases*.csv 或 cases*.csv.gz，实有 {count} 个。"
    en = "'{folder}' should hold exactly one cases*.csv or cases*.csv.gz; it holds {count}."


class ColumnsMissing(Refusal):
    code = "sample.columns-missing"
    zh = "文件“{file}”缺少列：{columns}。"
    en = "'{file}' lacks the columns {columns}."


class OutOfOrder(Refusal):
    code = "sample.out-of-order"
    zh = "文件“{file}”第 {line} 行的受理时间早于上一行。请按受理时间排序后再回放。"
    en = "Line {line} of '{file}' was opened before the line above it; sort the file by OPEN_DT."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its row, or the refusal that keeps it from being replayed.

    Both are there for a row that can be read but is no case."""

    number: int
    key: str
    row: Row | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What has to be known of a file before its first row is replayed."""

    lines: int
    subjects: Counter[Subject]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A city's cases in order of time, one a line, times local to `zone`; `limit`: only the first lines."""

    path: Path
    zone: ZoneInfo
    limit: int | None = None

    @classmethod
    def in_folder(cls, folder: Path, *, zone: ZoneInfo, limit: int | None = None) -> "CaseFile":
        """The one file of cases in a folder. Raises NoCases."""
        found = sorted([*folder.glob("cases*.csv"), *folder.glob("cases*.csv.gz")])
        if len(found) != 1:
            raise NoCases(folder=folder, count=len(found))
        return cls(found[0], zone, limit)

    def lines(self) -> Iterator[Line]:
        """Every line, read or refused, without keeping any. Raises ColumnsMissing, OutOfOrder."""
        last = None
        with _opened(self.path) as stream:
            table = csv.DictReader(stream, restval="")
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise ColumnsMissing(file=self.path.name, columns=", ".join(missing))
            for count, cells in enumerate(table):
                if self.limit is not None and count >= self.limit:
                    return
                line = _line(cells, number=table.line_num, zone=self.zone)
                if line.row is not None and last is not None and line.row.opened_at < last:
                    raise OutOfOrder(file=self.path.name, line=table.line_num)
                last = line.row.opened_at if line.row else last
                yield line

    def survey(self) -> Survey:
        """Read the file once: how many lines, which words in it. Raises NoCases where no row can be read."""
        count, subjects = 0, Counter[Subject]()
        first = last = None
        for line in self.lines():
            count += 1
            if line.row is not None:
                row = line.row
                first, last = first or row.opened_at, row.opened_at
                subjects[Subject(row.kind, row.reason, row.department)] += 1
        if first is None or last is None:
            raise NoCases(folder=self.path, count=0)
        return Survey(count, subjects, first, last)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as packed:
            yield packed
    else:
        with path.open(encoding="utf-8-sig", newline="") as plain:
            yield plain


def _line(cells: dict[str, str], *, number: int, zone: ZoneInfo) -> Line:
    line = Line(number, cells["CASE_ENQUIRY_ID"].strip(), None, None)
    try:
        row = read_row(cells, line=number, zone=zone)
    except Refusal as refusal:
        return replace(line, refusal=refusal)
    return replace(line, row=row, refusal=objection(row, zone=zone))


def read_links(folder: Path) -> list[tuple[str, str]]:
    """The city's own duplicate links with both ends in its file: (child, parent). [] without a links file."""
    links = []
    for path in sorted(folder.glob("links*.csv")):
        with _opened(path) as stream:
            for cells in csv.DictReader(stream):
                if cells["relation"] == "duplicate" and cells["parent_in_table"] == "1":
                    links.append((cells["child_id"], cells["parent_id"]))
    return links


class Rejections:
    """The file of rejected rows: line, number and why, in both languages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: set[int] = set()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerow(["line", "id", "reason", "原因", "explanation"])

    def add(self, line: int, key: str, *, code: str, zh: str, en: str) -> None:
        """Write one row down; it counts as rejected from now on."""
        self.lines.add(line)
        with self.path.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow([line, neutral(key), code, neutral(zh), neutral(en)])

    def refuse(self, line: int, key: str, refusal: Refusal) -> None:
        """Write down a row with its refusal."""
        self.add(line, key, code=refusal.code, zh=refusal.message("zh"), en=refusal.message("en"))
