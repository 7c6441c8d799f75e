"""How long a drill of 800,000 cases takes: a year of sanitation matters on the full-scale city's real posts.

Every step is decided by the case rules, once for all cases in the same situation, each with its own clock,
queue and person. Beside it simpy plays nothing but the queues of the two stages that most cases pass, with as
many people, no rules, no clock, no record; it is timed on fewer cases and scaled per case.
Run: `python -m bench.drill` (last line: one JSON object)."""

import gc
import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up

if TYPE_CHECKING:
    from onegrid.cases.rules.drill.playing import Drill

CASES = int(os.environ.get("ONEGRID_BENCH_DRILL", "800000"))
DAYS = 365
GOAL_S, GOAL_MIB = 600.0, 2048.0
PEER_CASES = 40_000
SCENARIO = "environment-sanitation"
START = datetime(2026, 11, 23, tzinfo=UTC)  # everybody is appointed by then

# What a city that copes looks like: most matters end where they begin; minutes of work per stage.
HABITS = """
handling: {grid-handle: 25, town-handle: 20, urban-handle: 15, department-handle: 15, ruling: 10, check: 15}
tasks: {follow-up: 5, card: 5}
exits:
  grid-handle: {done: 86, beyond-grid: 8, other-grid: 1, untrue: 5}
  town-handle: {done: 80, back-to-grid: 4, to-urban-management: 8, to-department: 7, untrue: 1}
  urban-handle: {done: 95, to-department: 5}
  department-handle: {done: 96, not-ours: 4}
  ruling: {ruled: 90, to-town: 10}
  check: {passed: 95, redo-grid: 4, redo-town: 1, redo-department: 0}
"""


def run() -> Figure:
    """Play the year once, then the queues alone."""
    set_up()
    drill, seconds = _played()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    per_case = _peer()
    _show(drill, seconds, peak, per_case)
    if peak > GOAL_MIB:
        raise SystemExit(f"peak memory {peak:.0f} MiB is over {GOAL_MIB:.0f} MiB")
    peer = per_case * drill.book.arrived
    return figure(
        "drill", seconds * CASES / drill.book.arrived, "s for 800,000 cases (lower is better)", goal=GOAL_S,
        peer=f"simpy, two queues a case and no rules, scaled from {PEER_CASES:,} cases", peer_value=peer,
        ratio=peer / seconds,
    )  # fmt: skip


def _played() -> "tuple[Drill, float]":
    """The drill from reading the city to the last day."""
    from onegrid.cases.queries.drill import Order
    from onegrid.cases.queries.drill.holding import setting_of
    from onegrid.cases.rules.drill.playing import Drill
    from onegrid.cases.rules.drill.results import result_of

    started = time.perf_counter()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(HABITS)
        file.flush()
        order = Order(SCENARIO, START, days=DAYS, per_day=CASES / DAYS, habits=Path(file.name))
        setting = setting_of(order, now=START)
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    drill = Drill(setting)
    drill.play()
    result_of(drill)
    assert drill.book.closed > 0.9 * drill.book.arrived, "the city does not cope"
    return drill, time.perf_counter() - started


def _peer() -> float:
    """Seconds per case of simpy playing two queues in a row, one village's people in each."""
    import simpy

    rng = np.random.default_rng(1)
    villages, rate = 445, PEER_CASES / (DAYS * 420.0)  # a minute of office time
    gaps, works = rng.exponential(1 / rate, PEER_CASES), rng.exponential(1.0, (PEER_CASES, 2))
    places = rng.integers(0, villages, PEER_CASES)
    world = simpy.Environment()
    heads = [simpy.Resource(world, 1) for _ in range(villages)]
    centres = [simpy.Resource(world, 2) for _ in range(villages)]

    def case(nth: int) -> Any:
        for desk, minutes, work in ((heads, 25, works[nth, 0]), (centres, 15, works[nth, 1])):
            with desk[places[nth]].request() as turn:
                yield turn
                yield world.timeout(minutes * work)

    def source() -> Any:
        for nth in range(PEER_CASES):
            yield world.timeout(gaps[nth])
            world.process(case(nth))

    world.process(source())
    started = time.perf_counter()
    world.run()
    return (time.perf_counter() - started) / PEER_CASES


def _show(drill: "Drill", seconds: float, peak: float, per_case: float) -> None:
    book, counts = drill.book, drill.road.counts
    steps = sum(stage.left for stage in book.stages.values())
    table = Table("", "", title=f"{book.arrived:,} cases over {DAYS} days", show_header=False)
    for name, value in (
        ("seconds", f"{seconds:.1f} (goal {GOAL_S:.0f})"),
        ("peak memory", f"{peak:.0f} MiB (goal {GOAL_MIB:.0f})"),
        ("stages worked", f"{steps:,}, {steps / seconds:,.0f} a second"),
        ("decided by the rules", f"{counts.asked:,}"),
        ("taken from memory", f"{counts.remembered:,}, {counts.checked:,} checked again"),
        ("closed, open at the end", f"{book.closed:,}, {len(drill.live):,}"),
        ("simpy, queues only", f"{per_case * 1e6:.0f} µs a case; we {seconds / book.arrived * 1e6:.0f} µs"),
    ):
        table.add_row(name, value)
    Console().print(table)


if __name__ == "__main__":
    main(run)
