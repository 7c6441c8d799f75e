"""并案, 拆分事件 and 重复投诉 in the database: rows, trails, two desks at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, queries
from onegrid.cases.actions import Performed
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import merge_refusals
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import NOW, City, made, opened, report
from onegrid.kernel import history
from onegrid.kernel.ids import CaseId, new_id
from onegrid.kernel.refusals import Refusal

HOUR = timedelta(hours=1)


def state(case_id: CaseId) -> CaseState:
    return queries.states([case_id])[case_id]


def counts(*case_ids: CaseId) -> list[int]:
    return [state(one).report_count for one in case_ids]


def merge(case: CaseId, into: CaseId) -> do.Merge:
    return do.Merge(case_id=case, into=into, reason="同一堆")


def unmerge(case: CaseId) -> do.Unmerge:
    return do.Unmerge(case_id=case, reason="不是同一堆")


def ids(city: City, count: int) -> list[CaseId]:
    return [one.case_id for one in opened([report(city) for _ in range(count)])]


@pytest.mark.django_db
def test_a_merged_case_comes_back_with_its_row_tasks_and_trail(city: City) -> None:
    case, lead = ids(city, 2)
    card = do.Supervise(case_id=case, colour="red", text="抓紧", reply_by=NOW + 90 * HOUR)
    made([do.Acknowledge(case_id=case)], by=SYSTEM, now=NOW)
    made([card], by=city.actor("mei"), now=NOW + HOUR)
    before = state(case)
    made([merge(case, lead)], by=city.actor("mei"), now=NOW + 2 * HOUR)
    assert queries.open_tasks([case]) == {}
    (done,) = made([unmerge(case)], by=city.actor("mei"), now=NOW + 2 * HOUR)
    after = state(case)
    unlike = {name for name in after._fields if getattr(after, name) != getattr(before, name)}
    assert unlike <= {"version", "last_at", "alarm_at"}
    assert (done.phase, done.owner) == ("open", before.owner)
    assert [step.verb for step in history.trail(case)][-2:] == ["merge", "unmerge"]
    assert [step.verb for step in history.trail(lead)] == ["open", "absorb", "release"]
    assert counts(case, lead) == [1, 1]
    assert list(history.faults()) == []
    told = {line.verb_zh for line in queries.case(lead, actor=city.actor("mei")).story}
    assert {"并入他案", "拆出他案"} <= told


@pytest.mark.django_db
def test_merged_and_taken_out_in_one_batch_it_is_as_before(city: City) -> None:
    case, lead = ids(city, 2)
    made([merge(case, lead), unmerge(case)], by=city.actor("mei"), now=NOW + HOUR)
    assert (state(case).phase, *counts(case, lead)) == (Phase.OPEN, 1, 1)


@pytest.mark.django_db
def test_a_chain_is_taken_apart_from_the_middle_and_from_below(city: City) -> None:
    low, middle, top = ids(city, 3)
    mei = city.actor("mei")
    made([merge(low, middle)], by=mei)
    made([merge(middle, top)], by=mei)
    assert counts(low, middle, top) == [1, 2, 3]
    made([unmerge(low)], by=mei, now=NOW + HOUR)
    assert counts(low, middle, top) == [1, 1, 2]
    made([unmerge(middle)], by=mei, now=NOW + HOUR)
    assert counts(low, middle, top) == [1, 1, 1]
    assert list(history.faults()) == []


@pytest.mark.django_db
def test_a_case_comes_back_after_its_lead_was_closed_and_the_lead_stays_closed(city: City) -> None:
    case, lead = ids(city, 2)
    made([merge(case, lead)], by=city.actor("mei"))
    made([do.Void(case_id=lead, reason="误报")], by=city.actor("gao"), now=NOW + HOUR)
    made([unmerge(case)], by=city.actor("mei"), now=NOW + 2 * HOUR)
    assert (state(case).phase, state(lead).phase) == (Phase.OPEN, Phase.VOID)
    made([do.Void(case_id=case, reason="误报")], by=city.actor("gao"), now=NOW + 3 * HOUR)


@pytest.mark.django_db
def test_who_has_no_say_in_the_place_learns_nothing_of_the_case(city: City) -> None:
    case, lead = ids(city, 2)
    made([merge(case, lead)], by=city.actor("mei"))
    for name, code in (("chen", "cases.not-found"), ("lin", "cases.not-yours")):
        (refused,) = actions.perform([unmerge(case)], by=city.actor(name), now=NOW + HOUR)
        assert isinstance(refused, Refusal) and refused.code == code, name
    (late,) = actions.perform([unmerge(case)], by=city.actor("wang"), now=NOW + 25 * HOUR)
    assert isinstance(late, merge_refusals.UnmergeTooLate)
    (done,) = actions.perform([unmerge(case)], by=city.actor("wang"), now=NOW + HOUR)
    assert isinstance(done, Performed)


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads with connections of their own, as nearly at the same moment as can be."""
    together = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            together.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_that_merge_in_opposite_directions_exactly_one_wins() -> None:
    city = f.city()
    mei, gao = city.actor("mei"), city.actor("gao")
    for _ in range(5):
        one, other = ids(city, 2)
        results = at_once(
            [
                partial(actions.perform, [merge(one, other)], by=mei, now=NOW),
                partial(actions.perform, [merge(other, one)], by=gao, now=NOW),
            ]
        )
        refused = [result for (result,) in results if isinstance(result, Refusal)]
        assert [each.status for each in refused] == [409]
        phases = sorted(str(state(each).phase) for each in (one, other))
        assert phases == ["merged", "open"]
        assert sum(state(each).report_count for each in (one, other)) == 3  # 1 merged, 2 in the lead
    assert list(history.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_a_circle_of_three_desks_never_closes() -> None:
    city = f.city()
    gao = city.actor("gao")
    for _ in range(4):
        a, b, c = ids(city, 3)
        at_once(
            [partial(actions.perform, [merge(x, y)], by=gao, now=NOW) for x, y in ((a, b), (b, c), (c, a))]
        )
        live = [one for one in (a, b, c) if state(one).phase is Phase.OPEN]
        assert len(live) == 1
        assert state(live[0]).report_count == 3


@pytest.mark.django_db(transaction=True)
def test_a_case_is_taken_out_while_its_lead_is_merged_further_and_no_report_is_lost() -> None:
    city = f.city()
    gao = city.actor("gao")
    for _ in range(5):
        low, middle, top = ids(city, 3)
        made([merge(low, middle)], by=gao)
        results = at_once(
            [
                partial(actions.perform, [unmerge(low)], by=gao, now=NOW + HOUR),
                partial(actions.perform, [merge(middle, top)], by=gao, now=NOW + HOUR),
            ]
        )
        assert all(isinstance(one, Performed) for (one,) in results)
        assert counts(low, middle, top) == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_locked_anew_where_it_grew_while_waiting() -> None:
    """One transaction holds the lead and merges it further while another waits to take a case out of it."""
    city = f.city()
    gao = city.actor("gao")
    low, middle, top = ids(city, 3)
    made([merge(low, middle)], by=gao)
    started = Barrier(2)

    def further() -> Any:
        with transaction.atomic():
            queries.lock([middle])
            started.wait()
            _until_somebody_waits()
            return actions.perform([merge(middle, top)], by=gao, now=NOW + HOUR)

    def out() -> Any:
        started.wait()
        return actions.perform([unmerge(low)], by=gao, now=NOW + HOUR)

    ((_,), (left,)) = at_once([further, out])
    assert isinstance(left, Performed)
    assert counts(low, middle, top) == [1, 1, 2]


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")


@pytest.mark.django_db
def test_a_repeated_complaint_is_marked_on_both_cases_lists_pages_and_trails(city: City) -> None:
    (earlier,) = ids(city, 1)
    made([do.Void(case_id=earlier, reason="已清理")], by=city.actor("gao"), now=NOW + HOUR)
    (again,) = opened([report(city, repeat_of=earlier, at=NOW + 5 * HOUR)], now=NOW + 5 * HOUR)
    mei = city.actor("mei")
    assert state(again.case_id).repeat_of == earlier
    assert state(earlier).repeated_at == NOW + 5 * HOUR
    assert history.trail(again.case_id)[0].body["repeat_of"] == str(earlier)
    last = history.trail(earlier)[-1]
    assert (last.verb, last.body["by_number"]) == ("repeated", again.number)
    wanted = queries.CaseFilter(repeated=True)
    assert [row.id for row in queries.case_list(mei, wanted, now=NOW)] == [again.case_id]
    assert queries.count_cases(mei, wanted, now=NOW) == 1
    assert queries.case(earlier, actor=mei).state.repeated_at == NOW + 5 * HOUR
    log = {one.number: dict(one.facts()) for one in queries.traces(queries.LogFilter(), actor=SYSTEM)}
    assert log[again.number]["repeat_of"] == str(earlier)
    assert "repeat_of" not in log[state(earlier).number]
    assert list(history.faults()) == []


@pytest.mark.django_db
def test_a_case_that_says_it_repeats_an_unknown_one_opens_all_the_same(city: City) -> None:
    (again,) = opened([report(city, repeat_of=CaseId(new_id()))])
    assert state(again.case_id).phase is Phase.OPEN
