"""`onegrid evaluate …`: how well a model does on a file, trained and asked by the product's own code."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.table import Table

from onegrid.intake.queries.labelled import labelled
from onegrid.intake.rules.learned.evaluation import evaluated
from onegrid.intake.rules.learned.samples import Target
from onegrid.intake.rules.reports import JsonValue

app = typer.Typer(no_args_is_help=True, help="评测 evaluate: how well a model does on a file")
GOALS: Final = {Target.CLASS: 0.88, Target.UNIT: 0.955, Target.URGENCY: 0.0}


@app.callback()
def evaluate() -> None:
    """Keeps each kind of model a subcommand."""


@app.command("classes")
def classes(
    *,
    data: Annotated[Path, typer.Option(exists=True, help="CSV（.csv、.csv.gz）或文件夹 file or folder")],
    folds: Annotated[
        int, typer.Option(min=2, max=20, help="交叉验证折数 folds, where rows carry no time")
    ] = 5,
    train_until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="该日之前训练、之后检验 train before this day, test from it on"
        ),
    ] = None,
    target: Annotated[str, typer.Option(help="要判断的列 column to be told: label, department, …")] = "",
    text: Annotated[
        str, typer.Option(help="作为文本的列 column read as text, where it is not named so")
    ] = "",
    seed: Annotated[int, typer.Option(help="随机种子 seed of the folds")] = 0,
    out: Annotated[Path | None, typer.Option(help="评测卡写入文件 write the card as JSON")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出结果行 only the last line")] = False,
) -> None:
    """Train and prove the classifier on labelled rows; the last line is one JSON object."""
    rows = labelled(data, target=target, text=text)
    day = train_until.date() if train_until else None
    card = evaluated(
        rows.lessons, rows.target, folds=folds, seed=seed, first=rows.first_from(day) if day else 0
    )
    if out is not None:
        out.write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2))
    if not as_json:
        _show(card)
    typer.echo(orjson.dumps(figure(card, rows.target)).decode())


def figure(card: dict[str, JsonValue], target: Target) -> dict[str, JsonValue]:
    """The card's main figure beside the plain rule of the same run."""
    key, unit = ("macro_f1", "macro-F1") if target is Target.CLASS else ("accuracy_at_1", "accuracy")
    value, plain = card[key], card["plain_rule"]
    assert isinstance(value, float)
    assert isinstance(plain, dict)
    peer = plain[key]
    assert isinstance(peer, float)
    return {
        "name": "classes" if target is Target.CLASS else "department", "value": value, "unit": unit,
        "goal": GOALS[target], "peer": "majority by the class named", "peer_value": peer,
        "ratio": round(value / peer, 2) if peer else None,
    }  # fmt: skip


def _show(card: dict[str, JsonValue]) -> None:
    table = Table("指标 figure", "值 value")
    for key, value in card.items():
        if not isinstance(value, dict | list):
            table.add_row(key, f"{value}")
    Console().print(table)
    per_class = card["per_class"]
    assert isinstance(per_class, dict)
    table = Table("类别 label", "条 rows", "精确率 precision", "召回率 recall", "F1")
    for label, each in per_class.items():
        assert isinstance(each, dict)
        table.add_row(label, *(f"{each[key]}" for key in ("rows", "precision", "recall", "f1")))
    Console().print(table)
