"""Command line of scenarios: check a file, install it, load the library, print the schema."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel import clock
from onegrid.kernel.texts import read_utf8
from onegrid.scenarios import actions, queries
from onegrid.scenarios.rules.document import schema as file_schema

app = typer.Typer(no_args_is_help=True, help="Scenario projects 场景运用项目")
console = Console(soft_wrap=True, highlight=False)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A scenario file (YAML).")]
Towns = Annotated[str, typer.Option(help="Town codes (9 digits), separated by commas. Default: everywhere.")]


def _codes(towns: str) -> tuple[str, ...] | None:
    return tuple(filter(None, towns.split(","))) or None


@app.command()
def check(file: File, towns: Towns = "") -> None:
    """Check a file against this city: form, flow, names, and one accountable post in every grid."""
    review = queries.full_review(read_utf8(file), towns=_codes(towns))
    if not review.findings:
        console.print(f"[green]可以发布 sound[/green]  {file.name}：{review.grids} 个网格均有唯一责任岗位")
        return
    for one in review.findings:
        where = ".".join(map(str, one.path))
        console.print(f"[bold]{file.name}:{one.line or 1}[/bold] {escape(where)}")
        console.print(f"    {escape(one.zh)}\n    [dim]{escape(one.en)}[/dim]")
    console.print(f"[red]{len(review.findings)} 处问题，不能发布[/red]")
    raise typer.Exit(2)


@app.command()
def publish(file: File, towns: Towns = "") -> None:
    """Install a ready file as the version that new cases follow; a city's own go by `scenario project`."""
    source = read_utf8(file)
    version = actions.publish(source, towns=_codes(towns), by=SYSTEM, now=clock.now())
    console.print(f"{version.definition.name.zh} 第 {version.number} 版已安装启用：{towns or '全市'}")


@app.command()
def load(
    folder: Annotated[Path, typer.Option(exists=True, file_okay=False)] = actions.LIBRARY,
    towns: Towns = "",
) -> None:
    """Load the class dictionary and install all scenarios of a folder (default: the product's library)."""
    versions = actions.load_library(folder=folder, towns=_codes(towns), by=SYSTEM, now=clock.now())
    for one in versions:
        console.print(f"{one.definition.prefix}  {one.definition.name.zh}  第 {one.number} 版")


@app.command()
def schema() -> None:
    """Print the JSON schema of a scenario file, for editors."""
    typer.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))
