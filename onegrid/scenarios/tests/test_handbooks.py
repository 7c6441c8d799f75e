"""Handbooks say all that the definition says, in Chinese, in every format."""

import re
from dataclasses import replace
from functools import lru_cache

import pytest

from onegrid.scenarios.queries.handbooks.files import Format, sheet
from onegrid.scenarios.rules import Field, FieldKind, Form, OneOf, Text
from onegrid.scenarios.rules.fields import Computed, Operation
from onegrid.scenarios.rules.handbook import Edition, Figure, HandbookKind, guide, manual
from onegrid.scenarios.rules.handbook.manual import overview
from onegrid.scenarios.rules.handbook.wording import Wording
from onegrid.scenarios.tests.books import (
    EDITION,
    KEYS,
    book,
    in_page,
    in_pdf,
    in_word,
    known,
    names,
    packed,
    roles,
    words_of,
)

WORDS = {Format.HTML: in_page, Format.DOCX: in_word, Format.PDF: in_pdf}
CODES = re.compile(
    r"(?<![A-Za-z])"
    r"(GB/T|[CES]\d{2}(\d{2})?|[A-Z]{2}|[A-D]|Dsu ?级|[IV]+ ?级)"
    r"(?![A-Za-z])"
)
"""What may stand in Latin letters: class codes, the prefix of case numbers, grades, standards."""
OTHERS = ("APP", "GPS", "PDF", "DNA", "ICU", "CT", "HIV", "AQI", "COD", "pH", "WGS-84")


@lru_cache
def read(kind: str, key: str, shape: Format) -> str:
    """The words of a handbook's finished file."""
    return WORDS[shape](sheet(book(kind, key), shape).draw().content)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", ["manual", "guide", "duty"])
def test_every_scenario_gives_every_kind_in_every_format(key: str, kind: str) -> None:
    for shape in Format:
        assert packed(book(kind, key).title) in read(kind, key, shape), shape


def test_grid_workers_have_one_manual_in_every_format() -> None:
    assert book("worker", "").large
    for shape in Format:
        for key in KEYS:
            assert known(key).name.zh in read("worker", "", shape), (shape, key)


@pytest.mark.parametrize("shape", [Format.DOCX, Format.PDF, Format.HTML])
@pytest.mark.parametrize("key", KEYS)
def test_the_manual_holds_every_stage_exit_limit_and_evidence(key: str, shape: Format) -> None:
    definition = known(key)
    say = Wording(definition, names())
    text = read("manual", key, shape)
    wanted = {"第3版", "2026年11月24日", definition.name.zh, *definition.basis}
    for stage in definition.stages.values():
        wanted |= {stage.name.zh, say.who(stage.who), *map(say.limit, stage.limit.all())}
        wanted |= {say.who(who) for who in (*stage.copy, *stage.may_copy)}
        wanted |= {one.label.zh for one in stage.form.fields}
        for leave in stage.exits.values():
            wanted |= {leave.label.zh, *(say.need(one) for one in (*stage.evidence, *leave.needs))}
            wanted |= {say.sentence(one) for one in leave.opinions}
            wanted |= {say.sentence(one.text) for one in leave.messages}
    wanted |= {one.name.zh for one in definition.follow_ups.values()}
    wanted |= {one.label.zh for one in definition.form.fields}
    wanted |= {f"{one.at_percent}%" for one in definition.escalation}
    missing = [one for one in wanted if packed(one) not in text]
    assert missing == []


@pytest.mark.parametrize("key", KEYS)
def test_no_english_leaks_into_the_chinese(key: str) -> None:
    made = [book("manual", key), book("duty", key)]
    made += [guide(known(key), role, names=names(), edition=EDITION) for role in roles(key)]
    assert [text for one in made for text in words_of(one) if leaks(text)] == []


def test_the_grid_workers_manual_says_times_as_people_do() -> None:
    said = "".join(words_of(book("worker", "")))
    assert "每一般" not in said
    assert "一般每5个上班日，具体看手机上的到期时间" in said
    assert "0.1667" not in said and "0.33小时" not in said
    assert "10分钟" in said


def test_no_english_leaks_into_the_grid_workers_manual() -> None:
    assert [text for text in words_of(book("worker", "")) if leaks(text)] == []


