"""Several senders at once: the same key is one report, and nobody's batch is lost to another's."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from onegrid.intake.models import Report
from onegrid.intake.rules.reports import Outcome, OutcomeKind
from onegrid.intake.tests.factories import receive, report
from onegrid.intake.tests.factories import world as make_world


def at_once(jobs: Sequence[Callable[[], list[Outcome]]]) -> list[list[Outcome]]:
    """Run the jobs in threads with connections of their own."""

    def run(job: Callable[[], list[Outcome]]) -> list[Outcome]:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.mark.django_db(transaction=True)
def test_the_same_report_sent_by_six_at_once_is_one_report() -> None:
    make_world()
    same = report()
    outcomes = [one for (one,) in at_once([lambda: receive([same])] * 6)]
    assert Counter(one.kind for one in outcomes) == {OutcomeKind.OPENED: 1, OutcomeKind.REPEATED: 5}
    assert len({one.report_id for one in outcomes}) == len({one.case_id for one in outcomes}) == 1
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_overlapping_batches_in_opposite_order_all_go_in() -> None:
    make_world()
    batch = [report(north_m=60.0 * i) for i in range(-4, 5)]
    forth, back, *_ = at_once([lambda: receive(batch), lambda: receive(batch[::-1])] * 2)
    assert {one.report_id for one in forth} == {one.report_id for one in back}
    assert Report.objects.count() == len(batch)
    assert all(one.case_id is not None for one in (*forth, *back))
