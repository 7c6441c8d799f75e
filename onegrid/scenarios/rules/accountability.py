"""Whether every name outside the definition exists, and every grid has exactly one accountable post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from onegrid.scenarios.rules import walking
from onegrid.scenarios.rules.classes import ClassTree
from onegrid.scenarios.rules.conditions import holds
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.fields import FieldKind
from onegrid.scenarios.rules.findings import Finding, Path, finding, unknown
from onegrid.scenarios.rules.graph import reachable
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.standing_in import area_of, stand_ins, stands_in
from onegrid.scenarios.rules.words import OWNER_UNIT, RESPONSIBLE, AreaLevel, Who
from onegrid.workforce.rules import ROLES, Hole, HoleKind, Requirement

SHOWN_GRIDS = 5

Holes = Callable[[Sequence[Requirement]], Sequence[Hole]]
"""The duty list: which of these requirements have no post, several, or a vacant one, in which grid."""


def unknown_names(definition: Definition, *, units: frozenset[str], classes: ClassTree) -> list[Finding]:
    """Roles, units and classes that nobody knows, and departments' roles without their department."""
    return [
        *_whos(definition, units),
        *_units(definition, units),
        *_classes(definition, classes),
    ]


def unknown_roles(definition: Definition) -> list[Finding]:
    """Roles that nobody knows, and departments' roles without their department: the same in every city."""
    return list(_whos(definition, named_units(definition)))


def _whos(definition: Definition, units: frozenset[str]) -> Iterator[Finding]:
    for path, who in walking.accountable_whos(definition):
        yield from _who(who, path, units, owns=True)
    for path, who in walking.told_whos(definition):
        yield from _who(who, path, units, owns=False)


def _who(who: Who, path: Path, units: frozenset[str], *, owns: bool) -> Iterator[Finding]:
    if who.relative is not None:
        if owns:
            zh = f"“{who.role}”是随案件变化的对象，不能作责任岗位，请写具体岗位角色。"
            en = f"'{who.role}' depends on the case and cannot answer for a stage: name a role."
            yield finding("relative-owner", zh=zh, en=en, path=path, post=str(who))
        return
    role = ROLES.get(who.role)
    if role is None:
        yield unknown(who.role, ROLES, what=("岗位角色", "role"), path=path, code="unknown-role")
    elif role.of_department and who.unit is None:
        zh = f"“{role.zh}”须写明部门，例如 {{role: {role.key}, unit: urban-management}}。"
        en = f"'{role.key}' needs its unit, like {{role: {role.key}, unit: urban-management}}."
        yield finding("unit-needed", zh=zh, en=en, path=path, post=str(who))
    if who.unit not in (None, RESPONSIBLE, OWNER_UNIT) and who.unit not in units:
        yield unknown(who.unit or "", units, what=("单位", "unit"), path=path, code="unknown-unit")


def named_units(definition: Definition) -> frozenset[str]:
    """Every real unit the definition names."""
    whos = (*walking.accountable_whos(definition), *walking.told_whos(definition))
    by_who = {who.unit for _, who in whos if who.unit not in (None, RESPONSIBLE, OWNER_UNIT)}
    return frozenset(one for one in by_who if one) | {key for _, key in _placed_units(definition)}


def _placed_units(definition: Definition) -> Iterator[tuple[Path, str]]:
    yield ("owner",), definition.owner
    for stage in definition.stages.values():
        if stage.joint is not None:
            yield from ((("joint", stage.key, "one_task_per"), key) for key in stage.joint.units)
    for path, field, _, _ in walking.fields(definition):
        if field.kind in (FieldKind.UNIT, FieldKind.UNITS):
            yield from (((*path, "choices"), choice.key) for choice in field.choices)


def _units(definition: Definition, units: frozenset[str]) -> Iterator[Finding]:
    for path, key in _placed_units(definition):
        if key not in units:
            yield unknown(key, units, what=("单位", "unit"), path=path, code="unknown-unit")


