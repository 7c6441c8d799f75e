"""Conditions are data: they read, test and spell back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.scenarios.rules.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    Asks,
    Comparison,
    Condition,
    Not,
    holds,
)
from onegrid.scenarios.rules.parts import condition
from onegrid.scenarios.rules.printing import spelled

ANSWERS = {"kind": "land", "tags": ["a", "b"], "area": 12.5, "floors": 0, "filed": False, "note": ""}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (True, True),
        (False, False),
        ({"kind": "land"}, True),
        ({"kind": ["building", "both"]}, False),
        ({"tags": "b"}, True),
        ({"tags": ["c", "a"]}, True),
        ({"area": {"over": 12.5}}, False),
        ({"area": {"at_least": 12.5}}, True),
        ({"area": {"at_least": 10, "under": 12}}, False),
        ({"floors": 0}, True),
        ({"floors": False}, False),  # zero is no "no"
        ({"filed": False}, True),
        ({"filed": 0}, False),
        ({"note": {"answered": True}}, False),
        ({"filed": {"answered": True}}, True),
        ({"gone": {"answered": False}}, True),
        ({"gone": "x"}, False),
        ({"not": {"gone": "x"}}, True),
        ({"kind": "land", "filed": True}, False),
        ({"any": [{"kind": "land"}, {"filed": True}]}, True),
        ({"all": [{"kind": "land"}, {"not": {"filed": True}}]}, True),
        ({"kind": {"over": 3}}, False),  # a word is never over 3
    ],
)
def test_a_condition_is_true_of_the_answers(written: object, expected: bool) -> None:
    assert holds(condition(written), ANSWERS) is expected


@pytest.mark.parametrize(
    "written", ["x > 3", {}, {"a": []}, {"a": {"above": 3}}, {"a": {"over": "3"}}, {"any": {}}, 7]
)
def test_what_is_no_condition_is_refused_in_both_languages(written: object) -> None:
    with pytest.raises(ValueError, match=r".+\|.+"):
        condition(written)


def _conditions() -> st.SearchStrategy[Condition]:
    names = st.sampled_from(["kind", "area", "exit"])
    values = st.one_of(st.booleans(), st.integers(-5, 5), st.sampled_from(["x", "y"]))
    asks = st.one_of(
        st.builds(
            lambda n, v: Asks(n, Comparison.IS, tuple(v)), names, st.lists(values, min_size=1, max_size=3)
        ),
        st.builds(lambda n, v: Asks(n, Comparison.OVER, (v,)), names, st.integers(0, 9)),
        st.builds(lambda n, v: Asks(n, Comparison.ANSWERED, (v,)), names, st.booleans()),
    )
    return st.recursive(
        st.one_of(asks, st.just(ALWAYS), st.just(NEVER)),
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(lambda of: AllOf(tuple(of)), st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda of: AnyOf(tuple(of)), st.lists(inner, min_size=1, max_size=3)),
        ),
        max_leaves=8,
    )


@given(_conditions())
def test_a_condition_spelled_out_reads_back_the_same(one: Condition) -> None:
    assert condition(spelled(one)) == one
