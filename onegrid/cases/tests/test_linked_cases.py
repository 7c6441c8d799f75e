"""Cases opened out of another one: the same road, the same transaction, never in the way of the move."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, queries
from onegrid.cases.actions import Performed
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.refusals import LinkedCaseWorked
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.cases.tests import needs
from onegrid.cases.tests.factories import NOW, City, made, opened
from onegrid.kernel import history
from onegrid.kernel.ids import CaseId, new_id
from onegrid.scenarios import actions as scenarios
from onegrid.scenarios import queries as scenario_queries

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BEYOND = {"measured_area": 130, "approved": 120}


def stored(sha: str, mime: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_stored_file (sha256, mime, size, stored_at) VALUES (%s, %s, 9, now())"
            " ON CONFLICT DO NOTHING",
            [sha, mime],
        )


def at_check(city: City) -> CaseId:
    """A house whose floor waits to be checked."""
    stored("c" * 64, "application/pdf")
    (case,) = opened([needs.report(city, needs.published(), urgency=3)])
    head = city.staff.posts["grid-head@350583111201"]
    made(
        [
            do.TakeExit(case_id=case.case_id, exit="asked", form={"floor": 1}),
            do.TakeExit(case_id=case.case_id, exit="on", to=head),
        ],
        by=SYSTEM,
    )
    return case.case_id


def beyond(case: CaseId, **more: Any) -> do.TakeExit:
    paper = (do.Exhibit("c" * 64, "document", "site-record"),)
    return do.TakeExit(case_id=case, exit="beyond", form=more.pop("form", BEYOND), evidence=paper, **more)


def linked_to(case: CaseId) -> list[CaseState]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE linked_to = %s ORDER BY id", [case])
        ids = [row[0] for row in cursor.fetchall()]
    return list(queries.states(ids).values())


def last_body(case: CaseId) -> dict[str, Any]:
    return dict(history.trail(case)[-1].body)


def told_office(city: City) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM kernel_outbox WHERE topic = 'cases.told' ORDER BY id")
        office = str(city.staff.posts["grid-office@350583"])
        return [row[0] for row in cursor.fetchall() if office in row[0]]


def test_an_exit_opens_a_linked_case_at_the_same_place_by_the_road_of_every_case(city: City) -> None:
    case = at_check(city)
    made([beyond(case, opinion="多建一层")], by=city.actor("wang"), now=NOW + HOUR)
    (found,) = linked_to(case)
    origin = queries.states([case])[case]
    assert (found.scenario, found.class_code) == ("illegal-construction", needs.VIOLATION)
    assert (found.grid_code, found.place, found.place_text) == (
        origin.grid_code,
        origin.place,
        origin.place_text,
    )
    assert found.title == "村口大榕树旁超批准 10m²"
    assert (found.stage, found.owner) == ("assign", city.staff.posts["chief-head@350583111201"])
    assert found.number.startswith("LW") and found.urgency == 3
    assert last_body(case)["opened"] == [{"class": "S0704", "number": found.number, "case": str(found.id)}]
    assert history.trail(found.id)[0].body["linked_to"] == str(case)
    assert list(history.faults()) == []
    wang = city.actor("wang")
    (shown,) = queries.case(case, actor=wang).linked
    assert (shown.number, shown.is_origin) == (found.number, False)
    assert [one.is_origin for one in queries.case(found.id, actor=wang).linked] == [True]


def test_a_condition_that_does_not_hold_opens_nothing(city: City) -> None:
    case = at_check(city)
    made([beyond(case, form={"measured_area": 110, "approved": 120})], by=SYSTEM)
    assert linked_to(case) == []
    assert "opened" not in last_body(case)


def test_while_the_linked_case_is_live_no_second_one_is_opened(city: City) -> None:
    case = at_check(city)
    made([beyond(case)], by=SYSTEM)
    head = city.staff.posts["grid-head@350583111201"]
    again = [do.TakeExit(case_id=case, exit="mended", to=head), beyond(case)]
    made(again, by=SYSTEM, now=NOW + HOUR)
    (one,) = linked_to(case)
    assert last_body(case)["opened"] == [{"class": "S0704", "number": one.number, "case": str(one.id)}]
    made([do.Void(case_id=one.id, reason="误开")], by=SYSTEM, now=NOW + 2 * HOUR)
    made(again, by=SYSTEM, now=NOW + 3 * HOUR)
    assert len(linked_to(case)) == 2


def test_two_steps_of_one_batch_share_the_linked_case(city: City) -> None:
    case = at_check(city)
    head = city.staff.posts["grid-head@350583111201"]
    made([beyond(case), do.TakeExit(case_id=case, exit="mended", to=head), beyond(case)], by=SYSTEM)
    (one,) = linked_to(case)
    opened_ = [step.body["opened"] for step in history.trail(case) if "opened" in step.body]
    assert [each[0]["number"] for each in opened_] == [one.number, one.number]  # type: ignore[index]


def test_where_no_scenario_is_live_the_move_goes_on_and_the_grid_office_is_told(city: City) -> None:
    case = at_check(city)
    scenarios.suspend(scenario_queries.latest("illegal-construction"), reason="修订", by=SYSTEM, now=NOW)
    (done,) = actions.perform([beyond(case)], by=city.actor("wang"), now=NOW + HOUR)
    assert isinstance(done, Performed) and done.stage == "mend"
    assert linked_to(case) == []
    (said,) = last_body(case)["opened"]
    assert said["refused"] == "该镇没有启用受理此类事项的场景"
    assert ["请人工处理" in text for text in told_office(city)] == [True]


def test_where_nobody_answers_for_the_linked_case_the_move_goes_on_too(city: City) -> None:
    case = at_check(city)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workforce_post SET closed_on = '2026-01-02' WHERE role = 'chief-head'")
        cursor.execute("UPDATE kernel_stamp SET value = value + 1000000")
    (done,) = actions.perform([beyond(case)], by=city.actor("wang"), now=NOW + HOUR)
    assert isinstance(done, Performed) and done.stage == "mend"
    (said,) = last_body(case)["opened"]
    assert "第一网格长" in said["refused"]
    assert len(told_office(city)) == 1


def test_a_rolled_back_move_leaves_no_linked_case(city: City) -> None:
    case = at_check(city)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        made([beyond(case)], by=SYSTEM)
        raise ZeroDivisionError
    assert linked_to(case) == []


def test_a_case_begins_as_handed_on_where_the_other_scenario_does_not_know_its_source(city: City) -> None:
    stored("c" * 64, "application/pdf")
    version = needs.published()
    (case,) = opened([needs.report(city, version, source=None)])
    head = city.staff.posts["grid-head@350583111201"]
    steps = [
        do.TakeExit(case_id=case.case_id, exit="asked", form={"floor": 1}),
        do.TakeExit(case_id=case.case_id, exit="on", to=head),
        beyond(case.case_id),
    ]
    made(steps, by=SYSTEM)
    (found,) = linked_to(case.case_id)
    assert (found.source, found.channel) == ("department", "department")


def recall(case: CaseId, reason: str = "填错了") -> do.Recall:
    return do.Recall(case_id=case, reason=reason)


def test_a_recall_takes_the_linked_case_back_on_record_and_with_the_reason(city: City) -> None:
    case = at_check(city)
    made([beyond(case)], by=city.actor("wang"), now=NOW + HOUR)
    (found,) = linked_to(case)
    made([recall(case)], by=city.actor("wang"), now=NOW + 2 * HOUR)
    (after,) = linked_to(case)
    origin = queries.states([case])[case]
    assert (after.phase, after.owner, origin.stage) == (Phase.VOID, None, "check")
    last = history.trail(found.id)[-1]
    assert (last.verb, last.body["reason"]) == (
        "void",
        f"事件 {origin.number} 已撤回开出本事件的办理：填错了",
    )
    assert last.by.label.startswith("王国强")
    assert last_body(case)["voided"] == [{"case": str(found.id), "number": found.number}]
    assert list(history.faults()) == []
    made([beyond(case)], by=city.actor("wang"), now=NOW + 3 * HOUR)  # taken again, it opens another one
    assert [one.phase for one in linked_to(case)] == [Phase.VOID, Phase.OPEN]


@pytest.mark.parametrize("work", ["acknowledge", "hand-over", "join", "end"])
def test_a_recall_is_refused_once_somebody_works_on_the_linked_case(city: City, work: str) -> None:
    case = at_check(city)
    made([beyond(case)], by=city.actor("wang"), now=NOW + HOUR)
    (found,) = linked_to(case)
    head = city.staff.posts["grid-head@350583111201"]
    moves: dict[str, do.Command] = {
        "acknowledge": do.Acknowledge(case_id=found.id),
        "hand-over": do.HandOver(case_id=found.id, to=head, reason="人手"),
        "join": do.Join(case_id=found.id, report_id=new_id()),
        "end": do.Merge(case_id=found.id, into=case, reason="同一事"),
    }
    made([moves[work]], by=SYSTEM, now=NOW + 2 * HOUR)
    (refused,) = actions.perform([recall(case)], by=city.actor("wang"), now=NOW + 3 * HOUR)
    assert isinstance(refused, LinkedCaseWorked)
    assert found.number in refused.message("zh")
    assert queries.states([case])[case].stage == "mend"


def test_a_linked_case_of_an_earlier_exit_stays(city: City) -> None:
    case, head = at_check(city), city.staff.posts["grid-head@350583111201"]
    made([beyond(case)], by=SYSTEM, now=NOW + HOUR)
    made([do.TakeExit(case_id=case, exit="mended", to=head)], by=SYSTEM, now=NOW + 2 * HOUR)
    made([beyond(case)], by=SYSTEM, now=NOW + 3 * HOUR)
    made([recall(case)], by=SYSTEM, now=NOW + 4 * HOUR)
    assert [one.phase for one in linked_to(case)] == [Phase.OPEN]


def test_a_case_voided_before_does_not_hinder_the_recall(city: City) -> None:
    case = at_check(city)
    made([beyond(case)], by=SYSTEM, now=NOW + HOUR)
    (found,) = linked_to(case)
    made([do.Void(case_id=found.id, reason="误开")], by=SYSTEM, now=NOW + 2 * HOUR)
    made([recall(case)], by=SYSTEM, now=NOW + 3 * HOUR)
    assert "voided" not in last_body(case)


def test_an_exit_taken_back_in_the_same_batch_opens_nothing(city: City) -> None:
    case = at_check(city)
    made([beyond(case), recall(case)], by=SYSTEM, now=NOW + HOUR)
    assert linked_to(case) == []
    made([beyond(case)], by=SYSTEM, now=NOW + 2 * HOUR)
    assert len(linked_to(case)) == 1
