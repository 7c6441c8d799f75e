"""`onegrid audit …`, `onegrid outbox …`: the record checked, the outbox looked into."""

import re
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table

from onegrid.kernel import actions, clock, outbox, seals
from onegrid.kernel.office_hours import BadOfficeHours, Season

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True, help="The tamper-evident record 留痕")
letters = typer.Typer(no_args_is_help=True, help="The outbox and its dead letters")
app.add_typer(audit, name="audit")
app.add_typer(letters, name="outbox")
calendar = typer.Typer(no_args_is_help=True, help="The office calendar 办公日历")
app.add_typer(calendar, name="calendar")

SHOWN = 100


@audit.command("verify")
def verify(subject: str = typer.Option("", help="Check one chain only: its UUID")) -> None:
    """Recompute every chain and seal of the record; name each broken row. Exit 1 when any is."""
    from uuid import UUID

    console = Console()
    found = 0
    with console.status("核验留痕链 checking the record"):
        for fault in seals.faults(UUID(subject) if subject else None):
            found += 1
            if found <= SHOWN:
                console.print(
                    f"[red]{fault.problem}[/red]  {fault.subject_kind} {fault.subject_id} row {fault.seq}"
                )
    rows, chains, sealed = seals.extent()
    console.print(f"{rows:,} rows in {chains:,} chains, {sealed:,} seals: {found} broken")
    raise typer.Exit(1 if found else 0)


@audit.command("seal")
def seal() -> None:
    """Seal all chain heads now (the worker does it daily)."""
    Console().print(f"{seals.seal(now=clock.now()):,} heads sealed")


@letters.command("dead")
def dead() -> None:
    """List the deliveries given up after ten tries."""
    table = Table("id", "listener", "topic", "at", "tries", "error")
    for letter in outbox.dead_letters():
        table.add_row(
            str(letter.id), letter.listener, letter.topic, f"{letter.at:%Y-%m-%d %H:%M}",
            str(letter.attempts), letter.error[:120],
        )  # fmt: skip
    Console().print(table)


@letters.command("revive")
def revive() -> None:
    """Try all dead letters again."""
    Console().print(f"{outbox.revive(now=clock.now())} deliveries will be tried again")


@calendar.command("hours")
def hours(
    seasons: list[str] = typer.Argument(  # noqa: B008 - typer's way
        help='By first day: "06-01 08:00-12:00,15:00-18:00" "10-01 08:00-12:00,14:30-17:30"'
    ),
) -> None:
    """Replace the office hours of the year; limits that run are reckoned by them from now on."""
    actions.set_office_hours(tuple(_season(text) for text in seasons))
    Console().print(f"{len(seasons)} seasons")


@calendar.command("day")
def day(
    day: datetime = typer.Argument(formats=["%Y-%m-%d"]),  # noqa: B008 - typer's way
    off: bool = typer.Option(..., "--off/--working", help="A holiday, or a make-up day"),
) -> None:
    """Say that one day is a holiday or a make-up working day."""
    actions.set_days({day.date(): not off})
    Console().print(f"{day:%Y-%m-%d}: {'放假 off' if off else '上班 working'}")


def _season(text: str) -> Season:
    """Read "06-01 08:00-12:00,15:00-18:00"."""
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})\s+(\S.*)", text.strip())
    if found is None:
        raise BadOfficeHours(given=text)
    return Season.parse(int(found[1]), int(found[2]), found[3])
