"""A drill of a city in the database: its posts, its past, its files; and what it refuses."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from django.db import connection
from typer.testing import CliRunner

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.commands import app
from onegrid.cases.queries.drill import Order, hold, summary, use_city
from onegrid.cases.queries.drill.habits import ENOUGH
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.drill.refusals import (
    BadHabits,
    NobodyToRecord,
    NoCity,
    NoFile,
    NoHistory,
    NoSuchPerson,
    NoSuchStage,
)
from onegrid.cases.rules.drill.what_if import OneMore, other_limit
from onegrid.cases.tests import factories
from onegrid.cases.tests.factories import City
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.actions import LIBRARY
from onegrid.scenarios.rules.project_refusals import NotYourProject
from onegrid.scenarios.rules.refusals import NotLive, NotSound

KEY = "environment-sanitation"
ORDER = Order(KEY, factories.NOW, days=14, per_day=8, seed=2)


def _with(**more: object) -> Order:
    return replace(ORDER, **more)  # type: ignore[arg-type]


def _worked(city: City, count: int, *, took: timedelta = timedelta(minutes=30)) -> None:
    """So many cases of the past, each signed in after an hour and passed on half an hour (`took`) later."""
    reports = [factories.report(city, at=factories.NOW + timedelta(minutes=10 * n)) for n in range(count)]
    made = factories.opened(reports)
    for n, one in enumerate(made):
        at = factories.NOW + timedelta(minutes=10 * n, hours=1)
        factories.made([do.Acknowledge(case_id=one.case_id)], by=SYSTEM, now=at)
        leave = do.TakeExit(
            case_id=one.case_id, exit="other-grid", opinion="不在本网格",
            form={"new_grid": factories.OTHER_GRID},
        )  # fmt: skip
        factories.made([leave], by=SYSTEM, now=at + took)


def test_a_live_scenario_is_drilled_on_the_posts_of_the_city_and_nothing_is_written(city: City) -> None:
    result = hold(ORDER, now=factories.NOW)
    assert result["cases"]["opened"] == result["cases"]["arrived"] > 60
    assert result["scenario"]["zh"] == "环境卫生问题处置"
    assert {one["from"] for one in result["assumptions"]["handling"]} == {"假定"}
    assert result["findings"][0]
    assert summary(result)["cases"] == result["cases"]["opened"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
    assert orjson.dumps(hold(ORDER, now=factories.NOW)) == orjson.dumps(result)


def test_a_draft_is_drilled_before_it_goes_live(city: City, tmp_path: Path) -> None:
    text = (
        (LIBRARY / f"{KEY}.yaml").read_text(encoding="utf-8").replace(f"key: {KEY}", "key: cleaner-streets")
    )
    file = tmp_path / "draft.yaml"
    file.write_text(text, encoding="utf-8")
    result = hold(_with(scenario=str(file)), now=factories.NOW)
    assert (result["scenario"]["key"], result["scenario"]["version"]) == ("cleaner-streets", 0)
    assert result["cases"]["opened"] > 60


def test_the_past_of_the_city_gives_the_stream_the_handling_times_and_the_exits(city: City) -> None:
    _worked(city, ENOUGH)
    result = hold(_with(stream="historic", days=7), now=factories.NOW)
    assert result["cases"]["arrived"] == ENOUGH
    handling = {one["stage"]: one for one in result["assumptions"]["handling"]}
    exits = {one["stage"]: one for one in result["assumptions"]["exits"]}
    assert (handling["grid-handle"]["from"], handling["grid-handle"]["samples"]) == ("历史记录", ENOUGH)
    assert handling["check"]["from"] == "假定"
    assert 5 < handling["grid-handle"]["mean_min"] <= 40
    assert exits["grid-handle"]["weights"]["other-grid"] == ENOUGH
    assert exits["grid-handle"]["weights"]["done"] == 0


def test_a_past_that_no_person_could_have_worked_is_not_taken_for_handling_times(city: City) -> None:
    _worked(city, ENOUGH, took=timedelta(seconds=5))
    handling = {
        one["stage"]: one for one in hold(_with(days=3), now=factories.NOW)["assumptions"]["handling"]
    }
    assert handling["grid-handle"]["from"].startswith("假定：历史用时中位数不足 60 秒")
    assert handling["grid-handle"]["mean_min"] == handling["town-handle"]["mean_min"] * 30 / 45


def test_the_past_of_today_is_drilled_in_one_day_and_a_drill_without_cases_says_so(city: City) -> None:
    factories.opened([factories.report(city)])
    assert hold(_with(stream="historic", days=1), now=factories.NOW)["cases"]["arrived"] == 1
    empty = hold(_with(days=1, per_day=0.01), now=factories.NOW)
    assert empty["findings"] == ["演练期间没有事件进来，无从判断。请延长天数，或改用模拟流量并指定每天件数。"]
    assert summary(empty)["on_time_rate"] is None


def test_a_what_if_is_played_beside_the_drill(city: City) -> None:
    result = hold(_with(what_ifs=(OneMore("village-centre", ""),)), now=factories.NOW)
    (changed,) = result["what_if"]
    assert changed["label"] == "全市的村级服务管理中心各增加 1 人"
    assert result["findings"][-1] == changed["finding"]


def test_a_what_if_of_an_unknown_stage_is_refused_with_the_stages_there_are(city: City) -> None:
    with pytest.raises(NoSuchStage) as refused:
        hold(_with(what_ifs=(other_limit("nope=2 days"),)), now=factories.NOW)
    assert "grid-handle" in refused.value.message("zh")


def test_a_what_if_of_an_unknown_role_lists_the_roles_of_this_scenario_only(city: City) -> None:
    with pytest.raises(NoSuchPerson) as refused:
        hold(_with(what_ifs=(OneMore("nobody", ""),)), now=factories.NOW)
    assert "village-centre" in refused.value.message("zh")
    assert "police" not in refused.value.message("zh")


def test_the_command_prints_tables_and_findings_and_writes_the_result(city: City, tmp_path: Path) -> None:
    file = tmp_path / "drill.json"
    words = ["drill", KEY, "--days", "7", "--per-day", "5", "--start", "2026-11-23", "--json", str(file)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "实战演练：2026-11-23 起 7 天" in result.output  # the day in the city, not in Greenwich
    for title in ("实战演练", "各环节", "最忙的岗位", "演练依据", "结论"):
        assert title in result.output
    last = orjson.loads(result.output.strip().splitlines()[-1])
    assert last["cases"] == orjson.loads(file.read_bytes())["cases"]["opened"]


def test_a_drill_is_kept_with_the_project_of_the_version_by_whoever_may(city: City) -> None:
    words = ["drill", f"{KEY}/1", "--days", "3", "--per-day", "2", "--record-as"]
    assert CliRunner().invoke(app, [*words, "gao"]).exit_code == 0
    page = scenarios.project(scenarios.latest(KEY), actor=city.actor("gao"))
    (kept,) = page.drills
    assert (kept.by, kept.summary["days"]) == ("高峰", 3)
    assert [step.verb for step in page.record][-1] == "drill"
    nobody = CliRunner().invoke(app, [*words, "nobody"])
    assert isinstance(nobody.exception, NobodyToRecord)
    wang = CliRunner().invoke(app, [*words, "wang"])
    assert isinstance(wang.exception, NotYourProject)
    assert len(scenarios.project(scenarios.latest(KEY), actor=city.actor("gao")).drills) == 1


def test_assumptions_come_from_a_file(city: City, tmp_path: Path) -> None:
    file = tmp_path / "habits.yaml"
    file.write_text("handling: {check: 15}\ntasks: {card: 3}\nexits: {check: {passed: 9, redo-grid: 1}}\n")
    told = hold(_with(habits=file), now=factories.NOW)["assumptions"]
    check = next(one for one in told["handling"] if one["stage"] == "check")
    assert (check["mean_min"], check["from"]) == (15, "指定")
    assert next(one for one in told["exits"] if one["stage"] == "check")["weights"]["passed"] == 9


@pytest.mark.parametrize(
    "text",
    [
        "handling: {nowhere: 5}", "handling: {check: 0}", "handling: {check: soon}",
        "exits: {check: {fly: 1}}", "exits: {check: {passed: 0}}", "exits: {check: [1]}",
        "tasks: {lunch: 60}", "speed: 3", "- 1", "{", "",
    ],
)  # fmt: skip
def test_a_wrong_file_of_assumptions_is_refused(city: City, tmp_path: Path, text: str) -> None:
    file = tmp_path / "habits.yaml"
    file.write_text(text)
    with pytest.raises(BadHabits):
        hold(_with(habits=file), now=factories.NOW)


def test_what_is_not_there_is_refused_by_name(city: City, tmp_path: Path) -> None:
    with pytest.raises(NotLive):
        hold(_with(scenario="no-such-scenario"), now=factories.NOW)
    with pytest.raises(NoFile):
        hold(_with(scenario=str(tmp_path / "missing.yaml")), now=factories.NOW)
    with pytest.raises(NoHistory):
        hold(_with(stream="historic"), now=factories.NOW)
    with pytest.raises(NoCity) as refused:
        use_city("atlantis")
    assert "atlantis" in refused.value.message("zh")
    broken = tmp_path / "broken.yaml"
    broken.write_text("key: x")
    with pytest.raises(NotSound):
        hold(_with(scenario=str(broken)), now=factories.NOW)
