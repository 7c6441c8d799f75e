"""业务流程手册: one scenario in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from onegrid.scenarios.rules.chart.flow import ordered
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.handbook.asking import Asking, class_name
from onegrid.scenarios.rules.handbook.beside import (
    care_blocks,
    clock_blocks,
    escalation_table,
    follow_up_blocks,
    request_blocks,
)
from onegrid.scenarios.rules.handbook.charting import chart_of, start_words
from onegrid.scenarios.rules.handbook.document import (
    Block,
    Bullets,
    Facts,
    Figure,
    Handbook,
    HandbookKind,
    Heading,
    Paragraph,
    Table,
)
from onegrid.scenarios.rules.handbook.forms import form_table
from onegrid.scenarios.rules.handbook.names import SOURCES, SUBJECTS, Names
from onegrid.scenarios.rules.handbook.stages import exit_needs, stage_blocks, target
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version a handbook prints: its number, the day it was published, where it is in force.

    `number` 0 is a draft that was never published; `place` is "" where the version is not in force.
    """

    number: int
    published_on: date
    place: str = ""


def manual(definition: Definition, *, names: Names, edition: Edition) -> Handbook:
    """The process manual of a scenario, chapter by chapter."""
    say = Wording(definition, names)
    return Handbook(
        HandbookKind.MANUAL,
        f"{definition.name.zh}{HandbookKind.MANUAL.zh}",
        meta(say, edition),
        tuple(_numbered(_chapters(say))),
    )


def meta(say: Wording, edition: Edition) -> tuple[tuple[str, str], ...]:
    """Version, date, and who answers for the scenario."""
    version = f"第{edition.number}版" if edition.number else "草稿（未发布）"
    rows = [("版本", version), ("日期", day_words(edition.published_on))]
    rows += [("适用范围", edition.place or "尚未启用或已停用"), ("牵头单位", say.unit(say.definition.owner))]
    return tuple(rows)


def day_words(day: date) -> str:
    """A date as it is written in Chinese."""
    return f"{day.year}年{day.month}月{day.day}日"


def _chapters(say: Wording) -> Iterator[Block]:
    definition = say.definition
    stages = charted(definition)
    yield from _general(say)
    yield Heading("流程图")
    yield Figure(
        chart_of(definition, say.names), "实线向下为继续办理，虚线向上为退回、返工或续报，数字为去往的环节。"
    )
    yield Heading("办理一览表")
    yield overview(say, stages)
    yield Heading("上报登记表单")
    yield Paragraph("上报时填写，办理中按各环节规定更正。")
    yield form_table(say, definition.form)
    yield Heading("各环节办理要求")
    for number, stage in enumerate(stages, 1):
        yield from stage_blocks(say, stage, title=f"环节{number} {stage.name.zh}")
    if definition.follow_ups:
        yield Heading("跟踪报告")
        for one in definition.follow_ups.values():
            yield from follow_up_blocks(say, one)
    if definition.escalation:
        yield Heading("超期提醒和升级")
        yield escalation_table(say)
    requests = list(request_blocks(say))
    if requests:
        yield Heading("延期、挂账和退单")
        yield from requests
    yield from care_blocks(definition, say)
    yield from clock_blocks()


def charted(definition: Definition) -> list[Stage]:
    """The stages in the order of the chart, virtual ones last."""
    order = ordered(definition)
    return [
        *(definition.stages[key] for key in order),
        *(one for key, one in definition.stages.items() if key not in order),
    ]


def _general(say: Wording) -> Iterator[Block]:
    definition = say.definition
    yield Heading("总则")
    if definition.summary:
        yield Paragraph(say.text(definition.summary))
    if definition.dormant is not None:
        order = f"到期自动停止：{definition.dormant.zh}"
        yield Paragraph(f"本场景平时休眠，须凭命令启用，并写明命令文号和截止日期，{order}", strong=True)
    yield Facts(tuple(_general_facts(say)))
    if definition.basis:
        yield Heading("办理依据", 2)
        yield Bullets(definition.basis)


def _general_facts(say: Wording) -> Iterator[tuple[str, str]]:
    definition = say.definition
    yield "事项类别", say.listed(class_name(say, code) for code in definition.classes)
    yield "发现来源", say.listed(say.text(SOURCES[one.value]) for one in definition.discovery)
    if definition.nearest:
        yield "办理对象", SUBJECTS[definition.nearest].zh
    rule = definition.duplicate
    near = f"相距{rule.radius_m:g}米以内、{rule.window_days}天以内的同类上报，可并为一件"
    yield "重复上报", near if rule.joins else "每件上报单独办理，不并案"
    for index, start in enumerate(definition.starts):
        yield "从哪里开始", f"{start_words(say, index) or '其他情形'}：从{say.target(start.stage)}开始"
    yield "案件编号", f"以{definition.prefix}开头"


def _means(say: Wording, stage: Stage) -> Iterator[str]:
    """What has to be shown; where exits differ, each with its own."""
    needs = {leave.label.zh: exit_needs(say, stage, leave) for leave in stage.exits.values()}
    if len(set(needs.values())) == 1:
        yield next(iter(needs.values()))
        return
    yield from (f"{label}：{need}" for label, need in needs.items() if need)


def overview(say: Wording, stages: Sequence[Stage]) -> Table:
    """Who, when, by what means does what, and where it goes."""
    rows = tuple(
        (
            f"{number}. {stage.name.zh}",
            say.who(stage.who),
            Asking(say, stage=stage).limit(stage.limit),
            say.text(stage.task) or "按职责办理",
            "\n".join(f"{leave.label.zh}：{target(say, leave)}" for leave in stage.exits.values()),
            "\n".join(_means(say, stage)),
        )
        for number, stage in enumerate(stages, 1)
    )
    return Table(
        ("做什么", "谁办", "何时办结", "怎么办", "办完去哪", "凭什么"), rows, (13, 13, 15, 23, 20, 16)
    )


_DIGITS = "零一二三四五六七八九十"


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    """Chapters counted in Chinese."""
    count = 0
    for block in blocks:
        chapter = isinstance(block, Heading) and block.level == 1
        count += chapter
        yield Heading(f"{_count(count)}、{block.text}") if isinstance(block, Heading) and chapter else block


def _count(number: int) -> str:
    return _DIGITS[number] if number <= 10 else f"十{_DIGITS[number - 10]}"
