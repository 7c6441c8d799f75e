"""Unpacking a zipped Shapefile without trusting it."""

import stat
import zipfile
from pathlib import Path, PurePosixPath

from onegrid.kernel.refusals import Refusal

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MOST_ENTRIES = 1000
MOST_BYTES = 512 * 2**20  # of all parts together, unpacked
MOST_TIMES = 100  # unpacked to packed; Shapefiles reach about ten
CHUNK = 1 << 20


class UnsafeArchive(Refusal):
    code = "territory.unsafe-archive"
    zh = "压缩文件 {file} 不能使用：{reason}。"
    en = "The archive {file} is refused: {reason_en}."


def unpack_shapefile(archive: Path, folder: Path) -> Path:
    """Unpack the one Shapefile of an archive into a folder and return its .shp.

    Refuses (UnsafeArchive) what is no archive, names that lead out of it, links, encryption, more or less
    than one Shapefile, and what unpacks to more than 512 MiB or a hundred times its size (a zip bomb)."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            parts = _parts(zipped, archive.name)
            for info in parts.values():
                _extract(zipped, info, folder / f"boundaries{_suffix(info)}", archive.name)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise _unsafe(archive.name, f"无法解压（{error}）", f"it cannot be unpacked ({error})") from error
    return folder / "boundaries.shp"


def _parts(zipped: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """The parts of the one Shapefile by suffix."""
    entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
    if len(entries) > MOST_ENTRIES:
        raise _unsafe(file, f"内含 {len(entries)} 个文件", f"it holds {len(entries)} files")
    for entry in entries:
        _check_name(entry, file)
    found = [entry for entry in entries if _suffix(entry) == ".shp" and not _is_resource_fork(entry)]
    if len(found) != 1:
        names = "、".join(entry.filename for entry in found[:5]) or "无"
        raise _unsafe(
            file,
            f"应恰有一个 .shp，实有 {len(found)} 个（{names}）",
            f"it holds {len(found)} .shp files, not one",
        )
    stem = found[0].filename[: -len(".shp")].lower()
    parts = {_suffix(e): e for e in entries if e.filename.lower() in {f"{stem}{part}" for part in PARTS}}
    missing = [part for part in (".shx", ".dbf") if part not in parts]
    if missing:
        raise _unsafe(file, f"缺少 {'、'.join(missing)}", f"{', '.join(missing)} is missing")
    _check_size(list(parts.values()), file)
    return parts


def _check_name(entry: zipfile.ZipInfo, file: str) -> None:
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name or "\x00" in name:
        raise _unsafe(file, f"文件名 {entry.filename!r} 指向包外", f"{entry.filename!r} leads out of it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _unsafe(file, f"{entry.filename!r} 是链接", f"{entry.filename!r} is a link")


def _check_size(parts: list[zipfile.ZipInfo], file: str) -> None:
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    if unpacked > MOST_BYTES or unpacked > MOST_TIMES * max(packed, 1 << 16):
        raise _too_large(file)


def _extract(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, file: str) -> None:
    """Unpack one part, whatever size it claims, up to the limit."""
    written = 0
    with zipped.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > min(MOST_BYTES, MOST_TIMES * max(entry.compress_size, 1 << 16)):
                raise _too_large(file)
            out.write(chunk)


def _suffix(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename.lower()).suffix


def _is_resource_fork(entry: zipfile.ZipInfo) -> bool:
    """What macOS adds beside each file."""
    return entry.filename.startswith("__MACOSX/")


def _too_large(file: str) -> UnsafeArchive:
    return _unsafe(file, "解压后过大（压缩炸弹）", "it unpacks to far more than it is (a zip bomb)")


def _unsafe(file: str, reason: str, reason_en: str) -> UnsafeArchive:
    return UnsafeArchive(file=file, reason=reason, reason_en=reason_en)
