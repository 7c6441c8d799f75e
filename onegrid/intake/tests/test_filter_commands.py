"""`onegrid evaluate matching` and `onegrid train matching` on the command line."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from onegrid.intake.commands import app
from onegrid.intake.commands.matching import BadBurden
from onegrid.intake.rules.filter.evaluation import NothingToTest
from onegrid.intake.rules.filter.tables import NotATable

MESSAGES = """id,time,title,text
1,2026-01-01T08:00:00,湖滨路路灯不亮,湖滨路菜市场门口路灯三天不亮了
2,2026-01-02T08:00:00,湖滨路路灯坏了,菜市场门口的路灯还是不亮，天黑难走
3,2026-01-02T09:00:00,河边垃圾没人清,溪美桥下河边堆了很多垃圾
4,2026-01-03T09:00:00,学校门口乱停车,文昌小学门口上学时车停得到处都是
"""
CLUSTERS = "message_id,cluster\n1,A\n2,A\n"
HEADINGS = "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,TYPE,REASON,Location,LATITUDE,LONGITUDE,Source"


def folder(tmp_path: Path, **files: str) -> str:
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_messages_are_judged_by_the_model_that_came_along_without_a_database(tmp_path: Path) -> None:
    data = folder(tmp_path, messages=MESSAGES, clusters=CLUSTERS)
    card = tmp_path / "card.json"
    done = CliRunner().invoke(app, ["evaluate", "matching", "--data", data, "--json", "--out", str(card)])
    assert done.exit_code == 0, done.output
    told = orjson.loads(done.output.splitlines()[-1])
    assert (told["name"], told["value"], told["goal"]) == ("match-zh", 1.0, 0.975)
    assert orjson.loads(card.read_bytes())["asked"] == 2


@pytest.mark.parametrize(
    ("files", "more", "refusal"),
    [
        ({"messages": MESSAGES}, [], NotATable),
        (
            {
                "cases": f"{HEADINGS}\n1,2026-01-01T08:00:00,,,灯,灯,,24.9,118.4,电话\n",
                "links": "child_id,parent_id,relation\n",
            },
            ["--train-until", "2030-01-01"],
            NothingToTest,
        ),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(
    tmp_path: Path, files: dict[str, str], more: list[str], refusal: type[Exception]
) -> None:
    done = CliRunner().invoke(app, ["evaluate", "matching", "--data", folder(tmp_path, **files), *more])
    assert isinstance(done.exception, refusal)


@pytest.mark.parametrize("given", ["E01", "E01=x", "=0.1", "E01=0.9"])
def test_a_burden_that_is_none_is_refused(given: str) -> None:
    done = CliRunner().invoke(app, ["train", "matching", "--generated", "--burden-of", given])
    assert isinstance(done.exception, BadBurden)
