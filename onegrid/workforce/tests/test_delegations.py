"""代办: somebody acts for the holder between two days; the holder stays accountable."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.kernel import history
from onegrid.kernel.ids import new_id
from onegrid.kernel.refusals import NotFound
from onegrid.workforce import actions, queries
from onegrid.workforce.actions import NewDelegation
from onegrid.workforce.rules import (
    AlreadyOver,
    DelegationOverlaps,
    DelegationToHolder,
    DelegationWithoutHolder,
    Period,
)
from onegrid.workforce.tests.factories import GRID, NOW, TODAY, VILLAGE, Staff, staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THREE_DAYS = Period(TODAY + DAY, TODAY + 4 * DAY)


@pytest.fixture
def made() -> Staff:
    return staff()


def wangs_post(made: Staff, to: str, period: Period = THREE_DAYS) -> NewDelegation:
    return NewDelegation(made.posts[f"grid-head@{VILLAGE}"], made.workers[to], period, "外出培训")


def test_the_delegate_acts_for_the_holder_on_the_days_agreed(made: Staff) -> None:
    actions.delegate([wangs_post(made, "lin")], by=made.actor("wang"), now=NOW)
    post_id = made.posts[f"grid-head@{VILLAGE}"]
    assert post_id not in made.actor("lin").post_ids
    tomorrow = made.actor("lin", now=NOW + DAY)
    (acting,) = [s for s in tomorrow.standings if s.post_id == post_id]
    assert acting.on_behalf_of == "王国强"
    assert tomorrow.covers(VILLAGE + "001")
    held = queries.holders([post_id], now=NOW + DAY)[post_id]
    assert [(h.name, h.principal) for h in held] == [("王国强", True), ("林小梅", False)]
    assert post_id not in made.actor("lin", now=NOW + 4 * DAY).post_ids


def test_a_delegation_is_on_the_record_of_the_post_with_its_reason(made: Staff) -> None:
    actions.delegate([wangs_post(made, "lin")], by=made.actor("wang"), now=NOW)
    step = history.trail(made.posts[f"grid-head@{VILLAGE}"])[-1]
    assert (step.verb, step.by.label) == ("delegated", "王国强")
    assert (step.body["holder"], step.body["delegate"], step.body["reason"]) == (
        "王国强",
        "林小梅",
        "外出培训",
    )


def test_only_the_holder_or_the_workforce_desk_may_delegate(made: Staff) -> None:
    with pytest.raises(NotPermitted):
        actions.delegate([wangs_post(made, "chen")], by=made.actor("chen"), now=NOW)
    with pytest.raises(NotPermitted):
        assistant = NewDelegation(
            made.posts[f"grid-worker-2@{GRID}"], made.workers["chen"], THREE_DAYS, "请假"
        )
        actions.delegate([assistant], by=made.actor("hu"), now=NOW)
    actions.delegate([wangs_post(made, "chen")], by=made.actor("gao"), now=NOW)


def test_what_makes_no_sense_is_refused(made: Staff) -> None:
    wang = made.actor("wang")
    with pytest.raises(DelegationToHolder):
        actions.delegate([wangs_post(made, "wang")], by=wang, now=NOW)
    with pytest.raises(AlreadyOver):
        actions.delegate([wangs_post(made, "lin", Period(TODAY - 5 * DAY, TODAY))], by=wang, now=NOW)
    with pytest.raises(DelegationOverlaps):
        actions.delegate([wangs_post(made, "lin"), wangs_post(made, "mei")], by=wang, now=NOW)
    with pytest.raises(DelegationWithoutHolder):
        vacant = NewDelegation(made.posts[f"chief-head@{VILLAGE}"], made.workers["lin"], THREE_DAYS, "无人")
        actions.delegate([vacant], by=SYSTEM, now=NOW)


def test_the_database_itself_keeps_one_delegate_per_post(made: Staff) -> None:
    actions.delegate([wangs_post(made, "lin")], by=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError, match="workforce_one_delegate"), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO workforce_delegation"
            " SELECT %s, starts_on, ends_before, reason, appointment_id, post_id, to_worker_id"
            " FROM workforce_delegation",
            [new_id()],
        )


def test_a_delegation_ends_early_or_with_the_holders_appointment(made: Staff) -> None:
    first, second = (
        actions.delegate([wangs_post(made, "lin", period)], by=SYSTEM, now=NOW)[0]
        for period in (THREE_DAYS, Period(TODAY + 10 * DAY, TODAY + 20 * DAY))
    )
    post_id = made.posts[f"grid-head@{VILLAGE}"]
    actions.end_delegation(first, on=TODAY + 2 * DAY, by=made.actor("wang"), now=NOW)
    assert post_id in made.actor("lin", now=NOW + DAY).post_ids
    assert post_id not in made.actor("lin", now=NOW + 2 * DAY).post_ids
    with pytest.raises(AlreadyOver):
        actions.end_delegation(first, on=TODAY + 3 * DAY, by=SYSTEM, now=NOW)
    with pytest.raises(NotPermitted):
        actions.end_delegation(second, on=TODAY, by=made.actor("chen"), now=NOW)
    with pytest.raises(NotFound):
        actions.end_delegation(new_id(), on=TODAY, by=SYSTEM, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM workforce_appointment WHERE worker_id = %s", [made.workers["wang"]])
        (wang,) = cursor.fetchone()
    actions.end_appointments([wang], on=TODAY + 12 * DAY, by=SYSTEM, now=NOW)
    assert post_id in made.actor("lin", now=NOW + 11 * DAY).post_ids
    assert post_id not in made.actor("lin", now=NOW + 12 * DAY).post_ids


def test_delegations_are_listed_for_holder_delegate_and_those_above(made: Staff) -> None:
    actions.delegate([wangs_post(made, "lin")], by=SYSTEM, now=NOW)
    for name in ("wang", "lin", "mei", "gao"):
        (shown,) = queries.delegations(made.actor(name), now=NOW).items
        assert (shown.holder, shown.delegate) == ("王国强", "林小梅")
    assert queries.delegations(made.actor("chen"), now=NOW).items == []
    assert queries.delegations(made.actor("gao"), now=NOW + 4 * DAY).items == []
