"""`onegrid workforce …` on the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from onegrid.workforce import queries
from onegrid.workforce.commands import app
from onegrid.workforce.rules import NothingToCover, UnknownKey
from onegrid.workforce.tests.factories import COUNTY, VILLAGE, staff

pytestmark = pytest.mark.django_db
ROSTER = "角色,绑定编码,姓名,工号,人员类别\n第一网格长,{village},李驻村,S1,机关干部\n{more}"


def test_the_starter_list_gives_departments_and_the_six_auxiliaries() -> None:
    assert CliRunner().invoke(app, ["starter", COUNTY]).exit_code == 0
    assert queries.unit_by_key("urban-management").name_zh == "城管局"
    assert sum(category.auxiliary for category in queries.categories()) == 6
    with pytest.raises(UnknownKey):
        queries.unit_by_key("no-such-bureau")


def test_a_roster_leaves_a_file_of_the_rows_it_refused(tmp_path: Path) -> None:
    staff()
    file = tmp_path / "roster.csv"
    file.write_text(
        ROSTER.format(village=VILLAGE, more="第一网格长,350583999,某人,S2,机关干部\n"), encoding="gb18030"
    )
    done = CliRunner().invoke(app, ["import", str(file)])
    assert done.exit_code == 1, done.output
    refused = (tmp_path / "roster.csv.errors.csv").read_text(encoding="utf-8-sig")
    assert "某人" in refused
    assert "应绑定到一级网格" in refused
    assert "李驻村" not in refused


def test_a_whole_roster_leaves_no_error_file(tmp_path: Path) -> None:
    staff()
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER.format(village=VILLAGE, more=""), encoding="utf-8-sig")
    done = CliRunner().invoke(app, ["import", str(file)])
    assert done.exit_code == 0, done.output
    assert list(tmp_path.iterdir()) == [file]


def test_coverage_without_any_grid_is_no_success() -> None:
    with pytest.raises(NothingToCover):
        CliRunner().invoke(app, ["coverage"], catch_exceptions=False)


def test_the_columns_of_a_roster_are_explained() -> None:
    assert "绑定编码" in CliRunner().invoke(app, ["columns"]).output
