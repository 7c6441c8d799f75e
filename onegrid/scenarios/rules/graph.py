"""Soundness of the flow: no case that follows the definition can get lost (design: a scenario is data)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import product
from math import prod
from typing import Final

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.conditions import ALWAYS, NEVER, AnyOf, Condition, asked, holds
from onegrid.scenarios.rules.definition import Definition, Start
from onegrid.scenarios.rules.fields import Field, FieldKind
from onegrid.scenarios.rules.findings import Finding, finding
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.words import ENDS, AreaLevel, Source

MAX_COMBINATIONS: Final = 10_000


def soundness(definition: Definition) -> list[Finding]:
    """Every way a case could get lost, or nothing.

    Every stage is reached from every start (unless the start leaves it out), an end from every stage;
    every source and area has a start; whatever is answered some exit is open; every loop is bounded
    or escalates.
    """
    return [
        *_start_choice(definition),
        *_reached(definition),
        *_ending(definition),
        *_exhaustive(definition),
        *_loops(definition),
        *_own_work(definition),
        *_automatic(definition),
        *_virtual(definition),
    ]


def targets(stage: Stage) -> frozenset[str]:
    """Where a case may go from the stage, however often it was here."""
    return frozenset(
        one for leave in stage.exits.values() for one in (leave.to, leave.beyond) if one is not None
    )


def lasting_targets(stage: Stage) -> frozenset[str]:
    """Where the stage leads for ever: an exit that may be used up counts only with what lies beyond it."""
    found = (leave.to if leave.at_most is None else leave.beyond for leave in stage.exits.values())
    return frozenset(one for one in found if one is not None)


def reachable(
    definition: Definition, start: str, edges: Callable[[Stage], Iterable[str]] = targets
) -> frozenset[str]:
    """Stages and ends that a case may reach from this stage, itself included."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if key in definition.stages:
            waiting.extend(edges(definition.stages[key]))
    return frozenset(seen)


def _reached(definition: Definition) -> Iterator[Finding]:
    everywhere: set[str] = set()
    for index, start in enumerate(definition.starts):
        found = reachable(definition, start.stage)
        everywhere |= found
        for key in definition.stages:
            if (key in found) is (key in start.leaves_out):
                yield _misreached(key, start, index)
    for key in definition.stages:
        if key not in everywhere:
            zh = f"环节“{key}”从任何起点都走不到，请接上一个出口或删去。"
            en = f"No start leads to stage '{key}': lead an exit to it, or delete it."
            yield finding("stage-unreachable", zh=zh, en=en, path=("stages", key))


def _misreached(key: str, start: Start, index: int) -> Finding:
    if key in start.leaves_out:
        zh = f"起点“{start.stage}”声明不经过环节“{key}”，实际却走得到，请从 leaves_out 删去。"
        en = f"Start '{start.stage}' says it leaves out '{key}' but reaches it: take it off leaves_out."
    else:
        zh = f"从起点“{start.stage}”走不到环节“{key}”。请接上出口，或在该起点的 leaves_out 中写明。"
        en = f"Start '{start.stage}' never reaches '{key}': lead an exit there or name it in leaves_out."
    found = finding("not-reached-from-start", zh=zh, en=en, path=("start", index))
    return Finding(found.code, zh, en, found.path, stage=key)


def _ending(definition: Definition) -> Iterator[Finding]:
    for key in definition.stages:
        if not reachable(definition, key, lasting_targets) & ENDS:
            zh = f"从环节“{key}”走不到任何结束（closed 或 archived），案件会永远办不完。"
            en = f"No end (closed or archived) can be reached from stage '{key}' for good."
            yield finding("no-end", zh=zh, en=en, path=("stages", key))


