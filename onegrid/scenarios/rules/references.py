"""Whether every name used in a definition is defined in it, and every rule says something that can happen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.conditions import CONTEXT_NAMES, Asks, Comparison, asked
from onegrid.scenarios.rules.definition import Definition, EscalationStep, FollowUp
from onegrid.scenarios.rules.field_checks import field_faults
from onegrid.scenarios.rules.fields import Field, FieldKind, Form
from onegrid.scenarios.rules.findings import Finding, Path, finding, unknown
from onegrid.scenarios.rules.sentences import sentence_faults
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.words import ENDS, Source

URGENCIES: Final = ("high", "medium", "low")

_EXIT: Final = ("出口", "exit")
_TARGET: Final = ("去向", "target")
_FIELD: Final = ("字段", "field")
_BASE: Final = ("登记字段", "base field")
_FOLLOW_UP: Final = ("跟踪任务", "follow-up")

_ASSIGNED_KINDS: Final[Mapping[str, tuple[FieldKind, ...]]] = {
    "unit": (FieldKind.UNIT,),
    "units": (FieldKind.UNITS,),
    "grid": (FieldKind.GRID,),
    "due": (FieldKind.DATETIME, FieldKind.DATE),
    "urgency": (FieldKind.CHOICE,),
    "class_code": (FieldKind.CLASS,),
}


def broken_references(definition: Definition, *, joint: Collection[str] = ()) -> list[Finding]:
    """All dangling names. `joint`: stages that the file gives joint handling to."""
    return [
        *_starts(definition),
        *_joint(definition, joint),
        *(fault for stage in definition.stages.values() for fault in _stage(definition, stage)),
        *(
            fault
            for stage, leave, path in walking.exits(definition)
            for fault in _exit(definition, stage, leave, path)
        ),
        *(fault for one in definition.follow_ups.values() for fault in _follow_up(definition, one)),
        *_escalation(definition.escalation),
        *field_faults(definition),
        *_conditions(definition),
        *_limits(definition),
        *sentence_faults(definition),
    ]


def _stage_name(definition: Definition, name: str, path: Path) -> Iterator[Finding]:
    if name not in definition.stages:
        yield unknown(name, definition.stages, what=("环节", "stage"), path=path, code="unknown-stage")


def _starts(definition: Definition) -> Iterator[Finding]:
    for index, start in enumerate(definition.starts):
        for name in (start.stage, *sorted(start.leaves_out)):
            yield from _stage_name(definition, name, ("start", index))


def _joint(definition: Definition, joint: Collection[str]) -> Iterator[Finding]:
    for name in joint:
        yield from _stage_name(definition, name, ("joint", name))


def _stage(definition: Definition, stage: Stage) -> Iterator[Finding]:
    path = walking.stage_path(stage)
    named = [(stage.lapse, "lapse")] if stage.lapse else []
    if stage.lapse_by_hand and stage.lapse is None:
        zh = f"环节“{stage.name.zh}”没有到期出口，不能写 lapse_by_hand。请写 lapse，或删去它。"
        en = f"Stage '{stage.key}' has no lapse to take by hand: give it one, or leave lapse_by_hand out."
        yield finding("no-lapse", zh=zh, en=en, path=(*path, "lapse_by_hand"))
    if stage.rating is not None:
        named += [(stage.rating.satisfied, "rating"), (stage.rating.unsatisfied, "rating")]
    for name, where in named:
        if name not in stage.exits:
            yield unknown(name, stage.exits, what=_EXIT, path=(*path, where), code="unknown-exit")
    for name in stage.not_same_as:
        yield from _stage_name(definition, name, (*path, "not_same_as"))
    if stage.pick and not stage.assignable:
        zh = "写了 pick 就要在 assignable 写明还可选哪些岗位。"
        en = "'pick' needs 'assignable': the posts to pick from besides 'who'."
        yield finding("pick-without-choice", zh=zh, en=en, path=(*path, "pick"))
    for name in stage.edits:
        if definition.form.get(name) is None:
            yield unknown(
                name, definition.form.keys(), what=_BASE, path=(*path, "edits"), code="unknown-field"
            )
    if stage.joint is not None:
        yield from _joint_stage(definition, stage)


def _joint_stage(definition: Definition, stage: Stage) -> Iterator[Finding]:
    joint = stage.joint
    assert joint is not None
    path = ("joint", stage.key)
    for name in joint.waits_for:
        if name not in stage.exits:
            yield unknown(name, stage.exits, what=_EXIT, path=(*path, "waits_for"), code="unknown-exit")
    if joint.chosen_by is None:
        return
    field = next((f for form in _all_forms(definition) if (f := form.get(joint.chosen_by)) is not None), None)
    if field is None or field.kind is not FieldKind.UNITS:
        zh = f"“{joint.chosen_by}”不是多选部门（units）字段，会办部门无从选择。"
        yield finding(
            "joint-without-choice",
            zh=zh,
            en=f"'{joint.chosen_by}' is no field of kind units, so the departments cannot be chosen.",
            path=(*path, "chosen_by"),
        )


def _all_forms(definition: Definition) -> list[Form]:
    return [definition.form, *(stage.form for stage in definition.stages.values())]


def _exit(definition: Definition, stage: Stage, leave: Exit, path: Path) -> Iterator[Finding]:
    targets = {*definition.stages, *ENDS}
    for name, where in ((leave.to, "to"), (leave.beyond, "beyond")):
        if name is not None and name not in targets:
            yield unknown(name, {*targets, "reassign"}, what=_TARGET, path=(*path, where), code="no-target")
    for name in leave.starts:
        if name not in definition.follow_ups:
            known = definition.follow_ups
            yield unknown(name, known, what=_FOLLOW_UP, path=(*path, "starts"), code="unknown-follow-up")
    if leave.beyond is not None and leave.at_most is None:
        zh = "写了 beyond 就要写 at_most（最多走几次）。"
        yield finding("beyond-without-bound", zh=zh, en="'beyond' needs 'at_most'.", path=path)
    if (leave.tell_from is None) != (not leave.tell):
        zh = "tell 与 tell_from 须同时写：从第几次起、告知谁。"
        yield finding("escalation-incomplete", zh=zh, en="Write 'tell' and 'tell_from' together.", path=path)
    yield from _assigned(definition, stage, leave, path)


def _assigned(definition: Definition, stage: Stage, leave: Exit, path: Path) -> Iterator[Finding]:
    if leave.new_grid and leave.assigns.grid is None:
        zh = "转到其他网格的出口须在 assigns.grid 写明由哪个字段给出新网格。"
        en = "An exit to another grid must name the field with the new grid in assigns.grid."
        yield finding("reassign-without-grid", zh=zh, en=en, path=path)
    for what, kinds in _ASSIGNED_KINDS.items():
        name = getattr(leave.assigns, what)
        where = (*path, "assigns", what)
        field = stage.form.get(name) or definition.form.get(name) if name else None
        if field is not None:
            yield from _assigning(field, what, kinds, where)
        elif name:
            known = {*stage.form.keys(), *definition.form.keys()}
            yield unknown(name, known, what=_FIELD, path=where, code="unknown-field")


def _assigning(field: Field, what: str, kinds: tuple[FieldKind, ...], path: Path) -> Iterator[Finding]:
    if field.kind not in kinds:
        kind = " / ".join(kinds)
        zh = f"字段“{field.key}”应为 {kind} 类型，才能用于 {what}。"
        en = f"The field '{field.key}' must be of kind {kind} to serve as {what}."
        yield finding("assigned-kind", zh=zh, en=en, path=path)
    elif what == "urgency" and (odd := [one.key for one in field.choices if one.key not in URGENCIES]):
        zh = f"字段“{field.key}”决定紧急程度，选项只能是 {'、'.join(URGENCIES)}，不能是“{odd[0]}”。"
        en = f"The field '{field.key}' decides the urgency: its choices are {', '.join(URGENCIES)}."
        yield finding("assigned-urgency", zh=zh, en=en, path=path)
    elif what in ("unit", "units") and not field.choices:
        zh = f"字段“{field.key}”决定责任部门，须列出可选部门（choices）。"
        en = f"The field '{field.key}' decides who answers, so it must list the units (choices)."
        yield finding("assigned-open", zh=zh, en=en, path=path)


def _follow_up(definition: Definition, one: FollowUp) -> Iterator[Finding]:
    path: Path = ("follow_ups", one.key)
    for name in one.while_:
        yield from _stage_name(definition, name, (*path, "while"))
    if (one.every is None) == (one.at_percent is None):
        zh, en = "every（周期）与 at（时限的百分之几）须写且只写一个。", "Write either 'every' or 'at'."
        yield finding("follow-up-rhythm", zh=zh, en=en, path=path)
    if len(set(one.whos)) < len(one.whos):
        zh, en = "同一岗位重复出现，每个岗位只能有一项同名任务。", "A post is named twice in 'who'."
        yield finding("follow-up-twice", zh=zh, en=en, path=(*path, "who"))
    if one.closes_siblings and not one.also and one.every is None:
        zh = "只有一个岗位上报一次，没有可关闭的并行任务，请删去 closes_siblings 或在 who 列出多个岗位。"
        en = "Only one post reports, once: 'closes_siblings' closes nothing. Name several in 'who'."
        yield finding("siblings-none", zh=zh, en=en, path=(*path, "closes_siblings"))
    started = any(one.key in leave.starts for _, leave, _ in walking.exits(definition))
    if started != one.by_exit:
        zh = "by_exit 的跟踪任务须由某个出口的 starts 启动；其他跟踪任务不能写进 starts。"
        en = "A follow-up with by_exit must be started by an exit, any other must not."
        yield finding("follow-up-start", zh=zh, en=en, path=path)


def _escalation(steps: tuple[EscalationStep, ...]) -> Iterator[Finding]:
    last = 0
    for index, step in enumerate(steps):
        path: Path = ("escalation", index)
        if step.at_percent <= last:
            zh, en = "升级比例须从小到大排列且不重复。", "Escalation percentages must rise."
            yield finding("escalation-order", zh=zh, en=en, path=path)
        if not step.remind and not step.tell:
            zh, en = "这一级升级没有提醒或告知任何人。", "This escalation step reminds and tells nobody."
            yield finding("escalation-nobody", zh=zh, en=en, path=path)
        last = step.at_percent


def _limits(definition: Definition) -> Iterator[Finding]:
    taken = {leave.key for _, leave, _ in walking.exits(definition)}
    for path, rule, _, _ in walking.limits(definition):
        for name in rule.by_outcome:
            if name not in taken:
                yield unknown(name, taken, what=_EXIT, path=(*path, "by_outcome"), code="unknown-exit")


def _conditions(definition: Definition) -> Iterator[Finding]:
    everywhere = _all_forms(definition)
    for path, condition, form, stage in walking.conditions(definition):
        for one in asked(condition):
            if one.field in CONTEXT_NAMES:
                yield from _context(definition, one, stage, path)
            else:
                yield from _answer(one, [form, *everywhere], path)


def _context(definition: Definition, one: Asks, stage: Stage | None, path: Path) -> Iterator[Finding]:
    known: Collection[str]
    match one.field:
        case "exit":
            known = stage.exits if stage else [leave.key for _, leave, _ in walking.exits(definition)]
        case "source":
            known = [source.value for source in Source]
        case "urgency":
            known = URGENCIES
        case "channel":
            known = {source.channel for source in Source}
        case _:
            return
    what = (f"“{one.field}”的取值", f"value of '{one.field}'")
    for value in one.values:
        if one.test is not Comparison.IS or value not in known:
            yield unknown(str(value), known, what=what, path=path, code="bad-condition")


def _answer(one: Asks, forms: list[Form], path: Path) -> Iterator[Finding]:
    field = next((f for form in forms if (f := form.get(one.field)) is not None), None)
    if field is None:
        known = frozenset[str]().union(*(form.keys() for form in forms))
        yield unknown(one.field, known, what=_FIELD, path=path, code="unknown-field")
        return
    numeric = {FieldKind.NUMBER, FieldKind.MONEY, FieldKind.COMPUTED}
    if one.test in (Comparison.OVER, Comparison.AT_LEAST, Comparison.UNDER) and field.kind not in numeric:
        zh, en = f"字段“{one.field}”不是数字，不能比大小。", f"The field '{one.field}' is no number."
        yield finding("bad-condition", zh=zh, en=en, path=path)
    if one.test is not Comparison.IS:
        return
    keys = [choice.key for choice in field.choices]
    what = (f"字段“{one.field}”的取值", f"value of field '{one.field}'")
    for value in one.values:
        fits = value in keys if keys else isinstance(value, bool) is (field.kind is FieldKind.YES_NO)
        if not fits:
            yield unknown(str(value), keys, what=what, path=path, code="bad-condition")
