# ruff: noqa: E501  # one broken file per line reads as a table
"""A small sound scenario file, and the library's own."""

from pathlib import Path
from typing import Final

from onegrid.scenarios.rules import Definition, DefinitionRefused, Draft, parse
from onegrid.scenarios.rules.class_document import parse_classes
from onegrid.scenarios.rules.classes import ClassTree

LIBRARY = Path(__file__).parents[1] / "library"
SCENARIOS = sorted(one for one in LIBRARY.glob("*.yaml") if one.name != "classes.yaml")

SMALL = """\
key: street-lamps
name: {zh: 路灯报修, en: Street lamps}
prefix: LD
owner: housing
classes: [C0103]
discovery: [patrol, public, hotline]
form:
  - {key: lamp_no, kind: text, label: {zh: 灯杆号, en: Lamp number}}
  - {key: dark_street, kind: yes-no, label: {zh: 整段不亮, en: Whole street dark}}
start:
  - {stage: repair}
stages:
  repair:
    name: {zh: 维修, en: Repair}
    who: {role: department-handler, unit: housing}
    copy: [village-centre]
    limit: 2 working days
    edits: [lamp_no]
    evidence: [{photo: {label: before, near: 200 m}}]
    form:
      - {key: part, kind: choice, label: {zh: 更换部件, en: Part}, required: {exit: done}, choices: [{key: bulb, label: 灯泡}, {key: pole, label: 灯杆}]}
      - {key: pole_height, kind: number, label: {zh: 杆高, en: Height}, unit: m, minimum: 2, maximum: 20, required: {part: pole}, visible: {part: pole}}
    exits:
      done:
        to: check
        label: {zh: 已修好, en: Repaired}
        needs: [{photo: {label: after, near: 200 m}}, opinion]
        messages:
          - {to: reporter, text: {zh: '{number} 已修好', en: '{number} is repaired'}}
      cannot:
        to: archived
        label: {zh: 不属实, en: Untrue}
        needs: [opinion]
  check:
    name: {zh: 核查, en: Check}
    who: grid-head
    limit: 1 working day
    not_same_as: [repair]
    exits:
      good: {to: closed, label: {zh: 通过, en: Passed}}
      bad: {to: repair, label: {zh: 返工, en: Again}, at_most: 1}
follow_ups:
  progress:
    name: {zh: 进展, en: Progress}
    who: grid-head-2
    every: 3 d
    while: [repair]
escalation:
  - {at: 80%, remind: owner}
  - {at: 100%, tell: [unit-head, grid-office]}
"""


def edited(*changes: tuple[str, str], text: str = SMALL) -> str:
    """The small file with some words replaced; each must be there exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return text


HJ: Final = "environment-sanitation"
LW: Final = "illegal-construction"
YS: Final = "business-environment"


def definition(key: str) -> Definition:
    """A scenario of the library."""
    draft = parse((LIBRARY / f"{key}.yaml").read_text())
    assert isinstance(draft, Draft), draft
    return draft.definition


def tree() -> ClassTree:
    """The class dictionary of the library."""
    classes = parse_classes((LIBRARY / "classes.yaml").read_text())
    assert not isinstance(classes, DefinitionRefused), classes
    return ClassTree(classes)
