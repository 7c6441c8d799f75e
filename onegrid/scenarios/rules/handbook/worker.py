"""网格员业务操作手册: all that posts of the grids do, in plain words, for readers with little schooling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.scenarios.rules.conditions import AllOf, AnyOf, Asks, Condition, holds
from onegrid.scenarios.rules.definition import Definition, VersionInfo
from onegrid.scenarios.rules.fields import Field
from onegrid.scenarios.rules.handbook.asking import class_name
from onegrid.scenarios.rules.handbook.beside import rhythm
from onegrid.scenarios.rules.handbook.document import (
    Block,
    Bullets,
    Facts,
    Handbook,
    HandbookKind,
    Heading,
    Paragraph,
)
from onegrid.scenarios.rules.handbook.manual import day_words
from onegrid.scenarios.rules.handbook.names import Names
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Stage
from onegrid.scenarios.rules.words import Source, Who
from onegrid.workforce.rules import ROLES, Level

_FIELD: Final = frozenset({Source.PATROL, Source.VISIT, Source.RENEWAL})
_ON_THE_SPOT: Final = {"source": Source.PATROL.value, "channel": Source.PATROL.channel}
_FIRST: Final = (
    "接到任务，先点“签收”。",
    "到现场看清楚，在现场拍照，不要用旧照片。",
    "按要求填表。带“必填”的一项都不能少。",
    "办完了，选结果，写两句话说明，再提交。",
    "办不了的，不要拖，写明原因往上报。",
    "有人身危险的，先打110、119、120，再上报。",
)


def worker_manual(*, versions: Sequence[VersionInfo], names: Names, on: date) -> Handbook:
    """The grid worker's manual over the live scenarios in which a post of the grids acts."""
    mine = [one for one in versions if acts(one.definition)]
    meta = (
        ("给谁看", "一级网格、二级网格的工作人员"),
        ("日期", day_words(on)),
        ("共有", f"{len(mine)}类事情"),
    )
    return Handbook(HandbookKind.WORKER, HandbookKind.WORKER.zh, meta, tuple(_blocks(mine, names)))


def of_grid(who: Who) -> bool:
    """Whether the recipient is a post of a first- or second-level grid."""
    role = ROLES.get(who.role)
    return role is not None and role.level in (Level.GRID_1, Level.GRID_2)


def acts(definition: Definition) -> bool:
    """Whether somebody in the grids finds, handles or follows up such matters."""
    return (
        bool(_FIELD & set(definition.discovery))
        or any(_hands(stage) for stage in definition.stages.values())
        or any(of_grid(who) for one in definition.follow_ups.values() for who in one.whos)
    )


def _hands(stage: Stage) -> list[Who]:
    """The grid's posts that may work a stage, whoever answers for it first."""
    return [who for who in (stage.who, *stage.assignable) if of_grid(who)]


def _blocks(versions: Sequence[VersionInfo], names: Names) -> Iterator[Block]:
    yield Heading("先记住这几条")
    yield Bullets(_FIRST, numbered=True)
    for number, version in enumerate(versions, 1):
        yield Heading(f"{number}. {version.definition.name.zh}")
        yield from _matter(Wording(version.definition, names))


def _matter(say: Wording) -> Iterator[Block]:
    definition = say.definition
    yield Paragraph(
        f"这类事情有：{say.listed(class_name(say, code).partition('（')[0] for code in definition.classes)}。"
    )
    if _FIELD & set(definition.discovery):
        yield Heading("发现了怎么报", 2)
        yield Bullets(tuple(_finding(say)), numbered=True)
    for stage in definition.stages.values():
        if hands := _hands(stage):
            yield Heading(f"{say.whos(hands[:1])}：{stage.name.zh}", 2)
            yield Facts(tuple(_stage(say, stage, hands)))
    for report in definition.follow_ups.values():
        if grid := [who for who in report.whos if of_grid(who)]:
            yield Heading(f"{say.whos(grid)}：{report.name.zh}", 2)
            every = plain_rule(report.every, each="每") if report.every else rhythm(say, report)
            rows = [("多久一次", every), ("报什么", _questions(say, report.form.fields))]
            rows.append(("要拍要交", say.needs(report.evidence) or "不用"))
            yield Facts(tuple(rows))


def _finding(say: Wording) -> Iterator[str]:
    yield "打开手机上的“上报”，在现场定好位置。"
    fields = [one for one in say.definition.form.fields if not one.read_only and _here(one.visible)]
    asked = [one for one in fields if holds(one.required, _ON_THE_SPOT)]
    if asked:
        yield f"一定要填：{say.listed(one.label.zh for one in asked)}。"
    others = [one for one in fields if one not in asked]
    if others:
        yield f"知道就填：{say.listed(one.label.zh for one in others)}。"
    yield "核对一遍，点“提交”。"


def _here(shown: Condition) -> bool:
    """Whether the field may be shown to a worker on patrol, whatever else he answers."""
    match shown:
        case AllOf(of):
            return all(map(_here, of))
        case AnyOf(of):
            return any(map(_here, of))
        case Asks(name) if name in _ON_THE_SPOT:
            return holds(shown, _ON_THE_SPOT)
    return True


def _stage(say: Wording, stage: Stage, hands: Sequence[Who]) -> Iterator[tuple[str, str]]:
    if len(hands) > 1 or hands[0] != stage.who:
        yield "还有谁会办", say.whos(who for who in hands if who != hands[0]) or "转派给谁，谁来办"
    if stage.acknowledge:
        yield "多久签收", f"{plain(stage.acknowledge)}内"
    yield "最迟几时办完", plain_rule(stage.limit)
    yield "怎么办", say.text(stage.task) or "按要求办理"
    if stage.form.fields:
        yield "要填什么", _questions(say, stage.form.fields)
    for leave in stage.exits.values():
        needs = say.needs(dict.fromkeys((*stage.evidence, *leave.needs)))
        after = "事情就办完了" if leave.ends else f"接着到{say.target(leave.to)}"
        yield f"选“{leave.label.zh}”", f"{after}。{f'要有：{needs}' if needs else ''}"


def _questions(say: Wording, fields: Sequence[Field]) -> str:
    return say.listed(one.label.zh for one in fields if not one.read_only) or "写明情况"


_PLAIN: Final = {
    ClockKind.CLOCK_HOURS: "{}小时（白天黑夜都算）",
    ClockKind.OFFICE_HOURS: "{}个上班小时",
    ClockKind.WORKING_DAYS: "{}个上班日",
    ClockKind.DAYS: "{}天（节假日也算）",
}


def plain(limit: Limit) -> str:
    """An amount of time in plain words."""
    if (minutes := limit.minutes) is not None:
        return f"{minutes}分钟"
    return _PLAIN[limit.clock].format(limit.amount)


def plain_rule(rule: LimitRule, *, each: str = "") -> str:
    """A limit rule in plain words: the usual limit, and that some matters have another, seen on the phone.

    `each` stands before the amount: "每"."""
    others = rule.cases or rule.by_class or rule.by_outcome or rule.from_class or rule.from_report
    usual = each + plain(rule.default)
    return f"一般{usual}，具体看手机上的到期时间" if others else usual
