"""Taking an exit: what it needs, where it leads, who gets the case next, or how it ends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from onegrid.cases.rules import answering, copying, entering
from onegrid.cases.rules.alarms import LAPSE, with_alarm
from onegrid.cases.rules.change import Asker, Change, Closed, Ground, Moved, News, TaskGiven, Told
from onegrid.cases.rules.commands import TakeExit
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.people import forbid_own_rating, is_own_work, told
from onegrid.cases.rules.refusals import (
    ExitNotOffered,
    ExitUsedUp,
    Incomplete,
    NotInTheGrid,
    OwnWork,
    TakenByTheClock,
    TasksOpen,
    UnknownExit,
)
from onegrid.cases.rules.state import CaseState, Hand, Phase, Previous, Task, TaskKind, TaskStatus, Urgency
from onegrid.kernel.ids import ClassCode, GridCode, PostId
from onegrid.scenarios.rules import ENDS, Exit, Message, Problem, Stage, Text, check_form
from onegrid.scenarios.rules.conditions import ALWAYS, holds


def take_exit(case: CaseState, command: TakeExit, asker: Asker, ground: Ground) -> Change:
    """Finish the stage.

    Raises UnknownExit, TakenByTheClock, OwnWork, ExitNotOffered, Incomplete, TasksOpen, ExitUsedUp,
    NoPost."""
    stage = ground.stage(case.stage)
    exit_ = exit_of(stage, command.exit)
    if asker.by.kind != "system":
        if is_the_clocks(exit_, stage, case):
            raise TakenByTheClock(exit=exit_.key, exit_zh=exit_.label.zh)
        if is_own_work(stage, case, case.owner, asker.by):
            raise OwnWork
    if stage.rating is not None and exit_.key in {stage.rating.satisfied, stage.rating.unsatisfied}:
        forbid_own_rating(case, asker.by)
    answered = answering.answered(case, command.form, stage.form, ground)
    if not holds(exit_.when, answered.facts(exit_.key)):
        raise ExitNotOffered(exit=exit_.key, exit_zh=exit_.label.zh)
    incomplete(
        check_form(
            stage,
            exit_,
            values=command.form,
            evidence=asker.given,
            opinion=command.opinion,
            answers=answered.facts(exit_.key),
            base=ground.definition.form,
            located=case.located,
        )
    )
    check_tasks(case, stage, exit_, command)
    return follow(answered, exit_, command, asker, ground)


def is_the_clocks(exit_: Exit, stage: Stage, case: CaseState) -> bool:
    """Whether only the passing of the limit takes this exit; where that has failed, people may."""
    return exit_.key == stage.lapse and not stage.lapse_by_hand and LAPSE not in case.fired


def exit_of(stage: Stage, key: str) -> Exit:
    """The exit of that key. Raises UnknownExit, which names the ones there are."""
    found = stage.exits.get(key)
    if found is None:
        names = "、".join(f"{one.label.zh}（{one.key}）" for one in stage.exits.values())
        raise UnknownExit(exit=key, stage=stage.key, stage_name=stage.name.zh, exits=names)
    return found


def incomplete(problems: Sequence[Problem]) -> None:
    """Raise Incomplete when there are problems, naming each one for the form."""
    if not problems:
        return
    named = [{"field": one.field, "code": one.code, "zh": one.zh, "en": one.en} for one in problems]
    raise Incomplete(count=len(problems), first=problems[0].zh, first_en=problems[0].en, problems=named)


def check_tasks(case: CaseState, stage: Stage, exit_: Exit, command: TakeExit) -> None:
    """Raise TasksOpen while the exit waits for open co-sign tasks; the owner may force-close them."""
    joint = stage.joint
    if joint is None or exit_.key not in joint.waits_for or command.force:
        return
    waiting = [task for task in case.tasks if task.kind is TaskKind.COSIGN]
    done_one = not joint.closes_all and len(waiting) < len(entering.chosen_units(joint, case))
    if waiting and not done_one:
        units = "、".join(task.key for task in waiting)
        raise TasksOpen(count=len(waiting), units=units, exit_zh=exit_.label.zh)


def follow(case: CaseState, exit_: Exit, command: TakeExit, asker: Asker, ground: Ground) -> Change:
    """Where the exit leads, once everything it needs is there. Raises ExitUsedUp, NoPost, NotInTheGrid."""
    stage = ground.stage(case.stage)
    way = f"{stage.key}/{exit_.key}"
    taken = case.taken.get(way, 0)
    target = exit_.target(taken=taken)
    if target is None:
        raise ExitUsedUp(exit=exit_.key, exit_zh=exit_.label.zh, times=taken)
    here = case.grid_code
    case = assigned(case, exit_, ground)
    moved = case.grid_code != here  # the same stage, but another post answers for it there
    case = case._replace(taken={**case.taken, way: taken + 1})
    late = case.clock is not None and case.clock.due is not None and asker.at > case.clock.due
    case = case._replace(late_stages=case.late_stages + (late and target != stage.key))
    body = _body(case, stage, exit_, command, ground, late=late)
    copies = copying.chosen(command.copy, ground.definition.stages.get(target), case, ground)
    body |= copying.on_record(copies)
    opens = tuple(one for one in exit_.opens if holds(one.when, case.facts(exit_.key)))
    entry = _entry(
        case, exit_, command, rework=target in stage.not_same_as, picks=not _by_itself(stage, exit_)
    )
    if target == stage.key and not moved:
        after = entering.stay(case, stage, entry, ground, at=asker.at)
        return Change(after, body, news=_news(case, after, exit_, ground, chosen=copies), opens=opens)
    if target != stage.key:
        case = case._replace(hands=_hands(case, asker))
    if target in ENDS:
        after, tasks = ended(case, target, exit_, command, ground, at=asker.at)
    else:
        after, tasks = _next(case, ground.stage(target), entry, ground, at=asker.at)
    news = _news(case, after, exit_, ground, tasks=tasks, chosen=copies)
    return Change(after, body | _arrival(after, ground), tasks, news, opens=opens)


def _by_itself(stage: Stage, exit_: Exit) -> bool:
    """Whether a lapse or a rating takes the exit, so that nobody can be asked who gets the case."""
    rated = (stage.rating.satisfied, stage.rating.unsatisfied) if stage.rating else ()
    return exit_.key in (stage.lapse, *rated)


def _hands(case: CaseState, asker: Asker) -> Mapping[str, Hand]:
    """The stage just finished goes to the end, so that the order of finishing is kept."""
    assert case.owner is not None
    others = {key: hand for key, hand in case.hands.items() if key != case.stage}
    return {**others, case.stage: Hand(case.owner, asker.by.account_id)}


def _next(
    case: CaseState, target: Stage, entry: Entry, ground: Ground, *, at: datetime
) -> tuple[CaseState, tuple[Task, ...]]:
    """The next stage, and the one left kept so that the sender may take it back."""
    assert case.owner is not None and case.clock is not None
    after, tasks = entering.enter(case, target, entry, ground, at=at)
    previous = Previous(
        case.stage, case.owner, case.clock, case.entered_at, case.entered_by, case.acknowledged_at
    )
    return after._replace(previous=previous), tasks


def _entry(case: CaseState, exit_: Exit, command: TakeExit, *, rework: bool, picks: bool) -> Entry:
    due = case.answers.get(exit_.assigns.due) if exit_.assigns.due else None
    return Entry(
        exit=exit_,
        to=command.to,
        due=str(due) if due else "",
        rework=rework,
        starts=frozenset(exit_.starts),
        picks=picks,
    )


def assigned(case: CaseState, exit_: Exit, ground: Ground) -> CaseState:
    """The facts that the exit's answers change: unit, grid, class, urgency. Raises NotInTheGrid."""
    fields, answers = exit_.assigns, case.answers
    unit, class_code, urgency, grid = (
        answers.get(key) if key else None
        for key in (fields.unit, fields.class_code, fields.urgency, fields.grid)
    )
    if exit_.new_grid:
        if not ground.is_live_grid(str(grid or "")):
            raise NotInTheGrid(grid=grid or "—")
        case = case._replace(grid_code=GridCode(str(grid)))
    return case._replace(
        unit=str(unit) if unit else case.unit,
        class_code=ClassCode(str(class_code)) if class_code else case.class_code,
        urgency=Urgency.named(urgency) if urgency else case.urgency,
        raised_from=None if urgency else case.raised_from,
    )


