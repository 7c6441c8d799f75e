"""What a picture is by its light alone: a mark that near-identical pictures share, and whether it is empty.

The mark is the 64-bit perceptual hash of the luminance (the signs of its lowest frequencies), the same after
scaling and compressing again. Nobody and nothing in the picture is recognised, no face either."""

from typing import Final, NamedTuple

import imagehash
import numpy as np
from PIL import Image

SIDE: Final = 64  # the picture is judged on so many squares each way, which evens out the noise of a camera
FLAT_DEVIATION: Final = 3.0  # of 255; a covered lens stays below 1, one lamp at night lies above 4
FLAT_RANGE: Final = 24  # of 255, between the darkest and the brightest square
_DEEP: Final = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})  # more than 8 bits: no facts
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


class PhotoFacts(NamedTuple):
    """`phash`: 64 bits as a signed integer, None where unknown or empty; `is_blank` None: unknown."""

    phash: int | None = None
    is_blank: bool | None = None


UNKNOWN: Final = PhotoFacts()


def facts_of(picture: Image.Image, *, orientation: int = 1) -> PhotoFacts:
    """The facts of a loaded picture, turned upright by its EXIF orientation.

    Empty is a picture whose 64 x 64 mean luminances (0 to 255) deviate by less than 3.0 and span less than
    24: a covered lens, one flat colour, black or white. It has no mark: all empty ones would share it."""
    if picture.mode in _DEEP:
        return UNKNOWN
    light = _luminance(picture)
    squares = np.asarray(light.resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float64)
    if squares.std() < FLAT_DEVIATION and np.ptp(squares) < FLAT_RANGE:
        return PhotoFacts(None, True)
    turn = _UPRIGHT.get(orientation)
    bits = imagehash.phash(light if turn is None else light.transpose(turn)).hash
    return PhotoFacts(int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True), False)


def _luminance(picture: Image.Image) -> Image.Image:
    """Grey levels; what is transparent lies on white, as it is shown."""
    if picture.has_transparency_data:
        shown = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    return picture if picture.mode == "L" else picture.convert("L")
