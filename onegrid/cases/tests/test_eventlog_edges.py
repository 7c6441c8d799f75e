"""Taking the event log out: who may, which cases, what the audit log keeps, over HTTP and by command."""

import codecs
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from onegrid.accounts.queries import AuditFilter, AuditItem, audit_page
from onegrid.accounts.rules import SYSTEM, Actor, AuditKind, NotPermitted
from onegrid.accounts.tests import factories as accounts
from onegrid.cases import actions, queries
from onegrid.cases.commands import app
from onegrid.cases.queries import LogFilter
from onegrid.cases.queries import eventlog as log_queries
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.eventlog import LogFormat, Trace
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import NOW, City, made, opened, report
from onegrid.cases.tests.test_api import signed_in
from onegrid.kernel.texts import CannotWrite
from onegrid.scenarios.rules.refusals import UnknownScenario

DAY = timedelta(days=1)


def exports() -> list[AuditItem]:
    """What the audit log says of logs that were taken out, newest first."""
    return audit_page(SYSTEM, AuditFilter(kind=AuditKind.EXPORT)).items


@pytest.fixture
def cases(city: City) -> dict[str, str]:
    """Two cases in Wang's village, one of them noted; one in Chen's, opened a day later."""
    first, second = opened([report(city), report(city)])
    (third,) = opened([report(city, grid=f.OTHER_GRID, at=NOW + DAY)], now=NOW + DAY)
    wang = city.actor("wang")
    made([do.Acknowledge(case_id=first.case_id, version=1)], by=wang)
    made([do.Note(case_id=first.case_id, text="已联系村民张三")], by=wang)
    return {"first": first.number, "second": second.number, "third": third.number}


def logged(actor: Actor, **wanted: Any) -> list[Trace]:
    return list(queries.traces(LogFilter(**wanted), actor=actor))


def test_a_trace_is_the_whole_trail_of_a_case_by_posts(city: City, cases: dict[str, str]) -> None:
    (first,) = [one for one in logged(SYSTEM) if one.number == cases["first"]]
    assert [(one.activity, one.transition) for one in first.events] == [
        ("立案", "complete"),
        ("一级网格处置", "start"),
        ("办理记录", "complete"),
    ]
    assert first.events[1].resource == "grid-head@350583111201"
    assert first.events[1].role == "一级网格长"
    assert (first.scenario, first.scenario_name, first.scenario_version) == (
        "environment-sanitation",
        "环境卫生问题处置",
        1,
    )


def test_no_name_title_or_word_of_a_case_leaves_with_the_log(city: City, cases: dict[str, str]) -> None:
    for form in LogFormat:
        said = "".join(actions.export_log(LogFilter(), form, by=SYSTEM, now=NOW))
        for secret in ("张三", "王国强", "村口", "大榕树", "三天"):
            assert secret not in said, (form, secret)
        assert cases["first"] in said


def test_a_log_holds_the_cases_of_the_scenario_and_time_asked_for(city: City, cases: dict[str, str]) -> None:
    assert {one.number for one in logged(SYSTEM)} == set(cases.values())
    assert [one.number for one in logged(SYSTEM, since=NOW + DAY)] == [cases["third"]]
    assert {one.number for one in logged(SYSTEM, until=NOW + DAY)} == {cases["first"], cases["second"]}
    assert logged(SYSTEM, scenario="illegal-construction") == []
    assert len(logged(SYSTEM, scenario="environment-sanitation")) == 3


def test_only_the_grid_office_an_auditor_and_a_machine_within_its_place_take_logs_out(
    city: City, cases: dict[str, str]
) -> None:
    auditor = Actor(None, "审计", "person", permissions=frozenset({"audit.read"}))
    machine = Actor(None, "分析", "machine", permissions=frozenset({"case.export"}), territory="350583112")
    nowhere = Actor(None, "分析", "machine", permissions=frozenset({"case.export"}))
    assert len(logged(city.actor("gao"))) == len(logged(auditor)) == 3
    assert [one.number for one in logged(machine)] == [cases["third"]]
    assert logged(nowhere) == []
    for name in ("lin", "wang", "mei", "zhao"):
        with pytest.raises(NotPermitted):
            actions.export_log(LogFilter(), LogFormat.CSV, by=city.actor(name), now=NOW)


def test_cases_are_read_some_at_a_time_and_none_is_cut(
    city: City, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = logged(SYSTEM)
    monkeypatch.setattr(log_queries, "CASES_AT_ONCE", 1)
    monkeypatch.setattr(log_queries, "ROWS_AT_ONCE", 2)
    assert logged(SYSTEM) == whole
    one = queries.traces(LogFilter(), actor=SYSTEM)
    assert next(one) == whole[0]
    one.close()  # type: ignore[attr-defined]  # whoever stops reading leaves no cursor behind
    assert logged(SYSTEM) == whole


def test_an_export_is_on_the_audit_log_before_anything_leaves(city: City, cases: dict[str, str]) -> None:
    gao = city.actor("gao")
    actions.export_log(LogFilter("environment-sanitation", since=NOW), LogFormat.OCEL, by=gao, now=NOW)
    (row,) = exports()
    assert (row.account_id, row.at) == (gao.account_id, NOW)
    assert "ocel" in row.detail
    assert "environment-sanitation" in row.detail


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_the_log_is_streamed_over_http_to_those_who_may(city: City, cases: dict[str, str]) -> None:
    gao, wang = signed_in("gao"), signed_in("wang")
    answer = gao.get("/api/cases/log?format=ocel&scenario=environment-sanitation")
    assert answer.streaming
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases.jsonocel"'
    assert len(json.loads(body(answer))["events"]) == 5
    assert body(gao.get("/api/cases/log")).startswith("<?xml")
    assert body(gao.get("/api/cases/log?format=csv&since=2026-11-25T00:00:00Z")).count("\n") == 2
    assert [one.path for one in exports()] == ["/api/cases/log"] * 3
    assert wang.get("/api/cases/log").status_code == 403
    assert Client().get("/api/cases/log").status_code == 401
    assert gao.get("/api/cases/log?format=pdf").status_code == 422
    assert gao.get("/api/cases/log?since=yesterday").status_code == 422


def test_the_log_is_written_to_a_file_on_the_command_line(
    city: City, cases: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "log.csv"
    words = [
        "case",
        "log",
        "--format",
        "csv",
        "--since",
        "2026-11-24",
        "--until",
        "2026-11-25",
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "已导出" in result.output
    assert out.read_bytes().startswith(codecs.BOM_UTF8)  # without it spreadsheets misread Chinese
    assert out.read_text().count("\n") == 5
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]
    assert exports()[0].name == "系统"
    assert CliRunner().invoke(app, ["case", "log", "--format", "pdf", "--out", str(out)]).exit_code == 2
    assert accounts.audited()[-1][0] == "export"


def test_a_scenario_that_is_not_there_and_a_folder_that_is_not_there_are_refused(
    city: City, tmp_path: Path
) -> None:
    run = CliRunner()
    nope = run.invoke(app, ["case", "log", "--scenario", "nope", "--out", str(tmp_path / "x.csv")])
    assert isinstance(nope.exception, UnknownScenario)
    assert not (tmp_path / "x.csv").exists()
    nowhere = run.invoke(app, ["case", "log", "--out", str(tmp_path / "missing" / "x.csv")])
    assert isinstance(nowhere.exception, CannotWrite)
    assert exports() == []
