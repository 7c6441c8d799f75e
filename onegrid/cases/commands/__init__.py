"""Commands of cases, by subject."""

import typer

from onegrid.cases.commands import log

app = typer.Typer(no_args_is_help=True, help="Cases 案件")
app.registered_commands.extend(log.app.registered_commands)


@app.callback()
def cases() -> None:
    """Cases 案件"""


__all__ = ["app"]
