"""What the figures share: a database of their own, a served API, eight clients, and the printed result."""

import asyncio
import hashlib
import json
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parents[1]
CITY = "onegrid_city"  # template databases: the city without cases, one per state of the code
CLIENTS = 8


class Figure(TypedDict):
    """One figure: its value beside the goal and the peer measured in the same run."""

    name: str
    value: float
    unit: str
    goal: float
    peer: str
    peer_value: float
    ratio: float


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    goal: float,
    peer: str,
    peer_value: float,
    ratio: float | None = None,
) -> Figure:
    """A figure, rounded for reading; `ratio` is value to peer unless given."""
    return Figure(
        name=name,
        value=round(value, 3),
        unit=unit,
        goal=goal,
        peer=peer,
        peer_value=round(peer_value, 3),
        ratio=round(value / peer_value if ratio is None else ratio, 2),
    )


def machine() -> str:
    """The machine in one line."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores {cpu}, {memory:.0f} GiB, Python {platform.python_version()}"


def ready() -> None:
    """The product without a database, for figures that need none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    import django

    django.setup()


def set_up(scale: float = 1.0) -> None:
    """A database of the figures' own, in a home of its own, with the sample city and no case."""
    base = Path(os.environ.get("ONEGRID_HOME") or ROOT / ".onegrid")
    os.environ["ONEGRID_HOME"] = str(base / f"bench-{scale:g}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    import django

    from onegrid.kernel import database

    database.start()
    django.setup()
    if not _exists(_city()):
        _build(scale)
    fresh_database()


def _city() -> str:
    """The template that this code would build; another code builds its own."""
    digest = hashlib.sha256()
    for file in sorted(
        one for one in (ROOT / "onegrid").rglob("*") if one.suffix in {".py", ".yaml", ".csv"}
    ):
        if "tests" not in file.parts:
            digest.update(file.read_bytes())
    return f"{CITY}_{digest.hexdigest()[:12]}"


def _build(scale: float) -> None:
    from onegrid.processes import migrate
    from onegrid.sample.actions import build

    for (stale,) in _admin("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{CITY}%"]):
        _admin(f'DROP DATABASE "{stale}" WITH (FORCE)')
    _disconnect()
    _admin('DROP DATABASE IF EXISTS "onegrid" WITH (FORCE)')
    _admin('CREATE DATABASE "onegrid"')
    migrate()
    build(scale=scale)
    _disconnect()
    _admin(f'CREATE DATABASE "{_city()}" TEMPLATE "onegrid"')


def fresh_database() -> None:
    """The city again as built: no report, no case."""
    _disconnect()
    _admin('DROP DATABASE IF EXISTS "onegrid" WITH (FORCE)')
    _admin(f'CREATE DATABASE "onegrid" TEMPLATE "{_city()}" STRATEGY FILE_COPY')


def _disconnect() -> None:
    from django.db import connection

    connection.close()


def _exists(name: str) -> bool:
    return bool(_admin("SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def _admin(statement: str, params: Sequence[object] = ()) -> list[tuple[object, ...]]:
    import psycopg

    from onegrid.kernel import database

    where = database.connection_settings()
    with psycopg.connect(
        host=where["HOST"], user=where["USER"], dbname="postgres", autocommit=True
    ) as connection:
        cursor = connection.execute(statement, params or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def served() -> Iterator[str]:
    """The API as `onegrid serve` gives it, two processes of two threads; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "onegrid", "serve", "--port", str(port)], start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/api/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(20)


@dataclass(frozen=True)
class Call:
    """One request of a load."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Load:
    """What a load measured. Latencies in milliseconds, in the order of the calls."""

    seconds: float
    latencies: list[float]
    statuses: list[int]
    bodies: list[bytes]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def load(url: str, calls: Sequence[Call], *, token: str = "", clients: int = CLIENTS) -> Load:
    """Send the calls over `clients` kept connections, each its next call when the last was answered.

    `token`: of whoever makes all the calls; none where each call's headers name its own."""
    host, port = url.removeprefix("http://").split(":")
    latencies, statuses, bodies = [0.0] * len(calls), [0] * len(calls), [b""] * len(calls)
    turn = iter(range(len(calls)))

    async def client() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for index in turn:
            call = calls[index]
            head = f"{call.method} {call.path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            head += f"Authorization: Bearer {token}\r\n" if token else ""
            head += "".join(f"{name}: {value}\r\n" for name, value in call.headers)
            if call.body:
                head += f"Content-Type: application/json\r\nContent-Length: {len(call.body)}\r\n"
            started = time.perf_counter()
            writer.write(head.encode() + b"\r\n" + call.body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in answer.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            bodies[index] = await reader.readexactly(length)
            latencies[index] = (time.perf_counter() - started) * 1000
            statuses[index] = int(answer.split(b" ", 2)[1])
        writer.close()

    async def all_clients() -> None:
        await asyncio.gather(*(client() for _ in range(clients)))

    started = time.perf_counter()
    asyncio.run(all_clients())
    return Load(time.perf_counter() - started, latencies, statuses, bodies)


def timed(run: Callable[[], object]) -> float:
    """Seconds one call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main(run: Callable[[], Figure]) -> None:
    """Run one figure by itself: a readable table, and one JSON object as the last line."""
    print(json.dumps(run(), ensure_ascii=False))
