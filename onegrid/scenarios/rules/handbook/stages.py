"""A stage as the manual describes it: who, by when, with what, and what each exit asks and does."""

from __future__ import annotations

from collections.abc import Iterator

from onegrid.scenarios.rules.conditions import ALWAYS
from onegrid.scenarios.rules.handbook.asking import Asking, class_name
from onegrid.scenarios.rules.handbook.document import Block, Bullets, Facts, Heading, Paragraph, Table
from onegrid.scenarios.rules.handbook.forms import form_table
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.stages import Exit, Joint, Message, Stage
from onegrid.scenarios.rules.words import Who


def stage_blocks(say: Wording, stage: Stage, *, title: str) -> Iterator[Block]:
    """Everything the definition says of one stage."""
    yield Heading(title, 2)
    yield Facts(tuple(stage_facts(say, stage)))
    yield exit_table(say, stage)
    if stage.form.fields:
        yield Heading("本环节表单", 3)
        yield form_table(say, stage.form, stage=stage)
    if stage.joint is not None:
        yield from joint_blocks(say, stage, stage.joint)
    opinions = [
        f"{leave.label.zh}：{said}"
        for leave in stage.exits.values()
        for said in opinions_of(say, stage, leave)
    ]
    if opinions:
        yield Heading("意见模板", 3)
        yield Bullets(tuple(opinions))
    messages = [*_messages(say, stage, stage.messages, "进入本环节时"), *_exit_messages(say, stage)]
    if messages:
        yield Heading("通知模板", 3)
        yield Bullets(tuple(messages))


def stage_facts(say: Wording, stage: Stage) -> Iterator[tuple[str, str]]:
    """The stage's own facts, name and value."""
    ask = Asking(say, stage=stage)
    yield "责任岗位", say.who(stage.who)
    if stage.assignable:
        yield "可转派给", say.whos(stage.assignable)
    if stage.pick:
        yield "承办人", "由上一环节经办人在可选岗位中指定"
    if stage.acknowledge:
        yield "签收时限", say.limit(stage.acknowledge)
    yield "办理时限", ask.limit(stage.limit)
    if stage.task:
        yield "办理要求", say.text(stage.task)
    if stage.copy:
        yield "分送", say.whos(stage.copy)
    if stage.may_copy:
        yield "可选送", say.whos(stage.may_copy)
    if stage.evidence:
        yield "办结都要有", say.needs(stage.evidence)
    if stage.edits:
        yield "可更正的登记信息", say.listed(say.field_label(key) for key in stage.edits)
    if stage.not_same_as:
        yield "回避", f"办理过{say.listed(say.target(key) for key in stage.not_same_as)}的人不得办理本环节"
    if stage.lapse:
        by_hand = "也可提前人工选择" if stage.lapse_by_hand else "不能人工选择"
        yield "到期处理", f"到期未办的，自动按“{stage.exits[stage.lapse].label.zh}”处理，{by_hand}"
    if stage.rating:
        good, bad = (stage.exits[key].label.zh for key in (stage.rating.satisfied, stage.rating.unsatisfied))
        yield "反映人评价", f"满意的按“{good}”处理，不满意的按“{bad}”处理；没有评价的不得当作满意"
    if stage.virtual:
        yield "说明", "本环节只记入办理记录，不画入流程图"


def exit_table(say: Wording, stage: Stage) -> Table:
    """Where a stage leads: label, target, evidence, and what else holds."""
    rows = tuple(
        (
            leave.label.zh,
            target(say, leave),
            exit_needs(say, stage, leave),
            "；".join(exit_notes(say, stage, leave)),
        )
        for leave in stage.exits.values()
    )
    return Table(("出口", "去向", "须有凭证", "条件、分送和限制"), rows, (17, 20, 29, 34))


def target(say: Wording, leave: Exit) -> str:
    """Where the exit leads, also once it was taken often enough."""
    words = say.target(leave.to) + ("（改派到所选网格）" if leave.new_grid else "")
    if leave.beyond is not None:
        return f"{words}；满{leave.at_most}次后到{say.target(leave.beyond)}"
    return words


