"""What the real flows force the engine to support: the fifteen needs of domain.md 4.7, one by one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from onegrid.accounts.rules import SYSTEM
from onegrid.accounts.rules.refusals import NotPermitted
from onegrid.cases import queries
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import refusals as no
from onegrid.cases.rules.change import Asker, Change, TaskLate, Told
from onegrid.cases.rules.escalation import escalations
from onegrid.cases.rules.opening import plan_of
from onegrid.cases.rules.state import CaseState, Task, TaskKind, TaskStatus
from onegrid.cases.rules.version_refusals import OtherScenario, StageNotThere
from onegrid.cases.tests import factories as f
from onegrid.cases.tests import needs
from onegrid.cases.tests import world as w
from onegrid.cases.tests.factories import City, made, opened
from onegrid.cases.tests.village import AFTER, DAY, DESK, HEAD, HOUR, LEADER, ask
from onegrid.cases.tests.world import at_stage, holder, move, post
from onegrid.kernel import history
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import GridCode, PostId, new_id
from onegrid.scenarios.rules import Source
from onegrid.scenarios.rules.walking import charted
from onegrid.workforce.rules import DutyTable, PostEntry, SeveralPosts

ON = w.ground(needs.definition())
CHIEF, DEPUTY = post("chief-head", w.VILLAGE), post("deputy-chief", w.VILLAGE)
CENTRE = post("village-centre", w.VILLAGE)
ENFORCEMENT = post("town-enforcement", w.TOWN)
PAPER = (do.Exhibit(w.SHA_PAPER, "document", "site-record"),)


def takes(case: CaseState, exit_: str, **more: Any) -> Change:
    """The owner takes an exit of the scenario that uses every word."""
    return move(case, ask(do.TakeExit, case, exit=exit_, **more), on=ON)


def at(stage: str) -> CaseState:
    return at_stage(stage, on=ON)


def tasks_of(case: CaseState, key: str) -> list[Task]:
    return [task for task in case.tasks if task.key == key]


def passes(case: CaseState, later: timedelta) -> list[tuple[str, Change]]:
    return escalations(case, Asker(SYSTEM, case.owner, case.last_at + later), ON)


def test_1_the_source_decides_where_a_case_begins() -> None:
    begins: Callable[..., str] = lambda **more: plan_of(replace(OPENING, **more), ON).stage.key  # noqa: E731
    assert begins(source=Source.PATROL, channel="worker") == "request"
    assert begins(source=Source.HOTLINE, channel="department") == "answer"
    assert begins(source=Source.DEPARTMENT, channel="department") == "request"


OPENING = replace(w.opening(), version=replace(w.VERSION, definition=ON.definition))


def test_2_how_precisely_the_place_is_known_decides_who_gets_it_first() -> None:
    known_to = {w.GRID: "request", GridCode(w.VILLAGE + "000"): "request", GridCode(w.TOWN): "desk"}
    for grid, stage in known_to.items():
        assert plan_of(replace(OPENING, grid_code=grid, source=Source.PATROL), ON).stage.key == stage


def test_3_the_outcome_decides_the_next_step_and_has_its_own_label() -> None:
    failed = takes(at("check"), "fail", opinion="钢筋不足")
    assert (failed.state.stage, failed.body["exit_zh"]) == ("mend", "验收不通过")
    passed = takes(at("check"), "next-floor", evidence=AFTER)
    assert (passed.state.stage, passed.body["exit_zh"]) == ("request", "合格，下一层")


def test_4_a_loop_repeats_floor_by_floor_each_time_with_its_own_evidence() -> None:
    case = at("request")
    for floor in (1, 2, 3):
        case = takes(case, "asked", form={"floor": floor}).state
        case = takes(case, "on", to=HEAD).state
        with pytest.raises(no.Incomplete):
            takes(case, "next-floor")
        case = takes(case, "fail", opinion="整改").state  # back by a chosen way
        case = takes(case, "mended", to=HEAD).state
        case = takes(case, "next-floor", evidence=AFTER).state
        assert (case.stage, case.answers["floor"]) == ("request", floor)
    assert case.taken["check/next-floor"] == 3


def test_5_reports_run_in_parallel_the_first_does_it_for_all_and_the_parents_end_ends_them() -> None:
    case = at("mend")
    watch = tasks_of(case, "watch")
    assert [task.post_id for task in watch] == [post("grid-head-2", w.GRID), post("grid-worker-1", w.VILLAGE)]
    assert {task.due_at for task in watch} == {w.CALENDAR.due(case.entered_at, Limit.parse("2 working days"))}
    told = move(
        case,
        ask(do.ReportFollowUp, case, task_id=watch[0].id, form={"state": "stopped"}),
        by=holder(watch[0].post_id),
        on=ON,
    )
    assert [task.reports for task in tasks_of(told.state, "watch")] == [1, 0]
    (due,) = {task.due_at for task in tasks_of(told.state, "watch")}
    assert due == w.CALENDAR.due(told.state.last_at, Limit.parse("2 working days"))
    joint = takes(told.state, "joint").state
    once = tasks_of(joint, "mid-term")
    assert len(once) == 2
    reported = move(
        joint, ask(do.ReportFollowUp, joint, task_id=once[0].id, text="可按期"), by=holder(HEAD), on=ON
    )
    assert tasks_of(reported.state, "mid-term") == []
    assert [one.status for one in reported.tasks if one.key == "mid-term"] == [
        TaskStatus.DONE,
        TaskStatus.CLOSED,
    ]
    forced = takes(reported.state, "done", force=True)
    assert {one.status for one in forced.tasks if one.kind is TaskKind.COSIGN} == {TaskStatus.CLOSED}
    voided = move(joint, ask(do.Void, joint, reason="误报"), by=holder(post("grid-office", w.COUNTY)), on=ON)
    assert {task.status for task in voided.tasks} == {TaskStatus.VOID}
    back = move(joint, ask(do.Recall, joint, reason="点错"), by=holder(HEAD), on=ON)
    assert {task.status for task in back.tasks if task.done_at} == {TaskStatus.VOID}


def test_5_a_report_that_is_not_given_is_told_to_whom_the_scenario_names() -> None:
    late = passes(at("mend"), 4 * DAY)
    news = [one for verb, change in late if verb == "tasks-late" for one in change.news]
    assert [type(one) for one in news] == [TaskLate, TaskLate, Told]
    told = news[-1]
    assert isinstance(told, Told) and set(told.posts) == {CHIEF, DESK} and told.urgent
    again = passes(late[-1][1].state, HOUR)
    assert [verb for verb, _ in again if verb == "tasks-late"] == []


@pytest.mark.django_db
def test_6_a_department_has_only_one_open_task_in_a_case(city: City) -> None:
    (case,) = opened([needs.report(city, needs.published())])
    state = at("departments")
    cosigns = [task for task in state.tasks if task.kind is TaskKind.COSIGN]
    assert [task.key for task in cosigns] == ["agriculture", "natural-resources"]
    row = (
        "INSERT INTO cases_task (id, case_id, kind, key, post_id, text, opened_at, status, result, reports)"
        " VALUES (%s, %s, 'cosign', 'agriculture', %s, '', now(), %s, '', 0)"
    )
    with connection.cursor() as cursor:
        cursor.execute(row, [new_id(), case.case_id, new_id(), "open"])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(row, [new_id(), case.case_id, new_id(), "open"])


def test_7_staying_in_place_puts_progress_on_record_and_rolls_the_due_time_on() -> None:
    case = at("request")
    stayed = takes(case, "wait", opinion="等天晴")
    assert (stayed.state.stage, stayed.state.owner, stayed.body["opinion"]) == (
        "request",
        case.owner,
        "等天晴",
    )
    assert stayed.state.clock is not None
    assert stayed.state.clock.due == w.CALENDAR.due(stayed.state.last_at, Limit.parse("3 working days"))


@pytest.mark.django_db
def test_8_a_virtual_stage_stands_in_the_log_and_not_in_the_chart(city: City) -> None:
    version = needs.published()
    asked = version.definition.stages["request"].exits["asked"]
    assert (asked.to, charted(version.definition, asked)) == ("noted", frozenset({"check"}))
    (case,) = opened([needs.report(city, version)])
    made([do.TakeExit(case_id=case.case_id, exit="asked", form={"floor": 1})], by=SYSTEM)
    page = queries.case(case.case_id, actor=city.actor("gao"))
    assert [(line.stage_zh, line.to_zh) for line in page.story][-1] == ("提请验收", "登记提请")


def test_9_base_facts_may_be_corrected_only_at_the_steps_named() -> None:
    corrected = takes(at("request"), "asked", form={"floor": 1, "kind": "old"})
    assert corrected.state.answers["kind"] == "old"
    with pytest.raises(no.Incomplete) as refused:
        takes(at("check"), "fail", opinion="改", form={"kind": "old"})
    problems: Any = refused.value.params["problems"]
    assert problems[0]["field"] == "kind"


def test_10_each_exit_asks_for_its_own_evidence() -> None:
    beyond = {"measured_area": 130, "approved": 120}
    with pytest.raises(no.Incomplete):
        takes(at("check"), "beyond", form=beyond, evidence=AFTER)
    assert takes(at("check"), "beyond", form=beyond, evidence=PAPER).state.stage == "mend"
    with pytest.raises(no.Incomplete):
        takes(at("check"), "next-floor", evidence=PAPER)


def test_11_the_sender_picks_the_main_recipient_unless_there_is_only_one() -> None:
    case = at("noted")
    with pytest.raises(no.PickOne) as refused:
        takes(case, "on")
    posts: Any = refused.value.params["posts"]
    assert set(posts) == {str(HEAD), str(CHIEF), str(DEPUTY)}
    assert takes(case, "on", to=DEPUTY).state.owner == DEPUTY
    with pytest.raises(no.NotATarget):
        takes(case, "on", to=CENTRE)
    alone = w.ground(
        needs.definition(("assignable: [chief-head, deputy-chief]", "assignable: [town-safety]"))
    )
    only = move(case, ask(do.TakeExit, case, exit="on"), on=alone)
    assert only.state.owner == HEAD


def test_11_two_posts_of_one_kind_are_no_dead_end_when_the_sender_may_pick() -> None:
    second = PostEntry(PostId(new_id()), "grid-head", w.VILLAGE, f"village-{w.VILLAGE}")
    on = replace(ON, duties=DutyTable([*w.POSTS.values(), second]))
    case = at("noted")
    with pytest.raises(no.PickOne):
        move(case, ask(do.TakeExit, case, exit="on"), on=on)
    assert (
        move(case, ask(do.TakeExit, case, exit="on", to=second.post_id), on=on).state.owner == second.post_id
    )
    mend = at("mend")
    with pytest.raises(SeveralPosts):
        move(at("check"), ask(do.TakeExit, at("check"), exit="fail", opinion="改"), on=on)
    assert mend.owner == HEAD


@pytest.mark.django_db
def test_12_messages_and_opinions_depend_on_step_outcome_and_source_and_are_filled_in(city: City) -> None:
    version = needs.published()
    patrol, hotline = opened(
        [
            needs.report(city, version, form={"kind": "old"}),
            needs.report(city, version, source=Source.HOTLINE, channel="department"),
        ]
    )
    for case in (patrol, hotline):
        if case is hotline:
            made([do.TakeExit(case_id=case.case_id, exit="on")], by=SYSTEM)
        made([do.TakeExit(case_id=case.case_id, exit="asked", form={"floor": 1})], by=SYSTEM)
        to = city.staff.posts["grid-head@350583111201"]
        made([do.TakeExit(case_id=case.case_id, exit="on", to=to)], by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM kernel_outbox WHERE topic = 'cases.told' AND payload LIKE '%热线来件%'"
        )
        assert [hotline.number in row[0] for row in cursor.fetchall()] == [True]
    offered = {
        case.case_id: {
            way.exit.key: way.opinions for way in queries.case(case.case_id, actor=city.actor("wang")).exits
        }
        for case in (patrol, hotline)
    }
    assert offered[patrol.case_id]["beyond"] == ["超出 —，翻建，请整改。"]
    assert offered[hotline.case_id]["beyond"] == ["热线件：张家宅基地建房"]


@pytest.mark.django_db
def test_13_a_stage_added_or_dropped_later_leaves_running_cases_on_their_version(city: City) -> None:
    old = needs.published()
    before, moved = opened([needs.report(city, old), needs.report(city, old)])
    new = needs.published(
        ("asked: {to: noted,", "asked: {to: check,"),
        ("  noted:\n", "  inspect:\n"),
        ("on: {to: check, label: {zh: 登记, en: Noted}}", "on: {to: mend, label: {zh: 登记, en: Noted}}"),
        (
            "joint: {to: departments,",
            "inspect: {to: inspect, label: {zh: 抽查, en: Look}, at_most: 2}\n      joint: {to: departments,",
        ),
    )
    assert (old.number, new.number) == (1, 2) and "noted" not in new.definition.stages
    takes_exit: Any = {"exit": "asked", "form": {"floor": 1}}
    (done,) = made([do.TakeExit(case_id=before.case_id, **takes_exit)], by=SYSTEM)
    assert done.stage == "noted"
    gao = city.actor("gao")
    change = do.MoveVersion(case_id=before.case_id, to=new.version_id, reason="新流程更短")
    with pytest.raises(StageNotThere):
        made([change], by=gao)
    with pytest.raises(OtherScenario):
        made([replace(change, to=city.scenarios["illegal-construction"].version_id)], by=gao)
    made([replace(change, case_id=moved.case_id)], by=gao)
    page = queries.case(moved.case_id, actor=gao)
    assert (page.version.number, page.state.stage, page.state.owner) == (2, "request", moved.owner_post)
    head = city.staff.posts["grid-head@350583111201"]
    (after,) = made([do.TakeExit(case_id=moved.case_id, to=head, **takes_exit)], by=SYSTEM)
    assert after.stage == "check"
    assert [step.verb for step in history.trail(moved.case_id)] == ["open", "move-version", "exit"]
    assert list(history.faults(moved.case_id)) == []


def test_14_a_side_instruction_goes_to_several_units_each_with_its_times() -> None:
    case = at("mend")
    times: Any = {"receive_by": case.last_at + DAY, "feedback_by": case.last_at + 3 * DAY}
    command = ask(
        do.Instruct, case, units=("agriculture", "natural-resources"), posts=(DESK,), text="查", **times
    )
    change = move(case, command, by=holder(LEADER), on=ON)
    given = [task for task in change.tasks if task.kind is TaskKind.INSTRUCTION]
    handlers = [post("department-handler", w.COUNTY, unit) for unit in ("agriculture", "natural-resources")]
    assert [task.post_id for task in given] == [DESK, *handlers]
    assert (change.state.stage, change.state.owner, change.state.clock) == (
        case.stage,
        case.owner,
        case.clock,
    )
    unread = passes(change.state, 2 * DAY)
    late = [one for _, found in unread for one in found.news if isinstance(one, TaskLate)]
    assert [one.task.post_id for one in late if one.task.kind is TaskKind.INSTRUCTION] == [DESK, *handlers]
    with pytest.raises(no.BadTimes):
        move(case, replace(command, units=(), posts=()), by=holder(LEADER), on=ON)


@pytest.mark.django_db
def test_15_late_steps_are_counted_by_person(city: City) -> None:
    version = needs.published()
    in_time, late, waiting = opened([needs.report(city, version) for _ in range(3)])
    exits: Callable[..., Any] = lambda case: [  # noqa: E731
        do.TakeExit(case_id=case.case_id, exit="asked", form={"floor": 1})
    ]
    made(exits(in_time), by=city.actor("wang"), now=f.NOW + HOUR)
    made(exits(late), by=city.actor("wang"), now=f.NOW + 30 * DAY)
    window: Any = {"since": f.NOW, "until": f.NOW + 60 * DAY, "now": f.NOW + 31 * DAY}
    lines = queries.overdue_steps(city.actor("gao"), **window)
    wang = next(line for line in lines if line.account_id == city.staff.accounts["wang"])
    assert (wang.finished, wang.late, wang.overdue_now) == (2, 1, 1)
    assert wang.late_hours > 24 and wang.name.startswith("王国强")
    assert queries.overdue_steps(city.actor("mei"), **window)[0].account_id == wang.account_id
    elsewhere = {**window, "since": f.NOW + 40 * DAY}
    assert [
        line.finished for line in queries.overdue_steps(city.actor("gao"), **elsewhere) if line.finished
    ] == []
    with pytest.raises(NotPermitted):
        queries.overdue_steps(city.actor("wang"), **window)
    assert waiting.due_at < window["now"]
