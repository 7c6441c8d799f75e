"""What a file is, told by its bytes: kind, size in pixels, and the place its camera noted."""

import zipfile
from typing import IO, NamedTuple

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from onegrid.cases.rules.file_refusals import TooManyPixels, UnreadableFile
from onegrid.cases.rules.photo_facts import UNKNOWN, PhotoFacts, facts_of

MOST_PIXELS = 120_000_000  # a phone's 108-megapixel camera passes, a decompression bomb does not
_FORMATS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_OPENED = ("JPEG", "PNG", "WEBP")  # MPO is what Pillow calls a JPEG of several pictures
MOST_PNG_PIXELS = 16_000_000  # a larger PNG, which has no draft to decode, is kept without facts
_HEAD = 512
_OFD_ENTRY = "OFD.xml"
_MOST_ENTRIES = 10_000


class Looked(NamedTuple):
    """What the bytes say; `place` is longitude and latitude in degrees as the camera wrote them."""

    mime: str
    width: int | None = None
    height: int | None = None
    place: tuple[float, float] | None = None
    facts: PhotoFacts = UNKNOWN


def looked_at(file: IO[bytes]) -> Looked:
    """The kind of the file at hand. Raises UnreadableFile, TooManyPixels."""
    head = file.read(_HEAD)
    file.seek(0)
    if not head:
        raise UnreadableFile(why_zh="文件为空", why_en="it is empty")
    mime = _by_magic(head, file)
    if mime is not None:
        return Looked(mime)
    return _picture(file)


def _by_magic(head: bytes, file: IO[bytes]) -> str | None:
    """Papers, videos and recordings by their first bytes."""
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _ofd(file)
    if head[4:8] == b"ftyp" and head[8:12] not in {b"heic", b"heix", b"mif1", b"avif"}:
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if head.startswith(b"ID3") or head[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}:
        return "audio/mpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    return None


def _ofd(file: IO[bytes]) -> str:
    """An OFD paper (GB/T 33190): a zip with OFD.xml at its root; only its list of names is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        names = []
    finally:
        file.seek(0)
    if _OFD_ENTRY not in names or len(names) > _MOST_ENTRIES:
        raise UnreadableFile(why_zh="压缩包不能作为附件", why_en="an archive is no evidence")
    return "application/ofd"


def _picture(file: IO[bytes]) -> Looked:
    try:
        with Image.open(file, formats=_OPENED) as picture:
            width, height = picture.size
            _check_pixels(width * height)
            mime = _FORMATS[str(picture.format)]
            place = None if mime == "image/png" else _place(picture)
            facts = UNKNOWN if _is_checked_only(picture) else facts_of(picture, orientation=_turned(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(pixels="…", limit=MOST_PIXELS // 10_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise UnreadableFile(why_zh="不是完整的照片", why_en="no whole picture") from None
    finally:
        file.seek(0)
    if mime == "image/png" and width * height <= MOST_PNG_PIXELS:
        facts = _png_facts(file)
    return Looked(mime, width, height, place, facts)


def _is_checked_only(picture: Image.Image) -> bool:
    """Raise OSError for a picture that ends too early; True: it was not decoded for that.

    A JPEG is decoded at an eighth of its size, and its luminance only."""
    if picture.format == "PNG":
        picture.verify()
        return True
    picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()
    return False


def _turned(picture: Image.Image) -> int:
    """The EXIF orientation, 1 (upright) where there is none."""
    turned = picture.getexif().get(Base.Orientation, 1)
    return turned if isinstance(turned, int) else 1


def _png_facts(file: IO[bytes]) -> PhotoFacts:
    """A PNG whose parts are whole may still not decode; then nothing is known about it."""
    try:
        with Image.open(file, formats=("PNG",)) as picture:
            return facts_of(picture)
    except (OSError, SyntaxError, ValueError, EOFError):
        return UNKNOWN
    finally:
        file.seek(0)


def _check_pixels(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise TooManyPixels(pixels=pixels // 10_000, limit=MOST_PIXELS // 10_000)


def _place(picture: Image.Image) -> tuple[float, float] | None:
    """The GPS position in EXIF, None where there is none or it makes no sense."""
    gps = picture.getexif().get_ifd(IFD.GPSInfo)
    try:
        lat = _degrees(gps[GPS.GPSLatitude], gps.get(GPS.GPSLatitudeRef, "N"))
        lng = _degrees(gps[GPS.GPSLongitude], gps.get(GPS.GPSLongitudeRef, "E"))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (lng, lat) if abs(lng) <= 180 and abs(lat) <= 90 and (lng or lat) else None


def _degrees(parts: tuple[float, float, float], reference: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(reference).strip("\x00 ").upper() in {"S", "W"} else value


def size_text(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 2**20:.1f} MB"
