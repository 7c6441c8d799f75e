"""What runs beside the flow: follow-up reports, escalation, requests, and how limits are counted."""

from __future__ import annotations

from collections.abc import Iterator

from onegrid.scenarios.rules.definition import Definition, EscalationStep, FollowUp
from onegrid.scenarios.rules.handbook.asking import Asking
from onegrid.scenarios.rules.handbook.document import Block, Bullets, Facts, Heading, Paragraph, Table
from onegrid.scenarios.rules.handbook.forms import form_table
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.stages import ExtensionRule, HoldRule, ReturnRule
from onegrid.scenarios.rules.standing_in import stand_ins
from onegrid.scenarios.rules.words import Who

CLOCKS = (
    "工作时：只计工作日的上班时间，节假日不计，调休上班日照计。",
    "小时（昼夜连续计时）：从开始那一刻起昼夜不停地算，节假日照计。",
    "工作日：从第二天起算，节假日不计，最后一个工作日下班时到期。",
    "天（自然日）：从第二天起算，节假日照计；最后一天是节假日的，顺延到其后第一个工作日下班时。",
)
"""How the four clocks of the office calendar run, for the reader."""

_CARDS = {"yellow": "发黄牌", "red": "发红牌"}


def follow_up_blocks(say: Wording, follow_up: FollowUp) -> Iterator[Block]:
    """One kind of report beside the flow."""
    ask = Asking(say, form=follow_up.form)
    yield Heading(follow_up.name.zh, 2)
    yield Facts(tuple(_follow_up_facts(say, ask, follow_up)))
    if follow_up.form.fields:
        yield form_table(say, follow_up.form)
    alerts = [
        _alert(ask.condition(one.when), say, one.tell, say.sentence(one.text)) for one in follow_up.alerts
    ]
    if follow_up.late is not None:
        told = follow_up.late
        alerts.append(_alert("到期未报", say, told.tell, say.sentence(told.text)))
    if alerts:
        yield Bullets(tuple(alerts))


def _alert(when: str, say: Wording, tell: tuple[Who, ...], text: str) -> str:
    return f"{when}的，立即告知{say.whos(tell)}：{text}"


def _follow_up_facts(say: Wording, ask: Asking, follow_up: FollowUp) -> Iterator[tuple[str, str]]:
    yield "报告人", say.whos(follow_up.whos)
    others = dict.fromkeys(one for who in follow_up.whos for one in stand_ins(who))
    if others:
        yield "网格不明时", f"只知道所在村居或镇街的，由{say.whos(tuple(others))}报告"
    yield "报告时间", rhythm(say, follow_up)
    yield "所在环节", say.listed(say.target(key) for key in follow_up.while_)
    if follow_up.by_exit:
        exits = [
            f"{say.target(stage.key)}的出口“{leave.label.zh}”"
            for stage in say.definition.stages.values()
            for leave in stage.exits.values()
            if follow_up.key in leave.starts
        ]
        yield "何时启动", f"选择{say.listed(exits)}后" if exits else "由出口启动"
    if follow_up.evidence:
        yield "须有凭证", say.needs(follow_up.evidence)
    if follow_up.closes_siblings:
        yield "同类任务", "一人报告后，其他未办的同类任务自动关闭"
    yield "何时结束", "案件离开上述环节或办结时"


def rhythm(say: Wording, follow_up: FollowUp) -> str:
    """How often, or when, the report is due."""
    parts = []
    if follow_up.every is not None:
        parts.append(f"每{Asking(say, form=follow_up.form).limit(follow_up.every)}报一次")
    if follow_up.at_percent is not None:
        parts.append(f"环节时限过{follow_up.at_percent}%时报一次")
    return "；".join(parts)


def escalation_table(say: Wording) -> Table:
    """What happens at each share of a stage's limit."""
    rows = tuple(
        (
            f"{one.at_percent}%",
            say.listed(_steps(say, one), last="；"),
            say.sentence(one.text) or "系统通用提醒",
        )
        for one in say.definition.escalation
    )
    return Table(("用去时限", "做什么", "提醒内容"), rows, (14, 40, 46))


def _steps(say: Wording, one: EscalationStep) -> Iterator[str]:
    if one.remind:
        yield f"提醒{say.whos(one.remind)}"
    if one.tell:
        yield f"告知{say.whos(one.tell)}"
    if one.card:
        yield _CARDS[one.card]
    if one.raise_urgency:
        yield "提高紧急程度"


def request_blocks(say: Wording) -> Iterator[Block]:
    """Extension, hold and return: the scenario's own rules, then those of single stages."""
    definition = say.definition
    groups: list[tuple[str, ExtensionRule | None, HoldRule | None, ReturnRule | None]] = [
        ("各环节通用", definition.extension, definition.hold, definition.return_)
    ]
    groups += [
        (f"{say.target(stage.key)}环节", stage.extension, stage.hold, stage.return_)
        for stage in definition.stages.values()
    ]
    for where, extension, hold, back in groups:
        facts = [*_extension(say, extension), *_hold(say, hold), *_return(say, back)]
        if facts:
            yield Heading(where, 2)
            yield Facts(tuple(facts))
        if extension is not None and extension.form.fields:
            yield Paragraph("申请延期时填写：")
            yield form_table(say, extension.form)


def _extension(say: Wording, rule: ExtensionRule | None) -> Iterator[tuple[str, str]]:
    if rule is not None:
        step = f"每次{say.limit(rule.step)}" if rule.step else "由申请人提出新的到期时间"
        often = f"最多{rule.at_most}次" if rule.at_most else "次数不限，逐次登记"
        needs = f"；须有{say.needs(rule.needs)}" if rule.needs else ""
        yield "延期", f"到期前提出，{step}，{often}，由{say.who(rule.decided_by)}批准{needs}"


def _hold(say: Wording, rule: HoldRule | None) -> Iterator[tuple[str, str]]:
    if rule is not None:
        longest = f"，每次最长{say.limit(rule.longest)}" if rule.longest else ""
        often = f"，最多{rule.at_most}次" if rule.at_most else ""
        needs = f"；须有{say.needs(rule.needs)}" if rule.needs else ""
        yield "挂账", f"暂停计时并约定复查日期{longest}{often}，由{say.who(rule.decided_by)}批准{needs}"


def _return(say: Wording, rule: ReturnRule | None) -> Iterator[tuple[str, str]]:
    if rule is not None:
        within = f"签收后{say.limit(rule.within)}内提出，" if rule.within else ""
        ruling = f"，再退由{say.who(rule.ruling)}裁定" if rule.ruling else ""
        basis = "；裁定须写明三定方案依据" if rule.ruling and rule.legal_basis else ""
        yield "退单", f"{within}退给{say.who(rule.to)}，最多{rule.at_most}次{ruling}{basis}"


def care_blocks(definition: Definition, say: Wording) -> Iterator[Block]:
    """Joint conference and personal information, where the definition says something of them."""
    agenda = definition.agenda
    yield Heading("提交联席会议")
    yield Bullets(
        (
            f"任务超过{say.limit(agenda.unacknowledged)}无人签收的，列入联席会议议题。",
            f"同一案件被退单{agenda.returned}次的，列入联席会议议题。",
        )
    )
    if definition.erase_days is not None:
        yield Heading("个人信息保护")
        yield Paragraph(f"标为个人信息的内容只给办理岗位看，案件办结{definition.erase_days}天后自动删除。")


def clock_blocks() -> Iterator[Block]:
    """How limits are counted."""
    yield Heading("时限怎么算")
    yield Bullets(CLOCKS)