def _start_choice(definition: Definition) -> Iterator[Finding]:
    taken: dict[tuple[Source, AreaLevel], int] = {}
    for index, start in enumerate(definition.starts):
        for source in sorted(start.sources - set(definition.discovery)):
            zh, en = f"发现来源里没有“{source}”。", f"'{source}' is not among the sources of discovery."
            yield finding("start-source", zh=zh, en=en, path=("start", index))
        pairs = product(start.sources or set(definition.discovery), start.areas or set(AreaLevel))
        clashes = [
            pair
            for pair in sorted(pairs)
            if start.when == ALWAYS and taken.setdefault(pair, index) != index
            if _clash(definition.starts[taken[pair]], start)
        ]
        for source, area in clashes[:1]:
            zh, en = (
                f"来源“{source}”（{area}）有两个起点，只能留一个。",
                f"Two starts for '{source}' ({area}).",
            )
            yield finding("two-starts", zh=zh, en=en, path=("start", index))
    yield from _unstarted(definition, taken)


def _unstarted(definition: Definition, taken: Mapping[tuple[Source, AreaLevel], int]) -> Iterator[Finding]:
    missing = (pair for pair in product(definition.discovery, AreaLevel) if pair not in taken)
    for source, area in sorted(missing)[:1]:
        zh = f"来源“{source}”（地点精度 {area}）没有起点。请补一个起点或一个不带条件的起点。"
        en = f"Nothing starts a case from '{source}' with a place known to the {area}: add a start."
        yield finding("no-start", zh=zh, en=en, path=("start",))


def _clash(first: Start, second: Start) -> bool:
    """Two starts for the same thing, unless the later one is the general fallback of a special one."""
    special = bool(first.sources) + bool(first.areas)
    general = bool(second.sources) + bool(second.areas)
    return special <= general


def _exhaustive(definition: Definition) -> Iterator[Finding]:
    """In every stage, whatever is answered, an exit that never runs out must be open."""
    for _, leave, path in walking.exits(definition):
        if leave.when == NEVER:
            zh, en = (
                f"出口“{leave.key}”永远走不了，请删去。",
                f"The exit '{leave.key}' is never open: delete it.",
            )
            yield finding("exit-never-open", zh=zh, en=en, path=path)
    for stage in definition.stages.values():
        lasting = [
            leave for leave in stage.exits.values() if leave.at_most is None or leave.beyond is not None
        ]
        if any(leave.when == ALWAYS for leave in lasting):
            continue
        open_when: Condition = AnyOf(tuple(leave.when for leave in lasting))
        gap = _gap(definition, stage, open_when)
        if gap is not None:
            zh = f"环节“{stage.name.zh}”在“{gap}”时没有可走的出口，案件会卡住。请补一个出口。"
            en = f"Stage '{stage.key}' has no open exit when {gap}: add one without a condition."
            yield finding("exits-not-exhaustive", zh=zh, en=en, path=walking.stage_path(stage))


def _gap(definition: Definition, stage: Stage, open_when: Condition) -> str | None:
    """Answers for which no exit is open, or None. Only choices and yes/no can be proven complete."""
    names = sorted({one.field for one in asked(open_when)})
    values: list[list[object]] = []
    for name in names:
        field = stage.form.get(name) or definition.form.get(name)
        possible = _values(field) if field is not None and _must_answer(field) else None
        if possible is None:
            return f"{name} = ?"
        values.append(possible)
    if prod(map(len, values)) > MAX_COMBINATIONS:
        return ", ".join(names)
    for combination in product(*values):
        answers = dict(zip(names, combination, strict=True))
        if not holds(open_when, answers):
            return ", ".join(f"{name} = {value}" for name, value in answers.items()) or "always"
    return None


def _must_answer(field: Field) -> bool:
    return field.required == ALWAYS and field.visible == ALWAYS


def _values(field: Field) -> list[object] | None:
    if field.kind is FieldKind.YES_NO:
        return [True, False]
    if field.kind is FieldKind.CHOICE and all(choice.when == ALWAYS for choice in field.choices):
        return [choice.key for choice in field.choices]
    return None


