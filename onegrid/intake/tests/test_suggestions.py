"""The model on the road: asked where nothing else classes, never about danger, taught by people."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.commands import evaluate, train
from onegrid.intake.models import Report, Suggestion
from onegrid.intake.queries import models as stored
from onegrid.intake.rules.learned.making import made
from onegrid.intake.rules.learned.samples import Target, TooFewRows
from onegrid.intake.rules.modelfile import pack
from onegrid.intake.rules.pool import Onboarding
from onegrid.intake.rules.reports import OutcomeKind
from onegrid.intake.tests.factories import (
    COUNTY,
    GRID,
    LAMP,
    NOW,
    RUBBISH,
    STALL,
    Staff,
    clerk_of,
    middle,
    receive,
    report,
)
from onegrid.kernel import clock

SAID = {
    RUBBISH: ["楼下臭气熏天没人收拾", "门口堆满了烂菜叶", "后巷又脏又臭", "剩饭剩菜倒了一地"],
    STALL: ["早餐推车把路占了", "卖水果的三轮车堵住门口", "夜宵小贩把桌子摆到马路上", "推车叫卖堵路"],
    LAMP: ["巷子晚上黑漆漆看不见", "夜里太黑走路害怕", "天黑以后一片漆黑", "晚上黑得看不清路"],
}
ROUNDS = 8


@pytest.fixture
def taught(world: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """A city whose grid workers named the class of 96 reports, on several days; no model came along."""
    monkeypatch.setattr(stored, "LIBRARY", tmp_path)
    receive(
        [
            report(
                class_code=code, description=f"{text}，{n}号", north_m=10 * n,
                reported_at=NOW - timedelta(hours=ROUNDS - n),
            )
            for n in range(ROUNDS)
            for code, texts in SAID.items()
            for text in texts
        ]
    )  # fmt: skip
    return world


@pytest.fixture
def learned(taught: Staff) -> Staff:
    actions.adopt(pack(made(queries.lessons(), made_at=NOW)), by=SYSTEM, now=NOW)
    return taught


def unnamed(text: str, **fields: Any) -> Any:
    return report(class_code=None, description=text, north_m=300, **fields)


def test_without_a_model_a_report_that_nothing_classes_waits_as_before(taught: Staff) -> None:
    (outcome,) = receive([unnamed("又脏又臭，剩菜堆在门口")])
    assert (outcome.kind, outcome.reason) == (OutcomeKind.POOLED, "intake.class-unknown")
    assert not Suggestion.objects.exists()


def test_the_model_classes_what_neither_sender_nor_words_class(learned: Staff) -> None:
    (outcome,) = receive([unnamed("又脏又臭，剩菜堆在门口")])
    assert outcome.kind is OutcomeKind.OPENED
    kept, said = Report.objects.get(id=outcome.report_id), Suggestion.objects.get(report_id=outcome.report_id)
    assert (kept.class_code, kept.class_given, said.class_code) == (RUBBISH, "", RUBBISH)


def test_sender_and_fixed_phrases_go_before_the_model(learned: Staff) -> None:
    outcomes = receive([report(class_code=STALL, description="又脏又臭"), unnamed("路灯：又脏又臭")])
    codes = [Report.objects.get(id=each.report_id).class_code for each in outcomes]
    assert codes == [STALL, LAMP]
    assert not Suggestion.objects.exists()


def test_what_the_model_is_not_sure_of_waits_with_three_suggestions_for_the_desk(learned: Staff) -> None:
    (outcome,) = receive([unnamed("你好")])
    assert outcome.kind is OutcomeKind.POOLED
    shown = next(each for each in queries.pool(clerk_of(COUNTY)).items if each.report_id == outcome.report_id)
    assert shown.proposal is not None
    assert {each.key for each in shown.proposal.classes} == {RUBBISH, STALL, LAMP}
    assert all(each.name_zh and each.name_en for each in shown.proposal.classes)
    assert shown.proposal.units
    others = [each for each in queries.pool(clerk_of(COUNTY)).items if each.report_id != outcome.report_id]
    assert all(each.proposal is None for each in others)


def test_a_named_class_that_is_not_listed_is_suggested_for_but_not_decided(learned: Staff) -> None:
    (outcome,) = receive([report(class_code="环卫类", description="又脏又臭，剩菜堆在门口")])
    assert (outcome.kind, outcome.reason) == (OutcomeKind.POOLED, "intake.class-not-listed")
    assert Suggestion.objects.get(report_id=outcome.report_id).best["class"][0][0] == RUBBISH


def test_a_danger_to_life_is_told_by_rule_whatever_the_model_says(learned: Staff) -> None:
    (outcome,) = receive([unnamed("又脏又臭，剩菜堆在门口，有人被困火场")])
    kept = Report.objects.get(id=outcome.report_id)
    assert (kept.urgent, kept.threats, kept.kind) == (True, ["casualty"], "pooled")
    assert Suggestion.objects.get(report_id=outcome.report_id).class_code == ""


def test_a_batch_is_told_as_its_reports_one_by_one(learned: Staff) -> None:
    texts = ["又脏又臭", "推车堵路", "你好", "", "😀", "黑漆漆"]
    together = receive([unnamed(text, photos=("0" * 64,)) for text in texts])
    alone = [receive([unnamed(text, photos=("0" * 64,))])[0] for text in texts]

    def codes(outcomes: Any) -> list[str]:
        return [Report.objects.get(id=each.report_id).class_code for each in outcomes]

    assert codes(together) == codes(alone)


def test_the_desks_corrections_teach_and_what_only_the_model_said_does_not(learned: Staff) -> None:
    before = len(queries.lessons())
    receive([unnamed("又脏又臭，剩菜堆在门口")])
    assert len(queries.lessons()) == before
    (waiting,) = receive([unnamed("你好，请处理一下这里的问题")])
    actions.onboard(
        [Onboarding(waiting.report_id, class_code=STALL)], by=clerk_of(COUNTY), now=NOW + timedelta(hours=1)
    )
    lessons = queries.lessons()
    assert len(lessons) == before + 1
    assert lessons[-1].truth[Target.CLASS] == STALL
    assert lessons[-1].sample.named == ""
    times = [each.sample.at for each in lessons]
    assert times == sorted(times)  # type: ignore[type-var]


def client() -> Client:
    issued = accounts.issue_token(
        "mei", name="t", scopes=["report.create", "pool.decide"], days=1, by=SYSTEM, now=clock.now()
    )
    return Client(headers={"Authorization": f"Bearer {issued.secret}"})


def ask(**fields: Any) -> Any:
    body = {"channel": "worker", **fields}
    answer = client().post("/api/reports/suggest", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_before_sending_one_may_ask_what_it_is_about(learned: Staff) -> None:
    lng, lat = middle(GRID)
    count = Report.objects.count()
    told = ask(description="又脏又臭，剩菜堆在门口", lng=lng, lat=lat, system="WGS84")
    best = told["proposal"]["classes"][0]
    assert (told["class_code"], best["key"], best["scenario"]) == (RUBBISH, RUBBISH, "environment-sanitation")
    assert told["proposal"]["model"]
    assert ask(description="着火了")["threats"] == ["fire"]
    by_words = ask(description="路灯不亮")
    assert by_words["class_code"] == LAMP
    assert [each["probability"] for each in by_words["proposal"]["classes"]] == [1.0]
    assert by_words["proposal"]["units"]
    assert by_words["proposal"]["urgencies"][0]["name_zh"] in {"紧急", "一般", "较缓"}
    assert ask(description="你好")["class_code"] is None
    assert Report.objects.count() == count


def test_the_pool_over_http_carries_the_proposals(learned: Staff) -> None:
    receive([unnamed("你好")])
    items = client().get("/api/pool").json()["items"]
    (proposal,) = [each["proposal"] for each in items if each["proposal"]]
    assert len(proposal["classes"]) == 3


def test_training_from_the_command_line_adopts_only_when_told(taught: Staff, tmp_path: Path) -> None:
    out = tmp_path / "new.npz"
    done = CliRunner().invoke(train.app, ["classes", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "macro_f1" in done.output
    assert queries.active_model("classes") is None
    assert CliRunner().invoke(train.app, ["classes", "--out", str(out), "--adopt"]).exit_code == 0
    model = queries.active_model("classes")
    assert model is not None
    assert out.stat().st_size < 1_000_000


def test_training_from_too_little_is_refused(world: Staff, tmp_path: Path) -> None:
    done = CliRunner().invoke(train.app, ["classes", "--out", str(tmp_path / "x.npz")])
    assert isinstance(done.exception, TooFewRows)
    assert not (tmp_path / "x.npz").exists()


def test_evaluating_a_file_ends_with_one_figure_and_writes_the_card(tmp_path: Path) -> None:
    file, card = tmp_path / "rows.csv", tmp_path / "card.json"
    with file.open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["label", "text", "status"])
        rows.writerows(
            [code, f"{text}，{n}号", code] for n in range(8) for code, texts in SAID.items() for text in texts
        )
    done = CliRunner().invoke(
        evaluate.app, ["classes", "--data", str(file), "--folds", "3", "--out", str(card)]
    )
    assert done.exit_code == 0, done.output
    figure = json.loads(done.output.strip().splitlines()[-1])
    assert set(figure) == {"name", "value", "unit", "goal", "peer", "peer_value", "ratio"}
    assert figure["value"] == json.loads(card.read_text())["macro_f1"] > 0.9


def test_later_facts_of_a_file_are_never_read_and_time_orders_the_rows(tmp_path: Path) -> None:
    header = [
        "OPEN_DT",
        "TYPE",
        "Department",
        "CLOSURE_REASON",
        "QUEUE",
        "CASE_STATUS",
        "CASE_TITLE",
        "LATITUDE",
    ]
    lines = [
        [
            f"2015-0{month}-{day:02}T08:00:00",
            f"t{day % 3}",
            f"d{day % 3}",
            "later",
            "later",
            "later",
            "later",
            "",
        ]
        for month in (6, 5)
        for day in range(1, 29)
    ]
    file = tmp_path / "cases.csv"
    with file.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([header, *lines, *lines])
    read = stored_rows(file)
    assert read.is_dated
    assert read.target is Target.UNIT
    assert [each.sample.at for each in read.lessons] == sorted(each.sample.at for each in read.lessons)
    assert not any("later" in str(each.sample) for each in read.lessons)
    arguments = ["classes", "--data", str(tmp_path), "--train-until", "2015-06-10", "--json"]
    done = CliRunner().invoke(evaluate.app, arguments)
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["value"] == 1.0


def stored_rows(file: Path) -> Any:
    from onegrid.intake.queries.labelled import labelled

    return labelled(file)


def test_a_file_without_labels_is_refused_by_name(tmp_path: Path) -> None:
    from onegrid.intake.queries.labelled import NotLabelled

    for name, data in (("a.csv", b"text\nx\n"), ("b.csv", b""), ("c.csv", b"label,text\n\xff\xfe,x\n")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(NotLabelled):
            stored_rows(tmp_path / name)
