"""Speed of checking, publishing and loading scenarios in the full-scale city (3,372 second-level grids).

Every scenario of the library is checked as on the desk: form, flow, names, one accountable post in every
grid. The peer asks the duty list grid by grid through the ORM, as one would without a coverage check of
sets; it is run on some grids and reckoned up. Publishing is a changed
file going live; loading is what a process does at its start.
Run: `python -m bench.soundness` (last line: one JSON object)."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up, timed

if TYPE_CHECKING:
    from onegrid.scenarios.rules import Definition

GOAL_S, PUBLISH_S, LOAD_S = 1.0, 2.0, 0.5
PEER_GRIDS = 60


def run() -> Figure:
    """Measure and print; the value is the slowest check of one definition, in seconds."""
    set_up()
    from onegrid.scenarios import actions

    files = sorted(one for one in actions.LIBRARY.glob("*.yaml") if one.name != "classes.yaml")
    checks = {file.stem: timed(partial(_check, file)) for file in files}
    slowest = max(checks, key=lambda key: checks[key])
    publish, load = _publishing(actions.LIBRARY / f"{slowest}.yaml"), _loading(len(files))
    peer = _peer(actions.LIBRARY / f"{slowest}.yaml")
    table = Table("", "s", "goal s", title=f"{len(files)} scenarios in 3,372 grids")
    table.add_row(f"check, slowest ({slowest})", f"{checks[slowest]:.3f}", str(GOAL_S))
    table.add_row("check, mean", f"{sum(checks.values()) / len(checks):.3f}", "")
    table.add_row("publish", f"{publish:.3f}", str(PUBLISH_S))
    table.add_row(f"load all {len(files)} at start", f"{load:.3f}", str(LOAD_S))
    table.add_row("post by post through the ORM", f"{peer:.1f}", "")
    Console().print(table)
    return figure(
        "soundness",
        checks[slowest],
        "s",
        goal=GOAL_S,
        peer="Django ORM, one look-up per stage and grid",
        peer_value=peer,
        ratio=peer / checks[slowest],
    )


def _check(file: Path) -> None:
    from onegrid.scenarios import queries

    found = queries.review(file.read_text(encoding="utf-8"))
    assert not found.findings, found.findings[0]
    assert found.grids > 3_000, found.grids


def _publishing(file: Path) -> float:
    from onegrid.accounts.rules import SYSTEM
    from onegrid.kernel import clock
    from onegrid.scenarios import actions

    text = file.read_text(encoding="utf-8")
    changed = text.replace("basis: [", "basis: [《修订说明》, ", 1)
    assert changed != text
    return timed(lambda: actions.publish(changed, by=SYSTEM, now=clock.now()))


def _loading(count: int) -> float:
    """The first look at the live scenarios in a process that has not seen them."""
    from onegrid.kernel import clock, stamps
    from onegrid.scenarios import queries

    stamps.bump("scenarios")
    now = clock.now()
    seconds = timed(lambda: queries.live(now))
    assert len(queries.live(now).versions) <= count
    return seconds


def _peer(file: Path) -> float:
    from onegrid.scenarios.rules import Draft, parse
    from onegrid.territory import queries as territory

    draft = parse(file.read_text(encoding="utf-8"))
    assert isinstance(draft, Draft)
    grids = sorted(code for code in territory.live_codes() if not code.endswith("000"))
    some = grids[:: len(grids) // PEER_GRIDS]
    started = time.perf_counter()
    for grid in some:
        _each_stage(draft.definition, grid)
    return (time.perf_counter() - started) / len(some) * len(grids)


def _each_stage(definition: "Definition", grid: str) -> None:
    from django.apps import apps

    posts = apps.get_model("workforce", "Post").objects
    for stage in definition.stages.values():
        where = {"role": stage.who.role, "closed_on": None}
        if stage.who.unit and stage.who.unit != "responsible":
            where["unit__key"] = stage.who.unit
        assert list(posts.filter(**where, territory__in=[grid[:n] for n in (6, 9, 12, 15)])), stage.key


if __name__ == "__main__":
    main(run)
