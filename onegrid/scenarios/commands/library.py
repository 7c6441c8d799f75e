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
from onegrid.scenarios.rules.words import ARCHIVED, CLOSED
from onegrid.workforce.rules import role_label

app = typer.Typer(no_args_is_help=True, help="场景运用项目 scenarios")
console = Console(soft_wrap=True, highlight=False)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A scenario file (YAML).")]
Towns = Annotated[str, typer.Option(help="Town codes (9 digits), separated by commas. Default: everywhere.")]
ENDS_ZH = {CLOSED: "结案", ARCHIVED: "归档"}


def _codes(towns: str) -> tuple[str, ...] | None:
    return tuple(filter(None, towns.split(","))) or None


@app.command()
def check(file: File, towns: Towns = "") -> None:
    """检查: check a file against this city: form, flow, names, and one accountable post in every grid."""
    review = queries.full_review(read_utf8(file), towns=_codes(towns))
    if not review.findings:
        console.print(f"[green]可以发布 sound[/green]  {file.name}：{review.grids} 个网格均有唯一责任岗位")
        return
    for one in review.findings:
        where = ".".join(map(str, one.path))
        console.print(f"[bold]{file.name}:{one.line or 1}:{one.column or 1}[/bold] {escape(where)}")
        console.print(f"    {escape(one.zh)}\n    [dim]{escape(one.en)}[/dim]")
    console.print(f"[red]{len(review.findings)} 处问题，不能发布[/red]")
    raise typer.Exit(2)


@app.command()
def publish(file: File, towns: Towns = "") -> None:
    """安装启用: install a ready file as the version that new cases follow; a city's own go
    by `scenario project`."""
    source = read_utf8(file)
    version = actions.publish(source, towns=_codes(towns), by=SYSTEM, now=clock.now())
    console.print(f"{version.definition.name.zh} 第 {version.number} 版已安装启用：{towns or '全市'}")


@app.command()
def load(
    folder: Annotated[Path, typer.Option(exists=True, file_okay=False)] = actions.LIBRARY,
    towns: Towns = "",
) -> None:
    """加载场景库: load the class dictionary and install all scenarios of a folder (default:
    the product's library)."""
    versions = actions.load_library(folder=folder, towns=_codes(towns), by=SYSTEM, now=clock.now())
    for one in versions:
        console.print(f"{one.definition.prefix}  {one.definition.name.zh}  第 {one.number} 版")


@app.command("list")
def list_scenarios() -> None:
    """场景一览: every scenario, its newest version and where it takes new cases."""
    live = queries.live(clock.now())
    asleep = {one.key for one in live.dormant} - {one.key for one in live.versions}
    for row in queries.scenarios(SYSTEM):
        towns = [town for version in row.versions for town in version.towns]
        where = "、".join("全市" if town == "" else town for town in dict.fromkeys(towns)) or "未启用"
        sleeping = "（休眠，待启用令）" if row.key in asleep else ""
        number = row.versions[0].number
        console.print(f"{row.prefix}  {row.key}  {escape(row.name_zh)}  第 {number} 版  {where}{sleeping}")


@app.command()
def show(key: str) -> None:
    """场景内容: the stages of a scenario's newest version with their post, limit and exits."""
    definition = queries.newest(key).definition
    console.print(f"[bold]{escape(definition.name.zh)}[/bold]  {key}  {definition.prefix}")
    console.print(f"牵头单位 {definition.owner}；类别 {'、'.join(definition.classes)}")
    for stage in definition.stages.values():
        limit = stage.limit.default.zh
        console.print(f"  {escape(stage.name.zh)}（{stage.key}）  {role_label(stage.who.role)}  {limit}")
        for way in stage.exits.values():
            target = definition.stages[way.to].name.zh if way.to in definition.stages else ENDS_ZH[way.to]
            console.print(f"      {escape(way.label.zh)}（{way.key}）→ {escape(target)}")


@app.command()
def schema() -> None:
    """打印格式定义: print the JSON schema of a scenario file, for editors."""
    typer.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))