def _loops(definition: Definition) -> Iterator[Finding]:
    """Leaving out the exits that are bounded or escalate, nothing may lead back."""
    edges = {key: _unbounded(stage) for key, stage in definition.stages.items()}
    for key, reached in edges.items():
        if key in reached:
            yield _loop([key, key])
    try:
        TopologicalSorter({key: reached - {key} - ENDS for key, reached in edges.items()}).prepare()
    except CycleError as error:
        yield _loop(list(reversed(error.args[1])))


def _unbounded(stage: Stage) -> set[str]:
    free: set[str] = set()
    for leave in stage.exits.values():
        if leave.tell_from is None:
            target = leave.to if leave.at_most is None else leave.beyond
            free.update([target] if target else [])
    return free


def _loop(keys: list[str]) -> Finding:
    way = " → ".join(keys)
    mend = "请给其中一个出口写 at_most（最多几次），或 tell_from 与 tell（几次起上报）。"
    zh = f"环节 {way} 可以无限循环。{mend}"
    en = f"The loop {way} has no bound: give one of its exits at_most, or tell_from and tell."
    return finding("loop-unbounded", zh=zh, en=en, path=("stages", keys[0]))


def _own_work(definition: Definition) -> Iterator[Finding]:
    for stage in definition.stages.values():
        for key in stage.not_same_as:
            if definition.stages[key].who == stage.who:
                zh = f"环节“{stage.name.zh}”要求与“{key}”不同人，两者却由同一岗位负责。"
                en = f"Stage '{stage.key}' must not be worked by who worked '{key}', yet both go to one post."
                yield finding(
                    "checks-own-work", zh=zh, en=en, path=(*walking.stage_path(stage), "not_same_as")
                )


def _automatic(definition: Definition) -> Iterator[Finding]:
    """An exit taken by the system or by the reporter's rating cannot ask for evidence or answers."""
    for stage in definition.stages.values():
        rated = (stage.rating.satisfied, stage.rating.unsatisfied) if stage.rating else ()
        for key in sorted({*rated, *([stage.lapse] if stage.lapse else [])}):
            leave = stage.exits[key]
            if leave.needs or stage.evidence or leave.assigns.fields() or _asks(stage, leave):
                zh = f"出口“{key}”由系统自动走，不能要求填写或上传任何内容。"
                en = f"The exit '{key}' is taken by the system, so it cannot ask for answers or evidence."
                yield finding("automatic-exit-asks", zh=zh, en=en, path=walking.exit_path(stage, leave))
            own = [one.class_code for one in leave.opens if one.class_code.startswith(definition.classes)]
            if own and key == stage.lapse:
                zh = f"到期自动走的出口“{key}”又开出本场景的事件（{own[0]}），会无限开下去。"
                en = f"The lapse '{key}' opens a case of this very scenario ({own[0]}), and so on for ever."
                yield finding("opens-itself", zh=zh, en=en, path=walking.exit_path(stage, leave))


def _asks(stage: Stage, leave: Exit) -> bool:
    answers: Mapping[str, object] = {"exit": leave.key}
    return any(
        holds(field.required, answers) and holds(field.visible, answers)
        for field in stage.form.fields
        if not field.read_only
    )


def _virtual(definition: Definition) -> Iterator[Finding]:
    """A chart without its virtual stages still has a beginning, and every arrow an end."""
    for index, start in enumerate(definition.starts):
        if definition.stages[start.stage].virtual:
            zh = f"起点“{start.stage}”是虚拟环节，流程图就没有开头，请改为实环节。"
            en = f"The start '{start.stage}' is virtual, so the chart has no beginning."
            yield finding("virtual-start", zh=zh, en=en, path=("start", index))
    for stage, leave, path in walking.exits(definition):
        if not stage.virtual and not walking.charted(definition, leave):
            zh = f"出口“{leave.key}”只通向互相循环的虚拟环节，流程图画不出去向。"
            en = f"The exit '{leave.key}' leads only to virtual stages that lead to each other."
            yield finding("virtual-loop", zh=zh, en=en, path=path)
