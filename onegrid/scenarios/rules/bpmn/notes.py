"""What a process says in words beside its drawing: who, by when, with what evidence, who is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from onegrid.scenarios.rules.answers import need_zh
from onegrid.scenarios.rules.conditions import ALWAYS
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.evidence import Need, OneOf
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Exit, Joint, Stage

ADDED: Final = ("依据：", "跟踪上报：", "时限：", "材料：", "会办：", "出口（变量 outcome 的取值）：")
"""How the lines begin that our notes add to what a scenario is for, and to what is done in a stage."""
PREPARE: Final = (
    "各出口的计数从零开始；每个时限另存为同名变量，供按变量读取时限的引擎使用。"
    "完成人工环节时，须给变量 outcome 写明所走出口的代码。"
)


def scenario(one: Definition) -> str:
    """What the scenario is for, what it rests on, and what runs beside the flow."""
    lines = [one.summary.zh] if one.summary else []
    if one.basis:
        lines.append(f"依据：{'；'.join(one.basis)}")
    lines += [f"跟踪上报：{each.name.zh}" for each in one.follow_ups.values()]
    return "\n".join(lines)


def registration(one: Definition) -> str:
    """How whoever registers names the first stage."""
    starts = (f"{start.stage}（{one.stages[start.stage].name.zh}）" for start in one.starts)
    return f"登记时须给变量 entry 写明起始环节的代码：{'、'.join(starts)}。"


def stage(definition: Definition, one: Stage) -> str:
    """What is done in the stage, by whom, by when, with what, and what its exits are called."""
    return "\n".join(_stage(definition, one))


def _stage(definition: Definition, one: Stage) -> Iterator[str]:
    if one.task is not None:
        yield one.task.zh
    yield f"时限：{_rule(one.limit)}"
    if one.evidence:
        yield f"材料：{_needs(one.evidence)}"
    if one.joint is not None:
        yield _joint(one, one.joint)
    exits = "；".join(f"{leave.label.zh} {leave.key}" for leave in one.exits.values())
    yield f"出口（变量 outcome 的取值）：{exits}"


def _rule(rule: LimitRule) -> str:
    varies = rule.cases or rule.by_class or rule.by_outcome or rule.from_class or rule.from_report
    return rule.default.zh + ("（按事项、填报内容另有规定的从其规定）" if varies else "")


def _joint(one: Stage, joint: Joint) -> str:
    waits = "、".join(one.exits[key].label.zh for key in joint.waits_for) or "无"
    done = "全部" if joint.closes_all else "任一"
    return f"会办：每个部门一项任务（{'、'.join(joint.units)}）；{done}部门办结后才能走的出口：{waits}"


def limit(definition: Definition, one: Stage) -> str:
    """What the timer stands for: ours runs on the office calendar, an engine's on the clock."""
    steps = "、".join(f"{step.at_percent}%" for step in definition.escalation)
    told = f"；到 {steps} 时限逐级催办" if steps else ""
    return f"时限{one.limit.default.zh}，平台按办公日历计算，其他引擎按自然时间计算{told}。"


def leave(one: Exit) -> str:
    """What an exit asks for, when it is offered, how often it may be taken, who hears of repetition."""
    return "\n".join(_leave(one))


def _leave(one: Exit) -> Iterator[str]:
    if one.needs:
        yield f"材料：{_needs(one.needs)}"
    if one.when != ALWAYS:
        yield "仅在填报内容符合条件时可走。"
    if one.new_grid:
        yield "案件同时转到另一网格。"
    if one.at_most is not None and one.beyond is None:
        yield f"最多走 {one.at_most} 次，用完后不能再走。"
    if one.tell_from is not None:
        yield f"从第 {one.tell_from} 次起每次上报。"


def evidence_text(needs: Iterable[Need]) -> str:
    """The needs as they stand in a scenario file, in one line (JSON)."""
    return json.dumps([_plain(one) for one in needs], ensure_ascii=False)


def _plain(need: Need) -> object:
    if isinstance(need, OneOf):
        return {"any": [_plain(one) for one in need.of]}
    facts: dict[str, object] = {"label": need.label} if need.label else {}
    facts |= {"at_least": need.at_least} if need.at_least > 1 else {}
    facts |= {"near": f"{need.near_m:g} m"} if need.near_m else {}
    if not facts:
        return str(need.kind)
    return {str(need.kind): need.label if set(facts) == {"label"} else facts}


def _needs(needs: Iterable[Need]) -> str:
    return "、".join(need_zh(one) for one in needs)
