"""A running case moved to another version of its scenario: one owner, one clock, sound tasks, on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions, queries
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.alarms import alarms
from onegrid.cases.rules.change import Asker, Change, Moved, Target, Told
from onegrid.cases.rules.commands import Acknowledge, MoveVersion, Void
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.state import LIVE, CaseState, TaskKind, TaskStatus
from onegrid.cases.rules.version_refusals import OtherScenario, SameVersion, StageNotThere
from onegrid.cases.tests import world as w
from onegrid.cases.tests.factories import GRID, NOW, RUBBISH, City, made, opened, report
from onegrid.cases.tests.test_api import JSON, signed_in
from onegrid.kernel import history
from onegrid.kernel.ids import CaseId, VersionId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions as scenarios
from onegrid.scenarios.actions import LIBRARY
from onegrid.scenarios.queries import latest, live, set_running_cases
from onegrid.scenarios.rules import Definition, EscalationStep, FollowUp, Joint, VersionInfo, Who
from onegrid.scenarios.rules.project_refusals import CasesRunning
from onegrid.scenarios.rules.refusals import NoVersion
from onegrid.workforce.rules import NoPost

SECOND = VersionId(uuid5(w.SPACE, "second version"))
OFFICE = w.holder(w.post("grid-office", w.COUNTY))


def version(definition: Definition) -> VersionInfo:
    return replace(w.VERSION, version_id=SECOND, number=2, definition=definition)


def moved(
    case: CaseState, definition: Definition, *, reason: str = "联席会议决定", by: Any = OFFICE
) -> Change:
    """Move the case an hour later to a second version with this definition."""
    target = Target(version(definition), w.ground(definition), 1)
    asker = Asker(by, None, case.last_at + timedelta(hours=1), target=target)
    command = MoveVersion(case_id=case.id, to=SECOND, reason=reason)
    return decide(case, command, asker, w.ground())


def with_stage(key: str, **changes: Any) -> Definition:
    stages = {**w.DEFINITION.stages, key: replace(w.DEFINITION.stages[key], **changes)}
    return replace(w.DEFINITION, stages=stages)


def without_stage(key: str) -> Definition:
    return replace(w.DEFINITION, stages={k: one for k, one in w.DEFINITION.stages.items() if k != key})


def test_clock_owner_and_sign_in_stay_where_the_stage_names_the_same_post() -> None:
    case = w.move(w.at_stage("handle"), Acknowledge(case_id=w.fresh().id)).state
    change = moved(case, with_stage("handle", limit=w.limit("40 days")))
    after = change.state
    assert (after.version_id, after.stage, after.owner) == (SECOND, "handle", case.owner)
    assert (after.clock, after.acknowledged_at) == (case.clock, case.acknowledged_at)
    assert (change.body["from_version"], change.body["version"]) == (1, 2)
    assert change.body["reason"] == "联席会议决定"
    (told,) = change.news
    assert isinstance(told, Told) and told.posts == (case.owner,)


def test_another_post_answers_where_the_stage_names_one_and_signs_in_anew() -> None:
    case = w.at_stage("handle")
    change = moved(case, with_stage("handle", who=Who("county-leader")))
    assert change.state.owner == w.post("county-leader", w.COUNTY)
    assert (change.state.sender, change.state.acknowledged_at) == (case.owner, None)
    assert change.state.clock == case.clock
    assert isinstance(change.news[0], Moved)


def test_an_owner_by_hand_over_stays_while_the_stage_names_the_same_role() -> None:
    case = w.at_stage("handle")._replace(owner=w.post("grid-head", w.OTHER_VILLAGE))
    assert moved(case, w.DEFINITION).state.owner == case.owner


@pytest.mark.parametrize(
    ("definition", "reason", "refusal"),
    [
        (without_stage("handle"), "决定", StageNotThere),
        (replace(w.DEFINITION, key="other"), "决定", OtherScenario),
        (with_stage("handle", who=Who("mediator")), "决定", NoPost),
        (w.DEFINITION, "  ", no.ReasonNeeded),
    ],
)
def test_a_case_that_cannot_go_there_stays_with_the_reason(
    definition: Definition, reason: str, refusal: type[Refusal]
) -> None:
    key = definition.key
    case = w.at_stage("handle")
    target = Target(replace(version(definition), key=key), w.ground(definition), 1)
    asker = Asker(OFFICE, None, case.last_at, target=target)
    with pytest.raises(refusal):
        decide(case, MoveVersion(case_id=case.id, to=SECOND, reason=reason), asker, w.ground())


def test_only_the_grid_office_moves_cases_and_only_running_ones() -> None:
    case = w.at_stage("handle")
    with pytest.raises(no.NotYours):
        moved(case, w.DEFINITION, by=w.owner(case))
    once = moved(case, w.DEFINITION).state
    with pytest.raises(SameVersion):
        moved(once, w.DEFINITION)


FOLLOW_UP = FollowUp("watch", w.text("盯守"), Who("grid-head-2"), ("handle",), every=w.limit("3 days"))


def test_follow_ups_that_the_new_version_does_not_know_end_and_those_it_asks_for_begin() -> None:
    more = replace(w.DEFINITION, follow_ups={**w.DEFINITION.follow_ups, "watch": FOLLOW_UP})
    case = w.at_stage("handle")
    there = moved(case, more)
    (fresh,) = [one for one in there.tasks if one.key == "watch"]
    assert (fresh.status, fresh.post_id) == (TaskStatus.OPEN, w.post("grid-head-2", w.GRID))
    fewer = replace(w.DEFINITION, follow_ups={})
    with_task = there.state._replace(version_id=case.version_id)
    change = moved(with_task, fewer)
    assert [one.status for one in change.tasks if one.key == "watch"] == [TaskStatus.CLOSED]
    assert not [one for one in change.state.tasks if one.kind is TaskKind.FOLLOW_UP]


def test_a_department_that_the_new_version_asks_too_gets_its_task_and_others_keep_theirs() -> None:
    first = with_stage("handle", joint=Joint(("agriculture",)))
    ground = w.ground(first)
    case = w.at_stage("handle", on=ground)
    kept = [one for one in case.tasks if one.kind is TaskKind.COSIGN]
    assert [one.key for one in kept] == ["agriculture"]
    second = with_stage("handle", joint=Joint(("agriculture", "natural-resources")))
    target = Target(version(second), w.ground(second), 1)
    asker = Asker(OFFICE, None, case.last_at, target=target)
    change = decide(case, MoveVersion(case_id=case.id, to=SECOND, reason="加会签"), asker, ground)
    cosigns = {one.key: one for one in change.state.tasks if one.kind is TaskKind.COSIGN}
    assert cosigns["agriculture"].id == kept[0].id
    assert cosigns["natural-resources"].post_id == w.post("department-handler", w.COUNTY, "natural-resources")


def test_reminders_of_the_new_version_that_lie_behind_do_not_all_go_off_at_once() -> None:
    steps = tuple(EscalationStep(percent, remind=(Who("owner"),)) for percent in (1, 2, 90))
    definition = replace(w.DEFINITION, escalation=steps)
    case = w.at_stage("handle")
    assert case.clock is not None and case.clock.due is not None
    half = (case.clock.due - case.last_at) / 2
    target = Target(version(definition), w.ground(definition), 1)
    asker = Asker(OFFICE, None, case.last_at + half, target=target)
    after = decide(case, MoveVersion(case_id=case.id, to=SECOND, reason="决定"), asker, w.ground()).state
    assert {"1", "2"} <= set(after.fired)
    assert after.alarm_at == min(alarms(after, w.ground(definition)).values())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_two_versions_share_a_moved_case_has_one_owner_one_clock_and_known_tasks(data: Any) -> None:
    keys = sorted(w.DEFINITION.stages)
    stages = dict(w.DEFINITION.stages)
    for key in keys:
        role = data.draw(st.sampled_from(["grid-head", "chief-head", "grid-office", "mediator", None]))
        if role is not None:
            stages[key] = replace(stages[key], who=Who(role))
    for key in data.draw(st.sets(st.sampled_from(keys), max_size=3)):
        stages.pop(key)
    follow_ups = {key: one for key, one in w.DEFINITION.follow_ups.items() if data.draw(st.booleans())}
    definition = replace(w.DEFINITION, stages=stages, follow_ups=follow_ups)
    case = w.at_stage(data.draw(st.sampled_from(keys)))
    try:
        after = moved(case, definition).state
    except Refusal:
        assert (
            case.stage not in stages
            or stages[case.stage].who == Who("mediator")
            or stages[case.stage].who != w.DEFINITION.stages[case.stage].who
        )
        return
    assert after.phase in LIVE and after.stage == case.stage and after.owner in w.POSTS
    assert after.clock == case.clock
    assert all(t.key in follow_ups for t in after.tasks if t.kind is TaskKind.FOLLOW_UP)
    assert after.open_tasks == len(after.tasks)


# On the database.


def second_version() -> VersionInfo:
    """The library's sanitation scenario under another name, as its second version."""
    text = (LIBRARY / "environment-sanitation.yaml").read_text()
    return scenarios.publish(text.replace("环境卫生问题处置, en", "环境卫生问题处理, en"), by=SYSTEM, now=NOW)


