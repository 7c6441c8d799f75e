"""The command line of scenarios."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.kernel import clock
from onegrid.kernel.texts import NotUtf8
from onegrid.scenarios import actions, queries
from onegrid.scenarios.commands import app
from onegrid.scenarios.rules.document import schema
from onegrid.scenarios.rules.refusals import NotSound, UnknownScenario
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import TOWNS
from onegrid.scenarios.tests.files import SMALL, edited
from onegrid.workforce.queries import city_day

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    factories.city()
    factories.classes()
    path = tmp_path / "lamps.yaml"
    path.write_text(SMALL)
    return path


def test_a_sound_file_is_checked_and_published(file: Path) -> None:
    code, said = run("check", str(file))
    assert code == 0
    assert "4 个网格" in said
    code, said = run("publish", str(file), "--towns", ",".join(TOWNS))
    assert code == 0
    assert "路灯报修" in said
    taker = queries.live(clock.now()).for_class("C0103", TOWNS[1])
    assert taker is not None
    assert taker.towns == tuple(TOWNS)


def test_a_broken_file_is_told_line_by_line_and_not_published(file: Path) -> None:
    file.write_text(edited(("to: check", "to: chekc"), ("edits: [lamp_no]", "edits: [lamp]")))
    code, said = run("check", str(file))
    assert code == 2
    assert "stages.repair.exits.done.to" in said
    assert "chekc" in said
    assert "2 处问题" in said
    with pytest.raises(NotSound):
        run("publish", str(file))


def test_the_library_is_loaded(file: Path) -> None:
    code, said = run("load")
    assert code == 0
    assert "两违防治" in said
    assert queries.live(clock.now()).for_class("S0703", TOWNS[0]) is not None
    listed = run("project", "list")[1]
    assert "illegal-construction  第 1 轮  正式运行  两违防治  第 1 版" in listed
    assert "epidemic-control  第 1 轮  正式运行（休眠，待启用令）" in listed
    assert "随产品安装" in run("project", "show", "illegal-construction")[1]
    scenarios = run("list")[1]
    assert "illegal-construction  两违防治  第 1 版  全市" in scenarios
    assert "全市（休眠，待启用令）" in scenarios
    shown = run("show", "illegal-construction")[1]
    assert "→ 结案" in shown
    with pytest.raises(UnknownScenario):
        run("show", "nope")


def test_the_schema_is_printed_for_editors() -> None:
    code, said = run("schema")
    assert code == 0
    assert json.loads(said) == schema()


def test_a_project_is_led_on_the_command_line_in_the_name_of_people(tmp_path: Path) -> None:
    factories.staffed_city()
    file = tmp_path / "lamps.yaml"
    file.write_text(edited(("discovery: [patrol", f"{DORMANT}discovery: [patrol")))
    key, day = "street-lamps", "2026-11-24"
    named = ["--name", "路灯报修", "--owner", "housing", "--need", "多头受理"]
    month = (city_day(clock.now()) + timedelta(days=30)).isoformat()
    for words, said in (
        (["propose", key, "--as", "zhao", *named], "已提出"),
        (["decide", key, "--as", "gao", "--minutes", "同意", "--on", day], "已立项"),
        (["draft", key, str(file), "--as", "zhao", "--seen", "0"], "拟稿中"),
        (["agree", key, "--as", "zhao", "--seen", "1"], "还须同意 still to agree: 市网格办"),
        (["agree", key, "--as", "gao", "--seen", "1"], "拟稿中"),
        (["build", key, "--as", "gao"], "已定版"),
    ):
        code, told = run("project", *words)
        assert (code, said in told) == (0, True), told
    actions.record_drill(queries.latest(key), summary={}, by=SYSTEM, now=clock.now())
    for words, said in (
        (["trial", key, "--as", "gao", "--towns", TOWNS[0], "--ends-on", month], "试运行"),
        (["go-live", key, "--as", "gao"], "正式运行"),
        (
            ["activate", key, "--as", "gao", "--order", "7号", "--issued-by", "市府", "--ends-on", month],
            "已启用",
        ),
        (["deactivate", key, "--as", "gao", "--reason", "解除"], "已停用"),
        (["suspend", key, "--as", "gao", "--reason", "修订"], "已停用"),
        (["resume", key, "--as", "gao"], "正式运行"),
        (["retire", key, "--as", "gao", "--reason", "职能划转"], "已退出"),
        (["show", key], "高峰"),
        (["show", key], "提出理由：多头受理"),
        (["show", key], "会议纪要：同意，会议日期 2026-11-24"),
        (["show", key], "同意草案  赵敏  第 1 稿，代表牵头单位"),
        (["show", key], "退出  高峰  理由：职能划转"),
        (["show", f"{key}/1"], "赵敏"),
        (["list"], "已退出"),
    ):
        code, told = run("project", *words)
        assert (code, said in told) == (0, True), told


def test_nobody_acts_on_the_command_line_for_an_account_that_is_not_there() -> None:
    factories.staffed_city()
    actions.publish(SMALL, by=SYSTEM, now=clock.now())
    assert run("project", "suspend", "street-lamps", "--as", "nobody", "--reason", "x")[0] != 0
    with pytest.raises(NotPermitted):
        run(*PROPOSE, "--as", "lin")


DORMANT = "dormant: {zh: 须有启用令。, en: By order.}\n"
PROPOSE = ("project", "propose", "x", "--name", "x", "--owner", "housing", "--need", "x")


def test_a_file_in_another_encoding_is_refused_with_the_way_to_mend_it(file: Path, tmp_path: Path) -> None:
    file.write_text(SMALL, encoding="gb18030")
    for words in (["check"], ["publish"], ["bpmn", "--out", str(tmp_path / "x.bpmn")]):
        with pytest.raises(NotUtf8) as refused:
            run(words[0], str(file), *words[1:])
        assert "请另存为 UTF-8" in refused.value.message("zh")


def test_the_mark_that_windows_editors_put_before_a_text_is_no_fault(file: Path) -> None:
    file.write_text(SMALL, encoding="utf-8-sig")
    assert run("check", str(file))[0] == 0


def test_a_file_that_names_an_unknown_role_is_not_exported(file: Path, tmp_path: Path) -> None:
    file.write_text(edited(("who: grid-head\n", "who: grid-haed\n")))
    with pytest.raises(NotSound, match="grid-haed"):
        run("bpmn", str(file), "--out", str(tmp_path / "x.bpmn"))
    assert not (tmp_path / "x.bpmn").exists()


def test_the_check_says_what_publishing_would_say_of_prefix_and_classes(file: Path) -> None:
    run("publish", str(file))
    assert run("check", str(file))[0] == 0  # its own next version
    file.write_text(edited(("key: street-lamps", "key: lamps-again")))
    code, said = run("check", str(file))
    assert code == 2
    assert "编号前缀“LD”已由场景“street-lamps”使用" in said
    assert "事项类别“C0103”已由场景“路灯报修”办理" in said
    assert f"{file.name}:3" in said
    answer = queries.live_check(file.read_text(), towns=None, actor=SYSTEM)
    assert [one.code for one in answer.findings] == ["scenarios.prefix-taken", "scenarios.class-taken"]
