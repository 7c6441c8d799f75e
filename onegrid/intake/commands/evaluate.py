"""`onegrid evaluate …`: how well a model does on a file, trained and asked by the product's own code."""

import typer

app = typer.Typer(no_args_is_help=True, help="评测 evaluate: how well a model does on a file")


@app.callback()
def evaluate() -> None:
    """Keeps each kind of model a subcommand."""
