"""The command line: `onegrid <command>`. Each context brings its own commands."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import typer
from rich.console import Console

DJANGO_COMMANDS = {
    "makemigrations",
    "check",
    "shell",
    "showmigrations",
    "sqlmigrate",
    "collectstatic",
}
# A city of its own in a database of its own: settings that must stand before Django starts.
PRESETS = {"replay": {"ONEGRID_DATABASE": "onegrid_replay", "ONEGRID_TIME_ZONE": "America/New_York"}}
CONTEXTS = {
    "territory": "territory",
    "workforce": "workforce",
    "scenarios": "scenario",
    "cases": "",
    "intake": "",
    "accounts": "account",
    "kernel": "",
    "sample": "sample",
}


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    import django

    django.setup()


def build() -> typer.Typer:
    """The whole command tree; Django must be set up."""
    from onegrid.processes import app as processes

    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="OneGrid 一张网")
    app.registered_commands.extend(processes.registered_commands)
    for context, name in CONTEXTS.items():
        if find_spec(f"onegrid.{context}.commands") is None:
            continue
        commands = import_module(f"onegrid.{context}.commands").app
        if name:
            app.add_typer(commands, name=name)
        else:
            app.registered_commands.extend(commands.registered_commands)
            app.registered_groups.extend(commands.registered_groups)
    app.registered_commands.extend(import_module("onegrid.sample.commands").replay_app.registered_commands)
    return app


def _run() -> None:
    """Run the command. Raises NotMigrated where it met tables that are not there yet."""
    from django.db import ProgrammingError

    from onegrid.kernel import database

    try:
        build()()
    except ProgrammingError:
        if database.is_behind():
            raise database.NotMigrated from None
        raise


def main() -> None:
    """Entry point: a refusal is one line on stderr and exit code 2."""
    from onegrid.kernel.refusals import Refusal

    for name, value in PRESETS.get("".join(sys.argv[1:2]), {}).items():
        os.environ.setdefault(name, value)
    _setup()
    from onegrid.kernel import database

    if len(sys.argv) > 1 and sys.argv[1] in DJANGO_COMMANDS:
        from django.core.management import execute_from_command_line

        database.start()
        execute_from_command_line(sys.argv)
        return
    try:
        if len(sys.argv) > 1 and "--help" not in sys.argv:
            database.start()
        _run()
    except Refusal as refusal:
        Console(stderr=True, soft_wrap=True).print(
            f"[red]{refusal.message('zh')}[/red]  ({refusal.message('en')})", highlight=False
        )
        raise SystemExit(2) from None
