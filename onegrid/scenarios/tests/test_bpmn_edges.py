"""BPMN over HTTP and on the command line."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onegrid.accounts.tests.factories import FixedStandings, cast
from onegrid.kernel.ids import new_id
from onegrid.scenarios.rules.bpmn import BadBpmn, to_bpmn
from onegrid.scenarios.rules.refusals import NotSound
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.files import LIBRARY, LW, SMALL, definition
from onegrid.scenarios.tests.test_api import client
from onegrid.scenarios.tests.test_commands import run

DRAFT = "/api/scenarios/bpmn/draft"


@pytest.fixture
def lin(db: None, standings: FixedStandings) -> Client:
    """A grid worker, with the library live."""
    factories.library()
    cast(standings)
    return client("lin")


def test_a_version_is_fetched_as_a_bpmn_file_and_gives_a_draft_again(lin: Client) -> None:
    (found,) = [row for row in lin.get("/api/scenarios").json() if row["key"] == LW]
    answer = lin.get(f"/api/scenarios/versions/{found['versions'][0]['version_id']}/bpmn")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{LW}-1.bpmn"'
    assert answer.content.decode() == to_bpmn(definition(LW))
    body = lin.post(DRAFT, {"file": SimpleUploadedFile("x.bpmn", answer.content)}).json()
    assert body["source"].startswith("# 由 BPMN 文件导入的草稿")
    assert {one["code"] for one in body["findings"]} == {"scenarios.reassign-without-grid"}
    assert all(one["line"] for one in body["findings"])


def test_a_file_that_is_no_bpmn_is_a_problem_with_its_reason(lin: Client) -> None:
    answer = lin.post(DRAFT, {"file": SimpleUploadedFile("x.bpmn", b"%PDF-1.7")})
    assert (answer.status_code, answer.json()["code"]) == (422, "scenarios.bad-bpmn")
    big = lin.post(DRAFT, {"file": SimpleUploadedFile("x.bpmn", b" " * 5_000_000)})
    assert big.json()["params"]["findings"][0]["code"] == "scenarios.too-large"
    assert lin.post(DRAFT, {}).status_code == 422


def test_strangers_get_no_drawing_and_no_draft(lin: Client) -> None:
    song, file = client("song"), SimpleUploadedFile("x.bpmn", b"<a/>")
    assert lin.get(f"/api/scenarios/versions/{new_id()}/bpmn").status_code == 404
    assert song.get(f"/api/scenarios/versions/{new_id()}/bpmn").status_code == 403
    assert song.post(DRAFT, {"file": file}).status_code == 403
    assert Client().post(DRAFT, {"file": file}).status_code == 401


def test_a_scenario_file_becomes_bpmn_and_a_draft_on_the_command_line(tmp_path: Path) -> None:
    drawn, draft = tmp_path / "lw.bpmn", tmp_path / "lw.yaml"
    code, said = run("bpmn", str(LIBRARY / f"{LW}.yaml"), "--out", str(drawn))
    assert (code, "两违防治" in said) == (0, True)
    assert drawn.read_text() == to_bpmn(definition(LW))
    code, said = run("from-bpmn", str(drawn), "--out", str(draft))
    assert code == 0
    assert "lw.yaml:" in said
    assert "stages.town-reassign.exits.reassigned" in said
    assert "prefix: LW\nowner: " in draft.read_text()


def test_a_broken_file_is_refused_on_the_command_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(SMALL.replace("to: check", "to: chekc"))
    with pytest.raises(NotSound):
        run("bpmn", str(broken), "--out", str(tmp_path / "x"))
    with pytest.raises(BadBpmn):
        run("from-bpmn", str(broken), "--out", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()
