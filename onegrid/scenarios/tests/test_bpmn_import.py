"""From a BPMN file to a draft definition: what it says is kept, what it does not say is marked or refused."""

import pytest

from onegrid.scenarios.rules import Definition, DefinitionRefused, Draft, Exit, parse
from onegrid.scenarios.rules.bpmn import BadBpmn, from_bpmn, to_bpmn
from onegrid.scenarios.rules.parsing import UNFILLED
from onegrid.scenarios.tests.files import SCENARIOS, definition

NAMES = [one.stem for one in SCENARIOS]
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">'
)
FOREIGN = f"""{HEAD}<process id="Lamp_Repair" name="路灯报修" isExecutable="true">
<startEvent id="s"/><endEvent id="e1" name="修好"/><endEvent id="e2" name="不属实，归档"/>
<userTask id="Task_1" name="受理" camunda:candidateGroups="客服中心"/>
<userTask id="Task_2" name="维修"/>
<exclusiveGateway id="g1"/><exclusiveGateway id="g2"/><exclusiveGateway id="merge"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="Task_1"/>
<sequenceFlow id="f2" sourceRef="Task_1" targetRef="g1"/>
<sequenceFlow id="f3" name="属实" sourceRef="g1" targetRef="g2">
  <conditionExpression>${{result == 'real'}}</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" name="不属实" sourceRef="g1" targetRef="e2"/>
<sequenceFlow id="f5" name="自己修" sourceRef="g2" targetRef="merge"/>
<sequenceFlow id="f6" name="派单" sourceRef="g2" targetRef="Task_2"/>
<sequenceFlow id="f7" sourceRef="Task_2" targetRef="merge"/>
<sequenceFlow id="f8" sourceRef="merge" targetRef="e1"/>
<boundaryEvent id="b" attachedToRef="Task_2" cancelActivity="false">
  <timerEventDefinition><timeDuration>PT36H</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="late"/><sequenceFlow id="f9" sourceRef="b" targetRef="late"/>
</process></definitions>"""


def filled(text: str) -> str:
    """The draft with something plausible in every gap of a library scenario's own draft."""
    for gap, value in (
        ("prefix", "ZZ"),
        ("owner", "housing"),
        ("classes", "[C0103]"),
        ("discovery", "[patrol, public, hotline, satellite, inspection]"),
        ("evidence", "[]"),
    ):
        text = text.replace(f"{gap}: {UNFILLED}", f"{gap}: {value}")
    return text


def drafted(one: Definition) -> Definition:
    text = filled(from_bpmn(to_bpmn(one).encode()))
    text = text.replace("to: reassign", "assigns: {grid: new_grid}\n        to: reassign")
    text = text.replace("start:\n", "form: [{key: new_grid, kind: grid, label: 网格}]\nstart:\n", 1)
    draft = parse(text)
    assert isinstance(draft, Draft), draft
    return draft.definition


def flow(leave: Exit) -> tuple[object, ...]:
    return leave.key, leave.label.zh, leave.to, leave.new_grid, leave.at_most, leave.beyond


@pytest.mark.parametrize("name", NAMES)
def test_export_and_import_keep_stages_exits_targets_bounds_and_owners(name: str) -> None:
    one = definition(name)
    back = drafted(one)
    assert list(back.stages) == list(one.stages)
    for key, stage in one.stages.items():
        same = back.stages[key]
        assert [flow(leave) for leave in same.exits.values()] == [flow(x) for x in stage.exits.values()]
        assert (same.name.zh, same.who, same.lapse) == (stage.name.zh, stage.who, stage.lapse)
        assert same.limit.default == stage.limit.default
        assert (same.evidence, same.task and same.task.zh) == (stage.evidence, stage.task and stage.task.zh)
        assert [leave.needs for leave in same.exits.values()] == [x.needs for x in stage.exits.values()]
    assert (back.prefix, back.owner, back.classes) == (one.prefix, one.owner, one.classes)
    assert back.discovery == one.discovery
    assert [(s.stage, s.areas) for s in back.starts] == [(s.stage, s.areas) for s in one.starts]


def test_a_file_of_another_tool_gives_a_draft_whose_gaps_the_check_names() -> None:
    text = from_bpmn(FOREIGN.encode())
    refused = parse(text)
    assert isinstance(refused, DefinitionRefused)
    assert {one.code for one in refused.findings} == {"scenarios.unfilled"}
    gaps = {".".join(map(str, one.path)): one for one in refused.findings}
    assert set(gaps) == {
        "prefix",
        "owner",
        "classes",
        "discovery",
        "stages.task-1.who",
        "stages.task-1.limit",
        "stages.task-1.evidence",
        "stages.task-2.who",
        "stages.task-2.evidence",
        "stages.task-2.exits.exit-1.label",
    }
    assert gaps["stages.task-1.who"].line is not None
    assert gaps["stages.task-1.who"].stage == "task-1"
    assert f"who: {UNFILLED}  # 原文件：客服中心" in text
    assert "limit: 36 clock hours" in text
    assert "待填写" in gaps["prefix"].zh


def test_each_way_through_gateways_is_an_exit_with_its_target() -> None:
    text = filled(from_bpmn(FOREIGN.encode())).replace(f"limit: {UNFILLED}", "limit: 1 day")
    text = text.replace(f"label: {UNFILLED}", "label: 完成")
    for _ in range(2):
        text = text.replace(f"who: {UNFILLED}", "who: grid-head")
    draft = parse(text)
    assert isinstance(draft, Draft), draft
    first, second = draft.definition.stages["task-1"], draft.definition.stages["task-2"]
    assert [(x.key, x.label.zh, x.to) for x in first.exits.values()] == [
        ("real", "属实，自己修", "closed"),
        ("real-2", "属实，派单", "task-2"),
        ("exit-3", "不属实", "archived"),
    ]
    assert [x.to for x in second.exits.values()] == ["closed"]


