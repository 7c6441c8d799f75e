"""Posts are filled, vacated, delegated and given duties, each step on the record."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from onegrid.accounts.rules import SYSTEM, NotPermitted
from onegrid.kernel import history
from onegrid.kernel.ids import PostId, new_id
from onegrid.workforce import actions, events, queries
from onegrid.workforce.actions import NewAppointment, NewPost, NewUnit, NewWorker
from onegrid.workforce.rules import (
    AccountTaken,
    AlreadyOver,
    AuxiliaryUnpaid,
    CategoryInUse,
    Duty,
    DutyOutsidePost,
    Employment,
    KeyTaken,
    Matter,
    NoPost,
    Period,
    PostHasPrincipal,
    PostNotEmpty,
    PostVacant,
    Responsibility,
    SeveralPosts,
    TerritoryUnfit,
    UnitKind,
    UnknownKey,
    WorkerCategory,
)
from onegrid.workforce.tests.factories import (
    COUNTY,
    GRID,
    NOW,
    OTHER_GRID,
    SINCE,
    TODAY,
    TOWN,
    VILLAGE,
    Staff,
    staff,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made() -> Staff:
    return staff()


def told(topic: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM kernel_outbox WHERE topic = %s ORDER BY id", [topic])
        return [row[0] for row in cursor.fetchall()]


def appointment_of(made: Staff, name: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM workforce_appointment WHERE worker_id = %s", [made.workers[name]])
        return UUID(str(cursor.fetchone()[0]))


def test_a_filled_post_answers_and_is_on_the_record(made: Staff) -> None:
    post_id = queries.post_for("grid-head", GRID, "any")
    assert post_id == made.posts[f"grid-head@{VILLAGE}"]
    assert [holder.name for holder in queries.holders([post_id], now=NOW)[post_id]] == ["王国强"]
    steps = history.trail(post_id)
    assert [step.verb for step in steps] == ["created", "filled"]
    assert steps[1].body["name"] == "王国强"
    assert not list(history.faults(post_id))


def test_the_standings_say_which_posts_an_account_holds(made: Staff) -> None:
    account = made.accounts["lin"]
    (standing,) = queries.standings([account], now=NOW)[account]
    assert (standing.role, standing.territory, standing.on_behalf_of) == ("grid-worker-2", GRID, None)
    assert standing.title == "201村二级网格员"
    assert made.actor("lin").covers(GRID)
    assert not made.actor("lin").covers(OTHER_GRID)


def test_an_assistant_acts_in_the_post_but_does_not_answer_for_it(made: Staff) -> None:
    post_id = made.posts[f"grid-worker-2@{GRID}"]
    held = queries.holders([post_id], now=NOW)[post_id]
    assert [(holder.name, holder.principal) for holder in held] == [("林小梅", True), ("胡建军", False)]
    actions.end_appointments([appointment_of(made, "lin")], on=TODAY, by=SYSTEM, now=NOW)
    assert queries.vacant([post_id], now=NOW) == {post_id}


def test_a_second_principal_is_refused_by_name(made: Staff) -> None:
    new = NewAppointment(made.posts[f"grid-head@{VILLAGE}"], made.workers["chen"], Period(TODAY))
    with pytest.raises(PostHasPrincipal) as refused:
        actions.appoint([new], by=SYSTEM, now=NOW)
    assert "201村一级网格长" in refused.value.message("zh")


def test_the_database_itself_keeps_one_principal_per_post(made: Staff) -> None:
    insert = (
        "INSERT INTO workforce_appointment (id, post_id, worker_id, principal, starts_on, ends_before)"
        " VALUES (%s, %s, %s, TRUE, %s, %s)"
    )
    post, worker = made.posts[f"grid-head@{VILLAGE}"], made.workers["chen"]
    with pytest.raises(IntegrityError, match="workforce_one_principal"), transaction.atomic():
        connection.cursor().execute(insert, [new_id(), post, worker, TODAY, None])
    connection.cursor().execute(insert, [new_id(), post, worker, SINCE - 9 * DAY, SINCE])
    with pytest.raises(IntegrityError, match="in_order"), transaction.atomic():
        connection.cursor().execute(insert, [new_id(), post, worker, SINCE - 20 * DAY, SINCE - 30 * DAY])


def test_a_vacated_post_still_answers_and_its_vacancy_is_told(made: Staff) -> None:
    actions.end_appointments([appointment_of(made, "wang")], on=TODAY, by=SYSTEM, now=NOW)
    post_id = queries.post_for("grid-head", GRID, "any")
    assert not queries.is_held(post_id, now=NOW)
    assert queries.is_held(post_id, now=NOW - DAY)
    with pytest.raises(PostVacant, match="vacant"):
        queries.require_held([post_id], now=NOW)
    assert '"vacant":true' in told(events.PostVacated.topic)[0]
    with pytest.raises(AlreadyOver):
        actions.end_appointments([appointment_of(made, "wang")], on=TODAY, by=SYSTEM, now=NOW)


def test_a_successor_may_start_on_the_day_the_predecessor_leaves(made: Staff) -> None:
    actions.end_appointments([appointment_of(made, "wang")], on=TODAY, by=SYSTEM, now=NOW)
    post_id = made.posts[f"grid-head@{VILLAGE}"]
    actions.appoint([NewAppointment(post_id, made.workers["chen"], Period(TODAY))], by=SYSTEM, now=NOW)
    assert [holder.name for holder in queries.holders([post_id], now=NOW)[post_id]] == ["陈志明"]
    assert made.actor("chen").covers(GRID)
    assert made.actor("wang").prefixes == ()


def test_all_or_nothing_a_bad_line_leaves_no_trace(made: Staff) -> None:
    good = NewAppointment(made.posts[f"chief-head@{VILLAGE}"], made.workers["wang"], Period(TODAY))
    bad = NewAppointment(PostId(new_id()), made.workers["wang"], Period(TODAY))
    with pytest.raises(UnknownKey):
        actions.appoint([good, bad], by=SYSTEM, now=NOW)
    assert not queries.is_held(good.post_id, now=NOW)


def test_two_posts_of_one_role_in_one_grid_are_refused_when_asked(made: Staff) -> None:
    actions.create_posts([NewPost("grid-head", VILLAGE, key="second")], by=SYSTEM, now=NOW)
    with pytest.raises(SeveralPosts):
        queries.post_for("grid-head", GRID, "any")
    with pytest.raises(KeyTaken):
        actions.create_posts([NewPost("grid-head", VILLAGE)], by=SYSTEM, now=NOW)


def test_duty_lines_narrow_a_post_at_once(made: Staff) -> None:
    handler = made.posts[f"department-handler@{COUNTY}/urban-management"]
    actions.set_duties(
        {handler: [Duty(handler, "environment-sanitation", territory=TOWN)]}, by=SYSTEM, now=NOW
    )
    asked = {"unit": "urban-management"}
    assert queries.post_for("department-handler", GRID, "environment-sanitation", **asked) == handler
    for grid, scenario in ((GRID, "illegal-construction"), (OTHER_GRID, "environment-sanitation")):
        with pytest.raises(NoPost):
            queries.post_for("department-handler", grid, scenario, **asked)
    actions.set_duties({handler: []}, by=SYSTEM, now=NOW)
    assert queries.post_for("department-handler", OTHER_GRID, "any", **asked) == handler
    assert len(told(events.DutyChanged.topic)) == 2


def test_a_duty_cannot_reach_beyond_the_post(made: Staff) -> None:
    post = made.posts[f"town-desk@{TOWN}"]
    with pytest.raises(DutyOutsidePost):
        actions.set_duties({post: [Duty(post, territory=COUNTY)]}, by=SYSTEM, now=NOW)


def test_a_closed_post_answers_no_more_and_must_be_empty_first(made: Staff) -> None:
    empty, held = made.posts[f"grid-head-2@{GRID}"], made.posts[f"grid-head@{VILLAGE}"]
    with pytest.raises(PostNotEmpty):
        actions.close_posts([held], by=SYSTEM, now=NOW)
    actions.close_posts([empty], by=SYSTEM, now=NOW)
    with pytest.raises(NoPost):
        queries.post_for("grid-head-2", GRID, "any")
    with pytest.raises(UnknownKey):
        actions.close_posts([empty], by=SYSTEM, now=NOW)


def test_only_who_maintains_the_workforce_may_change_it(made: Staff) -> None:
    gao, wang = made.actor("gao"), made.actor("wang")
    new = NewAppointment(made.posts[f"chief-head@{VILLAGE}"], made.workers["wang"], Period(TODAY))
    with pytest.raises(NotPermitted):
        actions.appoint([new], by=wang, now=NOW)
    with pytest.raises(NotPermitted):
        actions.create_posts([NewPost("inspector", "350681")], by=gao, now=NOW)
    actions.appoint([new], by=gao, now=NOW)
    step = history.trail(new.post_id)[-1]
    assert (step.by.label, step.by.post_id) == ("高峰", made.posts[f"grid-office@{COUNTY}"])


def test_what_does_not_fit_is_named(made: Staff) -> None:
    with pytest.raises(TerritoryUnfit):
        actions.create_posts([NewPost("town-desk", VILLAGE)], by=SYSTEM, now=NOW)
    with pytest.raises(UnknownKey, match="village-350583111299"):
        actions.create_posts([NewPost("grid-head", "350583111299")], by=SYSTEM, now=NOW)
    with pytest.raises(UnknownKey, match="parent"):
        actions.create_units(
            [NewUnit("x", UnitKind.TOWN, TOWN, "某镇", parent="nowhere")], by=SYSTEM, now=NOW
        )
    with pytest.raises(UnknownKey, match="category"):
        actions.create_workers([NewWorker("某人", "astronaut")], by=SYSTEM, now=NOW)
    with pytest.raises(AccountTaken):
        again = NewWorker("林小梅", "full-time", account_id=made.accounts["lin"])
        actions.create_workers([again], by=SYSTEM, now=NOW)
    with pytest.raises(KeyTaken):
        actions.create_workers([NewWorker("林小梅", "full-time", staff_no="lin")], by=SYSTEM, now=NOW)


def test_the_starter_list_leaves_what_the_county_changed(made: Staff) -> None:
    mine = WorkerCategory("full-time", "网格专职", "Full time", Employment.FULL_TIME)
    kept = [mine, *(c for c in queries.categories() if c.key != "full-time")]
    actions.set_categories(kept, by=SYSTEM, now=NOW)
    actions.load_starter(county=COUNTY, by=SYSTEM, now=NOW)
    assert queries.categories()[0] == mine
    assert sum(category.auxiliary for category in kept) == 6
    assert all(category.payer for category in kept if category.auxiliary)


def test_a_category_in_use_stays_and_an_auxiliary_needs_its_payer(made: Staff) -> None:
    listed = queries.categories()
    with pytest.raises(CategoryInUse, match="volunteer"):
        actions.set_categories([c for c in listed if c.key != "volunteer"], by=SYSTEM, now=NOW)
    unpaid = WorkerCategory("ranger", "护林员", "Ranger", Employment.PART_TIME, auxiliary=True)
    with pytest.raises(AuxiliaryUnpaid):
        actions.set_categories([*listed, unpaid], by=SYSTEM, now=NOW)
    actions.set_categories([c for c in listed if c.key != "business-owner"], by=SYSTEM, now=NOW)
    assert len(queries.categories()) == len(listed) - 1


def test_the_matrix_names_the_candidates_and_falls_back_to_the_owners_given(made: Staff) -> None:
    lines = [Responsibility(Matter.COMPONENT, ("agriculture",), "07")]
    actions.set_responsibilities(lines, by=SYSTEM, now=NOW)
    assert queries.responsibility_lines() == lines
    found = queries.candidates("0701", GRID, "any")
    assert [c.post for c in found] == [
        made.posts[f"department-handler@{COUNTY}/agriculture"],
        made.posts[f"town-desk@{TOWN}"],
    ]
    fallback = queries.candidates("0101", GRID, "any", owners=["urban-management"])
    assert [c.basis for c in fallback] == ["locality", "owner"]
    with pytest.raises(UnknownKey):
        actions.set_responsibilities([Responsibility(Matter.EVENT, ("nobody",))], by=SYSTEM, now=NOW)


def test_an_appointment_to_come_counts_from_its_day(made: Staff) -> None:
    post_id = made.posts[f"chief-head@{VILLAGE}"]
    start = date(2026, 12, 1)
    actions.appoint([NewAppointment(post_id, made.workers["wang"], Period(start))], by=SYSTEM, now=NOW)
    assert not queries.is_held(post_id, now=NOW)
    assert queries.is_held(post_id, now=NOW + 7 * DAY)
