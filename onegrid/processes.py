"""The long-running parts: `serve`, `worker`, and `demo`, which starts both and stops both."""

import asyncio
import gc
import json
import logging
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import typer
from django.core.management import call_command
from django.db import close_old_connections, connection

from onegrid.kernel import alone, clock, database, outbox

log = logging.getLogger("onegrid.processes")
app = typer.Typer()

IDLE_S = 0.5  # how long the outbox may lie before it is looked at again
AFTER_FAULT_S = 2.0
LOST_S = 10.0  # how often jobs of vanished workers are looked for
START_S = 60


@app.command("migrate")
def migrate() -> None:
    """建表升级: create or update the tables, and load the statutory calendar."""
    from onegrid.kernel.actions import load_statutory_days

    call_command("migrate", verbosity=0)
    load_statutory_days(first_year=2004, last_year=clock.now().year + 1)


@app.command("serve")
def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on; a public one belongs behind nginx"),
    port: int = typer.Option(8000),
    workers: int = typer.Option(2, help="Processes"),
    threads: int = typer.Option(2, help="Threads per process; more only wait for each other on few cores"),
) -> None:
    """启动服务: serve the API and the front ends."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    alone.require_free_port(host, port)
    Granian(
        "onegrid.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=600,  # a thread keeps its database connection
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


@app.command("worker")
def worker() -> None:
    """后台进程: run what nobody waits for: outbox, deadlines, imports, seals."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # as in wsgi.py
    stop = threading.Event()
    drainer = threading.Thread(target=_drain_forever, args=(stop,), name="outbox")
    drainer.start()
    try:
        _run_tasks_forever(stop)
    finally:
        stop.set()
        drainer.join()


def _drain_forever(stop: threading.Event) -> None:
    """Empty the outbox until told to stop; a lost database is waited for, not died of."""
    while not stop.is_set():
        try:
            if not outbox.drain(now=clock.now()):
                stop.wait(IDLE_S)
        except Exception:
            log.warning("outbox: trying again", exc_info=True)
            connection.close()
            stop.wait(AFTER_FAULT_S)


def _run_tasks_forever(stop: threading.Event) -> None:
    """Procrastinate's worker, started again after a lost database, until a signal ends it."""
    from procrastinate.contrib.django import app as tasks

    while not stop.is_set():
        try:
            with tasks.replace_connector(tasks.connector.get_worker_connector()):  # type: ignore[attr-defined]
                asyncio.run(_run_worker(tasks, stop))
        except Exception:
            log.warning("tasks: trying again", exc_info=True)
        stop.wait(AFTER_FAULT_S)


async def _run_worker(tasks: Any, stop: threading.Event) -> None:
    """One run of the worker; SIGINT and SIGTERM let it finish what it has begun."""
    async with tasks.open_async():
        running = asyncio.create_task(
            tasks.run_worker_async(
                install_signal_handlers=False,
                fetch_job_polling_interval=2,
                delete_jobs="successful",
                shutdown_graceful_timeout=20,
            )
        )
        clearing = asyncio.create_task(_clear_lost_jobs(tasks))

        def end() -> None:
            stop.set()
            running.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, end)
        try:
            with suppress(asyncio.CancelledError):
                await running
        finally:
            clearing.cancel()


async def _clear_lost_jobs(tasks: Any) -> None:
    """Take up again what killed workers, or workers cut off from the database, were doing: its lock would
    hold up every later run. Where the next run waits already, the lost one is dropped."""
    from procrastinate.exceptions import ConnectorException, UniqueViolation
    from procrastinate.jobs import Status

    while True:
        try:
            for job in await tasks.job_manager.get_stalled_jobs():
                log.warning("tasks: %s was lost with its worker, taken up again", job.task_name)
                try:
                    await tasks.job_manager.retry_job(job)
                except UniqueViolation:
                    await tasks.job_manager.finish_job(job, status=Status.ABORTED, delete_job=True)
        except ConnectorException:
            log.warning("tasks: lost ones are looked for again", exc_info=True)
        await asyncio.sleep(LOST_S)


@app.command("api")
def api(check: bool = typer.Option(False, help="Only say whether the file is stale")) -> None:
    """生成接口说明: write docs/openapi.json from the code."""
    from onegrid.urls import api as endpoints

    file = database.PROJECT / "docs" / "openapi.json"
    text = json.dumps(endpoints.get_openapi_schema(), indent=1, ensure_ascii=False, default=str) + "\n"
    if not check:
        file.write_text(text)
    elif not file.exists() or file.read_text() != text:
        typer.echo("docs/openapi.json is stale: run `make api`", err=True)
        raise typer.Exit(1)


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child `onegrid` process in its own session, ended with the block: asked first, then killed."""
    command = [sys.executable, "-m", "onegrid", *arguments]
    child = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_until_answering(url: str, child: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; raise when it has ended or takes a minute."""
    for _ in range(START_S * 10):
        if child.poll() is not None:
            raise RuntimeError(f"the server ended with code {child.returncode}")
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - loopback
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no answer from {url} within {START_S} s")


def release_connections() -> None:
    """Give up this process's database connections before it waits for long."""
    close_old_connections()
    connection.close()


@app.command("demo")
def demo(
    port: int = typer.Option(8000),
    scale: float = typer.Option(0.05, help="1.0 is the whole city"),
    seed: int = typer.Option(20260301, help="The same seed makes the same city and day"),
    speed: float = typer.Option(240.0, help="Simulated seconds per second"),
) -> None:
    """演示: build the sample city, serve it, play a simulated day through the API;
    Ctrl-C stops everything."""
    alone.require_free_port("127.0.0.1", port)
    with alone.only_demo(database.home()):
        _demonstrate(port, scale=scale, seed=seed, speed=speed)


def _demonstrate(port: int, *, scale: float, seed: int, speed: float) -> None:
    from onegrid.sample import commands as sample

    def on_signal(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_signal)
    url = f"http://127.0.0.1:{port}"
    migrate()
    try:
        sample.prepare(scale=scale, seed=seed)
        release_connections()
        with running("serve", "--port", str(port)) as server, running("worker"):
            wait_until_answering(f"{url}/api/health", server)
            sample.show(url)
            sample.play(url, speed=speed, seed=seed)
            signal.pause()
    except KeyboardInterrupt:
        typer.echo("\n已停止 stopped")
    finally:
        release_connections()
        database.stop()
