"""The event log of cases: what it says, that mining tools read it, that any number can be written."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import r4pm
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.cases.rules.eventlog import LogFormat, LoggedPost, Recorded, Trace, trace_of, written

SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
AT = datetime(2026, 11, 24, 1, 30, 0, 123456, tzinfo=UTC)
XES = "{http://www.xes-standard.org/}"
HEAD = LoggedPost("grid-head@350583111201", "网格长", "一级网格长", "邦吟村", "350583111201")
HEAD_ID = uuid5(SPACE, "head")
STAGES = {"verify": "踏勘核实", "handle": "处置"}
MOVES = {"open": "立案", "recall": "撤回", "escalate": "催促升级", "rate": "评价"}


def step(seq: int, verb: str, by: UUID | None = HEAD_ID, **body: object) -> Recorded:
    return Recorded(seq, verb, AT + timedelta(minutes=seq), by is not None, by, body)


STEPS = [
    step(1, "open", None, to="verify", to_zh="踏勘核实", class_="E0102"),
    step(2, "acknowledge", stage="verify"),
    step(3, "exit", stage="verify", exit="confirmed", exit_zh="属实", to="handle", late=True, text="王某"),
    step(4, "recall", stage="handle", to="verify", reason="电话 13800000000"),
    step(5, "exit", stage="verify", exit="untrue", exit_zh="不属实", to="archived", outcome="untrue"),
]


def trace(number: int = 1, steps: list[Recorded] = STEPS, **more: Any) -> Trace:
    events, posts = trace_of(steps, posts={HEAD_ID: HEAD}, stages=STAGES, moves=MOVES)
    facts: dict[str, Any] = {
        "case_id": uuid5(SPACE, str(number)),
        "number": f"LW{number:05d}",
        "scenario": "illegal-construction",
        "scenario_name": "两违防治",
        "scenario_version": 1,
        "class_code": "S0703",
        "grid_code": "350583111201003",
        "unit": "natural-resources",
        "channel": "worker",
        "urgency": 2,
        "phase": "closed",
        "outcome": "untrue",
        "opened_at": AT,
        "closed_at": AT + timedelta(days=1),
        "events": events,
        "posts": posts,
    }
    return Trace(**{**facts, **more})


def text(form: LogFormat, *traces: Trace) -> str:
    return "".join(written(traces, form, spool=io.StringIO()))


def test_a_stage_is_the_activity_of_its_sign_in_and_exits_and_every_other_move_one_of_its_own() -> None:
    assert [(one.activity, one.transition, one.stage, one.exit) for one in trace().events] == [
        ("立案", "complete", "", ""),
        ("踏勘核实", "start", "verify", ""),
        ("踏勘核实", "complete", "verify", "confirmed"),
        ("撤回", "complete", "handle", ""),
        ("踏勘核实", "complete", "verify", "untrue"),
    ]
    assert [one.resource for one in trace().events] == ["system", *["grid-head@350583111201"] * 4]
    assert [one.late for one in trace().events] == [False, False, True, False, False]


def test_who_has_no_post_is_told_apart_from_the_platform() -> None:
    by_reporter = Recorded(6, "rate", AT, True, None, {"satisfied": True})
    by_platform = Recorded(7, "escalate", AT, False, None, {"stage": "verify"})
    events, posts = trace_of([by_reporter, by_platform], posts={}, stages=STAGES, moves=MOVES)
    assert [one.resource for one in events] == ["outside", "system"]
    assert [one.activity for one in events] == ["评价", "催促升级"]
    assert posts == ()


def test_nothing_that_somebody_wrote_gets_into_a_log() -> None:
    for form in LogFormat:
        said = text(form, trace())
        assert "王某" not in said
        assert "13800000000" not in said


def test_a_mining_tool_reads_xes(tmp_path: Path) -> None:
    file = tmp_path / "log.xes"
    file.write_text(text(LogFormat.XES, trace(1), trace(2, STEPS[:3], closed_at=None)))
    log = r4pm.import_item("EventLog", str(file))
    projection = r4pm.bindings.log_to_activity_projection(log=log)
    assert r4pm.bindings.get_num_cases(projection=projection) == 2
    assert set(r4pm.bindings.get_projection_activities(projection=projection)) == {"立案", "踏勘核实", "撤回"}
    times = r4pm.bindings.get_event_timestamps(log=log)["events_per_timestamp"].values()
    assert sum(number for one in times for number in one.values()) == 8
    r4pm.remove_item(log)


def test_xes_declares_the_standard_extensions_and_gives_every_event_its_globals() -> None:
    root = fromstring(text(LogFormat.XES, trace()))
    assert root.get("xes.version") == "1.0"
    parts = [one.tag.removeprefix(XES) for one in root]
    order = ["extension", "global", "classifier", "string", "trace"]
    assert sorted(parts, key=order.index) == parts
    for name in (one.get("name") or "" for one in root if "name" in one.attrib):
        assert name.replace("-", "").isalpha()  # an NCName, as IEEE 1849 wants it
    prefixes = {one.get("prefix") for one in root.iter(f"{XES}extension")}
    assert prefixes == {"concept", "time", "lifecycle", "org"}
    events = list(root.iter(f"{XES}event"))
    assert len(events) == 5
    for event in events:
        keys = {one.get("key") for one in event}
        assert {"concept:name", "time:timestamp", "lifecycle:transition", "org:resource"} <= keys
        used = {str(key).split(":")[0] for key in keys if ":" in str(key)}
        assert used <= prefixes
    stamps = [one.get("value") for one in root.iter(f"{XES}date") if one.get("key") == "time:timestamp"]
    assert stamps[1] == "2026-11-24T01:31:00.123+00:00"


def test_a_mining_tool_reads_ocel(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text(text(LogFormat.OCEL, trace(1), trace(2, STEPS[:3])))
    log = r4pm.import_item("OCEL", str(file))
    linked = r4pm.bindings.slim_link_ocel(ocel=log)
    assert (r4pm.bindings.num_events(ocel=log), r4pm.bindings.num_objects(ocel=log)) == (8, 5)
    case = f"case:{uuid5(SPACE, '1')}"
    assert set(r4pm.bindings.get_object_ids_of_type(ocel=linked, ob_type="case")) >= {case}
    related = json.dumps(r4pm.bindings.get_e2o_ids(ocel=linked, ev_id=f"{uuid5(SPACE, '1')}-2"))
    for key in (case, "post:grid-head@350583111201", "grid:350583111201003"):
        assert key in related
    r4pm.remove_item(log)


def test_every_object_and_type_that_ocel_names_is_there_with_its_declared_attributes() -> None:
    log = json.loads(text(LogFormat.OCEL, trace(1), trace(2)))
    assert set(log) == {"events", "objects", "eventTypes", "objectTypes"}
    objects = {one["id"]: one for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    types = {one["name"]: {each["name"] for each in one["attributes"]} for one in log["objectTypes"]}
    event_types = {one["name"]: {each["name"] for each in one["attributes"]} for one in log["eventTypes"]}
    assert set(types) == {"case", "post", "grid", "scenario"}
    for one in (*log["events"], *log["objects"]):
        declared = (event_types if "time" in one else types)[one["type"]]
        assert {each["name"] for each in one["attributes"]} <= declared
        assert {each["objectId"] for each in one["relationships"]} <= set(objects)
    assert len({one["id"] for one in log["events"]}) == len(log["events"])


def test_a_log_without_cases_is_still_a_log() -> None:
    assert json.loads(text(LogFormat.OCEL))["events"] == []
    assert list(fromstring(text(LogFormat.XES)).iter(f"{XES}trace")) == []
    assert text(LogFormat.CSV).count("\n") == 1


def test_csv_has_the_names_that_mining_tools_look_for() -> None:
    rows = list(csv.DictReader(io.StringIO(text(LogFormat.CSV, trace()).removeprefix("\ufeff"))))
    assert [row["concept:name"] for row in rows] == ["立案", "踏勘核实", "踏勘核实", "撤回", "踏勘核实"]
    third = rows[2]
    assert (third["case:concept:name"], third["org:resource"], third["late"]) == (
        "LW00001",
        "grid-head@350583111201",
        "true",
    )
    assert datetime.fromisoformat(third["time:timestamp"]) == AT.replace(microsecond=123000) + timedelta(
        minutes=3
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.sampled_from(STEPS), max_size=8))
def test_whatever_names_hold_each_log_reads_back_whole(name: str, unit: str, steps: list[Recorded]) -> None:
    numbered = [one._replace(seq=seq) for seq, one in enumerate(steps, start=1)]
    one = trace(1, numbered, scenario_name=name, unit=unit, outcome=name)
    log = json.loads(text(LogFormat.OCEL, one))
    assert len(log["events"]) == len(steps)
    assert len(list(fromstring(text(LogFormat.XES, one)).iter(f"{XES}event"))) == len(steps)
    assert len(list(csv.reader(io.StringIO(text(LogFormat.CSV, one), newline="")))) == len(steps) + 1


def test_cases_without_end_are_written_as_they_come() -> None:
    """A generator that never ends would hang any writer that gathers cases before it writes."""

    def endless() -> Iterator[Trace]:
        yield from (trace(number) for number in count(1))

    for form in LogFormat:
        pieces = written(endless(), form, spool=io.StringIO())
        assert sum(1 for _ in islice(pieces, 500)) == 500
