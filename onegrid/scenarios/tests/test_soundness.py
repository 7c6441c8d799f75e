"""A definition that is accepted never loses a case: driven at random, it always can be brought to an end."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules import (
    CLOSED,
    ENDS,
    Definition,
    Exit,
    LimitRule,
    Source,
    Stage,
    Start,
    Text,
    Who,
    soundness,
)

KEYS = ("a", "b", "c", "d", "e")
ONE_DAY = LimitRule(Limit.parse("1 working day"))


@st.composite
def graphs(draw: st.DrawFn) -> Definition:
    """Random flows of up to five stages. Mostly they lead on, so that enough of them are accepted; exits are
    bounded, tell somebody, run out, or just go anywhere."""
    keys = KEYS[: draw(st.integers(1, 5))]
    anywhere = st.sampled_from((*keys, CLOSED))
    stages = {}
    for index, key in enumerate(keys):
        onward = (*keys[index + 1 : index + 2], CLOSED)[0]
        exits = {"x0": _exit("x0", draw(st.sampled_from((onward, onward, onward, draw(anywhere)))))}
        for number in range(1, draw(st.integers(1, 3))):
            exits[f"x{number}"] = draw(_exits(f"x{number}", anywhere))
        stages[key] = Stage(key, Text(key, key), Who("grid-head"), ONE_DAY, exits)
    return Definition(
        "random",
        Text("随机", "Random"),
        "SJ",
        "housing",
        ("C01",),
        (Source.PATROL,),
        (Start(keys[0]),),
        stages,
    )


def _exit(key: str, to: str, **rest: Any) -> Exit:
    return Exit(key, Text("出", "out"), to, **rest)


def _exits(key: str, anywhere: st.SearchStrategy[str]) -> st.SearchStrategy[Exit]:
    few, desk = st.integers(1, 2), (Who("grid-office"),)
    return st.one_of(
        st.builds(lambda to: _exit(key, to), anywhere),
        st.builds(lambda to, n: _exit(key, to, at_most=n), anywhere, few),
        st.builds(lambda to, n, then: _exit(key, to, at_most=n, beyond=then), anywhere, few, anywhere),
        st.builds(lambda to, n: _exit(key, to, tell_from=n, tell=desk), anywhere, few),
    )


Taken = Counter[tuple[str, str]]


def _open(stage: Stage, taken: Taken) -> list[tuple[Exit, str]]:
    """The exits a case may take now, and where they lead."""
    return [
        (leave, target)
        for leave in stage.exits.values()
        if (target := leave.target(taken=taken[(stage.key, leave.key)])) is not None
    ]


def _can_end(definition: Definition, at: str, taken: Taken) -> bool:
    """Search every future of the case, counting how often each bounded exit was taken."""
    seen: set[tuple[str, tuple[int, ...]]] = set()
    names = [(s.key, x.key) for s in definition.stages.values() for x in s.exits.values() if x.at_most]
    waiting = [(at, taken)]
    while waiting:
        key, counts = waiting.pop()
        if key in ENDS:
            return True
        state = (key, tuple(counts[name] for name in names))
        if state in seen:
            continue
        seen.add(state)
        for leave, target in _open(definition.stages[key], counts):
            after = counts.copy()
            if leave.at_most is not None and after[(key, leave.key)] < leave.at_most:
                after[(key, leave.key)] += 1
            waiting.append((target, after))
    return False


@settings(max_examples=300, deadline=None)
@given(definition=graphs(), data=st.data())
def test_an_accepted_flow_can_be_ended_from_wherever_a_case_may_get(
    definition: Definition, data: st.DataObject
) -> None:
    if soundness(definition):
        return
    at, taken, told = definition.starts[0].stage, Taken(), 0
    bounds = sum(x.at_most or 0 for s in definition.stages.values() for x in s.exits.values())
    for _ in range(4 * (bounds + 1) * len(definition.stages)):
        if at in ENDS:
            return
        assert _can_end(definition, at, taken)
        choices = _open(definition.stages[at], taken)
        assert choices, "a case is stuck"
        leave, target = data.draw(st.sampled_from(choices))
        taken[(at, leave.key)] += 1
        told += leave.tell_from is not None and taken[(at, leave.key)] >= leave.tell_from
        at = target
    assert told, "a case went round for long and nobody was told"


@settings(max_examples=200, deadline=None)
@given(definition=graphs())
def test_a_refused_flow_is_refused_with_a_stage_that_exists(definition: Definition) -> None:
    for found in soundness(definition):
        assert found.stage is None or found.stage in definition.stages
        assert found.zh
        assert found.en


@settings(max_examples=200, deadline=None)
@given(definition=graphs())
def test_what_can_be_ended_only_by_exits_that_run_out_is_refused(definition: Definition) -> None:
    stuck = any(
        not _open(stage, Taken({(stage.key, x.key): 99 for x in stage.exits.values()}))
        for stage in definition.stages.values()
    )
    if stuck:
        assert soundness(definition)
