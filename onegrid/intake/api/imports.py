"""Imports: upload a table of reports, see how far it is, fetch the rows that were rejected."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from onegrid.intake import actions, queries
from onegrid.intake.models import Import
from onegrid.intake.rules.imports import ImportState, error_file
from onegrid.intake.rules.reports import Channel
from onegrid.intake.rules.rows import KNOWN_COLUMNS
from onegrid.kernel.coordinates import CoordinateSystem
from onegrid.kernel.http import ApiRequest, Problem

router = Router()


class TermsIn(Schema):
    """Which channel the rows come over, and the system of coordinates that name none."""

    channel: Channel
    system: CoordinateSystem | None = None


class ImportOut(Schema):
    """An import; the five counts add up to the rows read (`rows`, without the heading, is a
    guess until it is done). `unnamed` headings are kept as details."""

    id: UUID
    file_name: str
    channel: Channel
    system: str
    state: ImportState
    last_row: int
    rows: int
    opened: int
    joined: int
    pooled: int
    rejected: int
    repeated: int
    unnamed: list[str]
    reason: str
    reason_zh: str
    reason_en: str
    created_at: datetime
    finished_at: datetime | None


@router.post(
    "/imports",
    response={202: ImportOut, 403: Problem, 413: Problem, 422: Problem},
    description="Upload a CSV or XLSX table; it is taken in soon. The same file again is the same import: its"
    f" `finished_at` then lies in the past. Columns by their headings: {KNOWN_COLUMNS}.",
)
def upload(request: ApiRequest, terms: Form[TermsIn], file: File[UploadedFile]) -> Status[Import]:
    """Upload a CSV or XLSX table; it is taken in soon. The same file again is the same import."""
    kept = actions.start_import(
        file,
        name=(file.name or "")[:200],
        channel=terms.channel,
        system=terms.system,
        by=request.actor,
        now=request.now,
    )
    return Status(202, kept)


@router.get("/imports/{import_id}", response={200: ImportOut, 404: Problem})
def status(request: ApiRequest, import_id: UUID) -> Import:
    """How far an import is."""
    return queries.import_(import_id, actor=request.actor)


@router.get("/imports/{import_id}/errors", response={404: Problem})
def errors(request: ApiRequest, import_id: UUID) -> StreamingHttpResponse:
    """The rejected rows as CSV, each with its reason; corrected, it can be uploaded as it is."""
    found = queries.import_(import_id, actor=request.actor)
    lines: Iterator[str] = error_file(found.headings, queries.faults(import_id))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="errors-{import_id}.csv"'
    return answer
