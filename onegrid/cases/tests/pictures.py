"""Files as phones and attackers send them."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

EXIF_GPS, LAT_REF, LAT, LNG_REF, LNG = 0x8825, 1, 2, 3, 4


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def jpeg(*, place: tuple[float, float] | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A small photo; with a place, its EXIF says where it was taken."""
    exif = Image.Exif()
    if place is not None:
        lng, lat = place
        exif.get_ifd(EXIF_GPS).update({LAT_REF: "N", LAT: _parts(lat), LNG_REF: "E", LNG: _parts(lng)})
    return SimpleUploadedFile(name, picture(exif=exif.tobytes()), "image/jpeg")


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round((degrees - whole - minutes / 60) * 3600, 4)


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()
