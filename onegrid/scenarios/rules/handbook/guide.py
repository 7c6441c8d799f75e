"""操作指南: what one role does in one scenario, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onegrid.scenarios.rules.definition import Definition, FollowUp
from onegrid.scenarios.rules.handbook.asking import Asking
from onegrid.scenarios.rules.handbook.beside import clock_blocks, rhythm
from onegrid.scenarios.rules.handbook.document import (
    Block,
    Bullets,
    Handbook,
    HandbookKind,
    Heading,
    Paragraph,
    Table,
)
from onegrid.scenarios.rules.handbook.duties import DutyKind, DutyLine, by_role, duty_lines
from onegrid.scenarios.rules.handbook.forms import form_table
from onegrid.scenarios.rules.handbook.manual import Edition, meta
from onegrid.scenarios.rules.handbook.names import Names
from onegrid.scenarios.rules.handbook.stages import exit_needs, exit_notes, opinions_of, target
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.stages import Stage
from onegrid.scenarios.rules.words import Who


def guide(definition: Definition, role: str, *, names: Names, edition: Edition) -> Handbook:
    """The operating guide of a role; a role without anything to do gets a guide that says so."""
    say = Wording(definition, names)
    whose = say.who(Who(role))
    return Handbook(
        HandbookKind.GUIDE,
        f"{definition.name.zh}{HandbookKind.GUIDE.zh}（{whose}）",
        (("岗位", whose), *meta(say, edition)),
        tuple(_blocks(say, whose, duty_lines(definition, by_role(role)))),
    )


def _blocks(say: Wording, whose: str, lines: Sequence[DutyLine]) -> Iterator[Block]:
    if not lines:
        yield Paragraph(f"{whose}在本场景中没有要办理或知晓的事项。", strong=True)
        return
    yield Heading("您要做什么")
    yield Bullets(tuple(_summary(say, line) for line in lines))
    for line in lines:
        if line.stage is not None and line.kind in (DutyKind.OWNS, DutyKind.MAY_OWN):
            yield from _stage(say, line.stage, handed=line.kind is DutyKind.MAY_OWN)
        elif line.kind is DutyKind.JOINT and line.stage is not None:
            yield from _joint(say, line.stage)
        elif line.follow_up is not None:
            yield from _report(say, line.follow_up)
    yield from _decisions(say, [line for line in lines if line.kind is DutyKind.DECIDES])
    yield from clock_blocks()


def _summary(say: Wording, line: DutyLine) -> str:
    if line.follow_up is not None:
        return f"{line.kind.value}：{line.follow_up.name.zh}，{rhythm(say, line.follow_up)}"
    where = say.target(line.stage.key) if line.stage else ""
    if line.kind is DutyKind.DECIDES:
        return f"{line.what}{where}"
    assert line.stage is not None
    limit = Asking(say, stage=line.stage).limit(line.stage.limit)
    if line.kind is DutyKind.COPIED:
        return f"{line.kind.value}：{where}的情况会分送给您，了解即可"
    return f"{line.kind.value}：{where}，{limit}"


def _stage(say: Wording, stage: Stage, *, handed: bool) -> Iterator[Block]:
    yield Heading(stage.name.zh)
    if handed:
        yield Paragraph(f"本环节由{say.who(stage.who)}负责；转派给您后，由您办理并对结果负责。")
    yield Bullets(tuple(stage_steps(say, stage)), numbered=True)
    yield Heading("出口怎么选", 2)
    rows = tuple(
        (
            leave.label.zh,
            target(say, leave),
            exit_needs(say, stage, leave),
            "；".join(exit_notes(say, stage, leave)) or "－",
        )
        for leave in stage.exits.values()
    )
    yield Table(("选哪个", "接着到哪", "要有什么", "注意"), rows, (18, 20, 30, 32))
    if stage.form.fields:
        yield Heading("表单怎么填", 2)
        yield form_table(say, stage.form, stage=stage)
    opinions = [
        f"{leave.label.zh}：{one}" for leave in stage.exits.values() for one in opinions_of(say, stage, leave)
    ]
    if opinions:
        yield Heading("意见可以这样写", 2)
        yield Bullets(tuple(opinions))


def stage_steps(say: Wording, stage: Stage) -> Iterator[str]:
    """The steps of working a stage, in order."""
    if stage.acknowledge:
        yield f"收到任务后{say.limit(stage.acknowledge)}内点“签收”。"
    else:
        yield "收到任务后打开案件，看清事件、地点和时限。"
    yield say.text(stage.task) or f"按职责办理“{stage.name.zh}”。"
    if stage.evidence:
        yield f"现场取得凭证：{say.needs(stage.evidence)}。"
    if stage.edits:
        yield f"登记信息不对的，可以更正：{say.listed(say.field_label(key) for key in stage.edits)}。"
    if stage.form.fields:
        yield f"填写表单（共{len(stage.form.fields)}项，见下表）。"
    if stage.assignable:
        yield f"需要时可转派给{say.whos(stage.assignable)}。"
    exits = say.listed(leave.label.zh for leave in stage.exits.values())
    yield f"选择出口，写明意见并提交：{exits}。"
    yield f"时限：{Asking(say, stage=stage).limit(stage.limit)}。办不完的，到期前申请延期。"


def _joint(say: Wording, stage: Stage) -> Iterator[Block]:
    joint = stage.joint
    assert joint is not None
    yield Heading(f"{stage.name.zh}（会签任务）")
    limit = Asking(say, form=joint.form, stage=stage).limit(joint.limit or stage.limit)
    steps = ["收到会签任务后打开案件，看清要求。", "依职责办理，填写会签表单。"]
    if joint.needs:
        steps.append(f"交齐凭证：{say.needs(joint.needs)}。")
    yield Bullets((*steps, f"在{limit}内提交。"), numbered=True)
    if joint.form.fields:
        yield form_table(say, joint.form, stage=stage)


def _report(say: Wording, follow_up: FollowUp) -> Iterator[Block]:
    yield Heading(follow_up.name.zh)
    steps = [f"{rhythm(say, follow_up)}。", "到现场看情况，填写报告。"]
    if follow_up.evidence:
        steps.append(f"附上凭证：{say.needs(follow_up.evidence)}。")
    yield Bullets(tuple(steps), numbered=True)
    if follow_up.form.fields:
        yield form_table(say, follow_up.form)


def _decisions(say: Wording, lines: Sequence[DutyLine]) -> Iterator[Block]:
    if lines:
        yield Heading("审批和裁定")
        items = (f"{line.what}{f'（{say.target(line.stage.key)}）' if line.stage else ''}" for line in lines)
        yield Bullets(tuple(f"{item}：核对理由和凭证，作出决定，写明意见。" for item in items))
