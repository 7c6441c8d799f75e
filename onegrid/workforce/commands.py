"""`onegrid workforce …`: the starter list, rosters, and what nobody answers for."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel import clock
from onegrid.workforce import actions, queries
from onegrid.workforce.rules import HOLE_LABELS, role_label
from onegrid.workforce.rules.roster_file import COLUMNS

app = typer.Typer(no_args_is_help=True, help="机构、岗位与职责清单 units, posts and the duty list")
console = Console()


@app.command()
def starter(county: Annotated[str, typer.Argument(help="县级区划代码 six digits, e.g. 350583")]) -> None:
    """初始机构: create the county offices, departments and worker categories that are not there yet."""
    actions.load_starter(county=county, by=SYSTEM, now=clock.now())
    console.print("机构与人员类别已就绪 offices, departments and worker categories are in place")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="花名册 CSV the roster")],
) -> None:
    """导入花名册: bring in posts and their holders; refused rows go to FILE.errors.csv with
    the reason. Exit 1 then."""
    done = actions.import_roster(file.read_bytes(), by=SYSTEM, now=clock.now())
    console.print(
        f"新岗位 posts: {done.posts:,}  新人员 workers: {done.workers:,}"
        f"  任职 appointments: {done.appointments:,}  退回 refused: {len(done.refused):,}"
    )
    if done.refused:
        errors = file.with_name(file.name + ".errors.csv")
        errors.write_bytes(done.error_file)
        console.print(f"退回的行及原因 refused rows and why: {errors}", markup=False)
        raise typer.Exit(1)


@app.command()
def columns() -> None:
    """花名册的列: what a roster file may hold: its headings and what they mean."""
    table = Table("列 heading", "key", "meaning")
    for name, (zh, meaning) in COLUMNS.items():
        table.add_row(zh, name, meaning)
    console.print(table)


@app.command()
def coverage() -> None:
    """核验责任覆盖: check that every stage of every live scenario has one held post in every
    grid. Exit 1 where not."""
    found = queries.coverage_of(SYSTEM, now=clock.now())
    table = Table(
        "问题 hole", "场景 scenario", "环节 stage", "角色 role", "单位 unit", "网格数 grids", "例 first grid"
    )
    for hole in found:
        kind = " ".join(HOLE_LABELS[hole.kind])
        role = f"{role_label(hole.role)} {hole.role}"
        table.add_row(
            kind, hole.scenario, hole.stage, role, hole.unit or "", f"{hole.grids:,}", hole.first_grid
        )
    console.print(table if found else "职责清单无缺口 the duty list has no hole")
    raise typer.Exit(1 if found else 0)
