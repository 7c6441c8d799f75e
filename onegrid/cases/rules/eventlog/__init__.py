"""The record of cases as an event log for process mining: XES 1.0, OCEL 2.0 (JSON), CSV.

Pure: traces come in one by one and pieces of text go out, so any number of cases needs the memory of one.
Posts stand in the log, never persons; free text and answers to forms stay out of it.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import IO

from onegrid.cases.rules.eventlog.ocel import ocel
from onegrid.cases.rules.eventlog.table import table
from onegrid.cases.rules.eventlog.traces import LogEvent, LoggedPost, Recorded, Trace, trace_of
from onegrid.cases.rules.eventlog.xes import xes


class LogFormat(StrEnum):
    """How a log is written."""

    XES = "xes"
    OCEL = "ocel"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        kinds = {"xes": "application/xml", "ocel": "application/json", "csv": "text/csv"}
        return f"{kinds[self.value]}; charset=utf-8"

    @property
    def suffix(self) -> str:
        """Of the file's name."""
        return {"xes": "xes", "ocel": "jsonocel", "csv": "csv"}[self.value]


def written(traces: Iterable[Trace], form: LogFormat, *, spool: IO[str]) -> Iterator[str]:
    """The log in pieces of text. `spool` is an empty text file that OCEL keeps its objects in meanwhile."""
    match form:
        case LogFormat.XES:
            return xes(traces)
        case LogFormat.CSV:
            return table(traces)
        case LogFormat.OCEL:
            return ocel(traces, spool=spool)


__all__ = ["LogEvent", "LogFormat", "LoggedPost", "Recorded", "Trace", "trace_of", "written"]
