"""Whether the redundancy filter slows down when ten times as many matters are open.

A batch of 1,000 reports beside 100,000 and beside 1,000,000 open matters of the same city, so ten times as
crowded. The peer is the comparison with all of them, which grows tenfold by its nature.
Run: `python -m bench.match_growth` (last line: one JSON object)."""

from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up
from bench.match_speed import OPEN, measured

TIMES, GOAL = 10, 1.3


def run() -> Figure:
    """Measure both; the value is how many times as long a report takes."""
    set_up()
    few, few_alone, _ = measured(OPEN)
    many, many_alone, peak = measured(OPEN * TIMES)
    table = Table("", f"{OPEN:,} open", f"{OPEN * TIMES:,} open", "growth", title="ms a report")
    table.add_row("in a batch", f"{few:.3f}", f"{many:.3f}", f"{many / few:.2f}")
    table.add_row("alone", f"{few_alone:.2f}", f"{many_alone:.2f}", f"{many_alone / few_alone:.2f}")
    Console().print(table)
    Console().print(f"peak memory {peak:,.0f} MiB")
    return figure(
        "match-growth",
        many / few,
        "times",
        goal=GOAL,
        peer="comparing with all open matters",
        peer_value=TIMES,
    )


if __name__ == "__main__":
    main(run)
