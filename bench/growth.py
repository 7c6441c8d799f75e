"""What ten times the cases cost: the same work measured among 40,000 and among 400,000 running cases.

A batch of 1,000 reports, a single report, a stage move and a page of a town's list, each by the road it
always takes. The value is the worst of the four ratios. The peer counts the running cases of each town and
class by GROUP BY over the table, as a dashboard without counters would.
Run: `python -m bench.growth` (last line: one JSON object)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.harness import Figure, figure, main, set_up

FEW, MANY = 40_000, 400_000
BATCH = 1000
SETTLING = 20  # batches after a checkpoint, until most index pages have been written whole once
BATCHES, SINGLES, MOVES, PAGES, COUNTS = 9, 300, 300, 120, 5
GOAL = 1.3


def run() -> Figure:
    """Measure at both sizes and print; the value is the worst growth."""
    set_up()
    from onegrid.kernel import clock

    now = clock.now()
    _fill(FEW, before=0, now=now)
    few = _measure(seed=1, now=now)
    _fill(MANY, before=FEW, now=now)
    many = _measure(seed=2, now=now)
    growth = {name: many[name] / few[name] for name in few}
    *roads, peer = few
    worst = max(growth[name] for name in roads)
    table = Table("", f"{FEW:,} cases", f"{MANY:,} cases", "growth", title="milliseconds")
    for name in few:
        table.add_row(name, f"{few[name]:.2f}", f"{many[name]:.2f}", f"{growth[name]:.2f}")
    Console().print(table)
    return figure(
        "growth", worst, "times", goal=GOAL, peer=peer, peer_value=growth[peer], ratio=growth[peer] / worst
    )


def _fill(upto: int, *, before: int, now: datetime) -> None:
    """Bring the running cases to about that many, by the road itself; then vacuum, checkpoint and go on for a
    while, so that both sizes are measured at the same time of the database's day."""
    from django.db import connection

    from bench.reports import batches

    settling = SETTLING * BATCH
    count = upto - before - settling
    stream = batches(count, BATCH, start=now - timedelta(days=20), seed=1000 + before)
    for batch in track(stream, description=f"{upto:,} cases", total=count // BATCH):
        _receive(batch)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    for batch in batches(settling, BATCH, start=now - timedelta(days=2), seed=2000 + before):
        _receive(batch)


def _measure(*, seed: int, now: datetime) -> dict[str, float]:
    """Median milliseconds of each road; the peer comes last."""
    from bench.reports import batches, reports

    start = now - timedelta(days=1)
    ready = list(batches(BATCHES * BATCH, BATCH, start=start, seed=seed))
    singles = [[each] for each in reports(SINGLES, start=start, seed=seed + 10)]
    return {
        "1,000 reports in a batch": _median([partial(_receive, batch) for batch in ready]),
        "one report": _median([partial(_receive, one) for one in singles]),
        "a move 签收": _median(_moves(now=now)),
        "a page of a town's list": _median(_pages(now=now)),
        "GROUP BY over the table": _median([_count] * COUNTS),
    }


def _median(works: list[Callable[[], object]]) -> float:
    """Milliseconds; the first tenth warms up."""
    times = []
    for work in works:
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return median(times[len(times) // 10 :])


def _receive(batch: list[Any]) -> None:
    from onegrid.accounts.rules import SYSTEM
    from onegrid.intake.actions import receive
    from onegrid.kernel import clock

    receive(batch, by=SYSTEM, now=clock.now())


def _moves(*, now: datetime) -> list[Callable[[], object]]:
    """Sign-ins of fresh cases of one grid by the post that owns them."""
    from bench import work
    from onegrid.cases.actions import perform
    from onegrid.cases.rules.commands import Acknowledge

    grid = work.second_level_grids()[:1]
    done = work.opened(MOVES, grids=grid, start=now - timedelta(hours=1), every=timedelta(seconds=1))
    owner = work.worker(done[0].owner_post, now=now).actor
    return [partial(perform, [Acknowledge(case_id=one.case_id)], by=owner, now=now) for one in done]


def _pages(*, now: datetime) -> list[Callable[[], object]]:
    """Pages of 50 as the town desk sees them: by due time, newest, one class."""
    from bench import work
    from onegrid.cases.queries import CaseFilter, Sort, case_list
    from onegrid.workforce import queries as workforce

    grid = work.second_level_grids()[0]
    desk = work.worker(workforce.post_for("town-desk", grid, ""), now=now, scopes=("case.read",)).actor
    kinds = (
        (CaseFilter(), Sort.DUE),
        (CaseFilter(phase="open"), Sort.NEWEST),
        (CaseFilter(phase="open", class_code="E01"), Sort.DUE),
    )
    return [
        partial(case_list, desk, wanted, sort=sort, limit=50, now=now)
        for wanted, sort in kinds * (PAGES // len(kinds))
    ]


def _count() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT town, class_code, count(*) FROM cases_case WHERE phase = 'open' GROUP BY town, class_code"
        )
        cursor.fetchall()


if __name__ == "__main__":
    main(run)
