"""Another version of the scenario for a running case: by decision, and only where its stage exists there."""

from dataclasses import replace

from onegrid.cases.rules import answering
from onegrid.cases.rules.alarms import with_alarm
from onegrid.cases.rules.change import Asker, Change, Ground, Told
from onegrid.cases.rules.commands import ChangeVersion
from onegrid.cases.rules.entering import close_task
from onegrid.cases.rules.refusals import NotAVersion, ReasonNeeded, StageGone
from onegrid.cases.rules.state import CaseState, Task, TaskKind
from onegrid.scenarios.rules import Stage, Text

_TOLD = Text(
    "“{title}”已转用新版流程，仍处于「{stage}」环节。",
    "“{title}” follows another version now, still at {stage}.",
)


def change_version(case: CaseState, command: ChangeVersion, asker: Asker, ground: Ground) -> Change:
    """转用版本: stage, owner and clock stay; what comes after follows the other version.

    Tasks beside the flow that it does not know end, and the stage before can't be taken back any more.
    Raises NotAVersion, StageGone, ReasonNeeded."""
    if not command.reason.strip():
        raise ReasonNeeded(verb_zh="转用其他版本", verb="change the version")
    target = ground.versions.get(command.version_id)
    if target is None or target.key != case.scenario or target.version_id == case.version_id:
        raise NotAVersion(number=case.number)
    stage = target.definition.stages.get(case.stage)
    if stage is None:
        here = ground.stage(case.stage)
        raise StageGone(number=case.number, version=target.number, stage=here.key, stage_name=here.name.zh)
    there = replace(ground, definition=target.definition)
    gone = tuple(close_task(task, at=asker.at) for task in case.tasks if not _goes_on(task, stage, there))
    ended = {task.id for task in gone}
    tasks = tuple(task for task in case.tasks if task.id not in ended)
    hands = {key: hand for key, hand in case.hands.items() if key in target.definition.stages}
    after = case._replace(
        version_id=target.version_id, tasks=tasks, open_tasks=len(tasks), hands=hands, previous=None
    )
    body = {"stage": case.stage, "from_version": case.version_id, "to_version": target.version_id,
            "number": target.number, "reason": command.reason}  # fmt: skip
    told = Told((case.owner,) if case.owner else (), _TOLD)
    return Change(with_alarm(answering.salted(after, there), there), body, gone, (told,))


def _goes_on(task: Task, stage: Stage, there: Ground) -> bool:
    if task.kind is TaskKind.COSIGN:
        return stage.joint is not None and task.key in stage.joint.units
    if task.kind is TaskKind.FOLLOW_UP:
        rule = there.definition.follow_ups.get(task.key)
        return rule is not None and stage.key in rule.while_
    return True
