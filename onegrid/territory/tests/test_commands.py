"""`onegrid territory …` as an administrator meets it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel import clock
from onegrid.territory import actions, queries
from onegrid.territory.actions import retire_grids
from onegrid.territory.commands import app
from onegrid.territory.rules import NewDivision
from onegrid.territory.rules.systems import SystemUnclear
from onegrid.territory.tests.factories import (
    CODES,
    DIVISIONS,
    FOUNDED,
    VILLAGE,
    county,
    divisions,
    geojson,
    undivided_village,
    village_grids,
)

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_divisions_come_from_a_file_and_their_changes_are_shown(tmp_path: Path) -> None:
    divisions(DIVISIONS)
    file = tmp_path / "divisions.csv"
    rows = [*DIVISIONS[:2], NewDivision(f"{VILLAGE[:9]}001", "甲社区居委会", "community")]
    file.write_text("code,name,kind\n" + "".join(f"{row.code},{row.name},{row.kind}\n" for row in rows))
    shown = run("divisions", file, "--edition", 2024)
    assert shown.exit_code == 0
    assert "撤销 gone" in shown.output
    assert queries.division(f"{VILLAGE[:9]}001").predecessors == (VILLAGE,)


def test_an_import_tells_what_it_found_and_did(tmp_path: Path) -> None:
    undivided_village()
    file = geojson(tmp_path / "grids.geojson")
    tried = run("import", file, "--crs", "wgs84", "--dry-run")
    assert "新建 created 4" in tried.output
    assert "dry run" in tried.output
    done = run("import", file, "--crs", "wgs84", "--effective", "2026-01-02")
    assert done.exit_code == 0, done.output
    assert "合格 sound" in done.output
    assert queries.grid(CODES[0]).valid_from.isoformat() == "2026-01-01T16:00:00+00:00"


def test_a_refusal_leaves_the_command_as_a_refusal_for_the_one_line_answer(tmp_path: Path) -> None:
    refused = run("import", geojson(tmp_path / "grids.geojson"))
    assert isinstance(refused.exception, SystemUnclear)


def test_a_bad_date_is_told(tmp_path: Path) -> None:
    file = geojson(tmp_path / "grids.geojson")
    assert run("import", file, "--crs", "wgs84", "--effective", "tomorrow").exit_code == 2


def test_grids_are_replaced_from_a_file(tmp_path: Path) -> None:
    county()
    village = village_grids(VILLAGE, 0)
    new = [f"{VILLAGE}{number:03}" for number in range(11, 15)]
    file = geojson(tmp_path / "grids.geojson", [grid.polygon for grid in village[1:]], codes=new)
    retired = [option for code in CODES for option in ("--retire", code)]
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    done = run("replace", file, "--crs", "wgs84", *retired, "--effective", today)
    assert done.exit_code == 0, (done.output, done.exception)
    assert queries.grid(new[0]).predecessors == (CODES[0],)
    assert queries.live_codes() >= set(new)


def test_the_check_ends_with_1_where_ground_is_without_a_grid() -> None:
    county()
    assert run("check").exit_code == 0
    retire_grids([f"{VILLAGE}001"], valid_to=clock.now(), by=SYSTEM, now=clock.now())
    found = run("check")
    assert found.exit_code == 1
    assert "空隙 gaps" in found.output


def test_the_check_names_grids_whose_village_is_gone() -> None:
    county()
    actions.load_divisions(DIVISIONS[:3], edition=2024, by=SYSTEM, now=FOUNDED)
    found = run("check")
    assert found.exit_code == 1
    assert "350583104202001" in found.output
