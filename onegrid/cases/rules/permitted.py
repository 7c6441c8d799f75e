"""What an actor may do with a case now: front ends offer this and repeat no rule."""

from dataclasses import dataclass

from onegrid.accounts.rules import Actor
from onegrid.cases.rules import beside
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.moves import MOVES, Move
from onegrid.cases.rules.people import Doer, acting
from onegrid.cases.rules.state import CaseState, Phase


@dataclass(frozen=True, slots=True)
class Permitted:
    """A move that this actor may make now; front ends offer these and no others."""

    verb: str
    zh: str
    en: str
    task_id: str | None = None


def permitted(case: CaseState, by: Actor, ground: Ground) -> list[Permitted]:
    """The moves open to the actor in the present state. What a move still needs shows when it is tried."""
    found = []
    for move in MOVES.values():
        if case.phase not in move.phases or move.doer is Doer.ANYONE or not _makes_sense(move, case, ground):
            continue
        if move.doer is Doer.TASK_POST:
            found += [
                Permitted(move.verb, move.zh, move.en, str(task.id))
                for task in case.tasks
                if task.kind is beside.KIND_OF[move.verb]
                and acting(move.doer, case, by, task_post=task.post_id).allowed
            ]
        elif acting(move.doer, case, by).allowed:
            found.append(Permitted(move.verb, move.zh, move.en))
    return found


def _makes_sense(move: Move, case: CaseState, ground: Ground) -> bool:
    """False for moves that the present state refuses whatever is said."""
    stage = ground.definition.stages.get(case.stage)
    match move.verb:
        case do.Acknowledge.verb:
            return case.acknowledged_at is None
        case do.Recall.verb:
            return case.previous is not None and case.acknowledged_at is None
        case do.Decide.verb:
            return case.request is not None
        case do.DecideAgenda.verb:
            return case.agenda is not None
        case do.AskExtension.verb:
            return (
                stage is not None and ground.definition.extension_of(stage) is not None and not case.request
            )
        case do.AskHold.verb:
            return stage is not None and ground.definition.hold_of(stage) is not None and not case.request
        case do.Return.verb:
            return stage is not None and ground.definition.return_of(stage) is not None and not case.ruled
        case do.Unmerge.verb:
            return case.before_merge is not None
        case do.MarkRepeat.verb:
            return case.repeat_of is None
        case do.Rate.verb:
            return not case.rating and (case.phase is Phase.CLOSED or bool(stage and stage.rating))
        case _:
            return True
