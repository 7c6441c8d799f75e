"""`onegrid audit …`, `onegrid outbox …`: the record checked, the outbox looked into."""

import typer
from rich.console import Console
from rich.table import Table

from onegrid.kernel import clock, outbox, seals

app = typer.Typer()
audit = typer.Typer(no_args_is_help=True, help="The tamper-evident record 留痕")
letters = typer.Typer(no_args_is_help=True, help="The outbox and its dead letters")
app.add_typer(audit, name="audit")
app.add_typer(letters, name="outbox")

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
