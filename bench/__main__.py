"""`make bench`: every figure in a process of its own, collected in bench/results.json and results.md."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from bench.harness import Figure, machine

FIGURES = {
    "locate": "bench.locate",
    "city-build": "bench.city_build",
    "receive": "bench.receive",
    "report-http": "bench.report_http",
    "move-http": "bench.move_http",
    "case-list": "bench.case_list",
    "growth": "bench.growth",
    "soundness": "bench.soundness",
    "handbook": "bench.handbook",
    "drill": "bench.drill",
    "classes-zh": "bench.classes_zh",
    "department": "bench.department",
    "match-recall": "bench.match_recall",
    "match-zh": "bench.match_zh",
    "match-speed": "bench.match_speed",
    "match-growth": "bench.match_growth",
}
HERE = Path(__file__).parent


def main() -> int:
    """Run all figures, or the one named; exit 2 for an unknown name, 1 when a run fails."""
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        print(f"unknown figure {unknown[0]!r}: choose from {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    failed = 0
    for name in wanted:
        result = _run(name)
        if result is None:
            failed = 1
            continue
        _keep(result)
    return failed


def _run(name: str) -> Figure | None:
    """One figure in a child process, its output passed on as it comes; its last line is the figure."""
    child = subprocess.Popen([sys.executable, "-m", FIGURES[name]], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    last = ""
    for line in child.stdout:
        print(line, end="", flush=True)
        last = line.strip() or last
    if child.wait() != 0:
        print(f"{name}: failed with code {child.returncode}", file=sys.stderr)
        return None
    figure: Figure = json.loads(last)
    return figure


def _keep(figure: Figure) -> None:
    """Put the figure into results.json and write results.md from all that are there."""
    file = HERE / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    today = date.today().isoformat()  # noqa: DTZ011 - the machine's own date, for the reader
    results[figure["name"]] = {**figure, "machine": machine(), "date": today}
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    lines = [
        "# Measured figures",
        "",
        "Written by `make bench`; fsync on, one run each, the peer in the same run on the same machine.",
        "",
        "| figure | value | goal | beside | its value | ratio | date | machine |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in FIGURES:
        if name in results:
            r = results[name]
            lines.append(
                f"| {name} | {r['value']:,} {r['unit']} | {r['goal']:,} | {r['peer']} | {r['peer_value']:,}"
                f" | {r['ratio']} | {r['date']} | {r['machine']} |"
            )
    (HERE / "results.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
