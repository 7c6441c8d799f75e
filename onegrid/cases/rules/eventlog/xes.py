"""XES 1.0 (IEEE 1849): one trace per case, with the extensions concept, time, lifecycle, organizational."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import quoteattr

from onegrid.cases.rules.eventlog.traces import LogEvent, Trace
from onegrid.kernel.markup import xml_text

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
    <string key="org:resource" value=""/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity-Transition" keys="concept:name lifecycle:transition"/>
  <classifier name="Resource" keys="org:resource"/>
  <string key="lifecycle:model" value="standard"/>
"""
_TAIL: Final = "</log>\n"


def xes(traces: Iterable[Trace]) -> Iterator[str]:
    """The log, one piece per case."""
    yield _HEAD
    for trace in traces:
        yield _trace(trace)
    yield _TAIL


def stamp(at: datetime) -> str:
    """A moment in milliseconds with its zone, which is UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _trace(trace: Trace) -> str:
    lines = ["  <trace>", _attribute("concept:name", trace.number)]
    lines += [_attribute(name, value) for name, value in trace.facts()]
    lines.append(_attribute("opened_at", trace.opened_at))
    if trace.closed_at is not None:
        lines.append(_attribute("closed_at", trace.closed_at))
    for event in trace.events:
        lines += ["    <event>", *(f"  {line}" for line in _event(event)), "    </event>"]
    return "\n".join([*lines, "  </trace>\n"])


def _event(event: LogEvent) -> Iterator[str]:
    yield _attribute("concept:name", event.activity)
    yield _attribute("lifecycle:transition", event.transition)
    yield _attribute("time:timestamp", event.at)
    yield _attribute("org:resource", event.resource)
    more = {
        "org:role": event.role,
        "org:group": event.group,
        "move": event.verb,
        "stage": event.stage,
        "exit": event.exit,
        "exit_name": event.exit_name,
    }
    yield from (_attribute(name, value) for name, value in more.items() if value)
    yield _attribute("late", event.late)


def _attribute(key: str, value: str | int | datetime) -> str:
    if isinstance(value, datetime):
        return f'    <date key="{key}" value="{stamp(value)}"/>'
    if isinstance(value, bool):
        return f'    <boolean key="{key}" value="{str(value).lower()}"/>'
    if isinstance(value, int):
        return f'    <int key="{key}" value="{value}"/>'
    return _string(key, value)


@lru_cache(maxsize=16_384)
def _string(key: str, value: str) -> str:
    """The same names come again and again: each is quoted once."""
    return f'    <string key="{key}" value={quoteattr(xml_text(value))}/>'
