"""Every step of a drill is what the case rules decide: remembered ones too, whatever tasks stand beside."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.cases.rules.change import Change
from onegrid.cases.rules.drill import moulds
from onegrid.cases.rules.drill import road as roads
from onegrid.cases.rules.drill.going import Going, Way
from onegrid.cases.rules.drill.playing import Drill
from onegrid.cases.rules.moves import decide
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.cases.tests import world as w
from onegrid.cases.tests.drills import ALWAYS_OPEN, setting
from onegrid.kernel.calendar import OfficeCalendar
from onegrid.kernel.stepping import moment
from onegrid.scenarios.rules import Definition

HANDLING = {"verify": 30, "verify-there": 30, "handle": 60, "joint": 60, "check": 20, "rate": 10}
GRIDS = (w.GRID, w.OTHER_GRID)


class Watched(roads.Road):
    """A road that also asks the rules about every single step, and compares."""

    seen = 0

    def leave(self, going: Going, exit_key: str, variant: int, at: int) -> Change | Way:
        before, owner = self.whole(going), going.owner
        command, deed = self.command(going, exit_key, variant, at)
        wanted = decide(before, command, self.asker(owner, moment(at), deed), self.ground).state
        found = super().leave(going, exit_key, variant, at)
        if wanted.phase is Phase.OPEN:
            assert timeless(self.whole(going)) == timeless(wanted)
        elif isinstance(found, Way):
            assert found.to is None and found.outcome == wanted.outcome
        else:
            assert found.state.outcome == wanted.outcome
        type(self).seen += 1
        return found


def timeless(case: CaseState) -> CaseState:
    """Without the ids of new tasks, which differ each time, and the stage before, which nobody takes back."""
    tasks = tuple(replace(task, id=w.SPACE) for task in case.tasks)
    return case._replace(previous=None, tasks=tasks)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> type[Watched]:
    monkeypatch.setattr("onegrid.cases.rules.drill.playing.Road", Watched)
    Watched.seen = 0
    return Watched


PLAIN = replace(w.DEFINITION, follow_ups={})


def drilled(
    definition: Definition, *, per_day: float, days: int, seed: int, calendar: OfficeCalendar = ALWAYS_OPEN
) -> Drill:
    plan = setting(
        definition, per_day=per_day, days=days, handling=HANDLING, calendar=calendar, grids=GRIDS, seed=seed
    )
    drill = Drill(plan)
    drill.play()
    return drill


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000), st.floats(5, 40))
def test_a_case_goes_the_way_that_the_rules_decide(seed: int, per_day: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("onegrid.cases.rules.drill.playing.Road", Watched)
        Watched.seen = 0
        drill = drilled(w.DEFINITION, per_day=per_day, days=30, seed=seed, calendar=OfficeCalendar())
    assert Watched.seen >= drill.book.closed > 0
    assert drill.book.stuck.total() == 0


def test_a_flow_without_tasks_is_mostly_remembered_and_every_step_agrees(watched: type[Watched]) -> None:
    drill = drilled(PLAIN, per_day=20, days=120, seed=3)
    assert drill.road.counts.remembered > drill.road.counts.asked
    assert watched.seen > 1000


def test_the_drill_itself_checks_some_of_what_it_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads, "CHECKED", 7)
    drill = drilled(PLAIN, per_day=20, days=60, seed=4)
    assert drill.road.counts.checked > 100


def test_what_the_drill_remembers_is_bounded_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drilled(PLAIN, per_day=20, days=20, seed=6)
    monkeypatch.setattr(moulds, "KEPT", 5)
    small = drilled(PLAIN, per_day=20, days=20, seed=6)
    assert small.road.counts.asked > whole.road.counts.asked
    assert small.book.outcomes == whole.book.outcomes


def test_a_way_that_disagrees_with_the_rules_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads, "CHECKED", 1)
    honest = roads.Road._follow

    def forgets_lateness(self: roads.Road, going: Going, way: Way, at: int) -> None:
        honest(self, going, way, at)
        going.due += 60_000_000

    monkeypatch.setattr(roads.Road, "_follow", forgets_lateness)
    with pytest.raises(roads.DrillDisagrees):
        drilled(PLAIN, per_day=20, days=60, seed=5)
