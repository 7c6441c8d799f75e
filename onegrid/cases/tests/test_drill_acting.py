"""Made-up officials: whatever stage of whatever scenario of the library, they find an exit it accepts."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from onegrid.cases.rules.drill.acting import deed
from onegrid.cases.rules.drill.filling import Surroundings, filled
from onegrid.scenarios.rules import Definition, DefinitionRefused, check_values, parse

LIBRARY = Path(__file__).parents[2] / "scenarios" / "library"
AROUND = Surroundings(
    (118.38, 24.96),
    ("350583001001001", "350583001001002"),
    ("housing", "water"),
    datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
)


def definition(name: str) -> Definition:
    draft = parse((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))
    assert not isinstance(draft, DefinitionRefused)
    return draft.definition


@pytest.mark.parametrize("name", ["environment-sanitation", "illegal-construction", "business-environment"])
def test_every_stage_of_the_library_can_be_worked(name: str) -> None:
    known = {"channel": "worker", "source": "patrol", "class": "S0703", "urgency": 2}
    scenario = definition(name)
    for stage in scenario.stages.values():
        rng = np.random.default_rng(7)
        found = [
            deed(scenario, stage, list(stage.exits), known=known, around=AROUND, rng=rng) for _ in range(40)
        ]
        assert all(found), stage.key
        if len(stage.exits) > 1:
            assert len({one.exit for one in found if one}) > 1, stage.key


@pytest.mark.parametrize("name", ["environment-sanitation", "illegal-construction", "business-environment"])
def test_the_registration_form_of_a_patrol_is_filled_as_it_asks(name: str) -> None:
    known = {"channel": "worker", "source": "patrol", "class": "S0703", "urgency": 2}
    form = definition(name).form
    values = filled(form, known=known, around=AROUND, rng=np.random.default_rng(1))
    assert check_values(form, values, answers=known) == []
