"""How often the right department is told for a real city's cases: Boston 311, 2015, trained before July.

From the type named, the channel, place and time, by the product's own code (`onegrid evaluate classes`); the
test is July and August. Nothing that was recorded later is read, nor the title, which the city edits while it
works. Beside it the habit table: the most frequent department of each type. The cases are not part of this
repository. Run: `python -m bench.department` (last line: one JSON object)."""

import os
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.harness import ROOT, Figure, figure, main, ready

FOLDER = Path(os.environ.get("ONEGRID_BENCH_BOSTON", ROOT.parent / "shared/data/boston311"))
UNTIL = date(2015, 7, 1)
GOAL = 0.955


def run() -> Figure:
    """Train on the first half year, test on the two months after it."""
    ready()
    from onegrid.intake.queries.labelled import labelled
    from onegrid.intake.rules.learned.evaluation import evaluated

    rows = labelled(FOLDER, target="department")
    card = evaluated(rows.lessons, rows.target, first=rows.first_from(UNTIL))
    value, plain = card["accuracy_at_1"], card["plain_rule"]
    assert isinstance(value, float)
    assert isinstance(plain, dict)
    peer = plain["accuracy_at_1"]
    assert isinstance(peer, float)
    keys = ("accuracy_at_1", "accuracy_at_3", "macro_f1", "calibration_error", "coverage")
    table = Table("", *keys, title=f"{card['trained_on']:,} cases learned, {card['rows']:,} told")
    table.add_row("OneGrid", *(f"{card[key]}" for key in keys))
    table.add_row("majority by type", f"{peer}", "", f"{plain['macro_f1']}", "", "")
    Console().print(table)
    return figure(
        "department", value, "accuracy", goal=GOAL, peer="most frequent department of the type",
        peer_value=peer,
    )  # fmt: skip


if __name__ == "__main__":
    main(run)
