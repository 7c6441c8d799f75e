"""The BPMN file of a scenario: valid, drawn without overlaps, and run by another engine as cases run."""

from collections import Counter
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.scenarios.rules import ENDS, Definition, soundness
from onegrid.scenarios.rules.bpmn import to_bpmn
from onegrid.scenarios.rules.bpmn.durations import duration, limit_of
from onegrid.scenarios.rules.bpmn.exporting import process_of
from onegrid.scenarios.rules.bpmn.layout import Box, laid_out
from onegrid.scenarios.rules.bpmn.process import REGISTRATION, Kind
from onegrid.scenarios.tests.files import SCENARIOS, definition
from onegrid.scenarios.tests.test_soundness import graphs

NAMES = [one.stem for one in SCENARIOS]


@lru_cache
def library(name: str) -> Definition:
    return definition(name)


class Engine:
    """A case of the definition in SpiffWorkflow, begun at the given start."""

    def __init__(self, one: Definition, start: str) -> None:
        parser = BpmnParser(validator=BpmnValidator())
        parser.add_bpmn_str(to_bpmn(one).encode())
        self.workflow = BpmnWorkflow(parser.get_spec(one.key))
        self.workflow.do_engine_steps()
        if self.enabled() == {REGISTRATION}:
            self.finish("entry", start)

    def _ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def enabled(self) -> set[str]:
        self.workflow.refresh_timers()
        return {task.task_spec.name.removeprefix("stage__") for task in self._ready()}

    def finish(self, variable: str, value: str) -> None:
        (task,) = self._ready()
        task.data[variable] = value
        task.run()
        self.workflow.do_engine_steps()

    def end(self) -> str:
        ended = [task.task_spec.name for task in self.workflow.get_tasks(state=TaskState.COMPLETED)]
        return next(str(name).removeprefix("end__") for name in ended if name.startswith("end__"))


def walk(one: Definition, start: str, data: st.DataObject, *, steps: int) -> None:
    """Take exits at random in both; what is enabled is the same all along, and so is the end."""
    engine, at, taken = Engine(one, start), start, Counter[tuple[str, str]]()
    for _ in range(steps):
        assert engine.enabled() == {at}
        leave = data.draw(st.sampled_from(list(one.stages[at].exits.values())))
        target = leave.target(taken=taken[at, leave.key])
        engine.finish("outcome", leave.key)
        if target is None:
            continue  # refused: the case stays where it is
        taken[at, leave.key] += 1
        at = target
        if at in ENDS:
            assert engine.enabled() == set()
            assert engine.end() == at
            assert engine.workflow.is_completed()
            return


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_another_engine_enables_the_stage_that_the_case_is_in(name: str, data: st.DataObject) -> None:
    one = library(name)
    walk(one, data.draw(st.sampled_from(one.starts)).stage, data, steps=25)


@settings(max_examples=40, deadline=None)
@given(one=graphs(), data=st.data())
def test_any_sound_flow_runs_alike_in_another_engine(one: Definition, data: st.DataObject) -> None:
    if not soundness(one):
        walk(one, one.starts[0].stage, data, steps=20)


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_that_passes_is_told_or_lapses_and_the_case_is_where_the_rules_have_it(name: str) -> None:
    one = library(name)
    timers = {node.on: node for node in process_of(one).nodes if node.kind is Kind.TIMER}
    for stage in one.stages.values():
        timer = timers[f"stage__{stage.key}"]
        assert timer.interrupts is (stage.lapse is not None)
        assert timer.duration == duration(stage.limit.default)


def _ring(engine: Engine) -> None:
    """The limit of the stage passes."""
    for task in engine.workflow.get_tasks(state=TaskState.WAITING):
        rings = getattr(task.task_spec, "event_definition", None)
        if isinstance(rings, DurationTimerEventDefinition):
            task._set_internal_data(event_value="2020-01-01T00:00:00+00:00")
    engine.workflow.refresh_timers()
    engine.workflow.do_engine_steps()


@pytest.mark.parametrize("name", NAMES)
def test_a_case_stays_when_the_limit_passes_and_lapses_only_where_the_stage_says_so(name: str) -> None:
    one = library(name)
    for start in one.starts:
        engine, at = Engine(one, start.stage), start.stage
        for _ in one.stages:
            stage = one.stages[at]
            _ring(engine)
            if stage.lapse is not None:
                at = stage.exits[stage.lapse].to
            assert engine.enabled() == ({at} - ENDS)
            if at in ENDS:
                break
            leave = next(iter(one.stages[at].exits.values()))
            engine.finish("outcome", leave.key)
            at = leave.to
            if at in ENDS:
                break


def test_an_exit_that_the_stage_does_not_have_is_refused_by_the_engine_too() -> None:
    one = library("illegal-construction")
    engine = Engine(one, "assign")
    with pytest.raises(WorkflowException):
        engine.finish("outcome", "nowhere")


def _overlap(a: Box, b: Box) -> bool:
    apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
    return not apart


def _crosses(a: tuple[float, float], b: tuple[float, float], box: Box) -> bool:
    (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y


@pytest.mark.parametrize("name", NAMES)
def test_no_shape_lies_on_another_and_no_arrow_runs_through_one(name: str) -> None:
    process = process_of(library(name))
    layout = laid_out(process)
    nodes = {node.id: node for node in process.nodes}
    for a, b in combinations(nodes, 2):
        hangs = b == nodes[a].on or a == nodes[b].on
        assert hangs or not _overlap(layout.boxes[a], layout.boxes[b]), (a, b)
    for flow in process.flows:
        way = layout.ways[flow.id]
        assert all(p[0] == q[0] or p[1] == q[1] for p, q in pairwise(way)), flow.id
        for other in nodes.keys() - {flow.source, flow.target, nodes[flow.source].on}:
            for p, q in pairwise(way):
                assert not _crosses(p, q, layout.boxes[other]), (flow.id, other)


@pytest.mark.parametrize("name", NAMES)
def test_the_drawing_shows_every_node_and_arrow_once(name: str) -> None:
    process = process_of(library(name))
    ids = [*(node.id for node in process.nodes), *(flow.id for flow in process.flows)]
    assert len(ids) == len(set(ids))
    text = to_bpmn(library(name))
    assert all(text.count(f'bpmnElement="{key}"') == 1 for key in ids)


@given(st.builds(Limit, st.integers(1, 400), st.sampled_from(list(ClockKind))))
def test_a_whole_limit_is_kept_by_its_duration(limit: Limit) -> None:
    back = limit_of(duration(limit))
    assert back is not None
    assert Limit.parse(back).seconds == limit.seconds


def test_part_of_a_day_or_hour_is_counted_in_hours_or_minutes() -> None:
    assert duration(Limit.parse("1.5 working days")) == "PT36H"
    assert duration(Limit.parse("0.5 office hours")) == "PT30M"
    assert limit_of("PT90M") == "1.5 clock hours"
    assert limit_of("P1W") == "7 days"
    assert limit_of("R3/PT10H") is None
