"""`onegrid sample build` and `onegrid sample day`, and the three steps of the demo."""

import time
from datetime import datetime

import typer
from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from onegrid.kernel import clock
from onegrid.sample import actions, queries
from onegrid.sample.rules.cast import ADMIN, AUDITOR, CAST, CITIZEN, PASSWORD
from onegrid.sample.rules.tally import Tally
from onegrid.workforce.rules import role_label

app = typer.Typer(no_args_is_help=True, help="样例城市 the sample city and its simulated day")
console = Console()
MADE_UP = (
    "样例城市：镇村名称、代码与县界为真实公开信息；县级以下边界、园区市场、人员、电话、上报均为虚构。\n"
    "Sample city: names and codes of towns and villages and the county's outline are public facts;\n"
    "boundaries below the county, parks and markets, people, telephone numbers and reports are made up."
)
_BEGINS_AT_S = 6 * 3600
_PLAIN_EVERY_S = 5.0


@app.command("build")
def build(
    scale: float = typer.Option(1.0, min=0.001, max=1.0, help="1.0 = 445 and 3,372 grids, 22,000 workers"),
    seed: int = typer.Option(actions.SEED, help="The same seed makes the same city"),
) -> None:
    """建样例城市: build the sample city in an empty database."""
    _build(scale=scale, seed=seed)
    console.print(MADE_UP, style="yellow", highlight=False, soft_wrap=True)


def _build(*, scale: float, seed: int) -> None:
    with console.status("样例城市 sample city") as status:
        built = actions.build(scale=scale, seed=seed, tell=status.update)
    console.print(
        f"已建成：{built.towns} 个镇街，{built.first_level} 个一级网格，{built.second_level} 个二级网格，"
        f"{built.posts} 个岗位，{built.workers} 名网格员",
        highlight=False,
    )


@app.command("day")
def day(
    url: str = typer.Option("http://127.0.0.1:8000", help="Where `onegrid serve` answers"),
    speed: float = typer.Option(240.0, min=1.0, help="Simulated seconds per second"),
    seed: int = typer.Option(actions.SEED, help="The same seed reports the same things"),
    reports: int = typer.Option(0, help="Reports of the day; 0 = two for each second-level grid"),
) -> None:
    """播放模拟日: play a simulated day through the API of a server that runs on this database."""
    play(url, speed=speed, seed=seed, reports=reports)


def prepare(*, scale: float, seed: int) -> None:
    """Build the sample city unless this database already holds it; what is made up, `show` says."""
    if not queries.has_city():
        _build(scale=scale, seed=seed)


def show(url: str) -> None:
    """Print the address, the log-ins of the cast, and what is made up."""
    table = Table("账号 user", "姓名 name", "岗位 post", title=f"密码 password: {PASSWORD}")
    for member in CAST:
        table.add_row(member.username, member.name, role_label(member.role))
    for username, name in (CITIZEN, ADMIN, AUDITOR):
        table.add_row(username, name, "")
    console.print(Panel(f"{url}\n{url}/api/docs", title="OneGrid 一张网", expand=False))
    console.print(table)
    console.print(MADE_UP, style="yellow", highlight=False, soft_wrap=True)


def play(url: str, *, speed: float, seed: int, reports: int = 0) -> Tally:
    """Play the simulated day at `speed` simulated seconds per second; prints a live summary line."""
    console.print(f"模拟日开始（{speed:g} 倍速，真实接口 real API）", highlight=False)
    with Live(console=console, refresh_per_second=4) as live:
        screen = _Screen(live)
        tally = actions.play_day(
            url, pace=_RealPace(speed), seed=seed, reports=reports or None, tell=screen.tell, now=clock.now()
        )
    console.print(f"模拟日结束：{tally.line()}", highlight=False, soft_wrap=True)
    return tally


class _Screen:
    """Shows the tally: one live line on a terminal, a line now and then in a log."""

    def __init__(self, live: Live) -> None:
        self._live, self._shown = live, 0.0

    def tell(self, tally: Tally) -> None:
        if console.is_terminal:
            self._live.update(Text(tally.line()))
        elif time.monotonic() - self._shown > _PLAIN_EVERY_S:
            self._shown = time.monotonic()
            print(tally.line(), flush=True)


class _RealPace:
    """The simulated day from six in the morning, `speed` times as fast as the real one."""

    def __init__(self, speed: float) -> None:
        self._speed, self._began = speed, time.monotonic()

    def until(self, second: float) -> datetime:
        """Wait for that second of the day; what comes before six comes at once."""
        due = self._began + max(0.0, second - _BEGINS_AT_S) / self._speed
        time.sleep(max(0.0, due - time.monotonic()))
        return clock.now()
