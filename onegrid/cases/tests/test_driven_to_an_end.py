"""Every definition that the soundness check accepts can be driven to an end by the case rules, from every
state that a case can reach, with one owner and one clock all the way."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import entering
from onegrid.cases.rules.change import Asker, Ground
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.exits import follow
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.opening import Opening, first, plan_of
from onegrid.cases.rules.state import LIVE, CaseState, Phase, TaskKind
from onegrid.cases.tests import world as w
from onegrid.kernel.ids import GridCode
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import (
    CLOSED,
    ENDS,
    Definition,
    Exit,
    FollowUp,
    Joint,
    Source,
    Stage,
    Start,
    VersionInfo,
    Who,
    soundness,
)
from onegrid.scenarios.rules.graph import lasting_targets
from onegrid.scenarios.tests.files import SCENARIOS, definition
from onegrid.workforce.rules import ROLES, DutyTable, Level, PostEntry

KEYS = ("a", "b", "c", "d")
ROLES_OF_A_STAGE = ("grid-head", "chief-head", "town-desk", "grid-office", "deputy-chief")
LEAST = timedelta(hours=1)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Random flows: exits that lead anywhere, run out, lead beyond or tell somebody; co-signing, follow-ups,
    stages that must not be worked by whoever worked another, limits that end a stage by themselves."""
    keys = KEYS[: draw(st.integers(1, len(KEYS)))]
    stages = {key: draw(_stages(index, keys)) for index, key in enumerate(keys)}
    starts = (Start(keys[0]),)
    follow_ups = {}
    if draw(st.booleans()):
        during = tuple(draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))
        follow_ups["report"] = FollowUp(
            "report", w.text("跟踪"), Who("grid-head-2"), during, w.limit("3 days")
        )
    return Definition(
        "random", w.text("随机"), "SJ", "grid-office", ("E.01",), (Source.PATROL,), starts, stages,
        follow_ups=follow_ups, return_=w.DEFINITION.return_,
    )  # fmt: skip


@st.composite
def _stages(draw: st.DrawFn, index: int, keys: tuple[str, ...]) -> Stage:
    onward = (*keys[index + 1 : index + 2], CLOSED)[0]
    anywhere = st.sampled_from((*keys, CLOSED))
    exits = [w.exit_to("x0", draw(st.sampled_from((onward, onward, onward, draw(anywhere)))))]
    exits += [draw(_exits(f"x{number}", anywhere)) for number in range(1, draw(st.integers(1, 3)))]
    waits = tuple(one.key for one in exits if draw(st.booleans()))
    joint = (
        Joint(w.UNITS[:2], waits_for=waits, closes_all=draw(st.booleans())) if draw(st.booleans()) else None
    )
    earlier = keys[:index]
    return Stage(
        keys[index],
        w.text(keys[index]),
        Who(draw(st.sampled_from(ROLES_OF_A_STAGE))),
        w.limit(draw(st.sampled_from(("4 office hours", "2 working days", "24 clock hours")))),
        w.exits(*exits),
        joint=joint,
        lapse=draw(st.sampled_from((None, None, "x0"))),
        not_same_as=tuple(draw(st.lists(st.sampled_from(earlier), max_size=1))) if earlier else (),
    )


def _exits(key: str, anywhere: st.SearchStrategy[str]) -> st.SearchStrategy[Exit]:
    few, desk = st.integers(1, 2), (Who("grid-office"),)
    return st.one_of(
        st.builds(lambda to: w.exit_to(key, to), anywhere),
        st.builds(lambda to, n: w.exit_to(key, to, at_most=n), anywhere, few),
        st.builds(lambda to, n, then: w.exit_to(key, to, at_most=n, beyond=then), anywhere, few, anywhere),
        st.builds(lambda to, n: w.exit_to(key, to, tell_from=n, tell=desk), anywhere, few),
    )


def check(case: CaseState, ground: Ground) -> None:
    """One owner and one clock while the case lives, none afterwards; one task per department."""
    if case.phase in LIVE:
        assert case.owner in ground.duties.posts
        assert case.clock is not None and case.clock.due is not None
        assert case.stage in ground.definition.stages
    else:
        assert case.owner is None
        assert case.tasks == ()
    cosigns = [task.key for task in case.tasks if task.kind is TaskKind.COSIGN]
    assert len(cosigns) == len(set(cosigns))


