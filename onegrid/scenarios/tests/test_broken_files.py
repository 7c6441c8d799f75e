# ruff: noqa: E501  # one broken file per line reads as a table
"""Every broken file is refused for its reason, at its place."""

import pytest

from onegrid.scenarios.rules import DefinitionRefused, Finding, parse, soundness
from onegrid.scenarios.rules.accountability import unknown_names
from onegrid.scenarios.rules.classes import ClassInfo, ClassTree
from onegrid.scenarios.rules.findings import located
from onegrid.scenarios.rules.words import Text
from onegrid.scenarios.tests.files import SMALL, edited

CLASSES = ClassTree([ClassInfo("C0103", Text("路灯", "Lamp"), unit="housing")])
UNITS = frozenset({"housing", "water"})


def findings(text: str) -> tuple[Finding, ...]:
    """Everything wrong with a file, short of asking who answers in each grid."""
    draft = parse(text)
    if isinstance(draft, DefinitionRefused):
        return draft.findings
    found = [
        *soundness(draft.definition),
        *unknown_names(draft.definition, units=UNITS, classes=CLASSES),
    ]
    return located(found, draft.lines)


def test_the_small_file_is_sound() -> None:
    assert findings(SMALL) == ()


# what was changed -> the finding, and the place it names (stage, exit) where it has one
BROKEN: list[tuple[str, list[tuple[str, str]], str, str | None, str | None]] = [
    # how it is written
    ("a tab as indent", [("    limit: 1 working day", "\tlimit: 1 working day")], "tab", None, None),
    ("an open bracket", [("[C0103]", "[C0103")], "bad-yaml", None, None),
    ("a key given twice", [("owner: housing", "owner: housing\nowner: water")], "duplicate-key", None, None),
    ("an anchor", [("[C0103]", "&a [C0103]")], "anchor", None, None),
    ("a type tag", [("owner: housing", "owner: !!python/name:os.system x")], "tag", None, None),
    ("two documents", [("follow_ups:", "---\nfollow_ups:")], "two-documents", None, None),
    # what is written
    ("an unknown key", [("prefix: LD", "prefix: LD\nprefx: LD")], "unknown-key", None, None),
    ("a missing name", [("name: {zh: 路灯报修, en: Street lamps}\n", "")], "missing-key", None, None),
    ("no stage limit", [("    limit: 1 working day\n", "")], "missing-key", "check", None),
    ("a limit of zero", [("limit: 1 working day", "limit: 0 working days")], "bad-value", "check", None),
    ("a negative limit", [("limit: 1 working day", "limit: -1 days")], "bad-value", "check", None),
    ("an unknown clock", [("limit: 1 working day", "limit: 3 moons")], "bad-value", "check", None),
    ("an unknown source", [("[patrol, public", "[patrole, public")], "bad-value", None, None),
    ("a number for text", [("owner: housing", "owner: 12")], "bad-type", None, None),
    ("an unknown field kind", [("kind: number", "kind: numbr")], "bad-value", "repair", None),
    ("a bad prefix", [("prefix: LD", "prefix: lamp")], "bad-value", None, None),
    ("a distance without unit", [("label: before, near: 200 m", "label: before, near: 200")], "bad-value", "repair", None),
    ("unknown evidence", [("[{photo: {label: before", "[{foto: {label: before")], "bad-value", "repair", None),
    ("a condition that is code", [("required: {exit: done}", "required: '__import__(\"os\")'")], "bad-value", "repair", None),
    ("a percentage without sign", [("at: 80%", "at: 80")], "bad-value", None, None),
    # names that lead nowhere
    ("an exit to nowhere", [("to: check", "to: chekc")], "no-target", "repair", "done"),
    ("an unknown start", [("{stage: repair}", "{stage: repare}")], "unknown-stage", None, None),
    ("beyond without a bound", [("at_most: 1", "beyond: closed")], "beyond-without-bound", "check", "bad"),
    ("an unknown follow-up", [("to: archived\n", "to: archived\n        starts: [progres]\n")], "unknown-follow-up", "repair", "cannot"),
    ("a follow-up nobody starts", [("    every: 3 d\n", "    every: 3 d\n    by_exit: true\n")], "follow-up-start", None, None),
    ("a follow-up without rhythm", [("    every: 3 d\n", "")], "follow-up-rhythm", None, None),
    ("a follow-up in no stage", [("while: [repair]", "while: [repairs]")], "unknown-stage", None, None),
    ("an unknown field to edit", [("edits: [lamp_no]", "edits: [lamp]")], "unknown-field", "repair", None),
    ("a condition on no field", [("required: {part: pole}", "required: {parts: pole}")], "unknown-field", "repair", None),
    ("a condition on no choice", [("required: {part: pole}", "required: {part: pol}")], "bad-condition", "repair", None),
    ("a condition on no exit", [("required: {exit: done}", "required: {exit: finished}")], "bad-condition", "repair", None),
    ("comparing text", [("required: {part: pole}", "required: {lamp_no: {over: 3}}")], "bad-condition", "repair", None),
    ("an unknown placeholder", [("'{number} 已修好'", "'{nummer} 已修好'")], "unknown-placeholder", "repair", "done"),
    ("joint handling of no stage", [("follow_ups:", "joint: {repairs: {one_task_per: [water]}}\nfollow_ups:")], "unknown-stage", "repairs", None),
    ("an unknown lapse exit", [("not_same_as: [repair]", "lapse: gone")], "unknown-exit", "check", None),
    ("a lapse by hand without a lapse", [("not_same_as: [repair]", "lapse_by_hand: true")], "no-lapse", "check", None),
    ("telling without a count", [("at_most: 1", "tell: [grid-office]")], "escalation-incomplete", "check", "bad"),
    ("reassigning without a grid", [("to: archived", "to: reassign")], "reassign-without-grid", "repair", "cannot"),
    ("assigning what is no grid", [("to: archived", "to: reassign\n        assigns: {grid: part}")], "assigned-kind", "repair", "cannot"),
    ("assigning an unknown field", [("to: archived", "to: archived\n        assigns: {unit: prt}")], "unknown-field", "repair", "cannot"),
    ("a unit chosen from nowhere", [("key: lamp_no, kind: text", "key: lamp_no, kind: unit"), ("to: archived", "to: archived\n        assigns: {unit: lamp_no}")], "assigned-open", "repair", "cannot"),
    ("a condition on no channel", [("required: {exit: done}", "required: {channel: telegraph}")], "bad-condition", "repair", None),
    ("a limit after no exit", [("limit: 1 working day", "limit: {default: 1 working day, by_outcome: {finished: 2 days}}")], "unknown-exit", "check", None),
    ("a limit for no class", [("limit: 1 working day", "limit: {default: 1 working day, by_class: {Z9: 2 days}}")], "unknown-class", "check", None),
    # fields that cannot be answered
    ("a choice without choices", [(", choices: [{key: bulb, label: 灯泡}, {key: pole, label: 灯杆}]", "")], "field-incomplete", "repair", None),
    ("bounds upside down", [("minimum: 2, maximum: 20", "minimum: 20, maximum: 2")], "field-bounds", "repair", None),
    ("a field twice", [("key: pole_height, kind: number", "key: part, kind: number")], "duplicate-field", "repair", None),
    ("one name, two kinds", [("{key: pole_height, kind: number", "{key: lamp_no, kind: number")], "field-two-kinds", "repair", None),
    ("a reserved name", [("key: lamp_no, kind", "key: exit, kind"), ("edits: [lamp_no]", "edits: [exit]")], "reserved-field", None, None),
    ("a sum of words", [("kind: text, label: {zh: 灯杆号, en: Lamp number}", "kind: computed, label: 灯杆号, computed: {operation: sum, of: [dark_street]}")], "computed-operands", None, None),
    ("a value that waits for itself", [("kind: text, label: {zh: 灯杆号, en: Lamp number}", "kind: computed, label: 灯杆号, computed: {operation: sum, of: [lamp_no]}")], "computed-operands", None, None),
    ("a value nobody reckons", [("kind: text, label: {zh: 灯杆号, en: Lamp number}", "kind: computed, label: 灯杆号")], "field-incomplete", None, None),
    ("a slow pattern", [("label: {zh: 灯杆号, en: Lamp number}", "label: 灯杆号, pattern: '(a+)+b'")], "field-pattern", None, None),
    # flows in which a case gets lost
    ("a stage nobody reaches", [("to: check", "to: closed")], "stage-unreachable", "check", None),
    ("no end", [("to: archived", "to: check"), ("to: closed", "to: repair")], "no-end", "repair", None),
    ("an endless loop", [(", at_most: 1", "")], "loop-unbounded", "repair", None),
    ("a way out that runs out", [("label: {zh: 通过, en: Passed}}", "label: 通过, at_most: 1}")], "no-end", "check", None),
    ("exits not exhaustive", [("label: {zh: 通过, en: Passed}}", "label: 通过, when: {dark_street: true}}")], "exits-not-exhaustive", "check", None),
    ("an exit never open", [("label: {zh: 通过, en: Passed}}", "label: 通过, when: false}")], "exit-never-open", "check", "good"),
    ("a source without a start", [("{stage: repair}", "{stage: repair, sources: [patrol, public]}")], "no-start", None, None),
    ("two starts for one source", [("  - {stage: repair}", "  - {stage: repair, sources: [patrol]}\n  - {stage: check, sources: [patrol, public]}\n  - {stage: repair}")], "two-starts", None, None),
    ("a start outside discovery", [("  - {stage: repair}", "  - {stage: repair}\n  - {stage: check, sources: [satellite]}")], "start-source", None, None),
    ("a start that skips a stage", [("to: repair, label: {zh: 返工, en: Again}, at_most: 1", "to: closed, label: 返工"), ("  - {stage: repair}", "  - {stage: check, sources: [patrol]}\n  - {stage: repair}")], "not-reached-from-start", "repair", None),
    ("checking one's own work", [("who: grid-head\n", "who: {role: department-handler, unit: housing}\n")], "checks-own-work", "check", None),
    ("an automatic exit that asks", [("not_same_as: [repair]", "evidence: photo\n    lapse: good")], "automatic-exit-asks", "check", "good"),
    ("escalation out of order", [("at: 100%", "at: 50%")], "escalation-order", None, None),
    ("escalation that tells nobody", [(", tell: [unit-head, grid-office]", "")], "escalation-nobody", None, None),
    # names outside the file
    ("an unknown role", [("who: grid-head\n", "who: grid-hed\n")], "unknown-role", "check", None),
    ("an unknown unit", [("unit: housing}", "unit: housin}")], "unknown-unit", "repair", None),
    ("a department without unit", [("who: grid-head\n", "who: department-head\n")], "unit-needed", "check", None),
    ("nobody in particular", [("who: grid-head\n", "who: unit-head\n")], "relative-owner", "check", None),
    ("an unknown class", [("[C0103]", "[C0103, C9999]")], "unknown-class", None, None),
    ("an unknown owner", [("owner: housing", "owner: hausing")], "unknown-unit", None, None),
    # linked cases
    ("a linked case of no class", [("to: archived", "to: archived\n        opens: [{class: C9999, title: 井盖}]")], "unknown-class", "repair", "cannot"),
    ("a linked case without title", [("to: archived", "to: archived\n        opens: [{class: C0103}]")], "missing-key", "repair", "cannot"),
    ("a linked case on no field", [("to: archived", "to: archived\n        opens: [{class: C0103, title: 灯, when: {lamp: a}}]")], "unknown-field", "repair", "cannot"),
    ("a linked title that nobody fills", [("to: archived", "to: archived\n        opens: [{class: C0103, title: '{lamp} 灯'}]")], "unknown-placeholder", "repair", "cannot"),
    ("a lapse that opens itself for ever", [("label: {zh: 通过, en: Passed}}", "label: 通过, opens: [{class: C0103, title: 灯}]}"), ("not_same_as: [repair]", "lapse: good")], "opens-itself", "check", "good"),
    # who picks, who is told, what the chart shows
    ("picking from nobody", [("who: grid-head\n", "who: grid-head\n    pick: true\n")], "pick-without-choice", "check", None),
    ("a virtual beginning", [("limit: 2 working days", "limit: 2 working days\n    virtual: true")], "virtual-start", None, None),
    ("one post twice in a follow-up", [("    who: grid-head-2\n", "    who: [grid-head-2, grid-head-2]\n")], "follow-up-twice", None, None),
    ("siblings that are none", [("    every: 3 d\n", "    at: 50%\n    closes_siblings: true\n")], "siblings-none", None, None),
    ("lateness told to nobody", [("    every: 3 d\n", "    every: 3 d\n    late: {tell: [], text: 未报}\n")], "bad-value", None, None),
    ("lateness told to an unknown role", [("    every: 3 d\n", "    every: 3 d\n    late: {tell: grid-hed, text: 未报}\n")], "unknown-role", None, None),
    ("a message on no source", [("- {to: reporter, ", "- {to: reporter, when: {source: telegraph}, ")], "bad-condition", "repair", "done"),
    ("an opinion on no field", [("to: archived", "to: archived\n        opinions: [{zh: 好, en: good, when: {lamp: a}}]")], "unknown-field", "repair", "cannot"),
    ("an agenda after no return", [("escalation:", "agenda: {returned: 0}\nescalation:")], "bad-value", None, None),
    ("an agenda on no clock", [("escalation:", "agenda: {unacknowledged: soon}\nescalation:")], "bad-value", None, None),
    # personal information
    ("erasing nothing", [("escalation:", "erase: 30 d\nescalation:")], "erase-nothing", None, None),
    ("erasing without unit", [("escalation:", "erase: 30\nescalation:")], "bad-value", None, None),
    ("telling what is personal", [("kind: text, label: {zh: 灯杆号", "kind: text, personal: true, label: {zh: 灯杆号"), ("'{number} 已修好'", "'{lamp_no} 已修好'")], "personal-told", "repair", "done"),
    ("a personal photo", [("kind: text, label: {zh: 灯杆号", "kind: photo, personal: true, label: {zh: 灯杆号")], "personal-attached", None, None),
    ("reckoning openly with what is personal", [("key: pole_height, kind: number", "key: pole_height, personal: true, kind: number"), ("visible: {part: pole}}", "visible: {part: pole}}\n      - {key: twice, kind: computed, label: 两倍, computed: {operation: sum, of: [pole_height]}}")], "personal-computed", "repair", None),
    ("an urgency that is none", [("to: archived", "to: archived\n        assigns: {urgency: part}")], "assigned-urgency", "repair", "cannot"),
    ("a placeholder that formats", [("'{number} 已修好'", "'{number:>9999999} 已修好'")], "unknown-placeholder", "repair", "done"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code", "stage", "leave"), [pytest.param(*rest, id=name) for name, *rest in BROKEN]
)
def test_refused_for_its_reason(
    changes: list[tuple[str, str]], code: str, stage: str | None, leave: str | None
) -> None:
    found = findings(edited(*changes))
    match = [one for one in found if one.code == f"scenarios.{code}"]
    assert match, [str(one) for one in found]
    first = match[0]
    assert first.line is not None
    assert first.zh
    assert first.en
    assert (first.stage, first.exit) == (stage, leave)


def test_the_line_is_that_of_the_fault() -> None:
    text = edited(("to: check", "to: chekc"))
    (found,) = findings(text)
    assert found.line is not None
    assert "to: chekc" in text.splitlines()[found.line - 1]
    assert "check" in found.en  # did you mean


def test_a_yaml_bomb_and_a_huge_file_are_refused_before_they_are_built() -> None:
    assert findings("a: &a [x, x]\nb: [*a, *a]")[0].code == "scenarios.anchor"
    assert findings("[" * 100_000)[0].code == "scenarios.too-deep"
    assert findings("- a\n" * 60_000)[0].code == "scenarios.too-many-parts"
    assert findings("#" * 5_000_000)[0].code == "scenarios.too-large"
    assert findings("")[0].code == "scenarios.empty"


def test_all_faults_are_told_at_once() -> None:
    text = edited(("to: check", "to: chekc"), ("edits: [lamp_no]", "edits: [lamp]"), ("at: 100%", "at: 50%"))
    assert {one.code for one in findings(text)} == {
        "scenarios.no-target",
        "scenarios.unknown-field",
        "scenarios.escalation-order",
    }


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("name: {zh: 维修, en: Repair}", 'name: {zh: "维修, en: Repair}'),
        (
            "    who: {role: department-handler, unit: housing}",
            "   who: {role: department-handler, unit: housing}",
        ),
        ("classes: [C0103]", "classes: [C0103"),
    ],
)
def test_a_slip_of_the_pen_is_told_near_the_line_where_it_was_made(good: str, bad: str) -> None:
    text = SMALL.replace(good, bad) + '# "quoted" words further down: "\n' * 3
    draft = parse(text)
    assert isinstance(draft, DefinitionRefused)
    (found,) = draft.findings
    line = next(n for n, each in enumerate(text.splitlines(), 1) if bad in each)
    assert found.line is not None
    assert line <= found.line <= line + 1
    assert found.column is not None
    assert "expected" not in found.zh


def test_a_limit_for_a_class_that_the_scenario_does_not_take_is_named() -> None:
    text = edited(("classes: [C0103]", "classes: [C0104]"))
    tree = ClassTree([ClassInfo(code, Text(code, code), unit="housing") for code in ("C0103", "C0104")])
    line = next(each for each in text.splitlines() if each.strip().startswith("limit:"))
    limit = line.split("limit:")[1].strip()
    draft = parse(
        text.replace(line, line.replace(limit, f"{{default: {limit}, by_class: {{C0103: 1 day}}}}"), 1)
    )
    assert not isinstance(draft, DefinitionRefused)
    found = unknown_names(draft.definition, units=UNITS, classes=tree)
    assert [one.code for one in found] == ["scenarios.class-not-taken"]


def test_a_file_that_is_a_mere_text_is_told_so() -> None:
    (found, *_) = findings("只是一句话")
    assert found.zh.startswith("文件内容应为")
