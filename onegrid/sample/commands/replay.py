"""`onegrid replay`: a city's past cases through the whole road, on a virtual clock, in their own database."""

import json
import resource
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from onegrid.kernel import database
from onegrid.sample.actions.replay import Order, Replayed, recreate_database
from onegrid.sample.actions.replay import replay as run
from onegrid.sample.rules.replay.report import Line, agreed, counted

replay_app = typer.Typer()
BOUNDARIES = "boston_boundaries"
WIDTH = 150  # characters, where no terminal says its own


@replay_app.command("replay")
def replay(
    city: Annotated[Path, typer.Option(help="事件文件夹 folder with cases*.csv[.gz] and links*.csv")],
    boundaries: Annotated[
        Path | None, typer.Option(help="边界文件夹 wards and precincts; by default beside the cases")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="只回放前几行 only the first rows")] = None,
    window: Annotated[
        int, typer.Option(min=1, max=1440, help="每次处理的时段（分钟）longest portion of history at once")
    ] = 120,
) -> None:
    """Replay the past cases of another city and measure how far we do what it did. Its codes are made up.

    Empties its own database (onegrid_replay) first. The last line is one JSON object."""
    order = Order(
        city, boundaries or city.parent / BOUNDARIES, database.home() / "replay" / "rejected.csv",
        ZoneInfo(settings.CITY_TIME_ZONE), timedelta(minutes=window), limit,
    )  # fmt: skip
    recreate_database()
    with _Shown() as watch:
        replayed = run(order, watch=watch)
    _show(replayed, order)


class _Shown:
    """A progress bar on the error stream."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> "_Shown":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, step: str, *, lines: int | None = None) -> None:
        """Show that a step begins; with `lines`, how far it is."""
        self._bar.stop_task(self._task)
        self._task = self._bar.add_task(step, total=lines)

    def seen(self, lines: int) -> None:
        """So many lines more are done."""
        self._bar.advance(self._task, lines)


def _show(replayed: Replayed, order: Order) -> None:
    table = Table("", "", "", title="回放 replay", show_header=False)
    for line in (*counted(replayed.measures), *agreed(replayed.measures), *_worked(replayed, order)):
        table.add_row(*line)
    console = Console()
    Console(width=None if console.is_terminal else WIDTH).print(table)
    figures = replayed.measures.figures() | {
        "reports_per_second": round(replayed.measures.total / replayed.seconds, 1),
        "peak_rss_mib": round(_peak_mib(), 1),
    }
    print(json.dumps(figures))


def _worked(replayed: Replayed, order: Order) -> list[Line]:
    fed, name = replayed.fed, connection.settings_dict["NAME"]
    moves = ", ".join(f"{verb} {count:,}" for verb, count in sorted(fed.moves.items()))
    speed = f"{replayed.measures.total / replayed.seconds:,.0f} reports/s with all their moves and news"
    verify = f"ONEGRID_DATABASE={name} onegrid audit verify"
    return [
        Line("办理 moves", f"{fed.moves.total():,}", moves),
        Line("被拒 moves refused", f"{len(fed.refusals):,}", "; ".join(fed.refusals[:3])),
        Line("超时提醒 escalations", f"{fed.escalations:,}", f"{fed.told:,} events told"),
        Line(
            "留痕 record",
            f"{replayed.record_rows:,}",
            f"rows in {replayed.record_chains:,} chains, {replayed.faults} broken; again: {verify}",
        ),
        Line("边界修复 boundaries mended", f"{replayed.repaired}"),
        Line("用时 seconds", f"{replayed.seconds:,.1f}", f"{speed}; {fed.windows:,} windows"),
        Line("内存峰值 peak", f"{_peak_mib():,.0f} MiB", "of this process, without the database server"),
        Line("拒收清单 rejected rows", f"{order.rejected}"),
    ]


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
