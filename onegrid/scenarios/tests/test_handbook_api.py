"""Handbooks, charts and differences through HTTP and the command line, by the cast."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from typer.testing import CliRunner

from onegrid.accounts import actions as accounts
from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.tests.factories import FixedStandings, cast
from onegrid.kernel import clock
from onegrid.scenarios import actions
from onegrid.scenarios.commands import app
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.books import in_page, in_pdf, in_word
from onegrid.scenarios.tests.files import LIBRARY, SMALL
from onegrid.workforce import queries as workforce
from onegrid.workforce.queries import PostFilter

pytestmark = pytest.mark.django_db
MANUAL = "/api/scenarios/illegal-construction/handbook"


@pytest.fixture
def lin(standings: FixedStandings) -> Client:
    """A grid worker, with the library live."""
    factories.library()
    cast(standings)
    return client("lin")


def client(username: str) -> Client:
    token = accounts.issue_token(
        username, name="t", scopes=["scenario.read", "workforce.read"], days=1, by=SYSTEM, now=clock.now()
    )
    return Client(headers={"Authorization": f"Bearer {token.secret}"})


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def second_version() -> None:
    text = (LIBRARY / "illegal-construction.yaml").read_text()
    old = "    limit: 24 clock hours\n"
    assert text.count(old) == 1
    actions.publish(text.replace(old, "    limit: 2 working days\n"), by=SYSTEM, now=clock.now())


def test_a_manual_comes_as_web_page_word_file_and_pdf(lin: Client) -> None:
    page = lin.get(MANUAL)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.content.decode().startswith("<!DOCTYPE html>")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "两违防治业务流程手册" in in_page(page.content)
    assert "适用范围全市" in in_page(page.content)
    word = lin.get(MANUAL, {"format": "docx"})
    assert unquote(word.headers["Content-Disposition"]).endswith("两违防治业务流程手册.docx")
    assert "踏勘核实" in in_word(word.content)
    pdf = lin.get(MANUAL, {"format": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    assert "牵头单位自然资源局" in in_pdf(pdf.content)


def test_a_manual_that_the_reader_has_is_not_drawn_again(lin: Client) -> None:
    asked: dict[str, str] = {"format": "pdf", "version": "1"}
    etag = lin.get(MANUAL, asked).headers["ETag"]
    again = lin.get(MANUAL, asked, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    second_version()
    newer = lin.get(MANUAL, {"format": "pdf"}, headers={"If-None-Match": etag})
    assert newer.status_code == 200
    assert newer.headers["ETag"] != etag


def test_an_old_version_is_still_printed_and_an_unknown_one_refused(lin: Client) -> None:
    second_version()
    assert "24小时（昼夜连续计时）" in in_page(lin.get(MANUAL, {"version": 1}).content)
    assert "尚未启用或已停用" in in_page(lin.get(MANUAL, {"version": 1}).content)
    assert "第2版" in in_page(lin.get(MANUAL).content)
    refused = lin.get(MANUAL, {"version": 7})
    assert (refused.status_code, refused.json()["code"]) == (404, "scenarios.no-version-number")
    assert refused.json()["detail"] == "场景“illegal-construction”没有第 7 版，最新是第 2 版。"
    assert lin.get("/api/scenarios/none/handbook").json()["code"] == "scenarios.no-scenario"
    assert lin.get(MANUAL, {"format": "rtf"}).status_code == 422


def test_the_differences_of_two_versions_are_a_list_of_sentences(lin: Client) -> None:
    second_version()
    path = "/api/scenarios/illegal-construction/differences"
    (one,) = lin.get(path, {"from": 1, "to": 2}).json()
    assert one == {
        "kind": "changed",
        "path": ["stages", "verify", "limit"],
        "stage": "verify",
        "zh": "环节“踏勘核实”：时限由“24小时（昼夜连续计时）”改为“2个工作日”",
        "en": "stage 'Site survey': limit from '24 hours' to '2 working days'",
    }
    assert lin.get(path, {"from": 2, "to": 2}).json() == []
    assert lin.get(path, {"from": 1, "to": 3}).status_code == 404


def test_a_duty_list_is_given_of_a_unit(lin: Client) -> None:
    page = in_page(lin.get("/api/handbooks/duty", {"unit": "urban-management"}).content)
    assert "城管局职责清单" in page
    assert "城管局处置" in page
    neither = lin.get("/api/handbooks/duty")
    assert (neither.status_code, neither.json()["code"]) == (422, "scenarios.unit-or-post")


def test_a_post_has_only_what_its_role_answers_for(lin: Client) -> None:
    from onegrid.scenarios.queries.handbooks import Format, duty_handbook
    from onegrid.scenarios.rules.handbook.asked import WhoseDuties

    posts = workforce.posts(SYSTEM, PostFilter(role="chief-head"), now=clock.now()).items
    whose = WhoseDuties(post=posts[0].post_id)
    file = duty_handbook(Format.HTML, whose, actor=SYSTEM, now=clock.now()).draw()
    text = in_page(file.content)
    assert "两违认定" in text
    assert "主办（第一网格长）" in text
    assert "营商环境" not in text


def test_a_guide_and_the_workers_manual_are_given(lin: Client) -> None:
    path = "/api/handbooks/guide"
    guide = lin.get(path, {"scenario": "environment-sanitation", "role": "grid-head"})
    assert "环境卫生问题处置操作指南（一级网格长）" in in_page(guide.content)
    assert lin.get(path, {"scenario": "environment-sanitation", "role": "king"}).status_code == 422
    manual = lin.get("/api/handbooks/worker", {"format": "pdf"})
    assert "网格员业务操作手册" in in_pdf(manual.content)


def test_the_flow_chart_is_given_of_a_version_and_of_an_unsaved_file(lin: Client) -> None:
    chart = lin.get("/api/scenarios/illegal-construction/chart.svg")
    assert chart.headers["Content-Type"] == "image/svg+xml"
    assert "踏勘核实" in chart.content.decode()
    english = lin.get("/api/scenarios/illegal-construction/chart.svg", {"lang": "en"})
    assert "Site survey" in english.content.decode()
    preview = lin.post("/api/scenarios/chart", {"source": SMALL}, content_type="application/json")
    assert preview.content.decode().startswith("<svg")
    assert "返工（限1次） → 1" in preview.content.decode()
    broken = lin.post("/api/scenarios/chart", {"source": "key: ["}, content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (422, "scenarios.not-sound")


def test_strangers_see_no_handbook(lin: Client) -> None:
    assert client("song").get(MANUAL).status_code == 403
    assert Client().get("/api/handbooks/worker").status_code == 401


def test_handbooks_are_written_by_command(lin: Client, tmp_path: Path) -> None:
    second_version()
    out = tmp_path / "manual.pdf"
    code, said = run("handbook", "illegal-construction", "--format", "pdf", "--out", str(out))
    assert (code, str(out) in said) == (0, True)
    assert out.read_bytes().startswith(b"%PDF")
    for words in (
        ["guide", "illegal-construction", "deputy-chief", "--format", "html"],
        ["duty", "--unit", "natural-resources", "--format", "docx"],
        ["worker-manual", "--format", "html"],
        ["chart", "illegal-construction"],
    ):
        file = tmp_path / f"{words[0]}.out"
        assert run(*words, "--out", str(file))[0] == 0
        assert file.stat().st_size > 2000
    code, said = run("differences", "illegal-construction", "1", "2")
    assert "时限由“24小时（昼夜连续计时）”改为“2个工作日”" in said
    assert "1 处不同" in said
