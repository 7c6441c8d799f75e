"""Evidence over HTTP: upload once by content, read by whoever may see a case that shows it."""

from dataclasses import asdict
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from ninja import File, Router, Schema, UploadedFile

from onegrid.cases import actions, queries
from onegrid.kernel.http import Problem, idempotent

router = Router()


class StoredOut(Schema):
    """A stored file; `sha` is what moves and reports quote."""

    sha: str
    mime: str
    size: int
    width: int | None
    height: int | None
    lng: float | None
    lat: float | None


@router.post(
    "/evidence",
    response={200: StoredOut, 413: Problem, 415: Problem},
    summary="Upload a photo, paper, voice or video",
)
def upload(request: Any, file: File[UploadedFile]) -> HttpResponse:
    """Its kind is told by its bytes. The same content again gives the same answer."""
    return idempotent(
        request, lambda: (200, asdict(actions.store_evidence(file, by=request.actor, now=request.now)))
    )


@router.get("/evidence/{sha}", response={200: bytes, 404: Problem}, summary="The bytes of a file")
def read(request: Any, sha: str) -> FileResponse:
    """For whoever uploaded it or may see a case that shows it."""
    mime = queries.readable_file(sha, actor=request.actor)
    answer = FileResponse(default_storage.open(queries.stored_path(sha)), content_type=mime)
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