def exit_needs(say: Wording, stage: Stage, leave: Exit) -> str:
    """All evidence of an exit, that of its stage included."""
    return say.needs(dict.fromkeys((*stage.evidence, *leave.needs))) or "无特别要求"


def exit_notes(say: Wording, stage: Stage, leave: Exit) -> Iterator[str]:
    """Conditions, copies, limits and follow-ups of an exit."""
    ask = Asking(say, stage=stage)
    if leave.when != ALWAYS:
        yield f"{ask.condition(leave.when)}时可选"
    if leave.at_most is not None and leave.beyond is None:
        yield f"每件最多用{leave.at_most}次"
    if leave.limit is not None:
        yield f"下一环节时限改为{ask.limit(leave.limit)}"
    yield from _assigned(say, leave)
    if leave.copy:
        yield f"分送{say.whos(leave.copy)}"
    if leave.tell:
        often = f"第{leave.tell_from}次起" if leave.tell_from and leave.tell_from > 1 else ""
        yield f"{often}同时告知{say.whos(leave.tell)}"
    for key in leave.starts:
        yield f"启动“{say.definition.follow_ups[key].name.zh}”"
    for opened in leave.opens:
        when = ask.condition(opened.when)
        name = class_name(say, opened.class_code)
        yield f"{when + '时，' if when else ''}另开一件“{name}”案件：{say.sentence(opened.title)}"
    joint = stage.joint
    if joint is not None and leave.key in joint.waits_for:
        yield "须会签任务全部完成" if joint.closes_all else "须有一项会签任务完成"


def _assigned(say: Wording, leave: Exit) -> Iterator[str]:
    does = {
        "unit": "确定主责部门",
        "units": "确定会签部门",
        "grid": "确定新网格",
        "due": "确定下一环节到期时间",
        "urgency": "确定紧急程度",
        "class_code": "确定事项类别",
    }
    for name, what in does.items():
        key = getattr(leave.assigns, name)
        if key is not None:
            yield f"按所填“{say.field_label(key)}”{what}"


def joint_blocks(say: Wording, stage: Stage, joint: Joint) -> Iterator[Block]:
    """Joint handling: one task per department beside the stage."""
    ask = Asking(say, form=joint.form, stage=stage)
    yield Heading("联合处置（会签）", 3)
    units = say.listed(map(say.unit, joint.units))
    chosen = f"，按所填“{say.field_label(joint.chosen_by)}”确定" if joint.chosen_by else ""
    waits = say.listed(f"“{stage.exits[key].label.zh}”" for key in joint.waits_for)
    done = "全部任务完成" if joint.closes_all else "任一任务完成"
    yield Facts(
        (
            ("会签部门", f"每个部门一项任务，由{say.who(Who(joint.role))}承办：{units}{chosen}"),
            ("会签时限", ask.limit(joint.limit) if joint.limit else "与本环节相同"),
            ("每项任务须有", say.needs(joint.needs) or "无特别要求"),
            ("完成条件", f"{done}后，方可选择{waits}" if waits else done),
        )
    )
    if joint.form.fields:
        yield Paragraph("会签部门填写：")
        yield form_table(say, joint.form, stage=stage)


def opinions_of(say: Wording, stage: Stage, leave: Exit) -> Iterator[str]:
    """The opinion templates of an exit, with the condition under which each is offered."""
    ask = Asking(say, stage=stage)
    for one in leave.opinions:
        when = ask.condition(one.when)
        yield f"（{when}时）{say.sentence(one)}" if when else say.sentence(one)


def _exit_messages(say: Wording, stage: Stage) -> Iterator[str]:
    for leave in stage.exits.values():
        yield from _messages(say, stage, leave.messages, f"选择“{leave.label.zh}”后")


def _messages(say: Wording, stage: Stage, messages: tuple[Message, ...], moment: str) -> Iterator[str]:
    ask = Asking(say, stage=stage)
    for one in messages:
        when = ask.condition(one.when)
        urgent = "（紧急）" if one.urgent else ""
        at = f"{moment}，{when}时" if when else moment
        yield f"{at}，通知{say.whos(one.to)}{urgent}：{say.sentence(one.text)}"
