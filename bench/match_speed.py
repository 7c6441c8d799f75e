"""What the redundancy filter costs inside `receive`: looking up and scoring, a batch of 1,000 and one report.

Beside 100,000 open matters of the full-scale city. The peer looks the same texts up by a dense cosine of
TF-IDF over all of them (scikit-learn). Run: `python -m bench.match_speed` (last line: one JSON object)."""

import resource
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.harness import Figure, figure, main, set_up, timed

if TYPE_CHECKING:
    from onegrid.intake.rules.filter.matters import Matter

OPEN, BATCH, SINGLE = 100_000, 1_000, 50
GOAL_MS, GOAL_SINGLE_MS, GOAL_MIB = 0.25, 15.0, 500


def run() -> Figure:
    """Measure and print; the value is milliseconds per report in a batch."""
    set_up()
    per_report, single, peak = measured(OPEN)
    peer = _peer()
    table = Table("", "ms a report", "goal", title=f"{OPEN:,} open matters")
    table.add_row(f"batch of {BATCH:,}", f"{per_report:.3f}", f"{GOAL_MS}")
    table.add_row("one report", f"{single:.2f}", f"{GOAL_SINGLE_MS}")
    table.add_row("TF-IDF against all of them", f"{peer:.1f}", "")
    Console().print(table)
    Console().print(f"peak memory {peak:,.0f} MiB, goal {GOAL_MIB}")
    return figure(
        "match-speed", per_report, "ms a report (lower is better)", goal=GOAL_MS,
        peer="TF-IDF of characters against all open matters", peer_value=peer,
        ratio=peer / per_report,
    )  # fmt: skip


def measured(count: int) -> tuple[float, float, float]:
    """Milliseconds a report in a batch and alone beside so many open matters, and peak memory in MiB."""
    from onegrid.intake.models import OpenMatter

    OpenMatter.objects.all().delete()
    _fill(count)
    asked = matters(BATCH, seed=9, start=datetime.now(UTC))
    _proposed(asked)
    batch = min(timed(lambda: _proposed(asked)) for _ in range(5))
    alone = sorted(timed(partial(_proposed, [each])) for each in asked[:SINGLE])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return batch * 1000 / BATCH, alone[SINGLE // 2] * 1000, peak


def _proposed(asked: "list[Matter]") -> None:
    from onegrid.intake.queries.matters import leads_of, matching_model
    from onegrid.intake.rules.filter.proposing import offers

    model = matching_model()
    assert model is not None
    offers(model, asked, [one.matter for one in leads_of(asked)])


def _fill(count: int) -> None:
    """So many open matters, as filing keeps them."""
    from django.db import connection, transaction

    from onegrid.intake.actions.filtering import COLUMNS
    from onegrid.intake.queries.matters import squares_of
    from onegrid.intake.rules.filter.words import packed
    from onegrid.kernel import bulk

    start = datetime.now(UTC) - timedelta(days=20)
    for begin in range(0, count, 20_000):
        part = matters(min(20_000, count - begin), seed=begin + 1, start=start)
        squares = squares_of([each.lng for each in part], [each.lat for each in part])
        with transaction.atomic():
            bulk.insert("intake_matter", COLUMNS, [
                (
                    each.case_id, square, each.family, each.class_code, each.lng, each.lat,
                    datetime.fromtimestamp(each.at, UTC), None, False, each.address, each.reporter,
                    each.channel, "{}", packed(each.head), packed(each.words),
                )
                for each, square in zip(part, squares, strict=True)
            ])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intake_matter")


def matters(count: int, *, seed: int, start: datetime) -> "list[Matter]":
    """Made-up matters over the city, six in ten of them in its crowded places."""
    from bench.reports import reports
    from onegrid.intake.rules.filter.matters import Matter
    from onegrid.intake.rules.filter.proposing import family_of
    from onegrid.intake.rules.filter.words import words_of
    from onegrid.kernel.ids import new_id

    made = []
    for each in reports(count, start=start, seed=seed):
        assert each.class_code is not None
        assert each.reported_at is not None
        at = each.reported_at.timestamp()
        made.append(
            Matter(
                new_id(), each.class_code, family_of(each.class_code), each.lng or nan, each.lat or nan, at,
                nan, inf, 0, 0, each.channel.value, (), words_of(each.title), words_of(each.description),
            )
        )  # fmt: skip
    return made


def _peer() -> float:
    """Milliseconds a report of comparing 20 texts with all of them."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from bench.reports import reports

    texts = [each.description for each in reports(OPEN, start=datetime.now(UTC), seed=3)]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    matrix = vectorizer.fit_transform(texts)
    asked = texts[:20]
    spent = timed(lambda: np.argmax((vectorizer.transform(asked) @ matrix.T).toarray(), axis=1))
    return spent * 1000 / len(asked)


if __name__ == "__main__":
    main(run)
