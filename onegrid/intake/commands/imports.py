"""`onegrid intake …`: import a table of reports."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.models import Import
from onegrid.intake.rules.imports import ImportState, already_imported, error_file
from onegrid.intake.rules.reports import Channel
from onegrid.intake.rules.rows import KNOWN_COLUMNS, unnamed_told
from onegrid.kernel import clock
from onegrid.kernel.coordinates import CoordinateSystem

app = typer.Typer(no_args_is_help=True, help="受理 intake: reports from outside tables")


@app.callback()
def intake() -> None:
    """Keeps `import` a subcommand."""


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help=f"CSV 或 XLSX，列 columns: {KNOWN_COLUMNS}")
    ],
    channel: Annotated[Channel, typer.Option(help="渠道 channel of all rows")] = Channel.DEPARTMENT,
    system: Annotated[
        CoordinateSystem | None,
        typer.Option(help="坐标系 of rows that name none; without it they are rejected"),
    ] = None,
    errors: Annotated[
        Path | None, typer.Option(help="Where rejected rows go; FILE.errors.csv unless given")
    ] = None,
) -> None:
    """导入上报表格: take in a CSV or XLSX table of reports. Harmless to repeat, and goes on
    where it was stopped."""
    with file.open("rb") as table:
        kept = actions.start_import(
            table, name=file.name, channel=channel, system=system, by=SYSTEM, now=clock.now()
        )
    if kept.state == ImportState.DONE and kept.finished_at is not None:
        typer.echo(already_imported(file.name, clock.city_time(kept.finished_at)))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("导入 importing", total=kept.rows or None, completed=kept.counts.rows)
        done = actions.run_import(
            kept.id, now=clock.now(), progress=lambda row, _: bar.update(task, completed=row)
        )
    _show(done)
    if done.rejected:
        where = errors or file.with_suffix(file.suffix + ".errors.csv")
        with where.open("w", encoding="utf-8", newline="") as out:
            out.writelines(error_file(done.headings, queries.faults(done.id)))
        typer.echo(f"不予受理的行已写入 rejected rows: {where}")
    raise typer.Exit(1 if done.state == ImportState.FAILED else 0)


def _show(done: Import) -> None:
    if done.state == ImportState.FAILED:
        typer.echo(f"{done.reason_zh}  ({done.reason_en})", err=True)
        return
    table = Table("立案", "并案", "待核实", "不予受理", "重复", "合计")
    counts = done.counts
    figures = (counts.opened, counts.joined, counts.pooled, counts.rejected, counts.repeated, counts.rows)
    table.add_row(*(f"{figure:,}" for figure in figures))
    Console().print(table)
    if done.unnamed:
        typer.echo(unnamed_told(done.unnamed))
