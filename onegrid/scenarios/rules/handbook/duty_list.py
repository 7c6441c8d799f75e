"""职责清单: everything one unit or post answers for, over all live scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from onegrid.scenarios.rules.definition import VersionInfo
from onegrid.scenarios.rules.handbook.asking import Asking
from onegrid.scenarios.rules.handbook.beside import clock_blocks, rhythm
from onegrid.scenarios.rules.handbook.document import Block, Handbook, HandbookKind, Heading, Paragraph, Table
from onegrid.scenarios.rules.handbook.duties import DutyKind, DutyLine, Is, duty_lines
from onegrid.scenarios.rules.handbook.manual import day_words
from onegrid.scenarios.rules.handbook.names import Names
from onegrid.scenarios.rules.handbook.stages import exit_needs
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.stages import Stage

_ACCOUNTABLE = (DutyKind.OWNS, DutyKind.JOINT, DutyKind.REPORT, DutyKind.DECIDES)


def duty_list(
    whose: str,
    is_one: Is,
    *,
    versions: Sequence[VersionInfo],
    names: Names,
    on: date,
    place: str = "",
) -> Handbook:
    """The duty list of a unit or post called `whose`; scenarios that ask nothing of it are left out."""
    found = [(one, duty_lines(one.definition, is_one)) for one in versions]
    found = [(one, lines) for one, lines in found if lines]
    answers = [line for _, lines in found for line in lines if line.kind in _ACCOUNTABLE]
    meta = [("单位或岗位", whose), *([("管辖范围", place)] if place else []), ("日期", day_words(on))]
    meta.append(("范围", f"{len(found)}个在用场景，{len(answers)}项须负责的工作"))
    return Handbook(
        HandbookKind.DUTY,
        f"{whose}{HandbookKind.DUTY.zh}",
        tuple(meta),
        tuple(_blocks(whose, found, names)),
    )


def _blocks(whose: str, found: Sequence[tuple[VersionInfo, list[DutyLine]]], names: Names) -> Iterator[Block]:
    if not found:
        yield Paragraph(f"在用的场景中，没有要{whose}办理或知晓的事项。", strong=True)
        return
    yield Heading("总览")
    yield _overview(found, names)
    for version, lines in found:
        say = Wording(version.definition, names)
        yield Heading(f"{version.definition.name.zh}（第{version.number}版）")
        rows = tuple(_row(say, line) for line in lines)
        yield Table(("事项", "职责", "何时办结", "怎么办", "须有凭证"), rows, (18, 12, 22, 26, 22))
    yield from clock_blocks()


def _overview(found: Sequence[tuple[VersionInfo, list[DutyLine]]], names: Names) -> Table:
    rows = tuple(
        (
            version.definition.name.zh,
            Wording(version.definition, names).unit(version.definition.owner),
            *(str(sum(line.kind is kind for line in lines) or "－") for kind in DutyKind),
        )
        for version, lines in found
    )
    head = ("场景", "牵头单位", *(kind.value for kind in DutyKind))
    return Table(head, rows, (24, 18, 9, 9, 10, 10, 10, 10))


def _row(say: Wording, line: DutyLine) -> tuple[str, ...]:
    if line.follow_up is not None:
        report = line.follow_up
        return (
            report.name.zh,
            line.kind.value,
            rhythm(say, report),
            "按表单如实报告",
            say.needs(report.evidence) or "－",
        )
    role = say.who(line.who) if line.who else ""
    kind = f"{line.kind.value}（{role}）"
    if line.kind is DutyKind.DECIDES:
        where = f"{line.what}（{say.target(line.stage.key)}）" if line.stage else line.what
        return where, kind, "按办公时间及时审批", "审核理由和凭证，作出决定并写明意见", "－"
    assert line.stage is not None
    return _stage_row(say, line, line.stage, kind)


def _stage_row(say: Wording, line: DutyLine, stage: Stage, kind: str) -> tuple[str, ...]:
    joint = stage.joint
    if line.kind is DutyKind.COPIED:
        return stage.name.zh, kind, "－", "了解案件进展，不用办理", "－"
    if line.kind is DutyKind.JOINT and joint is not None:
        limit = Asking(say, form=joint.form, stage=stage).limit(joint.limit or stage.limit)
        return (
            stage.name.zh,
            kind,
            limit,
            "办理本部门的会签任务并填写会签表单",
            say.needs(joint.needs) or "－",
        )
    evidence = [f"{leave.label.zh}：{exit_needs(say, stage, leave)}" for leave in stage.exits.values()]
    return (
        stage.name.zh,
        kind,
        Asking(say, stage=stage).limit(stage.limit),
        _task(say, stage),
        "\n".join(evidence),
    )


def _task(say: Wording, stage: Stage) -> str:
    return say.text(stage.task) or f"办理“{stage.name.zh}”，选择处理结果"
