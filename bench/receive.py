"""Speed of the road of a report in batches of 1,000, durable, against Django's ORM row by row.

Every report is located, classed, matched, and opens or joins a case with trail, clock and events; each batch
is one transaction on disk. Two processes send at the same time, as two workers with an import each would;
one alone is shown beside. The peer writes the same rows, one ORM object at a time, a transaction per report.
Run: `python -m bench.receive` (last line: one JSON object)."""

import resource
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up

BATCH = 1000
WARM, MEASURED = 3, 25
SENDERS = 2
READY_S = 25  # until all senders have made their reports
PEER_REPORTS = 400
GOAL = 4000


class Sent(NamedTuple):
    """What one sender did: when, and what became of its reports."""

    begun: float
    ended: float
    outcomes: Counter[str]
    peak_mib: float


def run() -> Figure:
    """Measure and print; the value is reports per second with two senders."""
    set_up()
    alone, _ = _rate(1, seed=100)
    rate, sent = _rate(SENDERS, seed=200)
    peer = _peer()
    table = Table("", "reports/s", title=f"receive, batches of {BATCH:,}, {_durable()}")
    for name, value in (("two senders", rate), ("one sender", alone), ("Django ORM, row by row", peer)):
        table.add_row(name, f"{value:,.0f}")
    console = Console()
    console.print(table)
    outcomes = sum((each.outcomes for each in sent), Counter[str]())
    console.print(f"{dict(outcomes)}, peak memory {max(each.peak_mib for each in sent):,.0f} MiB each")
    return figure("receive", rate, "reports/s", goal=GOAL, peer="Django ORM row by row", peer_value=peer)


def _rate(senders: int, *, seed: int) -> tuple[float, list[Sent]]:
    """Reports per second of so many processes that start at the same moment."""
    start = time.time() + READY_S
    with ProcessPoolExecutor(senders, mp_context=get_context("spawn")) as pool:
        sent = list(pool.map(_send, [seed + i for i in range(senders)], [start] * senders))
    seconds = max(each.ended for each in sent) - min(each.begun for each in sent)
    return senders * MEASURED * BATCH / seconds, sent


def _send(seed: int, start: float) -> Sent:
    """In a process of its own: make reports, warm up, wait for the common start, send."""
    import django

    django.setup()
    from bench.reports import batches
    from onegrid.accounts.rules import SYSTEM
    from onegrid.intake.actions import receive
    from onegrid.kernel import clock

    ready = list(batches((WARM + MEASURED) * BATCH, BATCH, start=clock.now() - timedelta(days=2), seed=seed))
    for batch in ready[:WARM]:
        receive(batch, by=SYSTEM, now=clock.now())
    assert time.time() < start, "the machine is too slow for the common start"
    time.sleep(start - time.time())
    begun, outcomes = time.time(), Counter[str]()
    for batch in ready[WARM:]:
        outcomes.update(each.kind.value for each in receive(batch, by=SYSTEM, now=clock.now()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Sent(begun, time.time(), outcomes, peak)


def _durable() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    return f"fsync {fsync}, synchronous_commit {commit}"


def _peer() -> float:
    """Reports per second of the same rows by ORM objects."""
    from bench.orm import receive_by_orm
    from bench.reports import reports
    from onegrid.kernel import clock

    ready = list(reports(PEER_REPORTS, start=clock.now() - timedelta(days=1), seed=8))
    receive_by_orm(ready[0], number=0)
    started = time.perf_counter()
    for number, report in enumerate(ready[1:], start=1):
        receive_by_orm(report, number=number)
    return (PEER_REPORTS - 1) / (time.perf_counter() - started)


if __name__ == "__main__":
    main(run)