def test_all_running_cases_of_a_version_are_moved_each_on_its_own_trail(city: City) -> None:
    before = city.scenarios["environment-sanitation"].version_id
    cases = opened([report(city) for _ in range(5)])
    to = second_version().version_id
    done = actions.move_versions(before, to, reason="联席会议决定", by=city.actor("gao"), now=NOW)
    assert (done.moved, done.stayed) == (5, [])
    assert (queries.count_running([before]), queries.count_running([to])) == (0, 5)
    for case in cases:
        step = history.trail(case.case_id)[-1]
        assert (step.verb, step.by.label[:2], step.body["reason"]) == ("move-version", "高峰", "联席会议决定")
        assert queries.states([case.case_id])[case.case_id].version_id == to
    assert not list(history.faults())


def test_moving_many_costs_no_more_statements_than_moving_one(
    city: City, django_assert_max_num_queries: Any
) -> None:
    before = city.scenarios["environment-sanitation"].version_id
    opened([report(city) for _ in range(60)])
    to = second_version().version_id
    with django_assert_max_num_queries(16):
        actions.move_versions(before, to, reason="决定", by=city.actor("gao"), now=NOW)


def test_a_version_that_is_not_there_is_refused(city: City) -> None:
    before = city.scenarios["environment-sanitation"].version_id
    with pytest.raises(NoVersion):
        actions.move_versions(before, SECOND, reason="决定", by=city.actor("gao"), now=NOW)


