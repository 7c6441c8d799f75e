"""The class dictionary, and which scenario takes a matter."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.calendar import Limit
from onegrid.scenarios.rules.classes import ClassInfo, ClassKind, ClassTree, UnknownClass, Urgency
from onegrid.scenarios.rules.live import LiveScenarios, contested
from onegrid.scenarios.rules.words import Text
from onegrid.scenarios.tests.factories import version_of
from onegrid.scenarios.tests.files import HJ, LW, YS, definition, tree


def test_the_dictionary_knows_components_events_and_matters() -> None:
    classes = tree()
    assert len(classes) > 150
    kinds = {one.kind for one in classes}
    assert kinds == set(ClassKind)
    assert all(one.unit and one.urgency and one.limit for one in classes)


def test_a_minor_class_has_from_its_parent_what_it_does_not_say() -> None:
    rubbish = tree().get("E0102")
    assert (rubbish.unit, rubbish.urgency, rubbish.kind) == (
        "urban-management",
        Urgency.MEDIUM,
        ClassKind.EVENT,
    )
    assert [str(one.limit) for one in tree().get("E0101").milestones] == [
        "4 office hours",
        "7 working days",
        "20 working days",
    ]


@pytest.mark.parametrize("code", ["S1201", "S1202", "S1203", "S1204", "S1205", "S1206", "E0403"])
def test_fire_collapse_casualties_gas_drowning_riot_and_violence_are_matters_of_life(code: str) -> None:
    assert tree().get(code).life_threatening


def test_each_keyword_points_to_one_class() -> None:
    words = [word for one in tree() for word in one.keywords]
    assert sorted(words) == sorted(set(words))


def test_an_unknown_class_is_refused_by_name() -> None:
    with pytest.raises(UnknownClass, match="E9999"):
        tree().get("E9999")


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_a_circle_of_parents_never_hangs_the_dictionary(pairs: list[tuple[int, int]]) -> None:
    infos = [ClassInfo(str(code), Text("类", "Class"), parent=str(parent)) for code, parent in pairs]
    classes = ClassTree(infos)
    for one in classes:
        assert classes.lineage(one.code)[0] == one.code
        assert one in classes.under(one.code)


def test_the_scenario_that_names_the_nearest_class_takes_the_matter() -> None:
    live = LiveScenarios([version_of(definition(key)) for key in (HJ, LW, YS)], classes=tree())

    def taker(code: str) -> str | None:
        found = live.for_class(code, "350583100")
        return found.key if found else None

    assert taker("E0102") == HJ
    assert taker("E0101") == LW  # an unlawful shed is a building violation, not litter
    assert taker("S0703") == LW
    assert taker("S1302") == YS
    assert taker("S0101") is None


def test_a_version_on_trial_in_a_town_goes_before_the_countys() -> None:
    county, trial = version_of(definition(HJ)), version_of(definition(HJ), number=2, towns=("350583101",))
    live = LiveScenarios([county, trial], classes=tree())
    assert live.for_class("E0102", "350583101") == trial
    assert live.for_class("E0102", "350583100") == county
    assert live.of(HJ, "350583101") == trial


def test_two_scenarios_cannot_take_the_same_class_in_the_same_place() -> None:
    ours = version_of(definition(HJ))
    other = version_of(dataclasses.replace(definition(LW), classes=("E01",)))
    assert contested(ours, [other]) == {"E01": other}
    assert contested(ours, [version_of(definition(LW))]) == {}


def test_limits_never_vanish_when_a_class_says_nothing() -> None:
    rule = definition(HJ).stages["grid-handle"].limit
    assert rule.for_("X9", class_limit=None) == Limit.parse("2 working days")
