"""The class dictionary in the database."""

from dataclasses import replace
from typing import Any

import pytest

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions, queries
from onegrid.scenarios.rules.refusals import (
    BadClasses,
)
from onegrid.scenarios.rules.words import Text
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW

pytestmark = pytest.mark.django_db


def faults(refusal: Refusal) -> list[dict[str, Any]]:
    """What the refusal tells an editor."""
    found = refusal.params["findings"]
    assert isinstance(found, list)
    return found


def test_classes_of_another_city_are_added_or_replaced_and_none_is_lost() -> None:
    factories.city()
    assert factories.classes() == len(queries.classes())
    before = len(queries.classes())
    lamp = queries.classes().get("C0103")
    batch = [replace(lamp, name=Text("街灯", "Street light")), replace(lamp, code="X1", parent=None)]
    assert actions.import_classes(batch, by=SYSTEM, now=NOW) == 2
    assert len(queries.classes()) == before + 1
    assert queries.classes().get("C0103").name.zh == "街灯"
    assert queries.classes().get("C0101") is not None


def test_a_dictionary_that_contradicts_itself_is_refused_whole() -> None:
    factories.city()
    factories.classes()
    lamp = queries.classes().get("C0103")
    batch = [
        replace(lamp, code="X1", parent="X2"),
        replace(lamp, code="X2", parent="X1"),
        replace(lamp, code="X3", parent="nowhere"),
        replace(lamp, code="X4", unit="no-such-unit"),
    ]
    with pytest.raises(BadClasses) as refused:
        actions.import_classes(batch, by=SYSTEM, now=NOW)
    codes = [one["code"] for one in faults(refused.value)]
    assert codes == [
        "scenarios.class-circle",
        "scenarios.class-circle",
        "scenarios.unknown-parent",
        "scenarios.unknown-unit",
    ]
    assert "X1" not in queries.classes()


def test_a_class_reads_back_as_it_was_imported() -> None:
    factories.city()
    factories.classes()
    shed = queries.classes().get("E0101")
    assert [(one.name.en, str(one.limit)) for one in shed.milestones] == [
        ("Stopped", "4 office hours"),
        ("Punished", "7 working days"),
        ("Demolished", "20 working days"),
    ]
    assert shed.filing == Text("未经审批搭建", "Built without permit")
    assert "私搭" in shed.keywords