def ended(
    case: CaseState, end: str, exit_: Exit, command: TakeExit, ground: Ground, *, at: datetime
) -> tuple[CaseState, tuple[Task, ...]]:
    """The case at its end: no owner, no clock, every task closed with it except cards that want an answer."""
    tasks = tuple(entering.close_task(task, at=at) for task in case.tasks if task.status is TaskStatus.OPEN)
    after = case._replace(
        phase=Phase.CLOSED,
        stage=end,
        sender=case.owner,
        owner=None,
        closed_at=at,
        outcome=exit_.outcome or exit_.key,
        answer=command.opinion or exit_.label.zh,
        entered_by=exit_.key,
    )
    return retired(after, ground), tasks


def retired(case: CaseState, ground: Ground) -> CaseState:
    """What every case that is no longer live has lost; it rests until its personal answers are erased."""
    rests = case._replace(owner=None, request=None, previous=None, tasks=(), open_tasks=0, fired=())
    return with_alarm(rests, ground)


def _body(
    case: CaseState, stage: Stage, exit_: Exit, command: TakeExit, ground: Ground, *, late: bool
) -> dict[str, object]:
    body: dict[str, object] = {
        "stage": stage.key,
        "stage_zh": stage.name.zh,
        "exit": exit_.key,
        "exit_zh": exit_.label.zh,
        "entered_at": case.entered_at,
        "late": late,
    }
    if case.clock is not None:
        body["due_at"] = case.clock.due
    form = answering.on_record(command.form, case, ground)
    optional = {"opinion": command.opinion, "form": form, "forced": command.force}
    return body | {name: value for name, value in optional.items() if value}


