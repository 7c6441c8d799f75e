"""OCEL 2.0 as JSON: cases, posts, grids and scenarios are objects, and each event names those it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

import orjson

from onegrid.cases.rules.eventlog.traces import LogEvent, LoggedPost, Trace
from onegrid.cases.rules.eventlog.xes import stamp

CASE, POST, GRID, SCENARIO = "case", "post", "grid", "scenario"
SINCE: Final = "1970-01-01T00:00:00.000+00:00"  # an attribute that the object always had
EVENT_ATTRIBUTES: Final = ("move", "transition", "stage", "exit", "exit_name", "late")
OBJECT_ATTRIBUTES: Final = {
    CASE: {
        "number": "string",
        "class": "string",
        "unit": "string",
        "channel": "string",
        "urgency": "integer",
        "phase": "string",
        "outcome": "string",
        "repeat_of": "string",
        "scenario_version": "integer",
    },
    POST: {"title": "string", "role": "string", "unit": "string", "territory": "string"},
    GRID: {},
    SCENARIO: {"name": "string"},
}
_CHUNK: Final = 64 * 1024


def ocel(traces: Iterable[Trace], *, spool: IO[str]) -> Iterator[str]:
    """The log. Events go out as they come; the cases' own objects wait in `spool`, an empty text file.

    Only posts, grids, scenarios and the names of activities are kept in mind: as many as a county has."""
    others: dict[str, str] = {}
    activities: set[str] = set()
    yield '{"events":[\n'
    before = ""
    for trace in traces:
        spool.write(("" if spool.tell() == 0 else ",\n") + _dumped(_case(trace)))
        for one in _around(trace):
            others[one["id"]] = _dumped(one)
        for event in trace.events:
            activities.add(event.activity)
            yield before + _dumped(_event(trace, event))
            before = ",\n"
    yield '\n],"objects":[\n'
    spool.seek(0)
    cases = False
    while piece := spool.read(_CHUNK):
        cases = True
        yield piece
    yield (",\n" if cases and others else "") + ",\n".join(others.values())
    yield f'\n],"eventTypes":{_dumped(_event_types(activities))},"objectTypes":{_dumped(_object_types())}}}\n'


def _dumped(value: object) -> str:
    return orjson.dumps(value).decode()


def _event(trace: Trace, event: LogEvent) -> dict[str, Any]:
    values = (
        event.verb, event.transition, event.stage, event.exit, event.exit_name, str(event.late).lower()
    )  # fmt: skip
    named = [(f"case:{trace.case_id}", CASE), (f"grid:{trace.grid_code}", GRID)]
    named += [(f"scenario:{trace.scenario}", SCENARIO)]
    if any(post.key == event.resource for post in trace.posts):
        named.append((f"post:{event.resource}", "by"))
    return {
        "id": f"{trace.case_id}-{event.seq}",
        "type": event.activity,
        "time": stamp(event.at),
        "attributes": [{"name": n, "value": v} for n, v in zip(EVENT_ATTRIBUTES, values, strict=True) if v],
        "relationships": [{"objectId": key, "qualifier": how} for key, how in named],
    }


def _case(trace: Trace) -> dict[str, Any]:
    facts: dict[str, str | int] = {"number": trace.number, **dict(trace.facts())}
    values = {name: facts[name] for name in OBJECT_ATTRIBUTES[CASE] if name in facts}
    related = [(f"grid:{trace.grid_code}", "lies in"), (f"scenario:{trace.scenario}", "follows")]
    return _object(f"case:{trace.case_id}", CASE, values, related, since=stamp(trace.opened_at))


def _around(trace: Trace) -> Iterator[dict[str, Any]]:
    """The objects that many cases share."""
    yield _object(f"grid:{trace.grid_code}", GRID, {})
    yield _object(f"scenario:{trace.scenario}", SCENARIO, {"name": trace.scenario_name})
    for post in trace.posts:
        yield _post(post)


def _post(post: LoggedPost) -> dict[str, Any]:
    values = {"title": post.title, "role": post.role, "unit": post.unit, "territory": post.territory}
    return _object(f"post:{post.key}", POST, values)


def _object(
    key: str,
    kind: str,
    values: dict[str, Any],
    related: Iterable[tuple[str, str]] = (),
    *,
    since: str = SINCE,
) -> dict[str, Any]:
    return {
        "id": key,
        "type": kind,
        "attributes": [{"name": name, "time": since, "value": value} for name, value in values.items()],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in related],
    }


def _event_types(activities: Iterable[str]) -> list[dict[str, Any]]:
    attributes = [{"name": name, "type": "string"} for name in EVENT_ATTRIBUTES]
    return [{"name": name, "attributes": attributes} for name in sorted(activities)]


def _object_types() -> list[dict[str, Any]]:
    return [
        {"name": kind, "attributes": [{"name": name, "type": form} for name, form in attributes.items()]}
        for kind, attributes in OBJECT_ATTRIBUTES.items()
    ]
