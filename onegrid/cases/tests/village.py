"""The posts of one village in rule tests, and how they ask."""

from datetime import timedelta
from typing import Any

from onegrid.cases.rules import commands as do
from onegrid.cases.rules.state import CaseState
from onegrid.cases.tests import world as w
from onegrid.cases.tests.world import at_stage, move, post

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEPUTY = post("deputy-chief", w.VILLAGE)
WORKER = post("grid-worker-1", w.VILLAGE)
HEAD = post("grid-head", w.VILLAGE)
DESK = post("town-desk", w.TOWN)
OFFICE = post("grid-office", w.COUNTY)
LEADER = post("county-leader", w.COUNTY)
BEFORE = (do.Exhibit(w.SHA_HERE, "photo", "before"), do.Exhibit(w.SHA_HERE, "photo", "before"))
AFTER = (do.Exhibit(w.SHA_HERE, "photo", "after"),)


def ask(kind: type[do.Command], case: CaseState, **more: Any) -> Any:
    """A command to this case."""
    return kind(case_id=case.id, **more)


def handled(case: CaseState | None = None) -> CaseState:
    """A case whose handling is done and that waits for its check."""
    case = case or at_stage("handle")
    return move(case, ask(do.TakeExit, case, exit="done", evidence=AFTER)).state
