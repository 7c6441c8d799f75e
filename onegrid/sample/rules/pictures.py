"""Made-up photos: a coloured picture that says it is a sample, with the place its camera would note."""

from io import BytesIO

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

_COLOURS = {"before": (150, 110, 80), "during": (180, 160, 90), "after": (90, 150, 100)}
_OTHER = (110, 120, 150)
_SIZE = (640, 480)


def picture(label: str, number: str, *, at: tuple[float, float] | None) -> bytes:
    """A small JPEG; `at` (longitude, latitude in degrees) goes into its EXIF."""
    image = Image.new("RGB", _SIZE, _COLOURS.get(label, _OTHER))
    draw = ImageDraw.Draw(image)
    for step in range(0, _SIZE[0], 80):
        draw.line([(step, 0), (step // 2, _SIZE[1])], fill=(255, 255, 255), width=1)
    draw.text((20, 20), f"OneGrid SAMPLE\n{label or 'photo'}\n{number}", fill=(255, 255, 255))
    exif = Image.Exif()
    exif[Base.Software] = "OneGrid sample city"
    if at is not None:
        gps = exif.get_ifd(IFD.GPSInfo)
        lng, lat = at
        gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N" if lat >= 0 else "S", _degrees(abs(lat))
        gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E" if lng >= 0 else "W", _degrees(abs(lng))
    out = BytesIO()
    image.save(out, "JPEG", quality=60, exif=exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    whole, minutes = int(value), int(value * 60) % 60
    return float(whole), float(minutes), round((value * 60 - int(value * 60)) * 60, 4)


def paper(label: str, number: str) -> bytes:
    """A one-page PDF that says it is a sample."""
    text = f"BT /F1 18 Tf 60 760 Td (OneGrid SAMPLE {label} {number}) Tj ET".encode("ascii", "replace")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
    ]
    out, places = b"%PDF-1.4\n", []
    for number_, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number_, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + table
    return out + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
