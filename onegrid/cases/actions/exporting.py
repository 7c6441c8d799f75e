"""Taking the record of cases out of the platform: permitted, put on the audit log, then streamed."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import Final

from django.http import HttpRequest

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import Actor
from onegrid.cases import queries
from onegrid.cases.queries import LogFilter
from onegrid.cases.rules.eventlog import LogFormat, written

PIECE: Final = 64 * 1024  # characters sent at once, at least


def export_log(
    wanted: LogFilter, form: LogFormat, *, by: Actor, now: datetime, request: HttpRequest | None = None
) -> Iterator[str]:
    """The event log of the cases within the actor's reach, in pieces; the export is audited before the first.

    Raises NotPermitted, UnknownScenario."""
    queries.log_scope(by)
    queries.check_filter(wanted)
    period = f"{wanted.since or ''}/{wanted.until or ''}"
    detail = f"case log {form}, scenario {wanted.scenario or '*'}, opened {period}"
    accounts.audit_export(detail, by=by, now=now, request=request)
    return _pieces(wanted, form, by)


def _pieces(wanted: LogFilter, form: LogFormat, by: Actor) -> Iterator[str]:
    with TemporaryFile("w+", encoding="utf-8") as spool:
        waiting: list[str] = []
        length = 0
        for piece in written(queries.traces(wanted, actor=by), form, spool=spool):
            waiting.append(piece)
            length += len(piece)
            if length >= PIECE:
                yield "".join(waiting)
                waiting, length = [], 0
        yield "".join(waiting)
