"""`onegrid hotspot …`: the hot spots of now, one round of looking for them, what an earlier system had."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from onegrid.accounts.rules import SYSTEM
from onegrid.intake import actions, queries
from onegrid.intake.rules.reports import EarlierReport
from onegrid.kernel import clock
from onegrid.kernel.coordinates import CoordinateSystem, to_wgs84

app = typer.Typer(no_args_is_help=True, help="热点 hot spots: bursts of reports at one place")


@app.command("list")
def list_(
    area: Annotated[str, typer.Option(help="区划或网格代码 code of a town, village or grid")] = "",
    ended: Annotated[bool, typer.Option(help="含已结束的 those that are over as well")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
) -> None:
    """The hot spots of now, newest first."""
    page = queries.hotspots(SYSTEM, active=None if ended else True, area=area, limit=limit)
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    table = Table("热点", "上报", "平时", "倍数", "半径", "首报", "末报", "状态", title="热点 hot spots")
    for each in page.items:
        table.add_row(
            each.name_zh,
            f"{each.observed}",
            f"{each.expected:.1f}",
            f"{each.observed / each.expected:.1f}",
            f"{each.radius_m:.0f} 米",
            f"{each.first_at.astimezone(zone):%m-%d %H:%M}",
            f"{each.last_at.astimezone(zone):%m-%d %H:%M}",
            "进行中" if each.is_active else "已结束",
        )
    Console().print(table)


@app.command("watch")
def watch() -> None:
    """Look for hot spots once, as the worker does every five minutes."""
    done = actions.watch(now=clock.now())
    if not done.known:
        typer.echo(
            "往期上报不足（需 2 周、100 件以上），暂不判定热点；可用 onegrid hotspot history 载入。"
            " Too few earlier reports (2 weeks and 100 are needed)."
        )
        return
    typer.echo(
        f"近 7 天上报 {done.reports:,} 件；新热点 {done.begun}，进行中 {done.running}，结束 {done.ended}"
        f"（判定分 {done.threshold:.2f}）"
    )


@app.command("history")
def history(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    system: Annotated[CoordinateSystem, typer.Option(help="坐标系 of the coordinates")],
) -> None:
    """Count an earlier system's reports (CSV: reported_at, lng, lat), so that it is known from the first day
    what is usual. Times without a zone are the city's. Only hour, square and number are kept."""
    with file.open(encoding="utf-8-sig", newline="") as table:
        rows = sorted(_rows(table), key=lambda each: each[0])
    counted = 0
    for _, day in groupby(rows, key=lambda each: each[0].astimezone(UTC).date()):
        counted += actions.load_earlier([_report(*row, system) for row in day], by=SYSTEM)
    typer.echo(
        f"读取 {len(rows):,} 件，其中落入网格 {counted:,} 件。 {counted:,} of {len(rows):,} lie in a grid."
    )


def _report(at: datetime, lng: float, lat: float, system: CoordinateSystem) -> EarlierReport:
    east, north = to_wgs84(lng, lat, system)
    return EarlierReport(float(east), float(north), at)


def _rows(table: Iterator[str]) -> Iterator[tuple[datetime, float, float]]:
    """Raises typer.BadParameter, naming the line."""
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    for number, row in enumerate(csv.DictReader(table), start=2):
        try:
            at = datetime.fromisoformat(row["reported_at"])
            lng, lat = float(row["lng"]), float(row["lat"])
        except (KeyError, TypeError, ValueError) as error:
            raise typer.BadParameter(f"第 {number} 行无法读取 line {number}: {error}") from error
        yield (at if at.tzinfo else at.replace(tzinfo=zone)), lng, lat
