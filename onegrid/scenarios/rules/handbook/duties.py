"""What a post or unit has to do in a scenario: stages, co-signing, reports, decisions, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from onegrid.scenarios.rules.accountability import responsible_units
from onegrid.scenarios.rules.classes import ClassTree
from onegrid.scenarios.rules.definition import Definition, FollowUp
from onegrid.scenarios.rules.stages import Stage
from onegrid.scenarios.rules.words import OWNER_UNIT, Who


class DutyKind(StrEnum):
    """In which way a post has to do with it; the first four are its to answer for."""

    OWNS = "主办"
    JOINT = "会签"
    REPORT = "跟踪报告"
    DECIDES = "审批裁定"
    MAY_OWN = "可受转派"
    COPIED = "分送知晓"


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One thing that the post or unit has to do. `what` names the request it decides."""

    kind: DutyKind
    definition: Definition
    stage: Stage | None = None
    follow_up: FollowUp | None = None
    what: str = ""
    who: Who | None = None


Is = Callable[[Definition, Who, Stage | None], bool]
"""Whether a recipient, at this stage, is the post or belongs to the unit asked for."""


def duty_lines(definition: Definition, is_one: Is) -> list[DutyLine]:
    """Everything the definition asks of them, the accountable work first."""
    found = [*_owned(definition, is_one), *_reports(definition, is_one), *_decisions(definition, is_one)]
    order = list(DutyKind)
    return sorted(found, key=lambda line: order.index(line.kind))


def _owned(definition: Definition, is_one: Is) -> Iterator[DutyLine]:
    for stage in definition.stages.values():
        joint = stage.joint
        mine = is_one(definition, stage.who, stage)
        if mine:
            yield DutyLine(DutyKind.OWNS, definition, stage, who=stage.who)
        if joint is not None:
            asked = [unit for unit in joint.units if is_one(definition, Who(joint.role, unit), stage)]
            if asked:
                yield DutyLine(DutyKind.JOINT, definition, stage, who=Who(joint.role, asked[0]))
        if not mine and (who := _first(definition, stage.assignable, stage, is_one)):
            yield DutyLine(DutyKind.MAY_OWN, definition, stage, who=who)
        if who := _first(definition, stage.copy, stage, is_one):
            yield DutyLine(DutyKind.COPIED, definition, stage, who=who)


def _first(definition: Definition, whos: tuple[Who, ...], stage: Stage, is_one: Is) -> Who | None:
    return next((who for who in whos if is_one(definition, who, stage)), None)


def _reports(definition: Definition, is_one: Is) -> Iterator[DutyLine]:
    for follow_up in definition.follow_ups.values():
        who = next((who for who in follow_up.whos if is_one(definition, who, None)), None)
        if who is not None:
            yield DutyLine(DutyKind.REPORT, definition, follow_up=follow_up, who=who)


def _decisions(definition: Definition, is_one: Is) -> Iterator[DutyLine]:
    """Requests it decides: the scenario's rules once, a stage's own rule with that stage."""
    for stage in (None, *definition.stages.values()):
        rules = stage or definition
        asked = [
            ("延期审批", rules.extension.decided_by if rules.extension else None),
            ("挂账审批", rules.hold.decided_by if rules.hold else None),
            ("受理退单", rules.return_.to if rules.return_ else None),
            ("退单裁定", rules.return_.ruling if rules.return_ else None),
        ]
        for what, who in asked:
            if who is not None and is_one(definition, who, stage):
                yield DutyLine(DutyKind.DECIDES, definition, stage, what=what, who=who)


def by_role(role: str) -> Is:
    """Recipients of this role, of whatever unit."""
    return lambda definition, who, stage: who.role == role


def by_post(role: str, unit: str, *, classes: ClassTree) -> Is:
    """Recipients that may be this post: its role, and for departments its unit."""
    is_unit = by_unit(unit, classes=classes)
    return lambda definition, who, stage: (
        who.role == role and (who.unit is None or is_unit(definition, who, stage))
    )


def by_unit(unit: str, *, classes: ClassTree, homes: Callable[[str], str] = lambda role: "") -> Is:
    """Recipients of this unit: named with it, responsible by class or choice, or roles that belong to it.

    `homes` gives the unit to which a role without a unit belongs, "" where that depends on the place."""

    def is_one(definition: Definition, who: Who, stage: Stage | None) -> bool:
        if who.relative is not None:
            return False
        if who.unit is None:
            return homes(who.role) == unit
        stages = [stage] if stage else list(definition.stages.values())
        if who.is_responsible:
            return any(unit in responsible_units(definition, one, classes=classes) for one in stages)
        if who.unit == OWNER_UNIT:
            return any(is_one(definition, one.who, one) for one in stages)
        return who.unit == unit

    return is_one