def _classes(definition: Definition, classes: ClassTree) -> Iterator[Finding]:
    known = [one.code for one in classes]
    for index, code in enumerate(definition.classes):
        if code not in classes:
            yield unknown(
                code, known, what=("事项类别", "matter class"), path=("classes", index), code="unknown-class"
            )
    for _, leave, path in walking.exits(definition):
        for index, linked in enumerate(leave.opens):
            if linked.class_code not in classes:
                where = (*path, "opens", index, "class")
                what = ("事项类别", "matter class")
                yield unknown(linked.class_code, known, what=what, path=where, code="unknown-class")
    for path, rule, _, _ in walking.limits(definition):
        for code in rule.by_class:
            if not any(one.startswith(code) for one in known):
                where = (*path, "by_class", code)
                yield unknown(
                    code, known, what=("事项类别", "matter class"), path=where, code="unknown-class"
                )
            elif not _taken(code, definition, classes):
                zh = f"场景不办理类别“{code}”，这一时限用不上；请核对类别，或把它加入 classes。"
                en = f"The scenario does not take class '{code}', so the limit never applies: check it."
                yield finding("class-not-taken", zh=zh, en=en, path=(*path, "by_class", code))


def _taken(code: str, definition: Definition, classes: ClassTree) -> bool:
    """Whether a class lies under or above one that the scenario takes; a case may be given one on its way."""
    assigns = any(leave.assigns.class_code for _, leave, _ in walking.exits(definition))
    return assigns or any(
        code.startswith(one) or one.startswith(code) or one in classes.lineage(code)
        for one in definition.classes
    )


@dataclass(frozen=True, slots=True)
class Need:
    """One thing in the definition that must be one post in every grid, and where it is written.

    `divided`: only in second-level grids; elsewhere somebody stands in, who is asked for by himself."""

    path: Path
    who: Who  # with a real unit key or none
    divided: bool = False


def needs(definition: Definition, *, classes: ClassTree) -> list[Need]:
    """Everyone who must be exactly one post: owners of stages, follow-ups, joint tasks and decisions."""
    found = [
        Need(path, one, divided=path[0] == "follow_ups" and stands_in(one, AreaLevel.VILLAGE) != one)
        for path, who in walking.accountable_whos(definition)
        for one in _spelled_out(definition, who, _stages_at(definition, path), classes)
    ]
    for stage in definition.stages.values():
        if stage.joint is not None:
            path: Path = ("joint", stage.key, "one_task_per")
            found.extend(Need(path, Who(stage.joint.role, unit)) for unit in stage.joint.units)
    for stage, leave, path in walking.exits(definition):
        target = definition.stages.get(leave.to)
        if target is not None and target.who.is_responsible:
            found.extend(Need(path, Who(target.who.role, unit)) for unit in _chosen(definition, stage, leave))
    return list(dict.fromkeys((*found, *_stand_ins(found))))


def _stand_ins(found: Sequence[Need]) -> Iterator[Need]:
    """A report also needs whoever makes it for a case of which only the village or the town is known."""
    asked = {need.who for need in found if not need.divided}
    for need in found:
        if need.path[0] == "follow_ups":
            yield from (Need(need.path, one) for one in stand_ins(need.who) if one not in asked)


def _stages_at(definition: Definition, path: Path) -> list[Stage]:
    """The stages during which a recipient named at this place may be needed."""
    if path[0] == "stages":
        return [definition.stages[str(path[1])]]
    if path[0] == "follow_ups":
        return [definition.stages[key] for key in definition.follow_ups[str(path[1])].while_]
    return list(definition.stages.values())


def _spelled_out(definition: Definition, who: Who, stages: list[Stage], classes: ClassTree) -> list[Who]:
    """The recipient with each real unit it may stand for in these stages."""
    if who.is_responsible:
        units = {unit for stage in stages for unit in responsible_units(definition, stage, classes=classes)}
    elif who.unit == OWNER_UNIT:
        units = {unit for stage in stages for unit in _owner_units(definition, stage, classes)}
    else:
        return [who]
    return [Who(who.role, unit) for unit in sorted(units)]


def _owner_units(definition: Definition, stage: Stage, classes: ClassTree) -> frozenset[str]:
    if stage.who.is_responsible:
        return responsible_units(definition, stage, classes=classes)
    return frozenset([stage.who.unit] if stage.who.unit else [])


