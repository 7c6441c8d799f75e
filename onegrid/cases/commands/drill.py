"""`onegrid drill`: a scenario tried out on the real posts before anybody's case depends on it."""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
import typer
from django.conf import settings
from rich.console import Console

from onegrid.cases.actions import drill_orders, drilling
from onegrid.cases.commands.drill_tables import show
from onegrid.cases.queries import drill as drills
from onegrid.cases.rules.drill.what_if import one_more, other_limit
from onegrid.kernel import clock

app = typer.Typer()
WIDTH = 150  # characters, where no terminal says its own


class StreamKind(StrEnum):
    """Where the cases come from."""

    HISTORIC = "historic"
    SYNTHETIC = "synthetic"


@app.command("drill")
def drill(
    scenario: Annotated[
        str, typer.Argument(help="场景标识、项目轮次或场景文件 a live key, a round (key/2), or a YAML file")
    ],
    *,
    city: Annotated[
        str | None, typer.Option(help="城市数据库 database of the city; default: this one")
    ] = None,
    stream: Annotated[
        StreamKind, typer.Option(help="流量来源 where the cases come from")
    ] = StreamKind.SYNTHETIC,
    days: Annotated[int, typer.Option(min=1, max=3660, help="演练天数 days")] = 30,
    per_day: Annotated[
        float | None, typer.Option(min=0.01, help="每天事件数（模拟流量）cases a day, synthetic")
    ] = None,
    start: Annotated[datetime | None, typer.Option(help="演练第一天 first day; default: today")] = None,
    seed: Annotated[int, typer.Option(help="随机种子 same seed, same result")] = 1,
    weights: Annotated[
        Path | None, typer.Option(help="假定文件 YAML: handling (minutes), tasks (minutes), exits (weights)")
    ] = None,
    what_if_limit: Annotated[
        list[str] | None, typer.Option(help="若改时限 STAGE=3 working days; may be repeated")
    ] = None,
    what_if_person: Annotated[
        list[str] | None, typer.Option(help="若加一人 ROLE or ROLE@CODE; may be repeated")
    ] = None,
    record_as: Annotated[
        str | None,
        typer.Option("--record-as", help="记入项目的账号 keep it with the project as this account"),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="结果写入文件 write the result here")
    ] = None,
) -> None:
    """Drill a scenario 实战演练: real posts, a virtual clock, the real case rules. Only `--record-as` writes.

    The last line is one JSON object."""
    if city is not None:
        drills.use_city(city)
    limits = [other_limit(text) for text in what_if_limit or ()]
    people = [one_more(text) for text in what_if_person or ()]
    order = drills.Order(
        scenario, _first_day(start), days=days, stream=stream.value, per_day=per_day, seed=seed,
        habits=weights, what_ifs=(*limits, *people),
    )  # fmt: skip
    now = clock.now()
    with Console(stderr=True).status("演练中……"):
        result = drills.hold(order, now=now)
    if json_file is not None:
        json_file.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    console = Console()
    show(result, console if console.is_terminal else Console(width=WIDTH))
    told = drills.summary(result)
    if record_as is not None:
        by = drilling.recorder_named(record_as, now=now)
        drilling.record(drills.version_of(scenario, now=now).version_id, told, by=by, now=clock.now())
        console.print(f"演练结果已由 {record_as} 记入场景项目")
    print(orjson.dumps(told).decode())


@app.command("hold-drills", hidden=True)
def hold_drills(
    worker: Annotated[int, typer.Option("--for", help="进程号 the worker, with which this ends")],
) -> None:
    """Hold the drills that were ordered on the desk, one by one, until none waits; the worker starts this."""
    os.nice(10)  # whoever waits for an answer of the server comes first
    drill_orders.hold_ordered_drills(clock.now, go_on=lambda: os.getppid() == worker)


def _first_day(start: datetime | None) -> datetime:
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    return clock.now() if start is None else start.replace(tzinfo=zone)
