"""A definition as a business process: a user task per stage, a gateway for its exits, counters for loops.

The process behaves as cases do: a stage's exits, how often an exit may be taken and where it leads then, the
ends. What BPMN has no plain word for (co-signing, follow-ups, evidence, the office calendar) stands in the
documentation of its task. Conditions and scripts are single comparisons and assignments that mean the same in
JavaScript, Groovy and Python, so that engines of each kind run them.
"""

from __future__ import annotations

from typing import Any, Final

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.bpmn import notes
from onegrid.scenarios.rules.bpmn.durations import duration
from onegrid.scenarios.rules.bpmn.process import (
    ENTRY,
    OUTCOME,
    PREPARE,
    REGISTRATION,
    START,
    Flow,
    Kind,
    Node,
    Process,
)
from onegrid.scenarios.rules.definition import Definition, Start
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.words import ARCHIVED, CLOSED

END_NAMES: Final = {CLOSED: "结案", ARCHIVED: "归档"}


def process_of(definition: Definition) -> Process:
    """The process that any BPMN 2.0 engine can run as cases run the definition."""
    return _Drawing(definition).process()


class _Drawing:
    """The process while it is drawn, row by row from the top.

    Ids are made of keys joined by two underscores, which no key contains, so that none meets another."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.rows: list[int] = [0]
        self.counters = _counters(definition)

    def process(self) -> Process:
        self._beginning()
        for stage in self.definition.stages.values():
            self._stage(stage)
        for column, end in enumerate(self._ends(), start=1):
            self._node(f"end__{end}", Kind.END, END_NAMES[end], 0, column)
        self.rows.append(self.rows[-1] + 1)
        one, drawn = self.definition, (tuple(self.nodes), tuple(self.flows), tuple(self.rows))
        return Process(one.key, one.name.zh, notes.scenario(one), *drawn, _about(one))

    def _node(self, key: str, kind: Kind, name: str, lane: int, column: int, **more: Any) -> str:
        self.nodes.append(Node(key, kind, name, self.rows[-1] + lane, column, **more))
        return key

    def _flow(self, key: str, source: str, target: str, **more: Any) -> str:
        self.flows.append(Flow(key, source, target, **more))
        return key

    def _beginning(self) -> None:
        """The start, what must be set before, and the choice between several starts by who registers."""
        starts = self.definition.starts
        self._node(START, Kind.START, "登记", 0, 0)
        self._node(PREPARE, Kind.SCRIPT, "准备", 0, 1, script=self._prepared(), note=notes.PREPARE)
        self._flow("to_prepare", START, PREPARE)
        if len({one.stage for one in starts}) == 1:
            self._flow("start__1", PREPARE, f"stage__{starts[0].stage}", marks=_start_marks(starts[0]))
            self.rows.append(self.rows[-1] + 1)
            return
        choice, last = "choose_start", f"start__{len(starts)}"
        self._node(REGISTRATION, Kind.TASK, "登记受理", 0, 2, note=notes.registration(self.definition))
        self._node(choice, Kind.GATEWAY, "起点", 0, 3, default=last)
        self._flow("to_registration", PREPARE, REGISTRATION)
        self._flow("to_choose_start", REGISTRATION, choice)
        for number, start in enumerate(starts, start=1):
            name = self.definition.stages[start.stage].name.zh
            condition = f"{ENTRY} == '{start.stage}'" if number < len(starts) else ""
            target, marks = f"stage__{start.stage}", _start_marks(start)
            self._flow(f"start__{number}", choice, target, name=name, condition=condition, marks=marks)
        self.rows.append(self.rows[-1] + len(starts))

    def _prepared(self) -> tuple[str, ...]:
        """Counters at zero; each duration also under its own name, for engines that read it as a variable."""
        rung = {duration(stage.limit.default) for stage in self.definition.stages.values()}
        return (
            *(f"{name} = 0" for name in self.counters.values()),
            *(f"{one} = '{one}'" for one in sorted(rung)),
        )

    def _stage(self, stage: Stage) -> None:
        marks = {"stage": stage.key, "role": stage.who.role, "limit": str(stage.limit.default)}
        marks |= {"unit": stage.who.unit} if stage.who.unit else {}
        marks |= {"evidence": notes.evidence_text(stage.evidence)}
        note = notes.stage(self.definition, stage)
        task = self._node(
            f"stage__{stage.key}", Kind.TASK, stage.name.zh, 0, 1, role=str(stage.who), note=note, marks=marks
        )
        leaving = task
        if len(stage.exits) > 1 or stage.lapse is not None:
            leaving = self._node(f"exits__{stage.key}", Kind.GATEWAY, "出口", 0, 2)
            self._flow(f"to_exits__{stage.key}", task, leaving)
        self._limit(stage, task)
        for lane, leave in enumerate(stage.exits.values()):
            self._exit(stage, leave, leaving, lane)
        self.rows.append(self.rows[-1] + max(2, len(stage.exits)))

    def _limit(self, stage: Stage, task: str) -> None:
        """When the limit passes the case stays and is told of; where the stage lapses, the system goes on."""
        key, rings = stage.key, duration(stage.limit.default)
        note = notes.limit(self.definition, stage)
        if stage.lapse is None:
            timer = self._node(f"due__{key}", Kind.TIMER, "到期", 0, 1, on=task, duration=rings, note=note)
            told = self._node(f"told__{key}", Kind.END, "超时升级", 1, 1)
            self._flow(f"late__{key}", timer, told)
            return
        timer = self._node(
            f"lapse__{key}", Kind.TIMER, "到期", 0, 1, on=task, duration=rings, interrupts=True, note=note
        )
        script = (f"{OUTCOME} = '{stage.lapse}'",)
        lapsed = self._node(f"lapsed__{key}", Kind.SCRIPT, "到期自动办理", 1, 2, script=script)
        self._flow(f"late__{key}", timer, lapsed)
        self._flow(f"lapsed_to_exits__{key}", lapsed, f"exits__{key}")

    def _exit(self, stage: Stage, leave: Exit, leaving: str, lane: int) -> None:
        """The exit's arrow; a bounded exit is counted, and beyond its bound leads elsewhere or back."""
        key, note = f"{stage.key}__{leave.key}", notes.leave(leave)
        condition = f"{OUTCOME} == '{leave.key}'" if leaving.startswith("exits__") else ""
        more: dict[str, Any] = {"name": leave.label.zh, "condition": condition, "note": note}
        more["marks"] = {"exit": leave.key, "needs": notes.evidence_text(leave.needs)} | (
            {"new-grid": "true"} if leave.new_grid else {}
        )
        target = _place(leave.to)
        if leave.at_most is None:
            self._flow(f"exit__{key}", leaving, target, **more)
            return
        count = self._node(f"count__{key}", Kind.GATEWAY, "次数", lane, 3, default=f"beyond__{key}")
        name = self.counters[stage.key, leave.key]
        script = (f"{name} = {name} + 1",)
        counted = self._node(f"counted__{key}", Kind.SCRIPT, "计数", lane, 4, script=script)
        beyond = _place(leave.beyond) if leave.beyond is not None else f"stage__{stage.key}"
        self._flow(f"exit__{key}", leaving, count, **more)
        self._flow(f"within__{key}", count, counted, condition=f"{name} < {leave.at_most}")
        self._flow(f"counted_to__{key}", counted, target)
        used_up = {"beyond": "refused"} if leave.beyond is None else {}
        self._flow(f"beyond__{key}", count, beyond, name=f"已满 {leave.at_most} 次", marks=used_up)

    def _ends(self) -> list[str]:
        led = {end for _, leave, _ in walking.exits(self.definition) for end in (leave.to, leave.beyond)}
        return [end for end in END_NAMES if end in led]


def _place(target: str) -> str:
    return f"end__{target}" if target in END_NAMES else f"stage__{target}"


def _counters(definition: Definition) -> dict[tuple[str, str], str]:
    """A variable per bounded exit; hyphens are no part of a name in most languages."""
    found: dict[tuple[str, str], str] = {}
    for stage, leave, _ in walking.exits(definition):
        if leave.at_most is None:
            continue
        name = f"taken__{stage.key}__{leave.key}".replace("-", "_")
        while name in found.values():
            name += "_"
        found[stage.key, leave.key] = name
    return found


def _about(one: Definition) -> dict[str, str]:
    """What the scenario is beside its flow, so that its file may be had back."""
    classes, sources = " ".join(one.classes), " ".join(one.discovery)
    marks = {"prefix": one.prefix, "owner": one.owner, "classes": classes, "discovery": sources}
    return {name: value for name, value in marks.items() if value}


def _start_marks(start: Start) -> dict[str, str]:
    marks = {"sources": " ".join(sorted(start.sources)), "areas": " ".join(sorted(start.areas))}
    marks |= {"leaves-out": " ".join(sorted(start.leaves_out))}
    return {name: value for name, value in marks.items() if value}
