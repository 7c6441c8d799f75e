"""Alarms of a running clock: what the worker must do about it, and when."""

from collections.abc import Mapping
from datetime import datetime

from onegrid.cases.rules import answering, clocks
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.state import CaseState, Phase
from onegrid.scenarios.rules import Stage

SIGN_IN = "acknowledge"  # nobody signed in in time
LAPSE = "lapse"  # the limit passed and the system takes the stage's own exit
AGENDA = "agenda"  # nobody signed in for so long that the joint conference hears of it


def alarms(case: CaseState, ground: Ground) -> Mapping[str, datetime]:
    """The alarms that have not gone off: "50" … "150" percent of the limit, sign-in missed, the agenda of the
    joint conference, lapse."""
    clock = case.clock
    if case.phase is not Phase.OPEN or clock is None or clock.due is None:
        return {}
    stage = ground.stage(case.stage)
    percents = [step.at_percent for step in ground.definition.escalation]
    found = dict(
        zip(map(str, percents), clocks.moments(clock, percents, calendar=ground.calendar), strict=True)
    )
    if stage.acknowledge is not None and case.acknowledged_at is None:
        found[SIGN_IN] = ground.calendar.due(case.entered_at, stage.acknowledge)
    if case.acknowledged_at is None and case.agenda is None and must_sign_in(stage):
        wait = ground.definition.agenda.unacknowledged
        found[AGENDA] = ground.calendar.due(case.entered_at, wait)
    if stage.lapse is not None:
        found[LAPSE] = clock.due
    return {name: moment for name, moment in found.items() if name not in case.fired}


def must_sign_in(stage: Stage) -> bool:
    """Whether somebody must take the stage up; one that waits for a rating or lapses goes on by itself."""
    return stage.lapse is None and stage.rating is None


def with_alarm(case: CaseState, ground: Ground) -> CaseState:
    """The case with the moment of its next alarm, None when none is ahead; on hold the review date stays;
    after the end it is the moment at which personal answers are erased."""
    if case.phase is Phase.HELD:
        return case
    if case.phase is not Phase.OPEN:
        return case._replace(alarm_at=answering.erase_at(case, ground.definition))
    return case._replace(alarm_at=min(alarms(case, ground).values(), default=None))


def grown(case: CaseState, ground: Ground, *, at: datetime) -> CaseState:
    """After the limit grew: alarms that lie ahead again will go off again."""
    ahead = {name for name, moment in alarms(case._replace(fired=()), ground).items() if moment > at}
    fired = tuple(name for name in case.fired if name not in ahead)
    return with_alarm(case._replace(fired=fired), ground)