REFUSED = [
    ("scenarios.bpmn-not-xml", "hello", "XML"),
    ("scenarios.bpmn-not-xml", "", "XML"),
    ("scenarios.bpmn-not-xml", f"{HEAD}<process>", "XML"),
    ("scenarios.bpmn-not-xml", '<?xml version="1.0" encoding="martian"?><a/>', "XML"),
    ("scenarios.bpmn-not-bpmn", "<svg/>", "definitions"),
    ("scenarios.bpmn-entities", '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>', "实体"),
    ("scenarios.bpmn-entities", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DTD"),
    ("scenarios.bpmn-processes", f"{HEAD}</definitions>", "0"),
    ("scenarios.bpmn-processes", f'{HEAD}<process id="a"/><process id="b"/></definitions>', "2"),
    ("scenarios.too-large", FOREIGN + " " * 5_000_000, "1024 KB"),
]


@pytest.mark.parametrize(("code", "text", "says"), REFUSED)
def test_what_is_no_bpmn_file_is_refused_for_its_reason(code: str, text: str, says: str) -> None:
    with pytest.raises(BadBpmn) as caught:
        from_bpmn(text.encode())
    assert caught.value.params["findings"][0]["code"] == code  # type: ignore[index]
    assert says in caught.value.message("zh")


SPLIT = '<sequenceFlow id="f" sourceRef="Task_1" targetRef="Task_2"/>'
UNSUPPORTED = [
    ('<parallelGateway id="p" name="会签"/>', "parallelGateway", "会签"),
    ('<serviceTask id="mail" name="发邮件"/>', "serviceTask", "发邮件"),
    ('<subProcess id="sub"/>', "subProcess", "sub"),
    ('<startEvent id="s2" name="来信"><messageEventDefinition id="m"/></startEvent>', "message", "来信"),
    ('<endEvent id="stop"><terminateEventDefinition/></endEvent>', "terminate", "stop"),
    (
        '<userTask id="u" name="多部门"><multiInstanceLoopCharacteristics/></userTask>',
        "multiInstance",
        "多部门",
    ),
    (
        '<boundaryEvent id="err" attachedToRef="Task_1"><errorEventDefinition/></boundaryEvent>',
        "error",
        "err",
    ),
    ('<scriptTask id="x" name="脚本"><script>import os</script></scriptTask>', "scriptTask", "脚本"),
    (
        '<boundaryEvent id="b2" name="到点" attachedToRef="Task_1"><timerEventDefinition><timeDuration>P1D'
        '</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow id="t" sourceRef="b2" '
        'targetRef="Task_2"/>',
        "boundaryEvent",
        "到点",
    ),
]


@pytest.mark.parametrize(("part", "kind", "place"), UNSUPPORTED)
def test_another_construct_is_refused_by_its_name_and_place(part: str, kind: str, place: str) -> None:
    with pytest.raises(BadBpmn) as caught:
        from_bpmn(FOREIGN.replace("</process>", f"{part}</process>").encode())
    said = caught.value.message("zh")
    assert kind in said
    assert f"“{place}”" in said


BROKEN = [
    ("scenarios.bpmn-split", SPLIT, "受理"),
    ("scenarios.bpmn-loose", '<sequenceFlow id="lost" sourceRef="Task_1" targetRef="nowhere"/>', "nowhere"),
    (
        "scenarios.bpmn-circle",
        '<exclusiveGateway id="c"/><sequenceFlow id="c1" sourceRef="g2" targetRef="c"/>'
        '<sequenceFlow id="c2" sourceRef="c" targetRef="g2"/>',
        "g2",
    ),
    (
        "scenarios.bpmn-too-many-exits",
        "".join(f'<sequenceFlow id="m{n}" sourceRef="g1" targetRef="e1"/>' for n in range(40)),
        "受理",
    ),
]


@pytest.mark.parametrize(("code", "part", "says"), BROKEN)
def test_a_flow_that_no_case_can_follow_is_refused_where_it_is(code: str, part: str, says: str) -> None:
    with pytest.raises(BadBpmn) as caught:
        from_bpmn(FOREIGN.replace("</process>", f"{part}</process>").encode())
    assert caught.value.params["findings"][0]["code"] == code  # type: ignore[index]
    assert says in caught.value.message("zh")


def test_a_task_called_like_an_end_gets_another_key() -> None:
    text = from_bpmn(FOREIGN.replace("Task_1", "closed").replace("Task_2", "reassign").encode())
    assert "  closed-1:\n" in text
    assert "to: reassign-2\n" in text


def test_a_process_without_start_or_without_task_is_refused() -> None:
    for text in (FOREIGN.replace('<startEvent id="s"/>', '<userTask id="s"/>'), _only_ends()):
        with pytest.raises(BadBpmn) as caught:
            from_bpmn(text.encode())
        assert caught.value.params["findings"][0]["code"] == "scenarios.bpmn-no-start"  # type: ignore[index]


def _only_ends() -> str:
    flow = '<sequenceFlow id="f" sourceRef="s" targetRef="e"/>'
    return f'{HEAD}<process id="p"><startEvent id="s"/><endEvent id="e"/>{flow}</process></definitions>'


def test_words_of_the_file_never_become_yaml_of_their_own() -> None:
    nasty = FOREIGN.replace('name="受理"', 'name="受理&#10;owner: evil # &quot;"').replace(
        "客服中心", "中心&#10;evil: true"
    )
    text = from_bpmn(nasty.encode())
    refused = parse(text)
    assert isinstance(refused, DefinitionRefused)
    assert {one.code for one in refused.findings} == {"scenarios.unfilled"}
    assert "\nevil" not in text