def leaks(text: str) -> bool:
    """Latin letters that are no code, or a name that was not found."""
    return bool(re.search("[A-Za-z]", _without(text))) or "未登记" in text or "未知" in text


def _without(text: str) -> str:
    for word in OTHERS:
        text = text.replace(word, "")
    return CODES.sub("", text)


@pytest.mark.parametrize("key", KEYS)
def test_every_label_of_evidence_has_a_chinese_name(key: str) -> None:
    say = Wording(known(key), names())
    for text in words_of(book("manual", key)):
        assert "（）" not in text
    for stage in known(key).stages.values():
        for leave in stage.exits.values():
            for need in (*stage.evidence, *leave.needs):
                for one in need.of if isinstance(need, OneOf) else (need,):
                    assert not one.label or say.label(one.label), f"name '{one.label}' in answers.LABEL_ZH"


def test_a_condition_is_told_as_a_sentence() -> None:
    text = packed("".join(words_of(book("manual", "illegal-construction"))))
    assert "“建设状态”为“在建”，且“是否已停工”为“否”的，3天（自然日）" in text
    assert "“是否有审批手续”为“是”时" in text
    assert "选择的出口为“属实”时必填" in text
    assert "处理前照片2张（距现场200米内）" in text
    assert "请于【到期时间】前到【地点】踏勘核实两违线索【案件编号】。" in text


def test_a_guide_goes_step_by_step_and_says_what_else_the_post_does() -> None:
    made = guide(known("illegal-construction"), "deputy-chief", names=names(), edition=EDITION)
    text = "".join(words_of(made))
    assert "收到任务后4个工作时内点“签收”。" in text
    assert "会签" not in text
    assert "分送知晓：“两违认定”的情况会分送给您，了解即可" in text


def test_a_role_with_nothing_to_do_gets_a_guide_that_says_so() -> None:
    made = guide(known("environment-sanitation"), "town-police", names=names(), edition=EDITION)
    assert "派出所在本场景中没有要办理或知晓的事项。" in "".join(words_of(made))


def test_a_duty_list_tells_own_work_co_signing_and_decisions() -> None:
    text = "".join(words_of(book("duty", "illegal-construction")))
    assert "会签（自然资源局承办人）" in text
    assert book("duty", "illegal-construction").kind is HandbookKind.DUTY
    assert "主办（主责部门承办人）" in text


def test_a_draft_that_was_never_published_says_so() -> None:
    made = manual(known("illegal-construction"), names=names(), edition=Edition(0, EDITION.published_on))
    assert ("版本", "草稿（未发布）") in made.meta
    assert any(isinstance(block, Figure) for block in made.blocks)


def test_the_same_handbook_is_the_same_file_and_has_the_same_mark() -> None:
    made = book("guide", "illegal-construction")
    for shape in Format:
        one, other = sheet(made, shape), sheet(made, shape)
        assert one.etag == other.etag
        if shape is not Format.DOCX:  # a zip file carries the time of writing
            assert one.draw().content == other.draw().content


def test_a_sum_over_a_table_and_large_bounds_are_told_in_full() -> None:
    base = known("illegal-construction")
    column = Field("floor", FieldKind.NUMBER, Text("层面积", "Floor area"))
    table = Field("floors", FieldKind.TABLE, Text("各层", "Floors"), columns=(column,))
    total = Field(
        "total",
        FieldKind.COMPUTED,
        Text("总面积", "Total"),
        unit="m²",
        computed=Computed(Operation.SUM, ("floors.floor",)),
    )
    money = Field("cost", FieldKind.MONEY, Text("造价", "Cost"), unit="元", minimum=0, maximum=1e10)
    changed = replace(base, form=Form((table, total, money)))
    text = "".join(words_of(manual(changed, names=names(), edition=EDITION)))
    assert "由各层的层面积合计得出" in text
    assert "0至10,000,000,000元" in text


def test_the_overview_says_of_each_exit_what_it_asks_for() -> None:
    say = Wording(known("environment-sanitation"), names())
    table = overview(say, list(say.definition.stages.values()))
    first = table.rows[0][-1]
    assert "已处置：" in first
    assert "上报镇级处置：" in first
