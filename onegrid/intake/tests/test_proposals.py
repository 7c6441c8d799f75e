"""并案建议: shown side by side, decided once, by whom and when; and they lapse."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.cases import actions as cases
from onegrid.cases import queries as case_queries
from onegrid.cases.rules.commands import Exhibit, Merge, TakeExit, Unmerge, Void
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.intake import actions, queries
from onegrid.intake.actions import mark_answered
from onegrid.intake.models import Proposal, Report
from onegrid.intake.rules import proposals as rules
from onegrid.intake.rules.proposals import Decided, Effect, ProposalState, Proposed
from onegrid.intake.rules.reasoning import Reason
from onegrid.intake.rules.reports import Channel, Outcome
from onegrid.intake.tests.factories import (
    GRID,
    NOW,
    OTHER_GRID,
    OTHER_TOWN,
    Staff,
    citizen,
    clerk_of,
    middle,
    receive,
)
from onegrid.intake.tests.factories import report as some_report
from onegrid.intake.tests.factories import world as make_world
from onegrid.intake.tests.test_answers import closed
from onegrid.intake.tests.test_api import client_of
from onegrid.kernel import history
from onegrid.kernel.ids import CaseId, ReportId, new_id
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions as scenarios

HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR
REASONS = (Reason("near", 300), Reason("hours-ago", 2), Reason("text-similar"))


def proposed(report: Outcome, case: Outcome, *, score: float = 0.8, rank: int = 1) -> UUID:
    """Write one proposal and answer its id."""
    assert case.case_id is not None
    one = Proposed(
        report_id=report.report_id, case_id=case.case_id, rank=rank, score=score, reasons=REASONS,
        facts=[0.5, 1.25], model="m-1",
    )  # fmt: skip
    actions.propose([one], now=NOW)
    return Proposal.objects.get(report_id=report.report_id, case_id=case.case_id).id


def two() -> tuple[Outcome, Outcome]:
    """An earlier and a later report of different cases."""
    earlier, later = receive([some_report(), some_report(north_m=300)])
    return earlier, later


def pooled() -> Outcome:
    (waiting,) = receive([some_report(channel=Channel.PUBLIC, north_m=300)], by=citizen())
    return waiting


def state(case_id: CaseId | None) -> CaseState:
    assert case_id is not None
    return case_queries.states([case_id])[case_id]


def decided(results: Sequence[Decided | Refusal]) -> list[Decided]:
    for one in results:
        if isinstance(one, Refusal):
            raise one
    return [one for one in results if isinstance(one, Decided)]


def kept(proposal: UUID) -> Proposal:
    return Proposal.objects.get(id=proposal)


@pytest.fixture
def mei(world: Staff) -> Actor:
    return world.actor("mei")


@pytest.mark.django_db
def test_the_desk_sees_both_matters_side_by_side_with_the_reasons_in_words(mei: Actor) -> None:
    earlier, later = two()
    proposed(later, earlier)
    (found,) = queries.proposals(mei).items
    assert found.earlier is not None and found.own is not None
    assert (found.earlier.id, found.own.id) == (earlier.case_id, later.case_id)
    assert found.distance_m == pytest.approx(300, abs=1)
    assert found.score == pytest.approx(0.8, abs=1e-6)
    assert found.reasons == REASONS
    assert found.earlier.owner_zh and found.earlier.stage_zh
    assert not found.earlier.veiled


@pytest.mark.django_db
def test_urgent_ones_come_first_then_the_most_probable_page_by_page(mei: Actor) -> None:
    earlier, *rest = receive([some_report(north_m=-400 + 80 * i) for i in range(6)])
    scores = [0.3, 0.9, 0.5, 0.9, 0.7]
    ids = [proposed(one, earlier, score=score) for one, score in zip(rest, scores, strict=True)]
    Report.objects.filter(id=rest[0].report_id).update(urgent=True)
    seen: list[UUID] = []
    cursor = ""
    while True:
        page = queries.proposals(mei, cursor=cursor, limit=2)
        seen += [one.id for one in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    by_score = sorted(ids[1:], key=lambda id_: (kept(id_).score, id_), reverse=True)
    assert seen == [ids[0], *by_score]


@pytest.mark.django_db
def test_a_page_costs_three_statements_however_long_it_is(
    mei: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    earlier, *rest = receive([some_report(north_m=-400 + 80 * i) for i in range(6)])
    for one in rest:
        proposed(one, earlier)
    queries.proposals(mei)
    with django_assert_max_num_queries(3):
        assert len(queries.proposals(mei).items) == 5


@pytest.mark.django_db
def test_it_is_filtered_by_place_class_and_state(mei: Actor) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    assert len(queries.proposals(mei, area=GRID[:12], class_code="E01").items) == 1
    assert queries.proposals(mei, area=OTHER_GRID).items == []
    assert queries.proposals(mei, class_code="E05").items == []
    assert queries.proposals(mei, state=ProposalState.REFUSED).items == []
    decided(actions.refuse([proposal], by=mei, now=LATER))
    (refused,) = queries.proposals(mei, state=ProposalState.REFUSED).items
    assert (refused.decided_by_name, refused.decided_at) == (mei.name, LATER)


@pytest.mark.django_db
def test_only_the_desk_of_the_place_sees_and_decides(world: Staff) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    elsewhere = clerk_of(OTHER_TOWN)
    assert queries.proposals(elsewhere).items == []
    (refused,) = actions.confirm([proposal], by=elsewhere, now=LATER)
    assert isinstance(refused, rules.ProposalNotFound)
    for nobody in (world.actor("lin"), world.actor("wang"), world.actor("zhao"), citizen()):
        with pytest.raises(Refusal) as forbidden:
            actions.confirm([proposal], by=nobody, now=LATER)
        assert forbidden.value.status == 403
    assert kept(proposal).state == "open"


@pytest.mark.django_db
def test_what_the_desk_may_not_read_shows_only_number_and_state(world: Staff) -> None:
    earlier, later = receive([some_report(grid=OTHER_GRID), some_report()])
    proposal = proposed(later, earlier)
    mei = world.actor("mei")
    (found,) = queries.proposals(mei).items
    assert found.earlier is not None and found.earlier.veiled
    assert (found.earlier.title, found.earlier.description, found.distance_m) == ("", "", None)
    (refused,) = actions.confirm([proposal], by=mei, now=LATER)
    assert isinstance(refused, rules.ProposalNotFound)


@pytest.mark.django_db
def test_confirmed_the_later_case_goes_on_in_the_earlier_one_and_all_of_it_is_on_record(mei: Actor) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    (done,) = decided(actions.confirm([proposal], by=mei, now=LATER))
    assert (done.effect, done.case_id) == (Effect.MERGED, earlier.case_id)
    assert (state(later.case_id).phase, state(later.case_id).merged_into) == (Phase.MERGED, earlier.case_id)
    assert state(earlier.case_id).report_count == 2
    row = kept(proposal)
    assert (row.state, row.decided_at, row.decided_by) == ("confirmed", LATER, mei.account_id)
    assert later.case_id is not None
    merged = history.trail(later.case_id)[-1]
    assert "相距300米，2小时前，文字相似" in str(merged.body["reason"])
    assert history.trail(later.report_id)[-1].verb == "confirm-same"
    (judged,) = queries.judged()
    assert (judged.is_same, judged.facts, judged.model) == (True, (0.5, 1.25), "m-1")
    assert list(history.faults()) == []


@pytest.mark.django_db
def test_a_waiting_report_joins_and_its_reporter_hears_the_answer(mei: Actor) -> None:
    (earlier,) = receive([some_report()])
    waiting = pooled()
    proposal = proposed(waiting, earlier)
    (done,) = decided(actions.confirm([proposal], by=mei, now=LATER))
    assert (done.effect, done.case_id) == (Effect.JOINED, earlier.case_id)
    row = Report.objects.get(id=waiting.report_id)
    assert (row.kind, row.case_id, row.settled_at) == ("joined", earlier.case_id, LATER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_outbox WHERE topic = 'intake.report-taken-up'")
        assert cursor.fetchone()[0] == 1
    mark_answered([closed(earlier)])
    assert Report.objects.get(id=waiting.report_id).answer == "已清理"
    undone = actions.unmerge(waiting.report_id, by=mei, now=LATER + HOUR)
    assert undone.case_id != earlier.case_id


@pytest.mark.django_db
def test_refused_they_stay_apart_and_the_filter_learns_of_it(mei: Actor) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    (done,) = decided(actions.refuse([proposal], by=mei, now=LATER))
    assert (done.effect, done.case_id) == (Effect.APART, later.case_id)
    assert state(later.case_id).phase is Phase.OPEN
    assert [one.is_same for one in queries.judged()] == [False]
    assert list(queries.judged(since=LATER + HOUR)) == []


@pytest.mark.django_db
def test_who_comes_second_is_told_the_present_state(mei: Actor, world: Staff) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    decided(actions.refuse([proposal], by=mei, now=LATER))
    (refused,) = actions.confirm([proposal], by=world.actor("gao"), now=LATER + HOUR)
    assert isinstance(refused, rules.AlreadyDecided)
    assert (refused.status, refused.params["state"]) == (409, "refused")
    assert mei.name in refused.message("zh")


@pytest.mark.django_db
def test_the_other_proposals_of_a_confirmed_report_lapse(mei: Actor) -> None:
    first, second, later = receive([some_report(north_m=metres) for metres in (-300, 0, 300)])
    best, other = proposed(later, first), proposed(later, second, rank=2, score=0.4)
    same, too_late = actions.confirm([best, other], by=mei, now=LATER)
    assert isinstance(same, Decided) and isinstance(too_late, rules.AlreadyDecided)
    assert (kept(best).state, kept(other).state) == ("confirmed", "lapsed")
    assert [one.state for one in queries.proposals_of(later.report_id, actor=mei)] == [
        ProposalState.CONFIRMED,
        ProposalState.LAPSED,
    ]


@pytest.mark.django_db
def test_an_ended_matter_that_came_back_is_marked_as_a_repeated_complaint(mei: Actor, world: Staff) -> None:
    earlier, later = two()
    assert earlier.case_id is not None
    proposal, waiting = proposed(later, earlier), pooled()
    also = proposed(waiting, earlier)
    ended(earlier.case_id)
    done, refused = actions.confirm([proposal, also], by=mei, now=LATER)
    assert isinstance(done, Decided) and (done.effect, done.case_id) == (Effect.REPEATED, later.case_id)
    assert isinstance(refused, rules.MatterEnded)
    assert state(later.case_id).repeat_of == earlier.case_id
    assert state(earlier.case_id).repeated_at == LATER
    assert kept(also).state == "open"


def ended(case_id: CaseId) -> None:
    """Close the case: checked on the spot and found untrue."""
    lng, lat = middle(GRID)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_stored_file (sha256, mime, size, stored_at, lng, lat)"
            " VALUES (%s, 'image/jpeg', 9, now(), %s, %s)",
            ["a" * 64, lng, lat],
        )
    photo = (Exhibit("a" * 64, "photo", "site"),)
    untrue = TakeExit(case_id=case_id, exit="untrue", opinion="未发现", evidence=photo)
    (done,) = cases.perform([untrue], by=SYSTEM, now=NOW + HOUR)
    assert not isinstance(done, Refusal) and done.phase == "closed", done


@pytest.mark.django_db
def test_a_matter_that_was_void_or_went_on_elsewhere_is_not_confirmed_any_more(mei: Actor) -> None:
    first, second, third = receive([some_report(north_m=metres) for metres in (-300, 0, 300)])
    assert first.case_id is not None and second.case_id is not None
    of_void, of_merged = proposed(third, first), proposed(third, second, rank=2)
    cases.perform([Void(case_id=first.case_id, reason="误报")], by=SYSTEM, now=NOW + HOUR)
    (gone,) = receive([some_report(north_m=-450)])
    assert gone.case_id is not None
    cases.perform([Merge(case_id=second.case_id, into=gone.case_id, reason="同")], by=SYSTEM, now=NOW + HOUR)
    for proposal in (of_void, of_merged):
        (refused,) = actions.confirm([proposal], by=mei, now=LATER)
        assert isinstance(refused, rules.MatterGone)
        assert kept(proposal).state == "open"


@pytest.mark.django_db
def test_a_scenario_whose_matters_never_join_refuses_with_its_reason(mei: Actor) -> None:
    text = (scenarios.LIBRARY / "environment-sanitation.yaml").read_text()
    apart = text.replace("duplicate: {radius: 50 m,", "duplicate: {joins: false, radius: 50 m,")
    scenarios.publish(apart, by=SYSTEM, now=NOW)
    earlier, later = two()
    proposal = proposed(later, earlier)
    (refused,) = actions.confirm([proposal], by=mei, now=LATER)
    assert isinstance(refused, rules.JoiningForbidden)
    assert "单独办理" in refused.message("zh")
    assert (kept(proposal).state, state(later.case_id).phase) == ("open", Phase.OPEN)
    (followed,) = receive([some_report(follows=earlier.case_id, north_m=20)])
    assert "单独办理" in followed.not_followed_zh


@pytest.mark.django_db
def test_a_confirmed_merge_is_taken_apart_within_a_day_and_counts_are_as_before(mei: Actor) -> None:
    earlier, later = two()
    decided(actions.confirm([proposed(later, earlier)], by=mei, now=LATER))
    assert later.case_id is not None
    cases.perform([Unmerge(case_id=later.case_id, reason="两处")], by=mei, now=LATER + HOUR)
    assert [state(one.case_id).report_count for one in (earlier, later)] == [1, 1]


@pytest.mark.django_db
def test_proposals_lapse_when_a_side_merged_was_void_or_was_answered_long_ago(
    mei: Actor, world: Staff
) -> None:
    a, b, c, d, e = receive([some_report(north_m=-400 + 160 * i) for i in range(5)])
    merged, target, void, old = proposed(b, a), proposed(c, b), proposed(d, c), proposed(e, a)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_outbox")
    event = closed(d)
    actions.lapse_void([replace(event, phase="closed"), replace(closed(c), phase="void")])
    assert [kept(id_).state for id_ in (merged, target, void, old)] == ["open", "lapsed", "lapsed", "open"]
    mark_answered([closed(e)])
    answered = Report.objects.get(id=e.report_id).answered_at
    assert answered is not None
    assert actions.lapse_run_out(now=answered + timedelta(days=29)) == 0
    assert actions.lapse_run_out(now=answered + timedelta(days=31)) == 1
    assert (kept(merged).state, kept(old).state) == ("open", "lapsed")


@pytest.mark.django_db
def test_ten_thousand_proposals_are_written_at_once(
    world: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        Proposed(
            report_id=ReportId(new_id()),
            case_id=CaseId(new_id()),
            rank=1,
            score=0.5,
            reasons=REASONS,
            facts=[1.0],
            model="m",
        )
        for _ in range(10_000)
    ]
    with django_assert_max_num_queries(1):
        actions.propose(rows, now=NOW)
    assert Proposal.objects.count() == 10_000
    actions.propose([], now=NOW)


def at_once(jobs: Sequence[Any]) -> list[Any]:
    together = Barrier(len(jobs))

    def run(job: Any) -> Any:
        try:
            together.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_that_decide_at_once_exactly_one_does() -> None:
    world = make_world()
    mei, gao = world.actor("mei"), world.actor("gao")
    earlier, later = two()
    proposal = proposed(later, earlier)
    results = at_once(
        [
            lambda: actions.confirm([proposal], by=mei, now=LATER),
            lambda: actions.refuse([proposal], by=gao, now=LATER),
        ]
    )
    kinds = sorted(type(one).__name__ for (one,) in results)
    assert kinds == ["AlreadyDecided", "Decided"]


@pytest.mark.django_db(transaction=True)
def test_of_two_desks_that_confirm_two_proposals_of_one_report_exactly_one_does() -> None:
    world = make_world()
    mei, gao = world.actor("mei"), world.actor("gao")
    first, second, later = receive([some_report(north_m=metres) for metres in (-300, 0, 300)])
    one, other = proposed(later, first), proposed(later, second, rank=2)
    results = at_once(
        [
            lambda: actions.confirm([one], by=mei, now=LATER),
            lambda: actions.confirm([other], by=gao, now=LATER),
        ]
    )
    kinds = sorted(type(each).__name__ for (each,) in results)
    assert kinds == ["AlreadyDecided", "Decided"]
    assert sorted([kept(one).state, kept(other).state]) == ["confirmed", "lapsed"]


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_confirm_in_opposite_directions_make_no_circle() -> None:
    world = make_world()
    mei, gao = world.actor("mei"), world.actor("gao")
    one, other = two()
    there, back = proposed(one, other), proposed(other, one)
    results = at_once(
        [
            lambda: actions.confirm([there], by=mei, now=LATER),
            lambda: actions.confirm([back], by=gao, now=LATER),
        ]
    )
    refused = [each for (each,) in results if isinstance(each, Refusal)]
    assert [each.status for each in refused] == [409]
    assert sorted(str(state(each.case_id).phase) for each in (one, other)) == ["merged", "open"]


# over HTTP ---------------------------------------------------------------------------------------------


@pytest.fixture
def desk(world: Staff) -> Client:
    return client_of("mei", ["report.create", "pool.decide", "case.read", "case.dispatch"])


def tap(client: Client, path: str, content: object = None, **headers: str) -> Any:
    return client.post(
        f"/api/proposals/{path}", content or {}, content_type="application/json", headers=headers
    )


@pytest.mark.django_db
def test_over_http_the_page_holds_what_the_desk_needs_to_compare(desk: Client) -> None:
    earlier, later = two()
    proposed(later, earlier)
    waiting = pooled()
    proposed(waiting, earlier, score=0.2)
    first, second = desk.get("/api/proposals").json()["items"]
    assert first["reasons_zh"] == "相距300米，2小时前，文字相似"
    assert first["reasons_en"] == "300 m apart, 2 h ago, similar words"
    assert first["reasons"] == ["near:300", "hours-ago:2", "text-similar"]
    assert (first["report"]["number"], first["earlier"]["number"]) == (later.case_number, earlier.case_number)
    assert first["report"]["stage_zh"] and first["earlier"]["owner_zh"]
    assert first["earlier"]["grid_zh"].endswith("第3网格")
    assert (second["report"]["case_id"], second["report"]["phase_zh"]) == (None, "待核实")
    (alone,) = desk.get(f"/api/reports/{waiting.report_id}/proposals").json()
    assert alone["id"] == second["id"]
    assert desk.get(f"/api/reports/{new_id()}/proposals").status_code == 404
    assert desk.get("/api/proposals", {"cursor": "x"}).status_code == 400


@pytest.mark.django_db
def test_over_http_one_tap_decides_and_a_second_is_answered_409(desk: Client) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    done = tap(desk, f"{proposal}/confirm", **{"Idempotency-Key": "k"})
    assert (done.status_code, done.json()["effect"]) == (200, "merged")
    again = tap(desk, f"{proposal}/confirm", **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (200, done.json())
    late = tap(desk, f"{proposal}/refuse")
    assert (late.status_code, late.json()["code"]) == (409, "intake.proposal-decided")
    assert late.json()["params"]["state"] == "confirmed"
    assert tap(desk, f"{new_id()}/confirm").status_code == 404


@pytest.mark.django_db
def test_over_http_many_are_decided_at_once_each_by_itself(desk: Client) -> None:
    first, second, third = receive([some_report(north_m=metres) for metres in (-300, 0, 300)])
    one, other = proposed(second, first), proposed(third, first)
    gone = str(new_id())
    answer = tap(desk, "decide", {"same": [str(one), gone], "apart": [str(other)]}).json()
    assert [each["id"] for each in answer] == [str(one), gone, str(other)]
    assert answer[0]["decided"]["effect"] == "merged"
    assert (answer[1]["decided"], answer[1]["code"]) == (None, "intake.proposal-not-found")
    assert answer[2]["decided"]["state"] == "refused"


@pytest.mark.django_db
def test_over_http_nobody_without_a_desk_sees_proposals(world: Staff) -> None:
    earlier, later = two()
    proposal = proposed(later, earlier)
    for name in ("lin", "wang", "chen", "zhao"):
        client = client_of(name, ["report.create"])
        assert client.get("/api/proposals").status_code == 403
        assert tap(client, f"{proposal}/confirm").status_code == 403
        assert client.get(f"/api/reports/{later.report_id}/proposals").status_code == 404
