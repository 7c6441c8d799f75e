"""The road on the real database: batches, the trail, events, constraints, lists."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, events, queries
from onegrid.cases.actions import Opened, Performed
from onegrid.cases.queries import CaseFilter, Sort
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.merge_refusals import BadMerge
from onegrid.cases.tests import factories as f
from onegrid.cases.tests.factories import NOW, City, made, opened, report
from onegrid.kernel import history
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import CaseId, GridCode, new_id
from onegrid.kernel.queries import office_calendar
from onegrid.workforce.rules import NoPost

HOUR = timedelta(hours=1)


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def topics() -> list[str]:
    return [str(row[0]) for row in rows("SELECT topic FROM kernel_outbox ORDER BY id")]


def test_a_batch_of_reports_opens_numbered_cases_with_owner_and_clock(city: City) -> None:
    batch = [report(city), report(city, grid=f.OTHER_GRID), report(city)]
    done = opened(batch)
    assert [one.number for one in done] == [f"HJ20261124350583{count:05d}" for count in (1, 2, 3)]
    assert {one.stage for one in done} == {"grid-handle"}
    assert done[0].owner_post == city.staff.posts["grid-head@350583111201"]
    assert done[1].owner_post == city.staff.posts["grid-head@350583112205"]
    assert done[0].due_at > NOW
    assert topics().count(events.CaseOpened.topic) == 3
    assert [step.verb for step in history.trail(done[0].case_id)] == ["open"]


def test_numbers_of_a_day_go_on_after_a_rolled_back_batch_and_start_anew_next_day(city: City) -> None:
    (first,) = opened([report(city)])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        opened([report(city)])
        raise ZeroDivisionError
    (second,) = opened([report(city)])
    (next_day,) = opened([report(city, at=NOW + timedelta(days=1))])
    assert (first.number[-5:], second.number[-5:]) == ("00001", "00003")
    assert next_day.number == "HJ2026112535058300001"


def test_a_report_that_nobody_answers_for_is_refused_and_leaves_no_trace(city: City) -> None:
    nowhere = report(city, grid=GridCode("350583999999001"))
    batch = [report(city), nowhere]
    assert [type(one) for one in queries.refused_openings(batch)] == [type(None), NoPost]
    done = actions.open_cases(batch, by=SYSTEM, now=NOW)
    assert isinstance(done[0], Opened) and isinstance(done[1], NoPost)
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_a_whole_batch_is_opened_by_a_handful_of_statements(city: City) -> None:
    opened([report(city)])
    with CaptureQueriesContext(connection) as one:
        opened([report(city)])
    with CaptureQueriesContext(connection) as many:
        opened([report(city) for _ in range(60)])
    assert len(one) <= len(many) <= 8, [one["sql"] for one in many]


def move_on(city: City) -> tuple[CaseId, Performed]:
    (case,) = opened([report(city)])
    (signed,) = made([do.Acknowledge(case_id=case.case_id, version=1)], by=city.actor("wang"))
    return case.case_id, signed


def test_a_move_costs_few_statements(city: City) -> None:
    (warm, case) = opened([report(city), report(city)])
    wang = city.actor("wang")
    made([do.Acknowledge(case_id=warm.case_id)], by=wang)
    with CaptureQueriesContext(connection) as spent:
        made([do.Acknowledge(case_id=case.case_id, version=1)], by=wang)
    statements = [one["sql"] for one in spent if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= 4, statements  # lock, stamps, trail, row; an event only where others must hear


def test_every_step_is_on_the_trail_and_the_chain_verifies(city: City) -> None:
    case_id, signed = move_on(city)
    made([do.Note(case_id=case_id, text="已联系保洁")], by=city.actor("wang"))
    assert [step.verb for step in history.trail(case_id)] == ["open", "acknowledge", "note"]
    assert list(history.faults(case_id)) == []
    (head,) = rows("SELECT trail_seq, trail_digest FROM cases_case WHERE id = %s", case_id)
    assert (
        rows("SELECT seq, digest FROM kernel_trail WHERE subject_id = %s ORDER BY seq DESC", case_id)[0]
        == head
    )
    assert signed.version == 2


def test_two_posts_acting_on_one_state_one_wins_and_the_other_sees_what_is_now(city: City) -> None:
    (case,) = opened([report(city)])
    command = do.Acknowledge(case_id=case.case_id, version=1)
    first, second = actions.perform([command, command], by=city.actor("wang"), now=NOW)
    assert isinstance(first, Performed)
    assert isinstance(second, no.Stale)
    assert second.params["version"] == 2
    assert second.status == 409


def test_a_case_outside_the_scope_looks_as_if_it_were_not_there(city: City) -> None:
    (case,) = opened([report(city)])
    command = do.Note(case_id=case.case_id, text="看看")
    (refused,) = actions.perform([command], by=city.actor("chen"), now=NOW)
    assert isinstance(refused, no.CaseNotFound)
    with pytest.raises(no.CaseNotFound):
        queries.case(case.case_id, actor=city.actor("chen"))


def test_several_moves_of_one_case_go_in_order_in_one_batch(city: City) -> None:
    (case,) = opened([report(city)])
    batch = [
        do.Acknowledge(case_id=case.case_id),
        do.TakeExit(case_id=case.case_id, exit="beyond-grid", opinion="太多", form={"cause": "other"}),
        do.Note(case_id=case.case_id, text="等照片"),
    ]
    done = actions.perform(batch, by=city.actor("wang"), now=NOW)
    assert isinstance(done[1], no.Incomplete)
    assert [one.version for one in done if isinstance(one, Performed)] == [2, 3]


def test_the_database_itself_refuses_a_case_without_owner_or_clock(city: City) -> None:
    (case,) = opened([report(city)])
    for change in (
        "owner = NULL",
        "due_at = NULL",
        "held_left = 5",
        "stage = ''",
        "phase = 'held'",
        "closed_at = now()",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cases_case SET {change} WHERE id = %s", [case.case_id])


def test_joined_reports_are_counted_and_due_times_stay(city: City) -> None:
    (case,) = opened([report(city)])
    joins = [do.Join(case_id=case.case_id, report_id=new_id()) for _ in range(3)]
    done = actions.join(joins, by=SYSTEM, now=NOW + HOUR)
    assert [one.report_count for one in done if isinstance(one, Performed)] == [2, 3, 4]
    assert {one.due_at for one in done if isinstance(one, Performed)} == {case.due_at}
    assert rows("SELECT urgency, report_count FROM cases_case") == [(3, 4)]
    (undone,) = actions.unjoin(
        [do.Unjoin(case_id=case.case_id, report_id=joins[0].report_id)], by=SYSTEM, now=NOW
    )
    assert isinstance(undone, Performed) and undone.report_count == 3


def test_merged_cases_end_with_their_lead_and_each_says_so(city: City) -> None:
    lead, child = opened([report(city), report(city)])
    made([do.Merge(case_id=child.case_id, into=lead.case_id, reason="同一堆")], by=city.actor("mei"))
    assert rows("SELECT report_count FROM cases_case WHERE id = %s", lead.case_id) == [(2,)]
    top, *_ = opened([report(city)])
    made([do.Merge(case_id=lead.case_id, into=top.case_id, reason="同一堆")], by=city.actor("mei"))
    made([do.Void(case_id=top.case_id, reason="误报")], by=city.actor("gao"))
    assert topics().count(events.CaseClosed.topic) == 3  # lead of the lead, lead, child
    assert list(history.faults()) == []


def test_a_case_is_not_merged_into_one_that_the_actor_may_not_know_of(city: City) -> None:
    here, there = opened([report(city), report(city, grid=f.OTHER_GRID)])
    merge = do.Merge(case_id=here.case_id, into=there.case_id, reason="同一堆")
    (refused,) = actions.perform([merge], by=city.actor("mei"), now=NOW)
    assert isinstance(refused, BadMerge)


def test_evidence_brought_by_one_move_counts_for_the_next_of_the_batch(city: City) -> None:
    (case,) = opened([report(city)])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_stored_file (sha256, mime, size, stored_at)"
            " VALUES (%s, 'image/png', 9, now())",
            ["a" * 64],
        )
    batch: list[do.Command] = [
        do.Note(case_id=case.case_id, evidence=(do.Exhibit("a" * 64, "photo", "before"),)),
        do.TakeExit(
            case_id=case.case_id,
            exit="beyond-grid",
            opinion="多",
            form={"cause": "other", "beyond_reason": "多"},
        ),
    ]
    assert [one.stage for one in made(batch, by=city.actor("wang"))] == ["grid-handle", "town-handle"]


def test_whoever_reported_a_case_can_ask_where_it_stands(city: City) -> None:
    (near, far) = opened([report(city), report(city, lng=118.5, lat=24.8)])
    found = queries.lead_states([near.case_id, far.case_id])
    assert {key: one.phase for key, one in found.items()} == {near.case_id: "open", far.case_id: "open"}
    assert queries.lead_states([]) == {}


def test_time_escalates_each_step_once_however_late_the_worker_comes(city: City) -> None:
    (case,) = opened([report(city)])
    late = NOW + timedelta(days=30)
    assert actions.escalate_due(NOW) == 0
    assert actions.escalate_due(late) > 0
    assert actions.escalate_due(late) == 0
    steps = [step for step in history.trail(case.case_id) if step.verb == "escalate"]
    assert [step.body.get("percent") for step in steps if "percent" in step.body] == [50, 80, 100, 150]
    assert topics().count(events.CaseEscalated.topic) == len(steps)


def test_an_alarm_with_nothing_to_say_is_set_anew_and_leaves_no_trace(city: City) -> None:
    (case,) = opened([report(city)])
    made([do.AskExtension(case_id=case.case_id, reason="等吊车")], by=city.actor("wang"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET alarm_at = %s", [NOW - HOUR])
    assert actions.escalate_due(NOW) == 0
    ((alarm, seq),) = rows("SELECT alarm_at, trail_seq FROM cases_case")
    assert NOW < alarm < case.due_at
    assert seq == 2


# lists -------------------------------------------------------------------------------------------------


def test_a_list_shows_the_scope_in_pages(city: City) -> None:
    here = opened([report(city, at=NOW + timedelta(minutes=n)) for n in range(5)])
    opened([report(city, grid=f.OTHER_GRID)])
    mei = city.actor("mei")
    first = queries.case_list(mei, CaseFilter(), sort=Sort.NEWEST, limit=3, now=NOW)
    assert [row.id for row in first] == [one.case_id for one in reversed(here)][:3]
    after = (first[-1].opened_at, first[-1].id)
    rest = queries.case_list(mei, CaseFilter(), sort=Sort.NEWEST, after=after, limit=3, now=NOW)
    assert [row.id for row in rest] == [one.case_id for one in reversed(here)][3:]
    assert queries.count_cases(mei, CaseFilter(), now=NOW) == 5
    assert queries.count_cases(mei, CaseFilter(), most=2, now=NOW) == 3


def test_a_department_sees_what_it_answers_for_and_no_more(city: City) -> None:
    mine, _ = opened([report(city, responsible_unit="urban-management"), report(city)])
    zhao = city.actor("zhao")
    shown = queries.case_list(zhao, CaseFilter(), now=NOW)
    assert [row.id for row in shown] == [mine.case_id]


def test_filters_narrow_a_list(city: City) -> None:
    opened([report(city), report(city, urgency=3, class_code="E0103", title="渣土100%")])
    gao = city.actor("gao")
    for wanted, count in [
        (CaseFilter(urgency=3), 1),
        (CaseFilter(class_code="E01"), 2),
        (CaseFilter(class_code="E0103"), 1),
        (CaseFilter(area="350583111"), 2),
        (CaseFilter(area="350583112205"), 0),
        (CaseFilter(text="100%"), 1),
        (CaseFilter(overdue=True), 0),
        (CaseFilter(phase="closed"), 0),
    ]:
        assert len(queries.case_list(gao, wanted, sort=Sort.DUE, now=NOW)) == count, wanted


def test_my_tasks_are_what_my_posts_own(city: City) -> None:
    (case, _) = opened([report(city), report(city, grid=f.OTHER_GRID)])
    (task,) = queries.my_tasks(city.actor("wang"))
    assert (task.kind, task.case_id, task.due_at) == ("own", case.case_id, case.due_at)
    assert queries.my_tasks(city.actor("zhao")) == []


def test_a_page_tells_the_story_and_what_may_be_done(city: City) -> None:
    case_id, _ = move_on(city)
    page = queries.case(case_id, actor=city.actor("wang"))
    assert [line.verb_zh for line in page.story] == ["立案", "签收"]
    assert "exit" in {one.verb for one in page.permitted}
    assert {one.exit.key for one in page.exits} >= {"done", "beyond-grid"}
    bystander = queries.case(case_id, actor=city.actor("lin"))
    assert bystander.exits == []


def test_the_promise_of_a_report_is_not_the_stage_limit_unless_the_scenario_says_so(city: City) -> None:
    promised = NOW + timedelta(days=9)
    (case,) = opened([report(city, promised_due=promised)])
    assert case.due_at != promised
    assert case.due_at <= office_calendar().due(NOW, Limit.parse("2 working days"))
