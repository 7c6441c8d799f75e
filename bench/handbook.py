"""Speed of a handbook as PDF: the process manual of every scenario of the library, beside WeasyPrint.

Each manual is composed from its version and set by Typst, as `onegrid scenario handbook` does. The peer sets
the very same handbook, the web page made of it, by WeasyPrint, which needs Pango on the machine
(`apt-get install libpango-1.0-0 libpangoft2-1.0-0`). The first manual also pays for loading the font.
Run: `python -m bench.handbook` (last line: one JSON object)."""

import io
from functools import partial

from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up, timed

GOAL_S = 5.0
SCALE = 1.0


def run() -> Figure:
    """Measure and print; the value is the slowest manual of the library as PDF, in seconds."""
    set_up(SCALE)
    from onegrid.kernel import clock
    from onegrid.scenarios import queries
    from onegrid.scenarios.queries.handbooks import Format

    keys = sorted({one.key for one in queries.live(clock.now()).versions})
    made = {key: [timed(partial(_drawn, key, shape)) for shape in Format] for key in keys}
    pdf = {key: times[list(Format).index(Format.PDF)] for key, times in made.items()}
    slowest = max(pdf, key=lambda key: pdf[key])
    pages, peer = _pages(_drawn(slowest, Format.PDF)), timed(partial(_weasyprint, slowest))
    table = Table("scenario", *(f"{shape} s" for shape in Format), title=f"{len(keys)} process manuals")
    for key, times in made.items():
        table.add_row(key, *(f"{one:.2f}" for one in times))
    table.add_row(f"WeasyPrint: {slowest}, {pages} pages", "", "", f"{peer:.2f}")
    Console().print(table)
    return figure(
        "handbook",
        pdf[slowest],
        "s",
        goal=GOAL_S,
        peer="WeasyPrint, the same handbook",
        peer_value=peer,
        ratio=peer / pdf[slowest],
    )


def _drawn(key: str, shape: str) -> bytes:
    from onegrid.accounts.rules import SYSTEM
    from onegrid.kernel import clock
    from onegrid.scenarios.queries.handbooks import Format, scenario_handbook

    return scenario_handbook(key, Format(shape), actor=SYSTEM, now=clock.now()).draw().content


def _weasyprint(key: str) -> bytes:
    from weasyprint import HTML

    made: bytes = HTML(string=_drawn(key, "html").decode()).write_pdf()
    return made


def _pages(pdf: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


if __name__ == "__main__":
    main(run)
