"""The command line of scenarios."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onegrid.scenarios import queries
from onegrid.scenarios.commands import app
from onegrid.scenarios.rules.document import schema
from onegrid.scenarios.rules.refusals import NotSound
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import TOWNS
from onegrid.scenarios.tests.files import SMALL, edited

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
    taker = queries.live().for_class("C0103", TOWNS[1])
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
    assert queries.live().for_class("S0703", TOWNS[0]) is not None
    assert "illegal-construction  第 1 轮  正式运行  两违防治  第 1 版" in run("project", "list")[1]


def test_the_schema_is_printed_for_editors() -> None:
    code, said = run("schema")
    assert code == 0
    assert json.loads(said) == schema()
