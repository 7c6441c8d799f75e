"""Chinese messages of the same matter: is another one among the first three out of all the messages?

The model that comes along, which knows nothing of these messages (not part of this repository), orders them
by their words. Beside it plain TF-IDF over characters, one to three in a row, of scikit-learn.
Run: `python -m bench.match_zh` (last line: one JSON object)."""

import csv
import os
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.harness import ROOT, Figure, figure, main, ready

FOLDER = Path(os.environ.get("ONEGRID_BENCH_MESSAGES", ROOT.parent / "shared/data/zh_civic"))
GOAL = 0.975


def run() -> Figure:
    """Ask both about every message of a known cluster."""
    ready()
    from onegrid.intake.queries.models import shipped
    from onegrid.intake.rules.filter import tables
    from onegrid.intake.rules.filter.messages import same_matter
    from onegrid.intake.rules.filter.stored import from_file

    read = tables.read([(each.name, each.read_bytes()) for each in sorted(FOLDER.iterdir())])
    file = shipped("matching")
    assert isinstance(read, tables.Messages)
    assert file is not None
    card = same_matter(from_file(file), read)
    value, peer = card["recall_at_3"], _plain(dict(read.cluster))
    assert isinstance(value, float)
    table = Table("", "another member among three", title=f"{card['asked']} of {card['messages']:,} messages")
    table.add_row("OneGrid", f"{value}")
    table.add_row("TF-IDF of characters", f"{peer:.4f}")
    Console().print(table)
    return figure(
        "match-zh", value, "of messages", goal=GOAL, peer="TF-IDF of characters 1-3", peer_value=peer
    )


def _plain(cluster: dict[int, str]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer

    with (FOLDER / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [f"{row['title']}\n{row['text']}" for row in csv.DictReader(file)]
    matrix = TfidfVectorizer(analyzer="char", ngram_range=(1, 3)).fit_transform(texts)
    asked = sorted(cluster)
    alike = (matrix[asked] @ matrix.T).toarray()
    alike[np.arange(len(asked)), asked] = -1
    best = np.argsort(-alike, axis=1, kind="stable")[:, :3]
    hits = [
        any(cluster.get(int(other)) == cluster[row] for other in found)
        for row, found in zip(asked, best, strict=True)
    ]
    return sum(hits) / max(len(hits), 1)


if __name__ == "__main__":
    main(run)