def _arrival(after: CaseState, ground: Ground) -> dict[str, object]:
    if after.phase is Phase.CLOSED:
        return {"to": after.stage, "outcome": after.outcome}
    due = after.clock.due if after.clock else None
    return {"to": after.stage, "to_zh": ground.stage(after.stage).name.zh, "owner": after.owner, "due": due}


def _news(
    before: CaseState,
    after: CaseState,
    exit_: Exit,
    ground: Ground,
    *,
    tasks: tuple[Task, ...] = (),
    chosen: tuple[PostId, ...] = (),
) -> tuple[News, ...]:
    """Who hears of it: the exit's messages and copies, those of the stage entered, the new task posts, and
    those that the sender has chosen."""
    news: list[News] = []
    messages, copies = [*exit_.messages], [*exit_.copy]
    if exit_.tell_from is not None and before.taken.get(f"{before.stage}/{exit_.key}", 0) >= exit_.tell_from:
        copies += exit_.tell
    if after.phase is not Phase.CLOSED and after.stage != before.stage:
        copies += ground.stage(after.stage).copy
        messages += ground.stage(after.stage).messages
    words, told_news = messages_told(messages, after, ground, exit_key=exit_.key)
    if after.phase is Phase.CLOSED:
        news.append(Closed())
    else:
        posts, _, _ = told(copies, after, ground)
        others = tuple(post for post in dict.fromkeys((*posts, *chosen)) if post != after.owner)
        news.append(Moved(others, exit_.key, words))
    return (*news, *told_news, *(TaskGiven(task) for task in tasks if task.status is TaskStatus.OPEN))


def messages_told(
    messages: Iterable[Message], case: CaseState, ground: Ground, *, exit_key: str = ""
) -> tuple[Text | None, tuple[News, ...]]:
    """The scenario's words to the new owner, who hears of the case anyway, and what others are told."""
    words: Text | None = None
    news: list[News] = []
    for message in messages:
        if message.when != ALWAYS and not holds(message.when, case.facts(exit_key)):
            continue
        posts, _, reporters = told(message.to, case, ground)
        if posts == (case.owner,) and words is None and not reporters:
            words = message.text
        elif posts or reporters:
            news.append(Told(posts, message.text, reporters, message.urgent))
    return words, tuple(news)
