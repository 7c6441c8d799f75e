"""The log as CSV, one line per event, with the column names that process-mining tools know."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from onegrid.cases.rules.eventlog.traces import Trace
from onegrid.cases.rules.eventlog.xes import stamp

COLUMNS: Final = (
    "case:concept:name", "concept:name", "lifecycle:transition", "time:timestamp", "org:resource", "org:role",
    "org:group", "move", "stage", "exit", "exit_name", "late", "case:scenario", "case:class", "case:grid",
    "case:unit", "case:channel", "case:urgency", "case:phase", "case:outcome",
    "case:repeat_of",
)  # fmt: skip


def table(traces: Iterable[Trace]) -> Iterator[str]:
    """The heading, then one piece per case. The mark before it tells spreadsheets that it is UTF-8."""
    yield "\ufeff" + _lines([COLUMNS])
    for trace in traces:
        yield _lines(_rows(trace))


def _rows(trace: Trace) -> Iterator[tuple[object, ...]]:
    about = (
        trace.scenario, trace.class_code, trace.grid_code, trace.unit, trace.channel, trace.urgency,
        trace.phase, trace.outcome, trace.repeat_of or "",
    )  # fmt: skip
    for one in trace.events:
        yield (
            trace.number, one.activity, one.transition, stamp(one.at), one.resource, one.role, one.group,
            one.verb, one.stage, one.exit, one.exit_name, str(one.late).lower(), *about,
        )  # fmt: skip


def _lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
