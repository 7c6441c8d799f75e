"""Commands of cases, by subject: `onegrid drill`, `onegrid case log`."""

import typer

from onegrid.cases.commands import drill, log

app = typer.Typer()
app.registered_commands.extend(drill.app.registered_commands)
cases = typer.Typer(no_args_is_help=True)
cases.registered_commands.extend(log.app.registered_commands)


@cases.callback()
def case() -> None:
    """事件 cases"""


app.add_typer(cases, name="case")

__all__ = ["app"]
