"""`onegrid case log`: the record of cases as an event log for process-mining tools."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from rich.console import Console

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions
from onegrid.cases.queries import LogFilter
from onegrid.cases.rules.eventlog import LogFormat
from onegrid.kernel import clock
from onegrid.kernel.texts import check_writable

app = typer.Typer()
DAY = ["%Y-%m-%d"]


def _midnight(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=ZoneInfo(settings.CITY_TIME_ZONE)) if day else None


@app.command("log")
def log(
    out: Annotated[Path, typer.Option(dir_okay=False, help="写入的文件 the file to write")],
    form: Annotated[LogFormat, typer.Option("--format", help="格式 the format")] = LogFormat.XES,
    scenario: Annotated[str, typer.Option(help="只要这个场景 this scenario only")] = "",
    since: Annotated[datetime | None, typer.Option(formats=DAY, help="从这天起立案 opened from")] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help="到这天前立案 opened before")] = None,
) -> None:
    """导出事件日志: write the event log of cases: XES 1.0, OCEL 2.0 (JSON) or CSV. Posts
    stand in it, no persons."""
    check_writable(out)
    wanted = LogFilter(scenario, _midnight(since), _midnight(until))
    pieces = actions.export_log(wanted, form, by=SYSTEM, now=clock.now())
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    part.replace(out)
    Console(soft_wrap=True, highlight=False).print(f"已导出 {out}（{out.stat().st_size:,} 字节）")
