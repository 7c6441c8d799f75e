"""Command line of handbooks: manuals, duty lists, guides, charts; what changed between two versions."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel import clock
from onegrid.kernel.ids import PostId
from onegrid.kernel.texts import check_writable
from onegrid.scenarios.queries import handbooks
from onegrid.scenarios.queries.handbooks import Format, Sheet
from onegrid.scenarios.rules.handbook.asked import WhoseDuties

app = typer.Typer()
console = Console(soft_wrap=True, highlight=False)

Out = Annotated[Path | None, typer.Option(help="Where to write; default: the handbook's title, here.")]
Shape = Annotated[Format, typer.Option("--format")]
Number = Annotated[int | None, typer.Option("--version", min=1, help="Default: the live version.")]


@app.command()
def handbook(key: str, shape: Shape = Format.PDF, version: Number = None, out: Out = None) -> None:
    """Write the process manual of a scenario 业务流程手册."""
    _write(handbooks.scenario_handbook(key, shape, number=version, actor=SYSTEM, now=clock.now()), out)


@app.command()
def guide(key: str, role: str, shape: Shape = Format.PDF, version: Number = None, out: Out = None) -> None:
    """Write what one role does in a scenario, step by step 操作指南."""
    _write(handbooks.guide_handbook(key, role, shape, number=version, actor=SYSTEM, now=clock.now()), out)


@app.command()
def duty(
    unit: Annotated[str, typer.Option(help="Key of a unit.")] = "",
    post: Annotated[UUID | None, typer.Option(help="Id of a post.")] = None,
    shape: Shape = Format.PDF,
    out: Out = None,
) -> None:
    """Write everything that a unit or post answers for 职责清单."""
    whose = WhoseDuties(unit, PostId(post) if post else None)
    _write(handbooks.duty_handbook(shape, whose, actor=SYSTEM, now=clock.now()), out)


@app.command(name="worker-manual")
def worker_manual(shape: Shape = Format.PDF, out: Out = None) -> None:
    """Write the grid worker's manual 网格员业务操作手册."""
    _write(handbooks.worker_handbook(shape, actor=SYSTEM, now=clock.now()), out)


@app.command()
def chart(key: str, version: Number = None, out: Out = None) -> None:
    """Write the flow chart of a scenario as SVG 流程图."""
    _write(handbooks.chart_sheet(key, number=version, actor=SYSTEM, now=clock.now()), out)


@app.command()
def differences(key: str, old: int, new: int) -> None:
    """版本差异: list what changed from one version of a scenario to another."""
    found = handbooks.version_differences(key, old, new, actor=SYSTEM, now=clock.now())
    for one in found:
        console.print(f"{escape(one.zh)}\n    [dim]{escape(one.en)}[/dim]")
    console.print(f"第 {old} 版到第 {new} 版：{len(found)} 处不同" if found else "两个版本相同")


def _write(sheet: Sheet, out: Path | None) -> None:
    if out is not None:
        check_writable(out)
    file = sheet.draw()
    place = out or Path(file.name)
    place.write_bytes(file.content)
    console.print(f"{place}  {len(file.content) / 1024:,.0f} KB")
