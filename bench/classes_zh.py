"""How well the classifier tells the class of Chinese messages: macro-F1, five folds over labelled posts.

Trained and asked by the product's own code (`onegrid evaluate classes`). Beside it, on the same folds, a
linear SVM over TF-IDF of characters, one to three in a row, of scikit-learn. The posts are not part of this
repository. Also printed: how long a batch of 1,000 takes. Run: `python -m bench.classes_zh` (last line: one
JSON object)."""

import os
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.harness import ROOT, Figure, figure, main, ready, timed

FILE = Path(os.environ.get("ONEGRID_BENCH_ZH", ROOT.parent / "shared/data/zh_civic/labelled_dev.csv"))
GOAL, GOAL_MS = 0.88, 100.0
FOLDS, BATCH = 5, 1_000


def run() -> Figure:
    """Cross-validate both on the same folds; time a batch of the product's model."""
    ready()
    from sklearn.metrics import f1_score

    from onegrid.intake.queries.labelled import labelled
    from onegrid.intake.rules.learned.evaluation import evaluated

    rows = labelled(FILE)
    card = evaluated(rows.lessons, rows.target, folds=FOLDS)
    truth = np.array([each.truth[rows.target] for each in rows.lessons])
    texts = np.array([each.sample.text for each in rows.lessons], dtype=object)
    peer = float(f1_score(truth, _svm(texts, truth), average="macro"))
    milliseconds = _batch_ms()
    table = Table("", "macro-F1", "accuracy at 1", "at 3", "calibration error", title=f"{len(truth):,} posts")
    figures = (card[key] for key in ("macro_f1", "accuracy_at_1", "accuracy_at_3", "calibration_error"))
    table.add_row("OneGrid", *map(str, figures))
    table.add_row("SVM, characters 1-3", f"{peer:.4f}", "", "", "")
    Console().print(table)
    Console().print(f"a batch of {BATCH:,}: {milliseconds:.0f} ms")
    if milliseconds > GOAL_MS:
        raise SystemExit(f"a batch of {BATCH:,} takes {milliseconds:.0f} ms, over {GOAL_MS:.0f}")
    value = card["macro_f1"]
    assert isinstance(value, float)
    return figure(
        "classes-zh", value, "macro-F1", goal=GOAL, peer="linear SVM on characters 1-3, same folds",
        peer_value=peer,
    )  # fmt: skip


def _svm(texts: np.ndarray, truth: np.ndarray) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    said = np.empty_like(truth)
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, truth):
        peer = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())
        said[test] = peer.fit(texts[train], truth[train]).predict(texts[test])
    return said


def _batch_ms() -> float:
    """The best of three batches, asked of a model of all the posts; the first call is left out."""
    from onegrid.intake.queries.labelled import labelled
    from onegrid.intake.rules.learned.evaluation import trained
    from onegrid.intake.rules.learned.model import LearnedClassifier
    from onegrid.intake.rules.learned.training import Learner

    rows = labelled(FILE)
    learner = Learner(rows.lessons)
    head = trained(learner, rows.target, np.arange(len(rows.lessons)), is_ordered=False)
    model = LearnedClassifier({rows.target: head})
    batch = [each.sample for each in (rows.lessons * BATCH)[:BATCH]]
    model.tell(batch[:10])
    return min(timed(lambda: model.tell(batch)) for _ in range(3)) * 1000


if __name__ == "__main__":
    main(run)