def test_over_http_the_grid_office_moves_and_a_village_head_may_not(city: City) -> None:
    before = city.scenarios["environment-sanitation"].version_id
    one, other = opened([report(city), report(city)])
    to = second_version().version_id
    body = {"version": 1, "to": str(to), "reason": "联席会议决定"}
    wang, gao = signed_in("wang"), signed_in("gao")
    refused = wang.post(f"/api/cases/{one.case_id}/move-version", body, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "cases.not-yours")
    done = gao.post(f"/api/cases/{one.case_id}/move-version", body, **JSON)
    assert (done.status_code, done.json()["version"]) == (200, 2)
    again = gao.post(f"/api/cases/{one.case_id}/move-version", {**body, "version": 2}, **JSON)
    assert (again.status_code, again.json()["code"]) == (409, "cases.same-version")
    bulk = {"before": str(before), "to": str(to), "reason": "联席会议决定"}
    assert wang.post("/api/cases/move-version", bulk, **JSON).status_code == 403
    answer = gao.post("/api/cases/move-version", bulk, **JSON).json()
    assert answer == {"moved": 1, "stayed": []}
    assert queries.states([CaseId(other.case_id)])[other.case_id].version_id == to


@pytest.fixture
def counted() -> Iterator[None]:
    """Scenarios ask cases how many run, as wiring plugs it in."""
    set_running_cases(queries.count_running)
    yield


@pytest.mark.usefixtures("counted")
def test_a_scenario_with_running_cases_runs_out_and_retires_with_the_last_of_them(city: City) -> None:
    (case,) = opened([report(city)])
    project = latest("environment-sanitation")
    with pytest.raises(CasesRunning, match="1 cases"):
        scenarios.retire(project, reason="职能划转", by=SYSTEM, now=NOW)
    after = scenarios.retire(project, reason="职能划转", run_out=True, by=SYSTEM, now=NOW)
    assert (str(after), live(NOW).for_class(RUBBISH, GRID[:9])) == ("suspended", None)
    assert scenarios.retire_run_out(NOW) == 0
    made([Void(case_id=case.case_id, reason="误报")], by=city.actor("gao"))
    assert scenarios.retire_run_out(NOW) == 1
