"""Why two matters may be the same, in words: stable codes with a sentence each, some of them with a value.

A reason is kept as text, "code" or "code:value"; the sentences are made when somebody reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Language = Literal["zh", "en"]
HOURS_A_DAY: Final = 24


class Wording(NamedTuple):
    """The words of one code. `{v}` stands for its value."""

    zh: str
    en: str
    valued: bool = False


WORDINGS: Final[Mapping[str, Wording]] = {
    "same-address": Wording("同一地址", "same address"),
    "same-building": Wording("同一楼栋", "same building"),
    "same-grid": Wording("同一网格", "same grid"),
    "near": Wording("相距{v}", "{v} apart", valued=True),  # metres
    "hours-ago": Wording("{v}前", "{v} ago", valued=True),  # hours
    "same-class": Wording("同类事项", "same class"),
    "related-class": Wording("相近类别", "related class"),
    "text-similar": Wording("文字相似", "similar words"),
    "same-photo": Wording("照片相同", "same photo"),
    "same-reporter": Wording("同一反映人", "same reporter"),
    "many-nearby": Wording("附近同类上报{v}件", "{v} like it nearby", valued=True),  # reports
    "earlier-still-open": Wording("前件仍在办理", "the earlier one is still open"),
    "earlier-overdue": Wording("前件已超时", "the earlier one is overdue"),
    "just-closed": Wording("前件刚办结", "the earlier one was just closed"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `value` in metres, hours or a number, as its code says."""

    code: str
    value: float | None = None

    def __post_init__(self) -> None:
        wording = WORDINGS.get(self.code)
        if wording is None:
            raise ValueError(f"no such reason: {self.code!r}")
        if wording.valued != (self.value is not None):
            raise ValueError(f"the reason {self.code} {'needs a' if wording.valued else 'takes no'} value")

    def __str__(self) -> str:
        return self.code if self.value is None else f"{self.code}:{self.value:g}"

    @classmethod
    def parse(cls, text: str) -> "Reason":
        """The reason that was kept as this text. Raises ValueError."""
        code, _, value = text.partition(":")
        return cls(code, float(value) if value else None)

    def say(self, lang: Language) -> str:
        """The reason in words, without a full stop."""
        wording = WORDINGS[self.code]
        words = wording.zh if lang == "zh" else wording.en
        if self.value is None:
            return words
        return words.format(v=_VALUES.get(self.code, _number)(self.value, lang))


def _metres(value: float, lang: Language) -> str:
    if value >= 1000:
        return f"{value / 1000:.1f}公里" if lang == "zh" else f"{value / 1000:.1f} km"
    return f"{max(1, round(value))}米" if lang == "zh" else f"{max(1, round(value))} m"


def _hours(value: float, lang: Language) -> str:
    if value < 1:
        minutes = max(1, round(value * 60))
        return f"{minutes}分钟" if lang == "zh" else f"{minutes} min"
    if value < 2 * HOURS_A_DAY:
        return f"{round(value)}小时" if lang == "zh" else f"{round(value)} h"
    days = round(value / HOURS_A_DAY)
    return f"{days}天" if lang == "zh" else f"{days} days"


def _number(value: float, lang: Language) -> str:
    return f"{round(value)}"


_VALUES: Final = {"near": _metres, "hours-ago": _hours}


def sentence(reasons: Iterable[Reason], lang: Language) -> str:
    """All reasons in their order: 同一楼栋，2小时前，文字相似; "same building, 2 h ago, similar words"."""
    return ("，" if lang == "zh" else ", ").join(reason.say(lang) for reason in reasons)


def stored(text: Iterable[str]) -> tuple[Reason, ...]:
    """The reasons kept as these texts; one that this version does not know is left out."""
    found = []
    for each in text:
        try:
            found.append(Reason.parse(each))
        except ValueError:
            continue
    return tuple(found)
