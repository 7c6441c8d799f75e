"""Moving a running case to another version of its scenario, by a recorded decision (domain.md 4).

Only where its present stage exists in both. The clock runs on as it is; the owner stays unless the stage now
names somebody else; tasks beside the flow that the new version does not know end, those it asks for begin."""

from collections.abc import Iterator

from onegrid.cases.rules import answering, entering
from onegrid.cases.rules.alarms import LAPSE, alarms, with_alarm
from onegrid.cases.rules.change import Asker, Change, Ground, Moved, News, TaskGiven, Told
from onegrid.cases.rules.commands import MoveVersion
from onegrid.cases.rules.entering import Entry, close_task
from onegrid.cases.rules.owning import given
from onegrid.cases.rules.refusals import ReasonNeeded
from onegrid.cases.rules.state import CaseState, Previous, Task, TaskKind, TaskStatus
from onegrid.cases.rules.version_refusals import OtherScenario, SameVersion, StageNotThere
from onegrid.scenarios.rules import Definition, Stage, Text, VersionInfo


def move_version(case: CaseState, command: MoveVersion, asker: Asker, ground: Ground) -> Change:
    """改用版本: the case follows another version from its present stage on.

    Raises ReasonNeeded, SameVersion, OtherScenario, StageNotThere, and NoPost or SeveralPosts where the new
    version names nobody."""
    target = asker.target
    assert target is not None
    there, info = target.ground, target.version
    if not command.reason.strip():
        raise ReasonNeeded(verb_zh="改用版本", verb="move to another version")
    new = _stage_there(case, info, ground)
    after = case._replace(version_id=info.version_id, previous=_recallable(case, info.definition))
    after = _owned(after, ground.stage(case.stage), new, there)
    after, tasks = _with_tasks(after, ground.definition, there, asker)
    after = answering.salted(_with_alarms(after, case, asker, ground, there), there)
    body = {
        "stage": case.stage,
        "from_version": target.number_before,
        "version": info.number,
        "reason": command.reason,
        "owner": after.owner,
        "due": after.clock.due if after.clock else None,
        "tasks_opened": [one.key for one in tasks if one.status is TaskStatus.OPEN],
        "tasks_closed": [one.key for one in tasks if one.status is not TaskStatus.OPEN],
    }
    return Change(after, body, tasks, tuple(_news(case, after, tasks, info.number)))


def _stage_there(case: CaseState, info: VersionInfo, ground: Ground) -> Stage:
    """The present stage as another version of the same scenario has it."""
    if info.version_id == case.version_id:
        raise SameVersion(number=case.number, to=info.number)
    if info.key != case.scenario:
        raise OtherScenario(number=case.number, scenario=case.scenario, other=info.key)
    new = info.definition.stages.get(case.stage)
    if new is None:
        name = ground.stage(case.stage).name.zh
        raise StageNotThere(number=case.number, stage=case.stage, stage_name=name, to=info.number)
    return new


def _recallable(case: CaseState, there: Definition) -> Previous | None:
    """The stage before may still be taken back where the new version has it too."""
    return case.previous if case.previous and case.previous.stage in there.stages else None


def _owned(case: CaseState, stage: Stage, new: Stage, there: Ground) -> CaseState:
    """Somebody else answers only where the stage now names somebody else; he has not signed in yet."""
    if stage.who == new.who:
        return case
    owner = entering.owner_of(new, case, Entry(), there)
    return case if owner == case.owner else given(case, owner, there)


def _with_tasks(
    case: CaseState, before: Definition, there: Ground, asker: Asker
) -> tuple[CaseState, tuple[Task, ...]]:
    """The tasks beside the flow as the new version has them, and those that ended or began by it."""
    ended = tuple(close_task(one, at=asker.at) for one in case.tasks if not _goes_on(one, case, there))
    gone = {one.id for one in ended}
    kept = tuple(one for one in case.tasks if one.id not in gone)
    fresh = tuple(_begun(case, kept, before, there, asker))
    tasks = kept + fresh
    return case._replace(tasks=tasks, open_tasks=len(tasks)), (*ended, *fresh)


def _goes_on(task: Task, case: CaseState, there: Ground) -> bool:
    match task.kind:
        case TaskKind.COSIGN:
            joint = there.stage(case.stage).joint
            return joint is not None and task.key in entering.chosen_units(joint, case)
        case TaskKind.FOLLOW_UP:
            rule = there.definition.follow_ups.get(task.key)
            return rule is not None and case.stage in rule.while_
        case _:
            return True


def _begun(
    case: CaseState, kept: tuple[Task, ...], before: Definition, there: Ground, asker: Asker
) -> Iterator[Task]:
    """Co-signs and follow-ups that this stage asks for now and did not before: nothing is asked for twice."""
    stage = before.stages[case.stage]
    asked = entering.chosen_units(stage.joint, case) if stage.joint else ()
    new = there.stage(case.stage)
    for task in entering.cosign_tasks(case, new, there, at=asker.at):
        if task.key not in asked:
            yield task
    for task in entering.follow_up_tasks(case, kept, new, Entry(), there, at=asker.at):
        rule = before.follow_ups.get(task.key)
        if rule is None or case.stage not in rule.while_:
            yield task


def _with_alarms(after: CaseState, case: CaseState, asker: Asker, ground: Ground, there: Ground) -> CaseState:
    """Steps that only the new version has count as gone off where they lie behind; the lapse still comes."""
    known = set(alarms(case._replace(fired=()), ground))
    behind = [
        name
        for name, moment in alarms(after, there).items()
        if name not in known and moment <= asker.at and name != LAPSE
    ]
    return with_alarm(after._replace(fired=(*after.fired, *behind)), there)


def _news(case: CaseState, after: CaseState, tasks: tuple[Task, ...], number: int) -> Iterator[News]:
    if after.owner != case.owner:
        yield Moved((case.owner,) if case.owner else ())
    elif after.owner is not None:
        zh, en = f"改按场景第 {number} 版流程办理。", f"It follows version {number} of its scenario now."
        yield Told((after.owner,), Text("{number} " + zh, "{number}: " + en))
    for task in tasks:
        if task.status is TaskStatus.OPEN:
            yield TaskGiven(task)
