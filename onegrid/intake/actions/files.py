"""Opening the tables that people send: text of any usual encoding, or a workbook that is no bomb."""

import io
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from hashlib import sha256
from typing import IO, Final

from python_calamine import CalamineError, CalamineWorkbook

from onegrid.intake.rules.sheets import (
    LINE_LIMIT,
    UNPACKED_LIMIT,
    Part,
    Record,
    WorkbookTooLarge,
    WorkbookUnreadable,
    encoding_of,
    oversized,
    records,
)

CHUNK: Final = 1 << 20
CELL_LIMIT: Final = 10_000_000  # cells of one sheet, empty ones between included
_CELL_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
ZIP_MARK: Final = b"PK\x03\x04"


def mark_of(file: IO[bytes]) -> str:
    """The content hash (SHA-256, hex) of a file; leaves it at its start."""
    digest = sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def records_of(file: IO[bytes], *, name: str) -> Generator[Record, None, None]:
    """The rows of a table, header first. What it is, its contents say, not its name.

    Raises NotText, WorkbookTooLarge, WorkbookUnreadable."""
    start = file.read(4)
    file.seek(0)
    return _sheet_records(file, name) if start == ZIP_MARK else records(_lines(file, name))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _lines(file: IO[bytes], name: str) -> Iterator[str]:
    """Lines of at most LINE_LIMIT characters, so that a file without line breaks does not fill the memory."""
    encoding = encoding_of(_chunks(file), name=name)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace")
    try:
        while line := text.readline(LINE_LIMIT):
            if len(line) == LINE_LIMIT and not line.endswith("\n"):
                line += "…"  # one sign too long, so that the record is refused by name
                while (rest := text.readline(LINE_LIMIT)) and not rest.endswith("\n"):
                    pass
            yield line
    finally:
        text.detach()


def _sheet_records(file: IO[bytes], name: str) -> Generator[Record, None, None]:
    """The rows of the first sheet."""
    check_workbook(file, name=name)
    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        sheet = workbook.get_sheet_by_index(0)
    except CalamineError as error:
        raise WorkbookUnreadable(name=name) from error
    for number, row in enumerate(sheet.iter_rows(), start=sheet.start[0] + 1 if sheet.start else 1):
        cells = tuple(None if cell == "" else cell for cell in row)
        if any(cell is not None for cell in cells):
            yield Record(number, cells)


def check_workbook(file: IO[bytes], *, name: str) -> None:
    """Raise unless the workbook unpacks to a plausible size, both as declared and as it really does."""
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            parts = [Part(info.filename, info.compress_size, info.file_size) for info in infos]
            if refusal := oversized(parts, name=name):
                raise refusal
            budget = UNPACKED_LIMIT
            for info in infos:
                budget -= _unpacked_size(file, info, name=name, at_most=budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise WorkbookUnreadable(name=name) from error


def _unpacked_size(file: IO[bytes], info: zipfile.ZipInfo, *, name: str, at_most: int) -> int:
    """How many bytes a part unpacks to, counted without keeping them; raises beyond its declared size."""
    if info.compress_type == zipfile.ZIP_STORED:
        return info.compress_size
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise WorkbookUnreadable(name=name)
    file.seek(info.header_offset + 26)
    name_length, extra_length = (int.from_bytes(file.read(2), "little") for _ in range(2))
    file.seek(name_length + extra_length, io.SEEK_CUR)
    size, extent = 0, _Extent()
    for chunk in _unpacked(file, info.compress_size):
        size += len(chunk)
        if size > min(info.file_size, at_most):
            raise WorkbookTooLarge(name=name, detail=f"{info.filename} > {info.file_size}")
        if info.filename.startswith("xl/worksheets/") and extent.grown(chunk) > CELL_LIMIT:
            raise WorkbookTooLarge(name=name, detail=f"{extent.rows} × {extent.columns}")
    return size


def _unpacked(file: IO[bytes], left: int) -> Iterator[bytes]:
    """The deflated bytes that follow, unpacked piece by piece."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not unpacker.eof and (packed := file.read(min(CHUNK, left))):
        left -= len(packed)
        while packed:
            yield unpacker.decompress(packed, CHUNK)
            packed = unpacker.unconsumed_tail


class _Extent:
    """The rectangle that the cells of a sheet span: one lonely cell far out makes readers keep it all."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._tail = b""

    def grown(self, chunk: bytes) -> int:
        """How many cells the rectangle has after this piece of the sheet."""
        text = self._tail + chunk
        for letters, digits in _CELL_REFERENCE.findall(text):
            if len(letters) > 1 or not self.columns:
                self.columns = max(self.columns, _column(letters))
            self.rows = max(self.rows, int(digits))
        self._tail = text[-24:]
        return self.rows * max(self.columns, 26)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def rows_of(file: IO[bytes]) -> int:
    """About how many rows a table has below its heading, for the progress shown; 0 for a workbook.

    Rows that are empty or run over several lines make it a guess until all are read."""
    start = file.read(4)
    lines, last = 0, b"\n"
    for chunk in _chunks(file) if start != ZIP_MARK else ():
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    file.seek(0)
    return max(0, lines + (last != b"\n") - 1)
