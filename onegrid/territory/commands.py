"""`onegrid territory …`: load divisions, import boundaries, split and merge grids, check the partition."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel import clock
from onegrid.territory import actions, queries
from onegrid.territory.actions import ImportReport
from onegrid.territory.rules import Coverage, GridLevel
from onegrid.territory.rules.coverage import Progress as Tell
from onegrid.territory.rules.division_file import division_rows

app = typer.Typer(no_args_is_help=True, help="区划与网格 divisions and grids")
console = Console(soft_wrap=True)
SHOWN = 5

File = Annotated[Path, typer.Argument(help="GeoJSON、GeoPackage、Shapefile 或其 zip")]
Level = Annotated[int, typer.Option(min=1, max=2, help="网格级别 level of the grids")]
Code = Annotated[
    str,
    typer.Option(
        "--code",
        "--code-field",
        help="代码字段或模板 field or template: 15 digits, or 12 to be numbered: '350583001{NO:03}'",
    ),
]
Name = Annotated[
    str, typer.Option("--name", "--name-field", help="名称字段或模板 field or template: NAME, '第{NO}网格'")
]
Crs = Annotated[str, typer.Option(help="坐标系 wgs84, cgcs2000, gcj02, bd09, EPSG:4547 …")]
Layer = Annotated[str, typer.Option(help="GeoPackage 图层 layer")]


@app.command()
def divisions(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: code,name,kind")],
    edition: Annotated[int, typer.Option(min=1949, help="年版 year of the list")],
) -> None:
    """Load a list of divisions as the edition of a year and tell what it changes."""
    change = actions.load_divisions(
        division_rows(file.read_bytes()), edition=edition, by=SYSTEM, now=clock.now()
    )
    table = Table("变化 change", "代码 code", "名称 name", "前身 predecessors")
    for code in change.gone:
        table.add_row("撤销 gone", code, queries.division(code).name, "")
    for row in change.new:
        table.add_row("新增 new", row.code, row.name, " ".join(row.predecessors))
    for renamed in change.renamed:
        table.add_row("更名 renamed", renamed.code, renamed.after, renamed.before)
    _long(table)


@app.command("import")
def import_file(
    file: File,
    *,
    level: Level = 2,
    code: Code = "code",
    name: Name = "name",
    crs: Crs = "",
    layer: Layer = "",
    effective: Annotated[str, typer.Option(help="生效日期 from when: 2026-12-01 (default: now)")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 check, write nothing")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="有空隙或重叠即拒绝 refuse gaps and overlaps")
    ] = False,
) -> None:
    """Import the grids of a boundary file; refuses the whole file when one boundary is unusable."""
    found = actions.read_boundaries(file, crs=crs, layer=layer)
    now = clock.now()
    start = _midnight(effective) if effective else None
    with _progress("检查重叠 checking overlaps") as tell:
        report = actions.import_grids(
            found, level=GridLevel(level), code=code, name=name, by=SYSTEM, now=now,
            valid_from=start, dry_run=dry_run, strict=strict, progress=tell,
        )  # fmt: skip
    _print_report(report, found)


@app.command()
def replace(
    file: File,
    *,
    retire: Annotated[list[str], typer.Option(help="要撤销的网格 a grid to end; may be given again")],
    effective: Annotated[str, typer.Option(help="生效日期 from when: 2026-12-01")],
    level: Level = 2,
    code: Code = "code",
    name: Name = "name",
    crs: Crs = "",
    layer: Layer = "",
) -> None:
    """Split, merge or redraw grids from a day on; the new ones must cover the same ground."""
    found = actions.read_boundaries(file, crs=crs, layer=layer)
    created = actions.replace_from(
        found, retire=retire, level=GridLevel(level), code=code, name=name,
        valid_from=_midnight(effective), by=SYSTEM, now=clock.now(),
    )  # fmt: skip
    console.print(
        f"自 {effective} 起 from then on: 撤销 retired {len(retire)}，启用 created {' '.join(created)}"
    )


@app.command()
def check() -> None:
    """Check the grids in force for gaps, overlaps and grids beyond the first level. Exit 1 where unsound."""
    with _progress("检查重叠 checking overlaps") as tell:
        levels = queries.live_coverage(progress=tell)
    for level, found in levels.items():
        _print_coverage(f"{level.zh} level {level}", found)
    orphans = queries.grids_without_division()
    if orphans:
        console.print(f"[red]所属村已撤销的网格 grids of villages that are gone: {' '.join(orphans)}[/red]")
    raise typer.Exit(0 if all(each.sound for each in levels.values()) and not orphans else 1)


def _print_report(report: ImportReport, found: actions.Boundaries) -> None:
    console.print(
        f"{found.file}: {len(found.features):,} 个图形 features，坐标系 system {found.system}", markup=False
    )
    for note in found.notes:
        console.print(f"  注意 note: {note}", markup=False)
    for repair in report.repairs[:SHOWN]:
        console.print(
            f"  已修复 repaired: {repair.name} {repair.code}，面积差 area changed {repair.change_m2:.3f} m²",
            markup=False,
        )
    if len(report.repairs) > SHOWN:
        console.print(f"  … 共修复 repaired in all: {len(report.repairs):,}")
    _print_coverage("覆盖 coverage", report.coverage)
    done = "已写入 written" if report.written else "试运行，未写入 dry run, nothing written"
    console.print(
        f"{done}: 新建 created {len(report.created):,}，未变 unchanged {len(report.unchanged):,}"
        f"，修复 repaired {len(report.repairs):,}"
    )


def _print_coverage(title: str, found: Coverage) -> None:
    sound = "[green]合格 sound[/green]" if found.sound else "[red]不合格 not sound[/red]"
    console.print(f"{title}: {found.grids:,} 个网格 grids，{found.area_m2 / 1e6:,.2f} km²，{sound}")
    table = Table("问题 fault", "处 places", "合计 m²", "最大 largest m²", Column("例 example", min_width=15))
    for kind, each in (
        ("重叠 overlaps", [(o.m2, f"{o.first}\n{o.second}") for o in found.overlaps]),
        ("空隙 gaps", [(g.m2, f"{g.lng:.6f}\n{g.lat:.6f}") for g in found.gaps]),
        ("超出一级网格 beyond", [(b.m2, b.code) for b in found.beyond]),
    ):
        if each:
            total = sum(m2 for m2, _ in each)
            table.add_row(kind, f"{len(each):,}", f"{total:,.1f}", f"{each[0][0]:,.1f}", each[0][1])
    if table.row_count:
        console.print(table)


def _long(table: Table) -> None:
    console.print(table if table.row_count else "无变化 nothing changes")


def _midnight(day: str) -> datetime:
    """The start of a day in the city."""
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=ZoneInfo(settings.CITY_TIME_ZONE))
    except ValueError as error:
        raise typer.BadParameter(f"{day!r}: 2026-12-01") from error


@contextmanager
def _progress(what: str) -> Iterator[Tell]:
    """A progress bar, and the function that moves it."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
