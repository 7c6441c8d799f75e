"""Properties of the scenario that uses every word: one owner, one clock, nothing personal on record."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onegrid.accounts.rules import SYSTEM
from onegrid.cases.rules import commands as do
from onegrid.cases.rules import copying
from onegrid.cases.rules.change import Asker, Change
from onegrid.cases.rules.escalation import escalations
from onegrid.cases.rules.state import LIVE, CaseState, Phase
from onegrid.cases.tests import needs
from onegrid.cases.tests import world as w
from onegrid.cases.tests.world import move
from onegrid.kernel.refusals import Refusal

ON = w.ground(needs.definition())
SECRET = "13800000000"
ANSWERS: dict[str, object] = {
    "right_grid": w.OTHER_GRID, "floor": 3, "measured_area": 130, "approved": 120, "phone": SECRET,
    "heading": "high",
}  # fmt: skip
FILES = (do.Exhibit(w.SHA_HERE, "photo", "after"), do.Exhibit(w.SHA_PAPER, "document", "site-record"))


def _check(case: CaseState, change: Change) -> None:
    assert SECRET not in str(change.body)
    assert case.open_tasks == len(case.tasks)
    if case.phase in LIVE:
        assert case.owner in w.POSTS and case.clock is not None and case.stage in ON.definition.stages
        assert case.closed_at is None
    else:
        assert (case.owner, case.tasks) == (None, ())
        assert (case.alarm_at is not None) == ("phone" in case.answers)


def _exit(case: CaseState, data: Any) -> do.TakeExit:
    stage = ON.stage(case.stage)
    way = stage.exits[data.draw(st.sampled_from(sorted(stage.exits)))]
    target = ON.definition.stages.get(way.to)
    posts = copying.candidates(target, case, ON) if target is not None and target.pick else ()
    return do.TakeExit(
        case_id=case.id,
        exit=way.key,
        opinion="办理",
        form={key: value for key, value in ANSWERS.items() if stage.form.get(key) is not None},
        evidence=FILES,
        to=data.draw(st.sampled_from(posts)) if posts else None,
        force=data.draw(st.booleans()),
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_however_it_goes_a_case_has_one_owner_and_its_record_tells_nothing_personal(data: Any) -> None:
    case = w.fresh(on=ON)
    for _ in range(data.draw(st.integers(1, 25))):
        if case.phase in LIVE:
            try:
                change = move(case, _exit(case, data), by=SYSTEM, on=ON)
            except Refusal:
                continue
            case = change.state
            _check(case, change)
        if data.draw(st.booleans()):
            at = case.last_at + timedelta(days=data.draw(st.integers(1, 40)))
            for _, change in escalations(case, Asker(SYSTEM, case.owner, at), ON):
                case = change.state._replace(version=case.version + 1)
                _check(case, change)
    if case.phase is Phase.CLOSED:
        for _, change in escalations(case, Asker(SYSTEM, None, case.last_at + timedelta(days=31)), ON):
            case = change.state
        assert SECRET not in str(case.answers) and case.alarm_at is None
