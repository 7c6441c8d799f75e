"""`onegrid model …`: which learned models are in use, their cards, adopting and exporting them."""

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Column, Table

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.queries.models import shipped
from onegrid.intake.rules.modelfile import KINDS, unpack
from onegrid.kernel import clock

app = typer.Typer(no_args_is_help=True, help="学习模型 learned models: what is in use, and its card")
Kind = Annotated[str, typer.Argument(help="、".join(f"{kind} {zh}" for kind, zh in KINDS.items()))]
Version = Annotated[str, typer.Option(help="版本 version; 缺省为在用的 the one in use by default")]


@app.command("list")
def list_models() -> None:
    """All adopted models, and those that came with the platform."""
    version = Column("版本 version", no_wrap=True)
    table = Table("类型 kind", version, "训练于 made", "启用于 adopted", "启用人 by", "状态")
    in_use = set()
    for one in queries.adopted_models():
        in_use |= {one.kind} if one.is_active else set()
        table.add_row(
            f"{KINDS[one.kind]} {one.kind}", one.version, f"{one.made_at:%Y-%m-%d %H:%M}",
            f"{one.adopted_at:%Y-%m-%d %H:%M}", one.adopted_by_name,
            "在用 active" if one.is_active else "停用",
        )  # fmt: skip
    for kind, zh in KINDS.items():
        if (model := shipped(kind)) is not None:
            state = "随附 shipped" if kind in in_use else "在用（随附）active"
            table.add_row(f"{zh} {kind}", model.version, f"{model.made_at:%Y-%m-%d %H:%M}", "", "", state)
    Console().print(table)


@app.command("show")
def show(kind: Kind, version: Version = "") -> None:
    """The evaluation card of a model, as JSON."""
    model = unpack(queries.model_document(kind, version))
    card = {"kind": model.kind, "version": model.version, "made_at": model.made_at, "card": dict(model.card)}
    typer.echo(orjson.dumps(card, option=orjson.OPT_INDENT_2).decode())


@app.command("adopt")
def adopt(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]) -> None:
    """Put a model file in use in place of the present model of its kind."""
    model = actions.adopt(file.read_bytes(), by=SYSTEM, now=clock.now())
    typer.echo(f"已启用 adopted: {KINDS[model.kind]} {model.kind} {model.version}")


@app.command("export")
def export(kind: Kind, out: Annotated[Path, typer.Option()], version: Version = "") -> None:
    """Write a model into a file."""
    out.write_bytes(queries.model_document(kind, version))
    typer.echo(f"{out}")
