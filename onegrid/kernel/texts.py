"""Text files that people hand in, and places where they want files written."""

import os
from pathlib import Path

from onegrid.kernel.refusals import Refusal


class NotUtf8(Refusal):
    code = "kernel.not-utf-8"
    zh = "文件“{file}”不是 UTF-8 编码（可能是 GB18030）。请另存为 UTF-8 后再试。"
    en = "The file '{file}' is not UTF-8 (perhaps GB18030): save it as UTF-8 and try again."


def read_utf8(file: Path) -> str:
    """The text of a file, without the mark that some editors put before it. Raises NotUtf8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotUtf8(file=file.name) from None


class CannotWrite(Refusal):
    code = "kernel.cannot-write"
    zh = "不能写入“{file}”：文件夹不存在或没有写入权限。"
    en = "'{file}' cannot be written: its folder is missing or may not be written to."


def check_writable(file: Path) -> None:
    """Raises CannotWrite where a file could not be written; asked before the work that fills it."""
    target = file if file.exists() else file.parent
    if not os.access(target, os.W_OK):
        raise CannotWrite(file=file)
