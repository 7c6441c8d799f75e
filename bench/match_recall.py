"""How many of a city's own declared duplicates the redundancy filter proposes.

Real cases of January to August 2015 (not part of this repository), learned from before July and asked about
from then on by the product's own code; at most 10 % of the reports carry proposals, at most three each.
Beside it the rule of thumb: same class, 100 m, 7 days, still open.
Run: `python -m bench.match_recall` (last line: one JSON object)."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.harness import ROOT, Figure, figure, main, ready

FOLDER = Path(os.environ.get("ONEGRID_BENCH_CASES", ROOT.parent / "shared/data/boston311"))
CUT = "2015-07-01"
GOAL, GOAL_5 = 0.78, 0.72


def run() -> Figure:
    """Learn from the half-year before the cut, judge on what came after."""
    ready()
    from onegrid.intake.rules.filter import evaluation, tables

    read = tables.read([(each.name, each.read_bytes()) for each in sorted(FOLDER.iterdir())])
    assert isinstance(read, tables.Stream)
    since = (datetime.fromisoformat(CUT) - datetime(1970, 1, 1)) / timedelta(seconds=1)  # noqa: DTZ001
    card = evaluation.judge(read, since=since)
    recall, plain = card["recall_at_3"], card["plain_rule"]
    assert isinstance(recall, dict)
    assert isinstance(plain, dict)
    table = Table("", "recall", "reports flagged", title=f"{card['declared']} declared of {card['tested']:,}")
    table.add_row("OneGrid", f"{recall['10%']}", "10 %")
    table.add_row("OneGrid", f"{recall['5%']} (goal {GOAL_5})", "5 %")
    table.add_row("same class, 100 m, 7 days", f"{plain['recall']}", f"{plain['flagged']:.1%}")
    Console().print(table)
    value, peer = card["recall"], plain["recall"]
    assert isinstance(value, float)
    assert isinstance(peer, float)
    return figure(
        "match-recall", value, "of declared pairs", goal=GOAL, peer="same class, 100 m, 7 days, still open",
        peer_value=peer,
    )  # fmt: skip


if __name__ == "__main__":
    main(run)