def moved(case: CaseState, leave: Exit, ground: Ground) -> CaseState | None:
    """The case after this exit, co-sign tasks done first where it waits for them; None if refused."""
    joint = ground.stage(case.stage).joint
    if joint is not None and leave.key in joint.waits_for:
        for task in [one for one in case.tasks if one.kind is TaskKind.COSIGN]:
            signing = do.Cosign(case_id=case.id, task_id=task.id, result="已办")
            case = decide(case, signing, Asker(SYSTEM, None, case.last_at + LEAST), ground).state
    taking = do.TakeExit(case_id=case.id, exit=leave.key, opinion="同意")
    try:
        change = decide(case, taking, Asker(SYSTEM, None, case.last_at + LEAST), ground)
    except Refusal:
        return None
    check(change.state, ground)
    return change.state._replace(version=case.version + 1)


def _mark(case: CaseState, bounded: Mapping[tuple[str, str], int]) -> tuple[object, ...]:
    """What decides the future of a case: where it is, and how much of each bounded exit is used up."""
    return (case.phase, case.stage, *(min(case.taken.get("/".join(k), 0), n) for k, n in bounded.items()))


def _bounded(definition: Definition) -> dict[tuple[str, str], int]:
    pairs = ((stage.key, leave) for stage in definition.stages.values() for leave in stage.exits.values())
    return {(key, leave.key): leave.at_most for key, leave in pairs if leave.at_most is not None}


def ends(case: CaseState, ground: Ground) -> bool:
    """True when some way of exits leads this case to an end, found by trying them all."""
    bounded = _bounded(ground.definition)
    seen, waiting = set(), [case]
    while waiting:
        at = waiting.pop()
        if at.phase not in LIVE:
            return True
        mark = _mark(at, bounded)
        if mark not in seen:
            seen.add(mark)
            waiting += [
                after
                for leave in ground.stage(at.stage).exits.values()
                if (after := moved(at, leave, ground))
            ]
    return False


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(definitions(), st.data())
def test_an_accepted_definition_is_driven_to_an_end_from_every_state_on_the_way(
    flow: Definition, data: st.DataObject
) -> None:
    assume(not soundness(flow))
    ground = w.ground(flow)
    case = w.fresh(on=ground)
    check(case, ground)
    for _ in range(data.draw(st.integers(0, 8))):
        assert ends(case, ground)
        options = [
            after
            for leave in ground.stage(case.stage).exits.values()
            if (after := moved(case, leave, ground))
        ]
        assert options, "a case is stuck"
        case = data.draw(st.sampled_from(options))
        if case.phase not in LIVE:
            return
    assert ends(case, ground)


# The library itself, in a village with every post there is.


read = lru_cache(definition)


@lru_cache
def duties() -> DutyTable:
    return DutyTable(list(_posts()))


def _posts() -> Iterator[PostEntry]:
    places = {Level.COUNTY: w.COUNTY, Level.TOWN: w.TOWN, Level.GRID_1: w.VILLAGE, Level.GRID_2: w.GRID}
    for role in ROLES.values():
        if role.level in places:
            place = places[role.level]
            yield PostEntry(w.post(role.key, place), role.key, place, role.key)
    units = {who for one in SCENARIOS for who in _units(read(one.stem))}
    for unit in sorted(units):
        for key in ("department-handler", "department-deputy", "department-head"):
            yield PostEntry(w.post(key, w.COUNTY, unit), key, w.COUNTY, unit)


def _units(found: Definition) -> set[str]:
    joint = {unit for stage in found.stages.values() if stage.joint for unit in stage.joint.units}
    choices = {
        choice.key
        for stage in found.stages.values()
        for field in (*found.form.fields, *stage.form.fields)
        if field.kind in {"unit", "units"}
        for choice in field.choices
    }
    return (
        joint | choices | {stage.who.unit for stage in found.stages.values() if stage.who.unit} | {"housing"}
    )


