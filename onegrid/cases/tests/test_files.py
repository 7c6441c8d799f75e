"""Files are what their bytes say; too large, broken and malicious ones are refused with how to mend it."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, queries
from onegrid.cases.rules import file_refusals as no
from onegrid.cases.rules.files import looked_at
from onegrid.cases.tests.factories import NOW, PLACE
from onegrid.cases.tests.pictures import archive, bomb, jpeg, picture


@pytest.fixture(autouse=True)
def _evidence_folder(settings: Any, tmp_path: Any) -> None:
    options = {"location": str(tmp_path)}
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (b"%PDF-1.7\n%...", "application/pdf"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 40, "video/mp4"),
        (b"\0\0\0\x18ftypM4A " + b"\0" * 40, "audio/mp4"),
        (b"#!AMR\n" + b"\0" * 20, "audio/amr"),
        (b"ID3\x03" + b"\0" * 20, "audio/mpeg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, mime: str) -> None:
    assert looked_at(io.BytesIO(content)).mime == mime


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<svg onload=alert(1)>", picture("JPEG", size=(900, 900))[:-900], picture("PNG")[:60],
     picture("GIF"), archive("a.txt"), b"PK\x03\x04", b"\0\0\0\x18ftypheic" + b"\0" * 40],
)  # fmt: skip
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(no.UnreadableFile):
        looked_at(io.BytesIO(content))


def test_a_decompression_bomb_is_refused_unopened() -> None:
    with pytest.raises(no.TooManyPixels):
        looked_at(io.BytesIO(bomb()))


@pytest.mark.django_db
def test_a_png_named_jpg_is_stored_as_what_it_is() -> None:
    upload = SimpleUploadedFile("IMG_0001.jpg", picture("PNG"), "image/jpeg")
    stored = actions.store_evidence(upload, by=SYSTEM, now=NOW)
    assert (stored.mime, stored.width, stored.height) == ("image/png", 64, 48)


@pytest.mark.django_db
def test_the_same_content_is_stored_once(tmp_path: Any) -> None:
    first = actions.store_evidence(jpeg(name="a.jpg"), by=SYSTEM, now=NOW)
    again = actions.store_evidence(jpeg(name="b.jpg"), by=SYSTEM, now=NOW)
    assert first == again
    assert default_storage.exists(queries.stored_path(first.sha))
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


@pytest.mark.django_db
def test_the_camera_notes_where_a_photo_was_taken() -> None:
    stored = actions.store_evidence(jpeg(place=PLACE), by=SYSTEM, now=NOW)
    assert (stored.lng, stored.lat) == pytest.approx(PLACE, abs=1e-5)


class Endless:
    """A 30 MB photo that must never be held in memory or read to its end."""

    size = 30 * 2**20

    def __init__(self) -> None:
        self.read = 0

    def chunks(self) -> Iterator[bytes]:
        while True:
            self.read += 2**16
            yield b"\xff" * 2**16


@pytest.mark.django_db
def test_a_photo_of_thirty_megabytes_is_refused_with_how_to_mend_it(settings: Any, tmp_path: Any) -> None:
    upload = Endless()
    with pytest.raises(no.FileTooLarge) as refused:
        actions.store_evidence(upload, by=SYSTEM, now=NOW)
    assert upload.read <= settings.PHOTO_MAX_BYTES + 2**16
    assert "30.0 MB" in refused.value.message("zh")
    assert "20.0 MB" in refused.value.message("zh")
    assert "压缩" in refused.value.message("zh")
    assert list(tmp_path.rglob("*")) == []
