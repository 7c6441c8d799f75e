"""The record of a project in words: what was done, and what the record keeps of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from onegrid.scenarios.rules.projects import STEPS, Side

_BESIDE: Final = {
    "installed": "随产品安装",
    "propose": "提出",
    "replaced": "由新一轮取代",
    "run-out": "办完即退",
}
"""Steps that stand on the record and are no row of the table of moves."""
_PARTS: Final = (
    ("need", "提出理由：{}"), ("minutes", "会议纪要：{}"), ("decided_on", "会议日期 {}"),
    ("draft", "第 {} 稿"),
    ("remark", "说明：{}"), ("number", "第 {} 版"), ("ends_on", "至 {}"), ("reason", "理由：{}"),
    ("running", "在办 {} 件"), ("replaced_by", "第 {} 轮"),
)  # fmt: skip


def verb_zh(verb: str) -> str:
    """A step by its Chinese name; one that this product does not know by its own."""
    return STEPS[verb].zh if verb in STEPS else _BESIDE.get(verb, verb)


def told(body: Mapping[str, object]) -> str:
    """What the record keeps of a step, in one line."""
    return "，".join(_told(body))


def _told(body: Mapping[str, object]) -> Iterator[str]:
    for name, words in _PARTS:
        if body.get(name):
            yield words.format(body[name])
    sides = body.get("for")
    if isinstance(sides, list):
        yield "代表" + "、".join(Side(side).zh for side in sides)
    if "towns" in body:
        towns = body["towns"]
        yield "、".join(map(str, towns)) if isinstance(towns, list) and towns else "全市"
    summary = body.get("summary")
    if isinstance(summary, Mapping):
        yield from drill_told(summary)


def drill_told(summary: Mapping[str, object]) -> Iterator[str]:
    """What a drill predicted, in short."""
    for name, words in (("days", "{} 天"), ("cases", "立案 {} 件"), ("closed", "办结 {} 件")):
        if name in summary:
            yield words.format(summary[name])
    rate = summary.get("on_time_rate")
    if isinstance(rate, int | float) and summary.get("closed"):
        yield f"按期办结率 {rate:.1%}"
    if summary.get("busiest_post"):
        yield f"最忙 {summary['busiest_post']}"
