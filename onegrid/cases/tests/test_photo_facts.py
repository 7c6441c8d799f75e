"""What a photo is by its light: empty, or a picture whose near-copies are known again."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, queries
from onegrid.cases.rules.files import looked_at
from onegrid.cases.rules.photo_facts import UNKNOWN, PhotoFacts
from onegrid.cases.tests.factories import NOW
from onegrid.cases.tests.pictures import jpeg

SIZE = (640, 480)
ORIENTATION = 0x0112


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def facts(picture: Image.Image, kind: str = "JPEG", **options: object) -> PhotoFacts:
    return looked_at(io.BytesIO(encoded(picture, kind, **options))).facts


def scene(seed: int = 1) -> Image.Image:
    """Some broad light and dark places, as a street has them."""
    small = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC)


def covered_lens() -> Image.Image:
    """Black with the noise of a camera in the dark."""
    noise = np.random.default_rng(2).normal(8, 6, (SIZE[1], SIZE[0], 3))
    return Image.fromarray(noise.clip(0, 255).astype(np.uint8))


def cracked_wall() -> Image.Image:
    wall = np.full((SIZE[1], SIZE[0], 3), 230, np.uint8)
    wall[:, 300:306] = 90
    return Image.fromarray(wall)


def lamp_at_night() -> Image.Image:
    night = np.full((SIZE[1], SIZE[0], 3), 4, np.uint8)
    night[200:212, 300:312] = 255
    return Image.fromarray(night)


def differing(one: PhotoFacts, other: PhotoFacts) -> int:
    assert one.phash is not None
    assert other.phash is not None
    return ((one.phash ^ other.phash) & (2**64 - 1)).bit_count()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "empty",
    [covered_lens, lambda: Image.new("RGB", SIZE, "white"), lambda: Image.new("RGB", SIZE, (150, 40, 60)),
     lambda: Image.new("L", SIZE, 0)],
)  # fmt: skip
def test_a_covered_lens_and_one_flat_colour_are_empty_and_have_no_mark(
    empty: Callable[[], Image.Image], kind: str
) -> None:
    assert facts(empty(), kind) == PhotoFacts(None, True)


@pytest.mark.parametrize("shown", [scene, cracked_wall, lamp_at_night])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_street_a_cracked_wall_and_a_lamp_at_night_are_not_empty(
    shown: Callable[[], Image.Image], kind: str
) -> None:
    found = facts(shown(), kind)
    assert found.is_blank is False
    assert found.phash is not None


def test_a_photo_sent_smaller_and_compressed_again_keeps_its_mark_within_six_bits() -> None:
    first = facts(scene(), quality=95)
    assert differing(first, facts(scene().resize((320, 240)), quality=40)) <= 6
    assert differing(first, facts(scene(), "WEBP")) <= 6
    assert differing(first, facts(scene(7))) > 6


def test_a_photo_whose_turn_is_noted_is_the_photo_turned() -> None:
    noted = Image.Exif()
    noted[ORIENTATION] = 6
    lying = scene().transpose(Image.Transpose.ROTATE_90)
    assert differing(facts(lying, exif=noted.tobytes()), facts(scene())) <= 6


def test_what_lies_under_full_transparency_is_not_seen() -> None:
    hidden = scene().convert("RGBA")
    hidden.putalpha(0)
    assert facts(hidden, "PNG") == PhotoFacts(None, True)


def test_a_picture_of_more_than_eight_bits_and_a_png_that_does_not_decode_have_no_facts() -> None:
    deep = Image.fromarray(np.full((48, 64), 40_000, np.uint16))
    assert facts(deep, "PNG") == UNKNOWN


@pytest.mark.django_db
def test_the_facts_are_stored_beside_the_file_and_nothing_is_known_of_papers() -> None:
    street = SimpleUploadedFile("a.jpg", encoded(scene()))
    shas = [
        actions.store_evidence(upload, by=SYSTEM, now=NOW).sha
        for upload in (street, jpeg(), SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%..."))
    ]
    found = queries.photo_facts([*shas, "0" * 64])
    assert found == {shas[0]: facts(scene()), shas[1]: PhotoFacts(None, True)}