def responsible_units(definition: Definition, stage: Stage, *, classes: ClassTree) -> frozenset[str]:
    """Units that may answer for a case in this stage: chosen on the way, or else those of its classes.

    A class without a unit falls to the scenario's owner. The classes' units count only if some way leads
    here on which nobody chose the unit.
    """
    chosen = {unit for at, leave, _ in walking.exits(definition) for unit in _chosen(definition, at, leave)}
    edges = _unchosen(definition)
    unchosen = {key for start in definition.starts for key in reachable(definition, start.stage, edges)}
    if stage.key not in unchosen:
        return frozenset(chosen)
    infos = [info for code in definition.classes for info in classes.under(code)]
    return frozenset(chosen | {info.unit or definition.owner for info in infos} or {definition.owner})


def _unchosen(definition: Definition) -> Callable[[Stage], list[str]]:
    """Where a stage leads by exits that leave the responsible unit open."""

    def edges(stage: Stage) -> list[str]:
        open_exits = [leave for leave in stage.exits.values() if not _chooses(definition, stage, leave)]
        return [one for leave in open_exits for one in (leave.to, leave.beyond) if one is not None]

    return edges


def _chooses(definition: Definition, stage: Stage, leave: Exit) -> bool:
    key = leave.assigns.unit or ""
    field = stage.form.get(key) or definition.form.get(key)
    return field is not None and holds(field.required, {"exit": leave.key})


def _chosen(definition: Definition, stage: Stage, leave: Exit) -> tuple[str, ...]:
    """The units that taking this exit may make responsible."""
    key = leave.assigns.unit or ""
    field = stage.form.get(key) or definition.form.get(key)
    return tuple(choice.key for choice in field.choices) if field is not None else ()


def requirements(definition: Definition, *, classes: ClassTree, grids: Sequence[str]) -> list[Requirement]:
    """What the duty list must give in these grids, stage by stage and class by class."""
    codes = sorted({info.code for code in definition.classes for info in classes.under(code)})
    some = [grid for grid in grids if area_of(grid) is AreaLevel.GRID]
    divided = some if len(some) < len(grids) else grids  # the same list is looked at once
    return [
        Requirement(
            definition.key,
            _stage_key(need.path),
            need.who.role,
            need.who.unit,
            divided if need.divided else grids,
            code,
        )
        for need in needs(definition, classes=classes)
        for code in codes
    ]


def accountable(
    definition: Definition, *, classes: ClassTree, grids: Sequence[str], holes: Holes
) -> list[Finding]:
    """Where a stage, follow-up, joint task or decision has no post or several; with grids and post."""
    wanted = needs(definition, classes=classes)
    asked = {
        (one.role, one.unit, one.class_code, len(one.grids)): one._replace(stage="")
        for one in requirements(definition, classes=classes, grids=grids)
    }
    found: dict[tuple[str, str | None], list[Hole]] = {}
    for hole in holes(list(asked.values())):
        if hole.kind is not HoleKind.VACANT:
            found.setdefault((hole.role, hole.unit), []).append(hole)
    return [_unanswered(need, same) for need in wanted if (same := _holes_of(need, found))]


def _holes_of(need: Need, found: Mapping[tuple[str, str | None], Sequence[Hole]]) -> list[Hole]:
    holes = found.get((need.who.role, need.who.unit), ())
    return [one for one in holes if not need.divided or area_of(one.grid) is AreaLevel.GRID]


def _stage_key(path: Path) -> str:
    return str(path[1]) if len(path) > 1 and path[0] in ("stages", "joint") else ".".join(map(str, path[:2]))


def _unanswered(need: Need, same: Sequence[Hole]) -> Finding:
    role = ROLES.get(need.who.role)
    name = (role.zh if role else need.who.role) + (f"（{need.who.unit}）" if need.who.unit else "")
    grids = tuple(dict.fromkeys(hole.grid for hole in same))
    shown = grids[:SHOWN_GRIDS]
    listed = "、".join(shown) + ("…" if len(grids) > SHOWN_GRIDS else "")
    several = same[0].kind is HoleKind.SEVERAL_POSTS
    zh = f"{len(grids)} 个网格{'有多个' if several else '没有'}“{name}”岗位：{listed}。请先完善职责清单。"
    en = f"{len(grids)} grids have {'several posts' if several else 'no post'} '{need.who}': {listed}"
    code = "several-posts" if several else "no-post"
    found = finding(code, zh=zh, en=en, path=need.path, post=str(need.who))
    return replace(found, grids=shown, grid_count=len(grids))
