"""The record of cases over HTTP, as an event log for process-mining tools."""

from typing import Any

from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from onegrid.cases import actions
from onegrid.cases.queries import LogFilter
from onegrid.cases.rules.eventlog import LogFormat
from onegrid.kernel.http import Problem

router = Router()


class LogIn(Schema):
    """Which cases: of one scenario, opened from `since` and before `until`."""

    format: LogFormat = LogFormat.XES
    scenario: str = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


@router.get("/cases/log", response={403: Problem, 422: Problem}, summary="Event log of the cases in my reach")
def event_log(request: Any, query: Query[LogIn]) -> StreamingHttpResponse:
    """XES 1.0, OCEL 2.0 (JSON) or CSV, streamed; the export is put on the audit log."""
    wanted = LogFilter(query.scenario, query.since, query.until)
    pieces = actions.export_log(wanted, query.format, by=request.actor, now=request.now, request=request)
    answer = StreamingHttpResponse(pieces, content_type=query.format.media_type)
    answer["Content-Disposition"] = f'attachment; filename="cases.{query.format.suffix}"'
    return answer
