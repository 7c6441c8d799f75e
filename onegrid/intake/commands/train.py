"""`onegrid train …`: learn from what people decided."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.rules.learned.making import made
from onegrid.intake.rules.modelfile import pack
from onegrid.kernel import clock

app = typer.Typer(no_args_is_help=True, help="训练 train: learn from what people decided")


@app.callback()
def train() -> None:
    """Keeps each kind of model a subcommand."""


@app.command("classes")
def classes(
    out: Annotated[Path, typer.Option(help="模型文件 the model file")] = Path("classes.npz"),
    seed: Annotated[int, typer.Option(help="随机种子 seed")] = 0,
    adopt: Annotated[bool, typer.Option("--adopt", help="训练后立即启用 put it in use at once")] = False,
) -> None:
    """Learn class, unit and urgency from what desks and cases decided; writes the model with its card."""
    model = made(queries.lessons(), made_at=clock.now(), seed=seed)
    data = pack(model)
    out.write_bytes(data)
    typer.echo(orjson.dumps(dict(model.card), option=orjson.OPT_INDENT_2).decode())
    typer.echo(f"{out}: {model.version}，{len(data):,} 字节 bytes")
    if adopt:
        actions.adopt(data, by=SYSTEM, now=clock.now())
        typer.echo("已启用 adopted")
