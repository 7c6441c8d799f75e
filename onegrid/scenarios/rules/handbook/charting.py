"""The flow chart of a definition in the words of a handbook."""

from __future__ import annotations

from onegrid.scenarios.rules.chart import Chart, flow_of, lay_out
from onegrid.scenarios.rules.chart.flow import Telling
from onegrid.scenarios.rules.definition import Definition
from onegrid.scenarios.rules.handbook.asking import Asking
from onegrid.scenarios.rules.handbook.names import AREAS, SOURCES, Names
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.rules.limits import LimitRule
from onegrid.scenarios.rules.stages import Exit, Stage
from onegrid.scenarios.rules.words import ARCHIVED, CLOSED


def chart_of(definition: Definition, names: Names, *, lang: str = "zh") -> Chart:
    """Stages as boxes (name, post, limit), exits as labelled arrows, ends marked; virtual stages left out."""
    say = Wording(definition, names, lang)
    telling = Telling(
        title=say.pick(f"{definition.name.zh}流程图", f"Flow chart: {definition.name.en}"),
        name=lambda stage: say.text(stage.name),
        lines=lambda stage: _lines(say, stage),
        label=lambda leave: _label(say, leave),
        beyond=lambda leave: _beyond(say, leave),
        begins=lambda index: _begins(say, index),
        ends={CLOSED: say.target(CLOSED), ARCHIVED: say.target(ARCHIVED)},
    )
    return lay_out(flow_of(definition, telling))


def _lines(say: Wording, stage: Stage) -> tuple[str, ...]:
    joint = say.pick("会签：各有关部门分别办理", "co-signed by the departments") if stage.joint else ""
    return tuple(one for one in (say.who(stage.who), short_limit(say, stage.limit), joint) if one)


def short_limit(say: Wording, rule: LimitRule) -> str:
    """A limit rule in a few words: the usual limit, and whether there are others."""
    usual = say.limit(rule.default)
    others = len(rule.cases) + len(rule.by_outcome) + len(rule.by_class)
    if rule.from_report:
        return say.pick(f"按约定时间（一般{usual}）", f"as promised (usually {usual})")
    if rule.from_class or rule.by_class:
        return say.pick(f"按事项类别（一般{usual}）", f"by class (usually {usual})")
    return say.pick(f"{usual}（另有{others}种情形）", f"{usual} ({others} other cases)") if others else usual


def _label(say: Wording, leave: Exit) -> str:
    many = leave.at_most
    if many is None:
        return say.text(leave.label)
    return say.pick(f"{leave.label.zh}（限{many}次）", f"{leave.label.en} (at most {many}x)")


def _beyond(say: Wording, leave: Exit) -> str:
    label = say.text(leave.label)
    return say.pick(f"{label}（满{leave.at_most}次后）", f"{label} (after {leave.at_most}x)")


def _begins(say: Wording, index: int) -> str:
    return say.pick("开始", "start") + (f"：{how}" if (how := start_words(say, index)) else "")


def start_words(say: Wording, index: int) -> str:
    """For which cases a start counts; "" for all others."""
    start = say.definition.starts[index]
    sources = say.listed(
        say.text(SOURCES[one.value]) for one in say.definition.discovery if one in start.sources
    )
    areas = say.listed(say.text(AREAS[one]) for one in AREAS if one in start.areas)
    asked = Asking(say).condition(start.when)
    return say.listed([sources, areas, asked], last=say.pick("，", ", "))
