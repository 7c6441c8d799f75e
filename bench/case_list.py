"""Speed of the case list: one town, filtered and sorted, among 800,000 cases; peer: an ORM page with count.

Pages of 50 by the query behind GET /api/cases, as the town's desk sees them: first pages and following
ones, filtered by phase, class, urgency, stage and words, sorted by due time or by age. The statements of a
request through the whole API are counted as well (at most 3).
Run: `python -m bench.case_list` (last line: one JSON object)."""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up

CASES = 800_000
CLOSED_SHARE = 0.9
PAGES = 400
PEER_PAGES = 20
PAGE = 50
GOAL_MS = 30
MOST_STATEMENTS = 3


def run() -> Figure:
    """Measure and print; the value is the 95th percentile of a page in milliseconds."""
    set_up()
    from bench import work
    from onegrid.kernel import clock

    now = clock.now()
    grids = work.second_level_grids()
    start = now - timedelta(days=365)
    work.opened(CASES, grids=grids, start=start, every=timedelta(days=365) / CASES)
    _close(now=now)
    desk = work.worker(_town_desk(grids[0]), now=now, scopes=("case.read", "case.work", "case.dispatch"))
    times = sorted(_pages(desk.actor, now=now))
    statements = _statements(desk.token)
    assert statements <= MOST_STATEMENTS, statements
    p95 = times[int(0.95 * len(times))]
    peer = _peer(grids[0][:9], now=now)
    _tell(times, p95, statements, peer)
    return figure(
        "case-list",
        p95,
        "ms p95",
        goal=GOAL_MS,
        peer="Django ORM page with count",
        peer_value=peer,
        ratio=peer / p95,
    )


def _close(*, now: datetime) -> None:
    """Most cases of a year have ended. Their rows are set directly: this figure is about reading."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET phase = 'closed', stage = 'closed', owner = NULL, alarm_at = NULL,"
            " closed_at = opened_at + interval '2 days', outcome = 'solved' WHERE opened_at < %s",
            [now - timedelta(days=365 * (1 - CLOSED_SHARE))],
        )
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case")


def _town_desk(grid: str) -> Any:
    from onegrid.workforce import queries as workforce

    return workforce.post_for("town-desk", grid, "")


def _wanted() -> list[tuple[Any, Any]]:
    from onegrid.cases.queries import CaseFilter, Sort

    return [
        (CaseFilter(), Sort.DUE),
        (CaseFilter(), Sort.NEWEST),
        (CaseFilter(overdue=True), Sort.DUE),
        (CaseFilter(phase="open", urgency=3), Sort.DUE),
        (CaseFilter(phase="closed", class_code="E0103"), Sort.NEWEST),
        (CaseFilter(class_code="E01", channel="public"), Sort.OLDEST),
        (CaseFilter(phase="open", stage="grid-handle", class_code="E0104"), Sort.DUE),
        (CaseFilter(phase="closed", urgency=1, channel="department"), Sort.NEWEST),
        (CaseFilter(text="（7"), Sort.NEWEST),
    ]


def _pages(actor: Any, *, now: datetime) -> Iterator[float]:
    """Milliseconds of each page: filters in turn, half of them first pages, half a page further on."""
    from onegrid.cases.queries import Sort, case_list

    random.seed(7)
    wanted = _wanted()
    for number in range(PAGES):
        chosen, sort = wanted[number % len(wanted)]
        after = None
        if number % 2:
            rows = case_list(actor, chosen, sort=sort, limit=PAGE, now=now)
            last = rows[random.randrange(len(rows))] if rows else None
            after = last and (last.due_at if sort is Sort.DUE else last.opened_at, last.id)
        started = time.perf_counter()
        case_list(actor, chosen, sort=sort, after=after, limit=PAGE + 1, now=now)
        yield (time.perf_counter() - started) * 1000


def _statements(token: str) -> int:
    """How many statements one filtered and sorted page costs through the API, sign-in included."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"Authorization": f"Bearer {token}"})
    path = "/api/cases?sort=due&phase=open&class_code=E01&limit=50"
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as spent:
        assert len(client.get(path).json()["items"]) == PAGE
    return len(spent)


def _peer(town: str, *, now: datetime) -> float:
    """The usual way: ORM objects, ordered, sliced, with a count for the pager; milliseconds at p95."""
    from onegrid.cases.models import Case

    times = []
    for number in range(PEER_PAGES):
        page = Case.objects.filter(town=town, class_code__startswith="E01").order_by("-opened_at")
        started = time.perf_counter()
        page.count()
        list(page[number * PAGE : (number + 1) * PAGE])
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)[int(0.95 * len(times))]


def _tell(times: list[float], p95: float, statements: int, peer: float) -> None:
    table = Table("what", "measured", "goal", title=f"one town's list among {CASES:,} cases, pages of {PAGE}")
    table.add_row("page, p50", f"{times[len(times) // 2]:.1f} ms", "")
    table.add_row("page, p95", f"{p95:.1f} ms", f"{GOAL_MS} ms")
    table.add_row("page, slowest", f"{times[-1]:.1f} ms", "")
    table.add_row("statements per request", str(statements), str(MOST_STATEMENTS))
    table.add_row("Django ORM with count, p95", f"{peer:.1f} ms", "")
    Console().print(table)


if __name__ == "__main__":
    main(run)
