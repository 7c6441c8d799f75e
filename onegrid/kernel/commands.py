"""`onegrid audit …`, `onegrid outbox …`: the record checked, the outbox looked into."""

import re
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table

from onegrid.kernel import actions, clock, outbox, seals
from onegrid.kernel.office_hours import BadOfficeHours, Season

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True, help="留痕 the tamper-evident record")
letters = typer.Typer(no_args_is_help=True, help="发件箱与死信 the outbox and its dead letters")
app.add_typer(audit, name="audit")
app.add_typer(letters, name="outbox")
calendar = typer.Typer(no_args_is_help=True, help="办公日历 the office calendar")
app.add_typer(calendar, name="calendar")

SHOWN = 100
PROBLEMS = {"changed": "被改动", "missing": "缺失", "beyond-head": "超出链头", "seal-changed": "封印不符"}


@audit.command("verify")
def verify(subject: str = typer.Option("", help="Check one chain only: its UUID")) -> None:
    """核验留痕: recompute every chain and seal of the record; name each broken row. Exit 1 when any is."""
    from uuid import UUID

    console = Console()
    found = 0
    with console.status("核验留痕链 checking the record"):
        for fault in seals.faults(UUID(subject) if subject else None):
            found += 1
            if found <= SHOWN:
                console.print(
                    f"[red]{PROBLEMS.get(fault.problem, '')} {fault.problem}[/red]"
                    f"  {fault.subject_kind} {fault.subject_id} 第 {fault.seq} 行 row {fault.seq}"
                )
    rows, chains, sealed = seals.extent()
    console.print(
        f"共 {rows:,} 行、{chains:,} 条链、{sealed:,} 个封印，{found} 处损坏"
        f"  ({rows:,} rows in {chains:,} chains, {sealed:,} seals: {found} broken)",
        soft_wrap=True,
    )
    raise typer.Exit(1 if found else 0)


@audit.command("seal")
def seal() -> None:
    """封存链头: seal all chain heads now (the worker does it daily)."""
    Console().print(f"已封存链头 heads sealed: {seals.seal(now=clock.now()):,}")


@letters.command("dead")
def dead() -> None:
    """列出死信: the deliveries given up after ten tries."""
    table = Table("编号 id", "接收方 listener", "主题 topic", "时间 at", "次数 tries", "错误 error")
    for letter in outbox.dead_letters():
        table.add_row(
            str(letter.id), letter.listener, letter.topic, f"{clock.city_time(letter.at):%Y-%m-%d %H:%M}",
            str(letter.attempts), letter.error[:120],
        )  # fmt: skip
    Console().print(table)


@letters.command("revive")
def revive() -> None:
    """重新投递: try all dead letters again."""
    Console().print(f"将重新投递 to be tried again: {outbox.revive(now=clock.now())}")


@calendar.command("hours")
def hours(
    seasons: list[str] = typer.Argument(  # noqa: B008 - typer's way
        help='By first day: "06-01 08:00-12:00,15:00-18:00" "10-01 08:00-12:00,14:30-17:30"'
    ),
) -> None:
    """设置办公时间: replace the office hours of the year; limits that run are reckoned by
    them from now on."""
    actions.set_office_hours(tuple(_season(text) for text in seasons))
    Console().print(f"已设置 {len(seasons)} 个时段 seasons")


@calendar.command("day")
def day(
    day: datetime = typer.Argument(formats=["%Y-%m-%d"]),  # noqa: B008 - typer's way
    off: bool = typer.Option(..., "--off/--working", help="A holiday, or a make-up day"),
) -> None:
    """设置节假日或调休: say that one day is a holiday or a make-up working day."""
    actions.set_days({day.date(): not off})
    Console().print(f"{day:%Y-%m-%d}: {'放假 off' if off else '上班 working'}")


def _season(text: str) -> Season:
    """Read "06-01 08:00-12:00,15:00-18:00"."""
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})\s+(\S.*)", text.strip())
    if found is None:
        raise BadOfficeHours(given=text)
    return Season.parse(int(found[1]), int(found[2]), found[3])
