"""Tables that people send: encoding, delimiter, records that survive a broken neighbour, zip bombs."""

import codecs
import csv
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Final

from onegrid.kernel.refusals import Refusal

Cell = str | int | float | bool | datetime | date | time | timedelta | None

LINE_LIMIT: Final = 1 << 20  # characters of one record
QUOTED_LINES: Final = 200  # a quoted cell that runs on longer was never closed
COLUMN_LIMIT: Final = 2_000
UNPACKED_LIMIT: Final = 400 << 20  # bytes of a workbook after unpacking
RATIO_LIMIT: Final = 200  # times; ordinary sheets reach 10 to 30
RATIO_FROM: Final = 1 << 20  # bytes; smaller parts may be anything
PART_LIMIT: Final = 2_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: Final = ",\t;，|"


class NotText(Refusal):
    code = "intake.file-not-text"
    zh = "文件“{name}”不是可读的文本表格。请另存为 CSV（UTF-8）或 XLSX 后再导入。"
    en = "'{name}' is no readable text table; save it as CSV (UTF-8) or XLSX."


class WorkbookTooLarge(Refusal):
    status = 413
    code = "intake.workbook-too-large"
    zh = "工作簿“{name}”解压后异常庞大（{detail}），为安全起见拒绝打开。请拆分后再导入。"
    en = "Workbook '{name}' unpacks to an implausible size ({detail}) and is not opened; split it."


class WorkbookUnreadable(Refusal):
    code = "intake.workbook-unreadable"
    zh = "文件“{name}”不是可读的 XLSX 工作簿。"
    en = "'{name}' is no readable XLSX workbook."


class TooManyColumns(Refusal):
    code = "intake.too-many-columns"
    zh = "表格有 {count} 列，超过上限 {limit}。"
    en = "The table has {count} columns; at most {limit} are read."


class UnclosedQuote(Refusal):
    code = "intake.unclosed-quote"
    zh = "引号没有闭合，或一行超过 {limit} 个字符。"
    en = "A quote is never closed, or a row is longer than {limit} characters."


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: where it starts, and its cells or why it cannot be read."""

    row: int
    cells: tuple[Cell, ...]
    fault: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a zipped workbook, sizes in bytes."""

    name: str
    packed: int
    unpacked: int


def encoding_of(chunks: Iterable[bytes], *, name: str) -> str:
    """The encoding of a text: by its mark, else UTF-8 if all of it is, else GB18030; raises `NotText`.

    A character cut in half at the very end (a broken transfer) does not count against an encoding."""
    stream = iter(chunks)
    first = next(stream, b"")
    for mark, encoding in _BOMS:
        if first.startswith(mark):
            return encoding
    decoders = {encoding: codecs.getincrementaldecoder(encoding)() for encoding in ("utf-8", "gb18030")}
    for chunk in chain([first], stream):
        decoders = {encoding: each for encoding, each in decoders.items() if _decodes(each, chunk)}
        if b"\0" in chunk or not decoders:
            raise NotText(name=name)
    return next(iter(decoders))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def delimiter_of(header: str) -> str:
    """The sign that cuts the header line most often, commas first."""
    return max(_DELIMITERS, key=lambda sign: (header.count(sign), -_DELIMITERS.index(sign)))


def records(lines: Iterable[str]) -> Generator[Record, None, None]:
    """The non-empty records of a delimited text, with the number of the line each starts on.

    A quote that is never closed spoils its own line only: reading goes on with the next one."""
    queue = _Lines(lines)
    delimiter = ""
    while (found := queue.take()) is not None:
        start, line = found
        if not line.strip():
            continue
        delimiter = delimiter or delimiter_of(line)
        whole = _complete(line, queue)
        record = _parsed(start, whole or line, delimiter, whole is not None)
        if record.fault or any(str(cell).strip() for cell in record.cells):
            yield record


class _Lines:
    """Numbered lines that can be put back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._numbered = enumerate(lines, start=1)
        self._back: list[tuple[int, str]] = []

    def take(self) -> tuple[int, str] | None:
        return self._back.pop(0) if self._back else next(self._numbered, None)

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self._back[:0] = lines


def _parsed(start: int, text: str, delimiter: str, is_whole: bool) -> Record:
    try:
        if is_whole:
            return Record(start, tuple(next(csv.reader([text], delimiter=delimiter), [])))
    except csv.Error:  # a cell over the module's limit
        pass
    return Record(start, (text[:200],), UnclosedQuote(limit=LINE_LIMIT))


def _complete(line: str, queue: _Lines) -> str | None:
    """The record that starts with `line`, over the lines its quotes span; None when they never close, and
    those lines are still to be read."""
    taken: list[tuple[int, str]] = []
    parts, length, is_open = [line], len(line), line.count('"') % 2 == 1
    while is_open and len(taken) < QUOTED_LINES and length <= LINE_LIMIT and (found := queue.take()):
        taken.append(found)
        parts.append(found[1])
        length += len(found[1])
        is_open ^= found[1].count('"') % 2 == 1
    if is_open or length > LINE_LIMIT:
        queue.put_back(taken)
        return None
    return "".join(parts)


def oversized(parts: Sequence[Part], *, name: str) -> Refusal | None:
    """Why a workbook must not be unpacked, judged by the sizes it declares; None when it may."""
    total = sum(part.unpacked for part in parts)
    if len(parts) > PART_LIMIT:
        return WorkbookTooLarge(name=name, detail=f"{len(parts)} parts")
    if total > UNPACKED_LIMIT:
        return WorkbookTooLarge(name=name, detail=f"{total >> 20} MiB")
    for part in parts:
        if part.unpacked > RATIO_FROM and part.unpacked > RATIO_LIMIT * max(part.packed, 1):
            return WorkbookTooLarge(name=name, detail=f"{part.name} × {part.unpacked // max(part.packed, 1)}")
    return None


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def restored(text: str) -> str:
    """The cell before `neutral`, so that a corrected error file can be sent again."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
