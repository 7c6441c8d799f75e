"""What the learned classifier sees of a report, and what it is taught about it: nothing that came later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from onegrid.kernel.refusals import Refusal


class Target(StrEnum):
    """What is told of a report."""

    CLASS = "class"  # 事项类别
    UNIT = "unit"  # 责任单位
    URGENCY = "urgency"  # 紧急程度

    @property
    def zh(self) -> str:
        return _NAMES[self]


_NAMES: Final = {Target.CLASS: "事项类别", Target.UNIT: "责任单位", Target.URGENCY: "紧急程度"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One report as it stood when it came in. `lng`, `lat`: degrees WGS-84, None where not relied on.

    `named`: the class its sender gave, "" for none; `town`, `grid`: codes, "" unknown."""

    text: str
    named: str = ""
    channel: str = ""
    town: str = ""
    grid: str = ""
    place: str = ""
    lng: float | None = None
    lat: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A report and what people decided about it; a target that nobody decided is left out."""

    sample: Sample
    truth: dict[Target, str]


class TooFewRows(Refusal):
    """There is not enough to learn from."""

    status = 409
    code = "intake.too-few-rows"
    zh = "可供学习的记录太少：现有 {rows} 条、{labels} 类，至少需要 {needed} 条、2 类，每类 {each} 条。"
    en = "Too little to learn from: {rows} rows, {labels} labels; needed: {needed} rows, 2 labels of {each}."
