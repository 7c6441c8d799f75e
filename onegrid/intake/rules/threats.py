"""The life-threatening list (domain 3.3): by rule, never by a model, never silenced.

Fire, collapse, casualties, gas leak, drowning, mass incident and violent threat skip the chain: village, town
and county duty rooms are told at the same moment, whatever else becomes of the report. The platform follows
up; it never replaces the call to 110, 119 or 120."""

import re
from enum import StrEnum
from typing import Final

from .phrases import Phrases


class Threat(StrEnum):
    """Kinds of danger to life."""

    FIRE = "fire"
    COLLAPSE = "collapse"
    CASUALTY = "casualty"
    GAS = "gas"
    DROWNING = "drowning"
    MASS = "mass"
    VIOLENCE = "violence"

    @property
    def zh(self) -> str:
        return _NAMES[self]


_NAMES: Final = {
    Threat.FIRE: "火灾",
    Threat.COLLAPSE: "坍塌",
    Threat.CASUALTY: "人员伤亡",
    Threat.GAS: "燃气泄漏",
    Threat.DROWNING: "溺水",
    Threat.MASS: "群体性事件",
    Threat.VIOLENCE: "暴力威胁",
}

_WORDS: Final = {
    Threat.FIRE: (
        "着火", "起火", "失火", "火灾", "山火", "火势", "冒浓烟", "浓烟滚滚", "爆炸", "爆燃",
        "house fire", "on fire", "explosion", "exploded",
    ),
    Threat.COLLAPSE: (
        "坍塌", "倒塌", "垮塌", "塌方", "滑坡", "泥石流", "楼塌了", "房塌了", "墙塌了", "桥塌了",
        "collapsed building", "building collapse", "landslide",
    ),
    Threat.CASUALTY: (
        "伤亡", "有人死亡", "人员死亡", "死亡人数", "有人受伤", "人员受伤", "被困", "被埋", "被压住",
        "昏迷", "触电", "中毒", "流血不止", "生命危险", "坠楼", "跳楼", "轻生", "喝农药", "砸伤", "烧伤",
        "electrocuted", "unconscious", "trapped inside", "people trapped", "life-threatening",
    ),
    Threat.GAS: (
        "燃气泄漏", "燃气泄露", "煤气泄漏", "煤气泄露", "天然气泄漏", "天然气泄露",
        "液化气泄漏", "液化气泄露", "燃气管道破裂", "煤气管道破裂", "燃气味", "煤气味", "氨气泄漏",
        "氯气泄漏", "危化品泄漏", "毒气",
        "gas leak", "smell of gas",
    ),
    Threat.DROWNING: (
        "溺水", "落水", "掉进河", "掉进水", "掉进池塘", "被水冲走", "被洪水冲走", "drowning", "drowned",
    ),
    Threat.MASS: (
        "群体性事件", "聚众斗殴", "聚众闹事", "聚众打砸", "械斗", "群殴", "踩踏事故", "发生踩踏", "stampede",
    ),
    Threat.VIOLENCE: (
        "持刀", "砍人", "捅人", "行凶", "杀人", "绑架", "劫持", "纵火", "投毒",
        "with a knife", "hostage", "stabbed",
    ),
}  # fmt: skip

_KINDS: Final = {word: threat for threat, words in _WORDS.items() for word in words}
_PHRASES: Final = Phrases(_KINDS)

# Right before a phrase: the danger is absent, feared or guarded against. A bare "可能着火了" stays a fire.
_BEFORE: Final = re.compile(
    "(?:(?:防止?|避免|预防|以防|严防|谨防|没有|未|无|易)(?:再次|发生|出现|造成|引发|引起|导致|有|人员){0,3}"
    "|(?:可能|会|恐|怕|担心|将)(?:发生|出现|造成|引发|引起|导致)(?:再次|人员|更大|严重|重大){0,2}"
    "|(?:might|could|may|prevent|avoid|no|risk of) (?:cause |a |an |be |catch ){0,3})$"
)
# Right after it: a topic, not an event.
_AFTER: Final = re.compile(
    "(?:的|等)?(?:安全)?(?:隐患|风险|演练|宣传|知识|案例|预案|教育|监测|管|口|井)| (?:risk|drill|hazard)"
)
_REACH: Final = 16  # characters looked at on either side


def threats_in(text: str) -> frozenset[Threat]:
    """The dangers to life that a text reports as happening, not as feared, absent or practised."""
    folded = text.casefold()
    return frozenset(
        _KINDS[phrase] for phrase, at in _PHRASES.find(folded) if _happens(folded, at, at + len(phrase))
    )


def _happens(text: str, start: int, end: int) -> bool:
    hedged = _BEFORE.search(text[max(0, start - _REACH) : start])
    return not hedged and not _AFTER.match(text, end, end + _REACH)
