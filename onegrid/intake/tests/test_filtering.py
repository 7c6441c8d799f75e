"""冗余过滤 on the road: what a report may be about is proposed when it comes in, and people decide."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import events
from onegrid.intake import actions, queries
from onegrid.intake.models import OpenMatter, Proposal
from onegrid.intake.queries import matters
from onegrid.intake.queries import models as stored
from onegrid.intake.rules.filter.training import TooFewDecisions
from onegrid.intake.rules.modelfile import KINDS
from onegrid.intake.rules.reasoning import sentence
from onegrid.intake.rules.reasoning import stored as as_reasons
from onegrid.intake.rules.reports import Outcome, OutcomeKind
from onegrid.intake.tests.factories import GRID, NOW, RUBBISH, Staff, receive, report
from onegrid.kernel.stamps import Cached
from onegrid.scenarios import actions as scenarios

HOUR = timedelta(hours=1)
SPOIL = "E0103"  # of the same family as RUBBISH, so that the rule of thumb does not join it
SAID = "菜市场门口垃圾成堆，气味很大，请尽快清理"


def first_and(**later: Any) -> tuple[Outcome, Outcome]:
    """A report, and two hours later another one of a related class beside it."""
    (first,) = receive([report(description=SAID)])
    fields: dict[str, Any] = {
        "class_code": SPOIL,
        "description": SAID,
        "north_m": 8.0,
        "reported_at": NOW + 2 * HOUR,
    }
    (second,) = receive([report(**{**fields, **later})], now=NOW + 3 * HOUR)
    return first, second


def proposals_of(outcome: Outcome) -> list[Proposal]:
    return list(Proposal.objects.filter(report_id=outcome.report_id).order_by("rank"))


def test_a_report_beside_an_earlier_one_opens_its_case_and_is_proposed_with_reasons(world: Staff) -> None:
    first, second = first_and()
    assert second.kind is OutcomeKind.OPENED
    (found,) = proposals_of(second)
    assert (found.case_id, found.rank, found.state) == (first.case_id, 1, "open")
    assert sentence(as_reasons(found.reasons), "zh") == "相距8米，2小时前，文字相似，相近类别"
    assert 0 < found.score <= 1
    model = queries.matching_model()
    assert model is not None
    assert found.model == model.version


@pytest.mark.parametrize("later", [{"north_m": 900.0}, {"reported_at": NOW - HOUR}])
def test_nothing_is_proposed_far_away_or_for_what_came_before(world: Staff, later: dict[str, Any]) -> None:
    _, second = first_and(**later)
    assert proposals_of(second) == []


def test_an_earlier_report_of_the_same_batch_is_proposed_and_never_more_than_three(world: Staff) -> None:
    many = [
        report(class_code=f"E010{2 + n}", description=SAID, north_m=6.0 * n, reported_at=NOW + n * HOUR)
        for n in range(5)
    ]
    outcomes = receive(many, now=NOW + 9 * HOUR)
    counts = [len(proposals_of(each)) for each in outcomes]
    assert counts[0] == 0
    assert {1, 3} <= set(counts[1:]) <= {1, 2, 3}
    opened: dict[UUID | None, int] = {each.case_id: number for number, each in enumerate(outcomes)}
    for number, each in enumerate(outcomes):
        assert all(opened[one.case_id] < number for one in proposals_of(each))


def test_the_order_within_a_batch_makes_no_difference(world: Staff) -> None:
    pair = [
        report(description=SAID, reported_at=NOW),
        report(class_code=SPOIL, description=SAID, north_m=8.0, reported_at=NOW + HOUR),
    ]
    second, first = receive([pair[1], pair[0]], now=NOW + 2 * HOUR)
    (found,) = proposals_of(second)
    assert (found.case_id, proposals_of(first)) == (first.case_id, [])


def test_a_report_without_a_place_is_proposed_by_its_address(world: Staff) -> None:
    address = "水头镇成功路12号"
    (first,) = receive([report(description=SAID, place_text=address)])
    lost = report(
        class_code=SPOIL, description=SAID, place_text=address, grid_code=GRID, reported_at=NOW + HOUR
    )
    (second,) = receive([replace(lost, lng=None, lat=None, system=None)], now=NOW + HOUR)
    (found,) = proposals_of(second)
    assert found.case_id == first.case_id
    assert "same-address" in found.reasons


def test_a_placed_report_is_proposed_to_one_without_a_place_at_the_same_address(world: Staff) -> None:
    address = "水头镇成功路12号"
    lost = report(description=SAID, place_text=address, grid_code=GRID)
    (first,) = receive([replace(lost, lng=None, lat=None, system=None)])
    placed = report(class_code=SPOIL, description=SAID, place_text=address, reported_at=NOW + HOUR)
    (second,) = receive([placed], now=NOW + HOUR)
    assert [one.case_id for one in proposals_of(second)] == [first.case_id]


def test_a_danger_to_life_alarms_and_opens_whatever_is_proposed(world: Staff) -> None:
    _, second = first_and(description=SAID + "，着火了有人被困")
    assert second.kind is OutcomeKind.OPENED


def test_without_a_model_reports_come_in_and_nothing_is_proposed(
    world: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "LIBRARY", tmp_path)
    fresh = {kind: Cached(stored.STAMP, partial(stored._load, kind)) for kind in KINDS}
    monkeypatch.setattr(stored, "_active", fresh)
    monkeypatch.setattr(matters, "_model", Cached(stored.STAMP, matters._load))
    _, second = first_and()
    assert second.kind is OutcomeKind.OPENED
    assert proposals_of(second) == []


def test_a_scenario_whose_matters_stay_apart_neither_joins_nor_proposes_nor_remembers(world: Staff) -> None:
    text = (scenarios.LIBRARY / "environment-sanitation.yaml").read_text()
    apart = text.replace("duplicate: {radius: 50 m,", "duplicate: {joins: false, radius: 50 m,")
    scenarios.publish(apart, by=SYSTEM, now=NOW)
    same = receive([report(description=SAID), report(description=SAID, north_m=2.0)], now=NOW + HOUR)
    assert {each.kind for each in same} == {OutcomeKind.OPENED}
    assert not OpenMatter.objects.exists()
    assert not Proposal.objects.exists()


def told(case_id: UUID, at: datetime) -> dict[str, Any]:
    """What every event of a case says."""
    words = dict.fromkeys(("number", "title", "scenario", "grid_code", "stage", "stage_zh", "by"), "")
    return {"case_id": case_id, "at": at, "owner": None, "due_at": None, **words}


def closed_event(case_id: UUID, at: datetime) -> events.CaseClosed:
    """What the outbox tells of a case that ended."""
    end: dict[str, Any] = {"phase": "closed", "outcome": "", "answer": "", "on_time": True, "closed_at": at}
    return events.CaseClosed(**told(case_id, at), **end)


def moved_event(case_id: UUID, at: datetime, verb: str) -> events.CaseMoved:
    return events.CaseMoved(**told(case_id, at), verb=verb, verb_zh="", exit="", sender=None)


def later_report(at: datetime) -> Outcome:
    one = report(class_code=SPOIL, description=SAID, north_m=8.0, reported_at=at)
    (found,) = receive([one], now=at + HOUR)
    return found


def test_what_ended_days_ago_is_proposed_no_more_until_it_is_opened_again(world: Staff) -> None:
    (first,) = receive([report(description=SAID)])
    assert first.case_id is not None
    actions.end_matters([closed_event(first.case_id, NOW + HOUR)])
    assert proposals_of(later_report(NOW + timedelta(days=5))) == []
    actions.wake_matters([moved_event(first.case_id, NOW + timedelta(days=5), "acknowledge")])
    assert OpenMatter.objects.get(case_id=first.case_id).ended_at is not None
    actions.wake_matters([moved_event(first.case_id, NOW + timedelta(days=6), "reopen")])
    again = later_report(NOW + timedelta(days=6))
    assert first.case_id in {one.case_id for one in proposals_of(again)}


def test_matters_are_forgotten_a_month_after_their_end(world: Staff) -> None:
    (first,) = receive([report(description=SAID)])
    assert first.case_id is not None
    actions.end_matters([closed_event(first.case_id, NOW)])
    assert actions.forget_matters(now=NOW + timedelta(days=29)) == 0
    assert actions.forget_matters(now=NOW + timedelta(days=31)) == 1


def test_too_few_decisions_teach_nothing(world: Staff) -> None:
    first_and()
    with pytest.raises(TooFewDecisions):
        actions.learn_matching(queries.decided_lesson(now=NOW + timedelta(days=1)), now=NOW)


def test_the_filter_learns_from_what_people_decided(world: Staff) -> None:
    pairs = [
        report(class_code=code, description=SAID, north_m=north + 4.0 * late, reported_at=NOW + n * HOUR)
        for n, north in enumerate(range(-500, 500, 14))
        for late, code in ((0, RUBBISH), (1, SPOIL))
    ]
    receive(pairs, now=NOW + timedelta(days=9))
    decided = Proposal.objects.filter(rank=1)
    assert decided.count() > 40
    decided.update(state="confirmed", decided_at=NOW + timedelta(days=9), decided_by_name="赵")
    Proposal.objects.exclude(rank=1).update(state="refused", decided_at=NOW + timedelta(days=9))
    now = NOW + timedelta(days=10)
    model = actions.learn_matching(queries.decided_lesson(now=now), now=now, burden=0.2)
    assert model.kind == "matching"
    tested = model.card["tested"]
    assert isinstance(tested, int)
    assert tested > 0
