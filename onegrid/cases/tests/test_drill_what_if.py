"""What a drill tells: the same seed the same bytes, one more person less waiting, and why stages are late."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from onegrid.cases.rules.drill.causes import Cause
from onegrid.cases.rules.drill.findings import effect, findings
from onegrid.cases.rules.drill.playing import Drill
from onegrid.cases.rules.drill.refusals import BadWhatIf, NoSuchPerson, NoSuchStage
from onegrid.cases.rules.drill.results import result_of
from onegrid.cases.rules.drill.setting import Setting, assumed_weights
from onegrid.cases.rules.drill.what_if import OneMore, OtherLimit, one_more, other_limit
from onegrid.cases.tests import world as w
from onegrid.cases.tests.drills import queue_of, setting
from onegrid.kernel.calendar import Limit, OfficeCalendar

OFFICE = OfficeCalendar()
FLOW = {"verify": "deputy-chief", "handle": "grid-worker-1"}
SMALL_WORLD = {"verify": 30, "verify-there": 30, "handle": 60, "joint": 60, "check": 20, "rate": 10}


def told(plan: Setting) -> dict[str, Any]:
    drill = Drill(plan)
    drill.play()
    result = result_of(drill)
    return {**result, "findings": findings(result)}


def busy(*, limit: str = "2 working days", **more: Any) -> Setting:
    """One village whose worker can just do what comes in."""
    given: dict[str, Any] = {"per_day": 14, "days": 60, "handling": {"verify": 10, "handle": 29}}
    return setting(queue_of(FLOW, limit=limit), calendar=OFFICE, **(given | more))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() -> None:
    def bytes_of(seed: int) -> bytes:
        plan = setting(
            w.DEFINITION, per_day=12, days=30, handling=SMALL_WORLD, calendar=OFFICE, seed=seed,
            grids=(w.GRID, w.OTHER_GRID),
        )  # fmt: skip
        return orjson.dumps(told(plan))

    first = bytes_of(5)
    assert bytes_of(5) == first
    assert bytes_of(6) != first


def test_one_more_person_makes_the_queue_shorter_for_the_very_same_cases() -> None:
    plan = busy()
    base, more = told(plan), told(OneMore("grid-worker-1", w.VILLAGE).applied(plan))
    assert more["cases"]["arrived"] == base["cases"]["arrived"]
    handle = {one["stage"]: one for one in base["stages"]}["handle"]
    shorter = {one["stage"]: one for one in more["stages"]}["handle"]
    assert shorter["waited"]["mean_h"] < handle["waited"]["mean_h"] / 4
    changed = effect(base, more, label="增加 1 人")
    assert changed["on_time_after"] > changed["on_time_before"]
    assert changed["finding"].startswith("若增加 1 人：按期办结率由")


def test_a_longer_limit_makes_fewer_late_and_changes_no_waiting() -> None:
    plan = busy()
    base = told(plan)
    longer = told(OtherLimit("handle", Limit.parse("10 working days")).applied(plan))
    before, after = ({one["stage"]: one for one in result["stages"]}["handle"] for result in (base, longer))
    assert after["overdue_rate"] < before["overdue_rate"]
    assert after["waited"] == before["waited"]


def test_people_who_hold_two_posts_are_one_person() -> None:
    plan = busy(handling={"verify": 14, "handle": 14})
    mayor = ("somebody",)
    shared = [replace(card, people=mayor) if card.territory == w.VILLAGE else card for card in plan.cards]
    apart, together = told(plan), told(replace(plan, cards=shared))
    assert together["posts"][0]["utilisation_all_posts"] > 0.8 > apart["posts"][0]["utilisation_all_posts"]
    assert together["cases"]["lead"]["mean_h"] > apart["cases"]["lead"]["mean_h"]


def test_a_vacant_post_piles_up_and_is_named() -> None:
    plan = busy()
    empty = [replace(card, people=()) if card.role == "grid-worker-1" else card for card in plan.cards]
    result = told(replace(plan, cards=empty))
    assert result["cases"]["closed"] == 0
    assert [one["role"] for one in result["vacant"]] == ["grid-worker-1"]
    assert any("无人任职" in sentence for sentence in result["findings"])


@pytest.mark.parametrize(
    ("limit", "per_day", "handling", "cause"),
    [
        ("2 working days", 16, {"verify": 1, "handle": 40}, Cause.WAITING),
        ("1 office hours", 1, {"verify": 600, "handle": 600}, Cause.HANDLING),
        ("2 clock hours", 1, {"verify": 5, "handle": 5}, Cause.OFFICE_HOURS),
    ],
)
def test_the_cause_of_lateness_is_told_apart(
    limit: str, per_day: float, handling: dict[str, float], cause: Cause
) -> None:
    result = told(busy(limit=limit, per_day=per_day, handling=handling, days=90))
    counted: dict[str, int] = {}
    for stage in result["stages"]:
        for name, count in stage["causes"].items():
            counted[name] = counted.get(name, 0) + count
    assert max(counted, key=lambda name: counted[name]) == str(cause)


def test_departments_that_co_sign_late_are_named_as_the_cause() -> None:
    from onegrid.cases.rules.drill.chance import Exponential
    from onegrid.cases.rules.state import TaskKind
    from onegrid.cases.tests.drills import tasks

    joint = replace(w.JOINT, joint=replace(w.JOINT.joint, chosen_by=None), limit=w.limit("1 working day"))  # type: ignore[type-var]
    stages = {**w.DEFINITION.stages, "joint": joint}
    plan = setting(
        replace(w.DEFINITION, stages=stages, follow_ups={}), per_day=4, days=90, handling=SMALL_WORLD,
        calendar=OFFICE,
    )  # fmt: skip
    slow = tasks() | {TaskKind.COSIGN: Exponential(8 * 3600)}
    always = {**plan.habits.weights, "handle": {"departments": 1.0, "done": 0.0}}
    result = told(replace(plan, habits=replace(plan.habits, tasks=slow, weights=always)))
    stage = {one["stage"]: one for one in result["stages"]}["joint"]
    assert stage["causes"]["cosigning"] > 0.8 * stage["overdue"] > 0


def test_exits_are_assumed_onward_more_often_than_back() -> None:
    weights = assumed_weights(w.DEFINITION)
    assert weights["check"]["pass"] > weights["check"]["fail"]
    assert weights["verify"]["confirmed"] == 1.0 > weights["verify"]["again"]


def test_what_if_is_read_from_words() -> None:
    assert other_limit("handle = 3 working days") == OtherLimit("handle", Limit.parse("3 working days"))
    assert one_more("town-desk@350583104") == OneMore("town-desk", "350583104")
    assert one_more("town-desk") == OneMore("town-desk", "")
    assert "2个工作日" in OtherLimit("handle", Limit.parse("2 working days")).label(busy())


@pytest.mark.parametrize("text", ["handle", "handle=", "=2 days", "handle=soon", "handle=0 days", ""])
def test_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadWhatIf):
        other_limit(text)


@pytest.mark.parametrize("text", ["", "town-desk@", "Town Desk", "town-desk@12", "town-desk@35058a"])
def test_a_person_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadWhatIf):
        one_more(text)


def test_an_unknown_stage_or_role_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoSuchStage) as stage:
        OtherLimit("nowhere", Limit.parse("2 days")).applied(busy())
    assert "handle" in stage.value.message("zh")
    with pytest.raises(NoSuchPerson) as person:
        OneMore("astronaut", "").applied(busy())
    assert "grid-worker-1" in person.value.message("zh")
