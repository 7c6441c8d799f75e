"""Projects in the database: from a department's proposal to live, suspended, retired, all on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from onegrid.accounts.rules import SYSTEM, Actor, NotPermitted
from onegrid.accounts.rules.roles import ROLE_PERMISSIONS
from onegrid.accounts.tests.factories import actor, standing
from onegrid.kernel import history
from onegrid.kernel.ids import ProjectId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions, queries
from onegrid.scenarios.models import Version
from onegrid.scenarios.rules import project_refusals as no
from onegrid.scenarios.rules.projects import Side, State
from onegrid.scenarios.rules.refusals import ClassTaken, NotSound
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW, TOWNS
from onegrid.scenarios.tests.files import SMALL, edited
from onegrid.workforce import queries as workforce
from onegrid.workforce.actions import close_posts

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NEXT_MONTH = date(2026, 12, 24)
LATER = NOW + timedelta(days=40)
SLOWER = edited(("limit: 1 working day", "limit: 2 working days"))


@pytest.fixture
def people() -> dict[str, Actor]:
    return factories.staffed_city()


@pytest.fixture
def running() -> Iterator[list[int]]:
    """How many cases run, as if `cases` had been asked."""
    before, count = import_module("onegrid.scenarios.queries.running")._port, [0]
    queries.set_running_cases(lambda versions: count[0])
    yield count
    queries.set_running_cases(before)


def proposed(people: dict[str, Actor], *, key: str = "street-lamps") -> ProjectId:
    return actions.propose(
        key,
        name_zh="路灯报修",
        name_en="",
        owner="housing",
        need="路灯报修多头受理",
        by=people["zhao"],
        now=NOW,
    )


def approved(people: dict[str, Actor]) -> ProjectId:
    made = proposed(people)
    actions.decide(made, granted=True, minutes="同意立项", decided_on=TODAY, by=people["gao"], now=NOW)
    return made


def built(people: dict[str, Actor], text: str = SMALL) -> ProjectId:
    made = approved(people)
    actions.save_draft(made, text, seen=0, by=people["zhao"], now=NOW)
    for name in ("zhao", "gao"):
        actions.agree(made, seen=1, by=people[name], now=NOW)
    actions.build(made, by=people["gao"], now=NOW)
    return made


def tried(people: dict[str, Actor], text: str = SMALL) -> ProjectId:
    made = built(people, text)
    actions.record_drill(made, summary={"overdue": 0.02}, by=people["gao"], now=NOW)
    actions.start_trial(made, towns=[TOWNS[0]], ends_on=NEXT_MONTH, by=people["gao"], now=NOW)
    return made


def live(people: dict[str, Actor], text: str = SMALL) -> ProjectId:
    made = tried(people, text)
    actions.go_live(made, by=people["gao"], now=NOW)
    return made


def taker(town: str, at: datetime = NOW) -> int | None:
    """The number of the version that takes a lamp there."""
    found = queries.live(at).for_class("C0103", town)
    return found.number if found else None


def state(project_id: ProjectId) -> str:
    return queries.project(project_id, actor=SYSTEM).row.state


def test_a_project_goes_from_the_departments_proposal_to_the_whole_county(people: dict[str, Actor]) -> None:
    made = live(people)
    assert (taker(TOWNS[0]), taker(TOWNS[1])) == (1, 1)
    steps = history.trail(made)
    assert [(step.verb, step.by.label) for step in steps] == [
        ("propose", "赵敏"),
        ("approve", "高峰"),
        ("draft", "赵敏"),
        ("agree", "赵敏"),
        ("agree", "高峰"),
        ("build", "高峰"),
        ("drill", "高峰"),
        ("trial", "高峰"),
        ("go-live", "高峰"),
    ]
    assert steps[1].body["minutes"] == "同意立项"
    assert all(step.at == NOW for step in steps)
    page = queries.project(made, actor=people["gao"])
    assert page.drills[0].summary == {"overdue": 0.02}
    assert (page.row.towns, page.row.until, page.row.number) == ([""], None, 1)


def test_only_the_department_that_will_answer_or_the_grid_office_for_it_proposes(
    people: dict[str, Actor],
) -> None:
    with pytest.raises(NotPermitted):
        proposed({**people, "zhao": people["lin"]})
    with pytest.raises(no.NotYourProject):
        proposed({**people, "zhao": people["qian"]})
    assert proposed({**people, "zhao": people["gao"]})


def test_another_department_neither_drafts_nor_agrees_and_the_department_does_not_build(
    people: dict[str, Actor],
) -> None:
    made = approved(people)
    with pytest.raises(no.NotYourProject):
        actions.save_draft(made, SMALL, seen=0, by=people["qian"], now=NOW)
    actions.save_draft(made, SMALL, seen=0, by=people["zhao"], now=NOW)
    with pytest.raises(no.NotYourProject):
        actions.agree(made, seen=1, by=people["qian"], now=NOW)
    with pytest.raises(no.NotYourProject):
        actions.build(made, by=people["zhao"], now=NOW)


def test_every_role_speaks_for_the_side_that_its_rights_give_it() -> None:
    factories.city()
    unit = workforce.unit_by_key("housing")
    spoken: dict[str, frozenset[Side]] = {}
    for role in ROLE_PERMISSIONS:
        own = replace(standing(role, "350583"), unit_id=unit.unit_id)
        spoken[role] = queries.sides(actor(own), "housing")
        assert queries.sides(actor(standing(role, "350583")), "housing") <= {Side.OFFICE}
    assert {role for role, sides in spoken.items() if Side.OFFICE in sides} == {"grid-office"}
    departments = {"department-handler", "department-deputy", "department-head"}
    speaking = {role for role, sides in spoken.items() if Side.DEPARTMENT in sides}
    assert departments <= speaking
    assert not speaking & {"grid-worker-2", "grid-head", "town-desk", "county-leader", "inspector"}


def test_the_command_line_alone_cannot_agree_for_a_department(people: dict[str, Actor]) -> None:
    made = approved(people)
    actions.save_draft(made, SMALL, seen=0, by=SYSTEM, now=NOW)
    assert [str(one) for one in actions.agree(made, seen=1, by=SYSTEM, now=NOW)] == ["department"]


def test_a_scenario_has_one_project_in_hand(people: dict[str, Actor]) -> None:
    made = proposed(people)
    with pytest.raises(no.ProjectInHand):
        proposed(people)
    actions.decide(made, granted=False, minutes="条件不成熟", decided_on=TODAY, by=people["gao"], now=NOW)
    assert state(proposed(people)) == "proposed"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"minutes": " "}, no.WordsNeeded),
        ({"document": "abc"}, no.BadDocument),
        ({"decided_on": TODAY + timedelta(days=1)}, no.DecidedInFuture),
    ],
)
def test_a_decision_has_minutes_a_day_that_has_come_and_a_true_hash(
    people: dict[str, Actor], change: dict[str, Any], refusal: type[Refusal]
) -> None:
    made = proposed(people)
    said: dict[str, Any] = {"minutes": "同意", "decided_on": TODAY, "document": "a" * 64} | change
    with pytest.raises(refusal):
        actions.decide(made, granted=True, **said, by=people["gao"], now=NOW)


def test_two_editors_do_not_write_over_each_other(people: dict[str, Actor]) -> None:
    made = approved(people)
    actions.save_draft(made, SMALL, seen=0, by=people["zhao"], now=NOW)
    with pytest.raises(no.DraftMoved) as refused:
        actions.save_draft(made, SLOWER, seen=0, by=people["gao"], now=NOW)
    assert refused.value.params["saved_by"] == "赵敏"
    assert refused.value.params["source"] == SMALL
    assert actions.save_draft(made, SLOWER, seen=1, by=people["gao"], now=NOW) == 2
    assert queries.draft(made, actor=people["zhao"], number=1).source == SMALL
    assert [one.number for one in queries.drafts(made, actor=people["zhao"])] == [2, 1]


def test_a_draft_with_faults_is_kept_but_not_built(people: dict[str, Actor]) -> None:
    made = approved(people)
    actions.save_draft(made, edited(("to: check", "to: chekc")), seen=0, by=people["zhao"], now=NOW)
    for name in ("zhao", "gao"):
        actions.agree(made, seen=1, by=people[name], now=NOW)
    with pytest.raises(NotSound, match="chekc"):
        actions.build(made, by=people["gao"], now=NOW)
    assert (state(made), Version.objects.count()) == ("drafted", 0)


def test_a_draft_of_another_scenario_or_unit_is_not_built(people: dict[str, Actor]) -> None:
    made = approved(people)
    actions.save_draft(made, edited(("key: street-lamps", "key: lamps")), seen=0, by=people["zhao"], now=NOW)
    for name in ("zhao", "gao"):
        actions.agree(made, seen=1, by=people[name], now=NOW)
    with pytest.raises(no.OtherKey, match="street-lamps"):
        actions.build(made, by=people["gao"], now=NOW)


def test_a_trial_runs_in_its_towns_and_ends_by_itself(people: dict[str, Actor]) -> None:
    made = tried(people)
    assert (taker(TOWNS[0]), taker(TOWNS[1])) == (1, None)
    assert (taker(TOWNS[0], LATER), state(made)) == (None, "trial")
    actions.start_trial(made, towns=[TOWNS[1]], ends_on=NEXT_MONTH, by=people["gao"], now=NOW)
    assert (taker(TOWNS[0]), taker(TOWNS[1])) == (None, 1)
    for towns, ends_on, refusal in (
        ([], NEXT_MONTH, no.NoTowns),
        ([TOWNS[0]], TODAY, no.BadDay),
        ([TOWNS[0]], date(2029, 1, 1), no.BadDay),
    ):
        with pytest.raises(refusal):
            actions.start_trial(made, towns=towns, ends_on=ends_on, by=people["gao"], now=NOW)


def test_a_new_round_is_tried_over_the_live_version_and_then_takes_its_place(
    people: dict[str, Actor],
) -> None:
    first = live(people)
    second = tried(people, SLOWER)
    assert (taker(TOWNS[0]), taker(TOWNS[1])) == (2, 1)
    assert (taker(TOWNS[0], LATER), state(first)) == (1, "live")
    actions.go_live(second, by=people["gao"], now=NOW)
    assert (taker(TOWNS[0]), taker(TOWNS[1])) == (2, 2)
    assert (state(first), state(second)) == ("retired", "live")
    assert history.trail(first)[-1].body["replaced_by"] == 2


def test_a_new_round_may_start_from_the_text_that_is_live(people: dict[str, Actor]) -> None:
    live(people)
    second = proposed(people)
    found = queries.draft(second, actor=people["zhao"])
    assert (found.number, found.source) == (0, SMALL)


def test_a_suspended_project_rests_and_is_resumed_only_if_it_still_fits_the_city(
    people: dict[str, Actor],
) -> None:
    made = live(people)
    with pytest.raises(no.WordsNeeded):
        actions.suspend(made, reason=" ", by=people["gao"], now=NOW)
    actions.suspend(made, reason="流程有误", by=people["gao"], now=NOW)
    assert (taker(TOWNS[0]), state(made)) == (None, "suspended")
    entries = workforce.duty_table().posts
    heads = [one for one, entry in entries.items() if entry.role == "grid-head-2"]
    close_posts(heads, by=SYSTEM, now=NOW)
    with pytest.raises(NotSound, match="grid-head-2"):
        actions.resume(made, by=people["gao"], now=NOW)


def test_a_suspended_trial_is_resumed_with_towns_and_a_last_day(people: dict[str, Actor]) -> None:
    made = tried(people)
    actions.suspend(made, reason="流程有误", by=people["gao"], now=NOW)
    with pytest.raises(no.NoTowns):
        actions.resume(made, by=people["gao"], now=NOW)
    actions.resume(made, towns=[TOWNS[1]], ends_on=NEXT_MONTH, by=people["gao"], now=NOW)
    assert (state(made), taker(TOWNS[1]), taker(TOWNS[1], LATER)) == ("trial", 1, None)


def test_a_suspended_project_is_mended_by_a_new_draft(people: dict[str, Actor]) -> None:
    made = live(people)
    actions.suspend(made, reason="时限过紧", by=people["gao"], now=NOW)
    actions.save_draft(made, SLOWER, seen=1, by=people["zhao"], now=NOW)
    for name in ("zhao", "gao"):
        actions.agree(made, seen=2, by=people[name], now=NOW)
    actions.build(made, by=people["gao"], now=NOW)
    assert queries.project(made, actor=SYSTEM).row.number == 2
    with pytest.raises(no.NotPossible):
        actions.go_live(made, by=people["gao"], now=NOW)


def test_retiring_with_running_cases_is_refused_with_their_number_or_runs_out(
    people: dict[str, Actor], running: list[int]
) -> None:
    made = live(people)
    running[0] = 3
    with pytest.raises(no.CasesRunning, match="3"):
        actions.retire(made, reason="职能划转", by=people["gao"], now=NOW)
    assert taker(TOWNS[0]) == 1
    after = actions.retire(made, reason="职能划转", run_out=True, by=people["gao"], now=NOW)
    assert (after, taker(TOWNS[0])) == (State.SUSPENDED, None)
    assert actions.retire_run_out(NOW) == 0
    running[0] = 0
    assert (actions.retire_run_out(LATER), state(made)) == (1, "retired")
    assert actions.retire_run_out(LATER) == 0
    assert history.trail(made)[-1].by.label == "系统"


def test_a_draft_round_is_given_up_though_cases_of_earlier_versions_run(
    people: dict[str, Actor], running: list[int]
) -> None:
    live(people)
    second = proposed(people)
    actions.decide(second, granted=True, minutes="同意", decided_on=TODAY, by=people["gao"], now=NOW)
    running[0] = 3
    assert actions.retire(second, reason="暂缓", by=people["gao"], now=NOW) is State.RETIRED
    assert taker(TOWNS[0]) == 1


def test_a_round_that_takes_the_whole_county_ends_one_that_was_suspended(people: dict[str, Actor]) -> None:
    first = live(people)
    actions.suspend(first, reason="修订", by=people["gao"], now=NOW)
    live(people, SLOWER)
    assert state(first) == "retired"


def test_postgresql_refuses_to_change_a_saved_draft(people: dict[str, Actor]) -> None:
    made = approved(people)
    actions.save_draft(made, SMALL, seen=0, by=people["zhao"], now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("UPDATE scenarios_draft SET source = ''")


def test_many_live_scenarios_are_loaded_by_a_handful_of_statements(
    people: dict[str, Actor], django_assert_max_num_queries: Any
) -> None:
    codes = [one.code for one in queries.classes() if one.code.startswith("C01") and one.code != "C01"][:6]
    for count, code in enumerate(codes):
        names = (("key: street-lamps", f"key: lamps-{count}"), ("prefix: LD", f"prefix: L{'ABCDEF'[count]}"))
        actions.publish(edited(*names, ("[C0103]", f"[{code}]")), by=SYSTEM, now=NOW)
    import_module("onegrid.scenarios.queries.live")._known.clear()  # as in a fresh process
    with django_assert_max_num_queries(6):
        assert len(queries.live(NOW).versions) == len(codes)


def test_an_installation_does_not_push_aside_what_the_city_decided(people: dict[str, Actor]) -> None:
    live(people)
    with pytest.raises(no.CityOwn):
        actions.publish(SLOWER, by=SYSTEM, now=NOW)
    assert taker(TOWNS[0]) == 1


def test_what_is_installed_stands_on_record_as_a_project_and_may_get_a_new_round(
    people: dict[str, Actor],
) -> None:
    actions.publish(SMALL, by=SYSTEM, now=NOW)
    (row,) = queries.projects(SYSTEM)
    assert (row.installed, row.state, row.round, row.towns) == (True, "live", 1, [""])
    assert [step.verb for step in history.trail(row.project_id)] == ["installed"]
    second = live(people, SLOWER)
    assert (taker(TOWNS[0]), state(row.project_id)) == (2, "retired")
    assert queries.project(second, actor=SYSTEM).row.round == 2


def test_a_class_that_another_scenario_takes_stops_a_trial_too(people: dict[str, Actor]) -> None:
    rival = edited(("key: street-lamps", "key: lamps-too"), ("prefix: LD", "prefix: LE"))
    actions.publish(rival, towns=[TOWNS[0]], by=SYSTEM, now=NOW)
    made = built(people)
    actions.record_drill(made, summary={}, by=people["gao"], now=NOW)
    with pytest.raises(ClassTaken):
        actions.start_trial(made, towns=[TOWNS[0]], ends_on=NEXT_MONTH, by=people["gao"], now=NOW)
    assert state(made) == "drilled"


def test_a_drill_is_attached_by_version_too(people: dict[str, Actor]) -> None:
    made = built(people)
    version_id = queries.project(made, actor=SYSTEM).row.version_id
    assert version_id is not None
    actions.record_drill(version_id, summary={"days": 30}, by=SYSTEM, now=NOW)
    assert state(made) == "drilled"
    with pytest.raises(no.NoProject):
        actions.record_drill(ProjectId(TOWN_ID), summary={}, by=SYSTEM, now=NOW)


TOWN_ID: Any = "018f0000-0000-7000-8000-000000000000"


@pytest.mark.django_db(transaction=True)
def test_projects_built_and_scenarios_installed_at_once_get_numbers_of_their_own() -> None:
    people = factories.staffed_city()
    made = approved(people)
    actions.save_draft(made, SLOWER, seen=0, by=people["zhao"], now=NOW)
    for name in ("zhao", "gao"):
        actions.agree(made, seen=1, by=people[name], now=NOW)
    done: list[object] = []

    def at_once(work: Any) -> None:
        try:
            done.append(work())
        except Refusal as refusal:
            done.append(refusal.code)
        finally:
            connection.close()

    texts = [edited(("limit: 1 working day", f"limit: {days} working days")) for days in (3, 4)]
    works: list[Any] = [partial(actions.build, made, by=people["gao"], now=NOW)] * 2
    works += [partial(actions.publish, text, by=SYSTEM, now=NOW) for text in texts]
    threads = [Thread(target=at_once, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done.count("scenarios.project-not-possible") == 1  # the draft is built once
    assert sorted(Version.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert len(queries.live(NOW).versions) == 1
