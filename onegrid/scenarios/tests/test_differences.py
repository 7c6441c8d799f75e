"""What changed between two versions is said in readable sentences, and nothing is left out."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.scenarios.rules import Definition, Draft, EscalationStep, LimitRule, Stage, Text, Who, parse
from onegrid.scenarios.rules.conditions import ALWAYS
from onegrid.scenarios.rules.definition import AgendaRule
from onegrid.scenarios.rules.differences import Difference, differences
from onegrid.scenarios.rules.fields import Field, FieldKind, Form
from onegrid.scenarios.rules.handbook import Names
from onegrid.scenarios.tests.files import SCENARIOS, SMALL, definition, edited

NAMES = Names()
KEYS = [file.stem for file in SCENARIOS]


def small(text: str = SMALL) -> Definition:
    draft = parse(text)
    assert isinstance(draft, Draft), draft
    return draft.definition


def between(*changes: tuple[str, str]) -> list[Difference]:
    return differences(small(), small(edited(*changes)), names=NAMES)


@pytest.mark.parametrize("key", KEYS)
def test_a_version_does_not_differ_from_itself(key: str) -> None:
    assert differences(definition(key), definition(key), names=NAMES) == []


def test_a_changed_limit_is_told_from_what_to_what() -> None:
    (one,) = between(("limit: 1 working day", "limit: 4 office hours"))
    assert one.zh == "环节“核查”：时限由“1个工作日”改为“4个工作时”"
    assert one.en == "stage 'Check': limit from '1 working day' to '4 office hours'"
    assert (one.stage, one.path) == ("check", ("stages", "check", "limit"))


def test_an_exit_that_leads_elsewhere_is_told() -> None:
    (one,) = between(("bad: {to: repair,", "bad: {to: archived,"))
    assert one.zh == "环节“核查”的出口“返工”：去向由“维修”改为“归档”"


def test_a_field_made_required_is_told() -> None:
    found = differences(_with_field(ALWAYS, required=False), _with_field(ALWAYS, required=True), names=NAMES)
    assert [one.zh for one in found] == ["登记表单的字段“备注”：必填条件由“选填”改为“必填”"]


def _with_field(shown: object, *, required: bool) -> Definition:
    base = small()
    note = Field("note", FieldKind.TEXT, Text("备注", "Note"))
    note = replace(note, required=ALWAYS) if required else note
    return replace(base, form=Form((*base.form.fields, note)))


def test_stages_added_and_removed_are_told_with_who_answers() -> None:
    old = small()
    extra = replace(old.stages["check"], key="look", name=Text("复查", "Look again"))
    new = replace(old, stages={**old.stages, "look": extra})
    (added,) = differences(old, new, names=NAMES)
    (removed,) = differences(new, old, names=NAMES)
    assert added.zh == "新增环节“复查”（责任岗位：一级网格长，时限：1个工作日）"
    assert removed.zh == "取消环节“复查”"
    assert (added.kind, removed.kind, added.stage) == ("added", "removed", "look")


LIMITS = st.builds(Limit, st.integers(1, 90), st.sampled_from(ClockKind)).map(LimitRule)
WHOS = st.sampled_from([Who("town-desk"), Who("grid-head"), Who("chief-head"), Who("inspector")])
TEXTS = st.sampled_from([Text("甲", "a"), Text("乙", "b"), Text("丙", "c")])


cached = lru_cache(definition)
Draw = Callable[[st.SearchStrategy[Any]], Any]


def edits(draw: Draw) -> tuple[Definition, Definition, set[str]]:
    """A definition of the library, the same with some stages edited or removed, and which."""
    old = cached(draw(st.sampled_from(KEYS)))
    chosen = draw(st.sets(st.sampled_from(sorted(old.stages)), min_size=1))
    stages: dict[str, Stage] = dict(old.stages)
    touched = set()
    for key in sorted(chosen):
        stage = _edited(draw, stages[key])
        if stage is None:
            del stages[key]
        elif stage != stages[key]:
            stages[key] = stage
        else:
            continue
        touched.add(key)
    return old, replace(old, stages=stages), touched


def _edited(draw: Draw, stage: Stage) -> Stage | None:
    what = draw(st.sampled_from(["limit", "who", "name", "task", "copy", "exit", "form", "gone", "nothing"]))
    if what == "gone":
        return None
    if what == "exit":
        key = draw(st.sampled_from(sorted(stage.exits)))
        leave = replace(stage.exits[key], label=draw(TEXTS), at_most=draw(st.integers(1, 3)), to="archived")
        return replace(stage, exits={**stage.exits, key: leave})
    if what == "form":
        extra = Field("extra", FieldKind.TEXT, draw(TEXTS))
        return replace(stage, form=Form((extra, *stage.form.fields)))
    if what == "copy":
        return replace(stage, copy=(draw(WHOS),))
    if what == "who":
        return replace(stage, who=draw(WHOS))
    if what == "limit":
        return replace(stage, limit=draw(LIMITS))
    if what == "name":
        return replace(stage, name=draw(TEXTS))
    return replace(stage, task=draw(TEXTS)) if what == "task" else stage


@settings(deadline=None)
@given(st.data())
def test_every_changed_stage_is_named_and_no_other(data: st.DataObject) -> None:
    old, new, touched = edits(data.draw)
    found = differences(old, new, names=NAMES)
    assert {one.stage for one in found} == touched if touched else found == []
    assert all(one.zh and one.en for one in found)


@pytest.mark.parametrize("name", [one.name for one in fields(Definition) if one.compare])
def test_a_change_anywhere_in_the_definition_is_told(name: str) -> None:
    old = cached("illegal-construction")
    own_agenda = replace(old, agenda=AgendaRule(returned=5))  # no scenario of the library has its own
    others = (*map(cached, KEYS), own_agenda)
    other = next(one for one in others if getattr(one, name) != getattr(old, name))
    new = replace(old, **{name: getattr(other, name)})
    found = differences(old, new, names=NAMES)
    assert found
    assert differences(new, old, names=NAMES)
    assert all(one.path[0] in (name, name.rstrip("_")) for one in found)


def test_an_escalation_step_is_told_by_its_share_of_the_limit() -> None:
    old = small()
    step = EscalationStep(at_percent=120, tell=(Who("county-leader"),))
    (one,) = differences(old, replace(old, escalation=(*old.escalation, step)), names=NAMES)
    assert one.zh == "新增提醒升级点“120%”"
