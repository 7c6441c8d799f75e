"""Taking in files: to disk while hashing, looked at by content, stored once per content."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from onegrid.accounts.rules import Actor
from onegrid.cases.queries import stored_path
from onegrid.cases.rules.file_refusals import FileTooLarge, StoreFull
from onegrid.cases.rules.files import Looked, looked_at, size_text
from onegrid.cases.rules.photo_facts import PhotoFacts


class Upload(Protocol):
    """Anything that gives its bytes in pieces, such as Django's uploaded file."""

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store."""

    sha: str
    mime: str
    size: int
    width: int | None
    height: int | None
    lng: float | None
    lat: float | None


def store_evidence(upload: Upload, *, by: Actor, now: datetime) -> Stored:
    """Store one photo, paper, voice or video; the same content again gives the same answer.

    What it is, its bytes say, never its name. Raises FileTooLarge, UnreadableFile, TooManyPixels,
    StoreFull."""
    with tempfile.TemporaryFile() as file:
        try:
            sha, size = _take(upload, file)
        except OSError as error:
            raise StoreFull from error
        looked = looked_at(file)
        _keep(file, stored_path(sha), size)
    stored = _stored(sha, size, looked)
    _remember(stored, looked.facts, by=by, now=now)
    return stored


def _keep(file: IO[bytes], path: str, size: int) -> None:
    """Write the file once. A rest that a full disk or a killed process left under its name is no file: it is
    written anew, and nothing is left behind when that fails again."""
    file.seek(0)
    try:
        if default_storage.exists(path):
            if default_storage.size(path) == size:
                return
            default_storage.delete(path)
        default_storage.save(path, File(file, name=path))
    except OSError as error:
        with suppress(OSError):
            default_storage.delete(path)
        raise StoreFull from error


def _take(upload: Upload, file: IO[bytes]) -> tuple[str, int]:
    """Copy to disk in pieces; stop at the limit, so that a huge file costs no memory."""
    digest, size, limit = hashlib.sha256(), 0, settings.PHOTO_MAX_BYTES
    for piece in upload.chunks():
        size += len(piece)
        if size > limit:
            known = getattr(upload, "size", None) or size
            raise FileTooLarge(size=size_text(known), limit=size_text(limit))
        digest.update(piece)
        file.write(piece)
    file.seek(0)
    return digest.hexdigest(), size


def _stored(sha: str, size: int, looked: Looked) -> Stored:
    lng, lat = looked.place or (None, None)
    return Stored(sha, looked.mime, size, looked.width, looked.height, lng, lat)


def _remember(stored: Stored, facts: PhotoFacts, *, by: Actor, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_stored_file"
            " (sha256, mime, size, width, height, lng, lat, phash, is_blank, stored_at, stored_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                stored.sha, stored.mime, stored.size, stored.width, stored.height, stored.lng, stored.lat,
                facts.phash, facts.is_blank, now, by.account_id,
            ],
        )  # fmt: skip
