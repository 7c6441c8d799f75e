"""Speed of single reports through HTTP: `POST /api/reports`, 8 clients, durable, one report a request.

Two hundred grid workers send them; each is on disk with case, trail, clock and event before it is answered.
The peer writes the same rows by Django's ORM, one object at a time, in process and without HTTP.
Run: `python -m bench.report_http` (last line: one JSON object)."""

import json
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.harness import CLIENTS, Call, Figure, Load, figure, load, main, served, set_up

if TYPE_CHECKING:
    from onegrid.intake.rules.reports import ReportIn

WARM, MEASURED = 300, 4000
WORKERS = 200  # so that none sends more within an hour than a person does
PEER_REPORTS = 300
GOAL = 350
P95_MS = 60


def run() -> Figure:
    """Measure and print; the value is reports per second."""
    set_up()
    from bench.reports import reports
    from onegrid.kernel import clock

    tokens = _tokens()
    calls = [
        _call(each, tokens[number % WORKERS])
        for number, each in enumerate(reports(WARM + MEASURED, start=clock.now() - timedelta(hours=2)))
    ]
    with served() as url:
        load(url, calls[:WARM])
        sent = load(url, calls[WARM:])
    assert set(sent.statuses) == {201}, Counter(sent.statuses)
    kinds = Counter(json.loads(body)["kind"] for body in sent.bodies)
    return _told(sent, kinds, _peer())


def _call(report: "ReportIn", token: str) -> Call:
    from onegrid.intake.rules.reports import Channel

    body: dict[str, object] = {
        "channel": Channel.WORKER.value,
        "external_id": report.external_id,
        "class_code": report.class_code,
        "description": report.description,
        "lng": report.lng,
        "lat": report.lat,
        "system": report.system,
        "accuracy_m": report.accuracy_m,
        "place_text": report.place_text,
        "reported_at": report.reported_at.isoformat() if report.reported_at else None,
    }
    if report.reporter:
        body["reporter"] = {"name": report.reporter.name, "phone": report.reporter.phone}
    said = json.dumps(body, ensure_ascii=False).encode()
    return Call("POST", "/api/reports", said, (("Authorization", f"Bearer {token}"),))


def _tokens() -> list[str]:
    """The tokens of grid workers who hold a post."""
    from bench import work
    from onegrid.kernel import clock
    from onegrid.workforce import queries as workforce

    now = clock.now()
    grids = work.second_level_grids()[:WORKERS]
    return [work.worker(workforce.post_for("grid-head-2", grid, ""), now=now).token for grid in grids]


def _peer() -> float:
    """Reports per second of the same rows by ORM objects, without HTTP."""
    from bench.orm import receive_by_orm
    from bench.reports import reports
    from onegrid.kernel import clock

    ready = list(reports(PEER_REPORTS, start=clock.now() - timedelta(days=1), seed=8))
    receive_by_orm(ready[0], number=0)
    started = time.perf_counter()
    for number, report in enumerate(ready[1:], start=1):
        receive_by_orm(report, number=number)
    return (PEER_REPORTS - 1) / (time.perf_counter() - started)


def _told(sent: Load, kinds: Counter[str], peer: float) -> Figure:
    table = Table("", "reports/s", "p50 ms", "p95 ms", title=f"{MEASURED:,} reports, {CLIENTS} clients")
    times = [f"{sent.percentile(share):.1f}" for share in (0.5, 0.95)]
    table.add_row("POST /api/reports", f"{sent.per_second:.0f}", *times)
    table.add_row("Django ORM, no HTTP, one client", f"{peer:.0f}", "", "")
    table.add_row("goal", str(GOAL), "", str(P95_MS))
    console = Console()
    console.print(table)
    console.print(f"{dict(kinds)}; p95 {sent.percentile(0.95):.1f} ms, goal {P95_MS} ms")
    return figure(
        "report-http",
        sent.per_second,
        "reports/s",
        goal=GOAL,
        peer="Django ORM row by row, no HTTP",
        peer_value=peer,
    )


if __name__ == "__main__":
    main(run)
