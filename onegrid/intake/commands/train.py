"""`onegrid train …`: learn from what people decided."""

import typer

app = typer.Typer(no_args_is_help=True, help="训练 train: learn from what people decided")


@app.callback()
def train() -> None:
    """Keeps each kind of model a subcommand."""
