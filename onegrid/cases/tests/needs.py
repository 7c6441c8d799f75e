"""A small scenario that uses every word of the language, and how tests build cases of it."""

from dataclasses import replace
from typing import Any

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules.opening import Opening
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import City
from onegrid.kernel.ids import ClassCode
from onegrid.scenarios import actions as scenarios
from onegrid.scenarios.rules import Definition, Draft, Source, VersionInfo, parse

SCENARIO = """\
key: house-building
name: {zh: 农村建房, en: House building}
prefix: NF
owner: agriculture
classes: [S0403]
discovery: [patrol, public, hotline, department]
form:
  - {key: builder, kind: text, label: {zh: 建房户, en: Builder}, personal: true}
  - {key: approved_area, kind: number, label: {zh: 批准面积, en: Approved area}, unit: m²}
  - {key: kind, kind: choice, label: {zh: 类别, en: Kind}, choices: [{key: new, label: {zh: 新建, en: New}}, {key: old, label: {zh: 翻建, en: Rebuilt}}]}
start:
  - {stage: desk, areas: [town], leaves_out: [answer]}
  - {stage: answer, sources: [hotline], areas: [grid, village], leaves_out: [desk]}
  - {stage: request, leaves_out: [desk, answer]}
stages:
  desk:
    name: {zh: 镇级派发, en: Town desk}
    who: town-desk
    limit: 1 working day
    form:
      - {key: right_grid, kind: grid, label: {zh: 网格, en: Grid}, required: true}
    exits:
      sent: {to: reassign, into: request, label: {zh: 派发, en: Sent}, assigns: {grid: right_grid}}
  answer:
    name: {zh: 答复, en: Answer}
    who: village-centre
    limit: 1 working day
    exits:
      on: {to: request, label: {zh: 转办, en: Onward}}
  request:
    name: {zh: 提请验收, en: Request}
    who: grid-head
    limit: 5 working days
    edits: [kind]
    may_copy: [town-enforcement]
    form:
      - {key: floor, kind: number, label: {zh: 楼层, en: Floor}, minimum: 1, maximum: 20, required: {exit: asked}}
    exits:
      asked: {to: noted, label: {zh: 提请, en: Asked}}
      wait: {to: request, label: {zh: 续报, en: Wait}, limit: 3 working days, needs: [opinion], tell_from: 3, tell: [grid-office]}
  noted:
    name: {zh: 登记提请, en: Noted}
    virtual: true
    who: village-centre
    limit: 1 working day
    exits:
      on: {to: check, label: {zh: 登记, en: Noted}}
  check:
    name: {zh: 组织验收, en: Check}
    who: grid-head
    copy: [village-centre]
    may_copy: [town-enforcement, {role: department-handler, unit: agriculture}]
    limit: 3 working days
    assignable: [chief-head, deputy-chief]
    pick: true
    messages:
      - {to: village-centre, when: {source: hotline}, text: {zh: '热线来件 {number} 已到验收', en: 'Hotline {number}'}}
    form:
      - {key: measured_area, kind: number, label: {zh: 实测面积, en: Measured area}, unit: m², required: {exit: [pass, beyond]}}
      - {key: beyond_by, kind: computed, label: {zh: 超出面积, en: Beyond by}, unit: m², computed: {operation: difference, of: [measured_area, approved]}}
      - {key: approved, kind: number, label: {zh: 批准, en: Approved}, required: {exit: [pass, beyond]}}
      - {key: phone, kind: text, label: {zh: 电话, en: Phone}, personal: true}
      - {key: heading, kind: choice, label: {zh: 紧急程度, en: Urgency}, choices: [{key: high, label: {zh: 高, en: High}}, {key: low, label: {zh: 低, en: Low}}]}
    exits:
      pass:
        to: last
        label: {zh: 合格，最后一层, en: Passed}
        when: {not: {beyond_by: {over: 0}}}
        needs: [{photo: {label: after}}]
      next-floor: {to: request, label: {zh: 合格，下一层, en: Next floor}, at_most: 20, needs: [{photo: {label: after}}]}
      fail: {to: mend, label: {zh: 验收不通过, en: Failed}, needs: [opinion], assigns: {urgency: heading}}
      beyond:
        to: mend
        label: {zh: 超审批, en: Beyond approval}
        needs: [{document: site-record}]
        opinions:
          - {zh: '超出 {beyond_by}，{kind}，请整改。', en: 'Beyond by {beyond_by}.', when: {source: [patrol, public]}}
          - {zh: '热线件：{title}', en: '{title}', when: {source: hotline}}
        opens:
          - {class: S0704, title: {zh: '{place}超批准 {beyond_by}', en: 'Beyond approval at {place}'}, when: {beyond_by: {over: 0}}}
  mend:
    name: {zh: 整改, en: Rectify}
    who: grid-head
    limit: 7 working days
    exits:
      mended: {to: check, label: {zh: 已整改, en: Mended}, tell_from: 3, tell: [town-desk]}
      joint: {to: departments, label: {zh: 报部门会办, en: To departments}}
  departments:
    name: {zh: 部门会办, en: Departments}
    who: town-desk
    limit: 10 working days
    exits:
      done: {to: mend, label: {zh: 会办完毕, en: Done}, at_most: 3, beyond: last}
  last:
    name: {zh: 资料归档, en: File}
    who: village-centre
    limit: 5 working days
    not_same_as: [check]
    exits:
      filed: {to: closed, label: {zh: 归档, en: Filed}, outcome: built}
joint:
  departments:
    one_task_per: [agriculture, natural-resources]
    waits_for: [done]
    form:
      - {key: witness, kind: text, label: {zh: 见证人, en: Witness}, personal: true}
follow_ups:
  watch:
    name: {zh: 现场跟踪, en: Watch}
    who: [grid-head-2, grid-worker-1]
    every: 2 working days
    while: [mend, departments]
    closes_siblings: true
    late: {tell: [chief-head, town-desk], text: {zh: '{number} 已 3 天无人跟踪', en: '{number}: nobody has looked'}}
    form:
      - {key: state, kind: choice, label: {zh: 现状, en: State}, required: true, choices: [{key: stopped, label: {zh: 停工, en: Stopped}}, {key: going-on, label: {zh: 施工, en: Going on}}]}
  mid-term:
    name: {zh: 中期报告, en: Mid-term report}
    who: [grid-head, chief-head]
    at: 50%
    while: [departments]
    closes_siblings: true
escalation:
  - {at: 100%, tell: [unit-head, grid-office]}
agenda: {unacknowledged: 2 working days, returned: 1}
erase: 30 d
return: {to: town-desk, at_most: 2, ruling: grid-office}
"""  # noqa: E501  # one field per line reads as a table

BUILDING = ClassCode("S0403")
VIOLATION = "S0704"


def definition(*changes: tuple[str, str]) -> Definition:
    """The scenario with some words replaced."""
    text = SCENARIO
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    draft = parse(text)
    assert isinstance(draft, Draft), draft
    return draft.definition


def published(*changes: tuple[str, str]) -> VersionInfo:
    """The scenario live in the city of the tests, after the same checks as any other."""
    text = SCENARIO
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return scenarios.publish(text, by=SYSTEM, now=f.NOW)


def report(city: City, version: VersionInfo, **more: Any) -> Opening:
    """A house that is being built, found on patrol."""
    opening = replace(
        f.report(city), version=version, class_code=BUILDING, title="张家宅基地建房", source=Source.PATROL
    )
    return replace(opening, **more)