def village(found: Definition) -> Ground:
    return replace(w.ground(found), duties=duties(), is_live_grid=lambda code: True)


def opened(found: Definition, source: Source, ground: Ground) -> CaseState:
    """A case of this source, as it is opened."""
    version = VersionInfo(w.VERSION.version_id, found.key, 1, found, None)
    opening: Opening = replace(
        w.opening(), version=version, channel=source.channel, source=source, responsible_unit="housing"
    )
    plan = plan_of(opening, ground)
    state = first(opening, plan, ground).case._replace(number="SJ2026112335058300001", version=1)
    entry = Entry()
    after, _ = entering.enter(state, plan.stage, entry, ground, at=w.MONDAY)
    return after


def _answers(found: Definition, stage: Stage, leave: Exit) -> dict[str, Any]:
    """Answers that the exit's consequences need; what forms ask for besides is tested with the forms."""
    said: dict[str, Any] = {}
    for name in leave.assigns.fields():
        field = stage.form.get(name) or found.form.get(name)
        assert field is not None
        keys = [choice.key for choice in field.choices]
        fitting: dict[str, Any] = {
            "grid": GridCode(w.VILLAGE + "001"),
            "units": keys or ["housing"],
            "unit": (keys or ["housing"])[0],
            "datetime": "2026-12-24T09:00:00+08:00",
            "class": "E.01",
            "choice": (keys or ["high"])[0],
        }
        said[name] = fitting.get(str(field.kind), "high")
    return said


def offered(case: CaseState, stage: Stage) -> list[Exit]:
    """The exits of the stage that are not used up."""
    counts = {key: case.taken.get(f"{stage.key}/{key}", 0) for key in stage.exits}
    return [one for key, one in stage.exits.items() if one.target(taken=counts[key]) is not None]


def steps_to_end(found: Definition) -> dict[str, int]:
    """How many exits lie between each stage and the nearest end, counting only those that never run out."""
    far = dict.fromkeys(ENDS, 0)
    while len(far) < len(found.stages) + len(ENDS):
        before = len(far)
        for key, stage in found.stages.items():
            near = [far[to] for to in lasting_targets(stage) if to in far]
            if near and key not in far:
                far[key] = min(near) + 1
        assert len(far) > before, "an end cannot be reached"
    return far


def taken(case: CaseState, leave: Exit, ground: Ground) -> CaseState:
    """The case after this exit."""
    stage = ground.stage(case.stage)
    said = _answers(ground.definition, stage, leave)
    taking = do.TakeExit(case_id=case.id, exit=leave.key, opinion="同意", form=said)
    answered = case._replace(answers={**case.answers, **said})
    at = case.last_at + LEAST
    after = follow(answered, leave, taking, Asker(SYSTEM, None, at), ground).state._replace(last_at=at)
    check(after, ground)
    return after


@pytest.mark.parametrize("key", [one.stem for one in SCENARIOS])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_scenario_of_the_library_is_driven_to_an_end_from_wherever_a_case_may_get(
    key: str, data: st.DataObject
) -> None:
    found = read(key)
    ground, far = village(found), steps_to_end(read(key))
    case = opened(found, data.draw(st.sampled_from(sorted(found.discovery))), ground)
    check(case, ground)
    for _ in range(data.draw(st.integers(0, 25))):
        if case.phase in LIVE:
            case = taken(case, data.draw(st.sampled_from(offered(case, ground.stage(case.stage)))), ground)
    for _ in range(100):
        if case.phase not in LIVE:
            assert case.phase in {Phase.CLOSED, Phase.VOID}
            return
        stage = ground.stage(case.stage)
        lasting = [one for one in offered(case, stage) if _leads(one, case, stage) in far]
        case = taken(case, min(lasting, key=lambda one: far[_leads(one, case, stage)]), ground)
    pytest.fail("the case could not be brought to an end")


def _leads(leave: Exit, case: CaseState, stage: Stage) -> str:
    target = leave.target(taken=case.taken.get(f"{stage.key}/{leave.key}", 0))
    assert target is not None
    return target
