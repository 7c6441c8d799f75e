"""Whose case it is: signing in, returning, handing over, taking back, giving it to another grid."""

from dataclasses import replace
from uuid import UUID

from onegrid.cases.rules import agenda, copying, entering
from onegrid.cases.rules.alarms import LAPSE, alarms, with_alarm
from onegrid.cases.rules.change import Asker, Change, Ground, Moved, TaskGiven
from onegrid.cases.rules.commands import Acknowledge, HandOver, Reassign, Recall, Return
from onegrid.cases.rules.entering import Entry
from onegrid.cases.rules.people import head_of, post_of
from onegrid.cases.rules.refusals import (
    AlreadyAcknowledged,
    BasisNeeded,
    CannotRecall,
    NoReturn,
    NotATarget,
    NotInTheGrid,
    ReturnTooLate,
    RightOwnerNeeded,
    Ruled,
)
from onegrid.cases.rules.state import AgendaReason, CaseState, TaskStatus
from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.kernel.ids import PostId
from onegrid.scenarios.rules import ReturnRule, Stage, Who
from onegrid.workforce.rules import role_label

RETURN_WITHIN = Limit(24, ClockKind.CLOCK_HOURS)  # where the scenario does not say (domain.md 3.5)


def acknowledge(case: CaseState, command: Acknowledge, asker: Asker, ground: Ground) -> Change:
    """签收. From now on the sender cannot take it back. Raises AlreadyAcknowledged."""
    if case.acknowledged_at is not None:
        raise AlreadyAcknowledged(number=case.number)
    return Change(with_alarm(signed_in(case, asker), ground), {"stage": case.stage})


def signed_in(case: CaseState, asker: Asker) -> CaseState:
    """The case after its owner signed in, by word or by acting on it; the alarm for it is then void."""
    return case._replace(acknowledged_at=asker.at, previous=None)


def return_case(case: CaseState, command: Return, asker: Asker, ground: Ground) -> Change:
    """退回: back to who dispatches, who must give it to the right owner. The clock runs on.

    At most twice and within a day of signing in, naming the right owner; the next time only with the legal
    basis, to a desk that rules for good (domain.md 3.5). So often returned, it goes before the conference.
    Raises NoReturn, Ruled, ReturnTooLate, RightOwnerNeeded, BasisNeeded."""
    rule = _return_rule(case, asker, ground)
    if not _is_known(command.right_owner, ground):
        raise RightOwnerNeeded(given=command.right_owner)
    ruling = case.returns >= rule.at_most
    to = _return_to(case, rule, command, ground, ruling=ruling)
    after = given(case, to, ground)
    after = after._replace(returns=case.returns + 1, ruled=ruling)
    change = Change(after, _returned(case, command, to, ruling=ruling), news=(Moved(),))
    if not agenda.is_due_by_returns(after, ground):
        return change
    on = agenda.put_on(after, AgendaReason.RETURNED, ground, at=asker.at)
    return replace(on, body={**change.body, "agenda": on.body["item"]}, news=(*change.news, *on.news))


def _returned(case: CaseState, command: Return, to: PostId, *, ruling: bool) -> dict[str, object]:
    return {
        "stage": case.stage,
        "reason": command.reason,
        "right_owner": command.right_owner,
        "basis": command.basis,
        "owner": to,
        "ruling": ruling,
    }


def _return_rule(case: CaseState, asker: Asker, ground: Ground) -> ReturnRule:
    """The rule of returns at this stage, while one is still possible."""
    stage = ground.stage(case.stage)
    rule = ground.definition.return_of(stage)
    if rule is None:
        raise NoReturn(stage=stage.key, stage_name=stage.name.zh)
    if case.ruled:
        raise Ruled
    within = rule.within or RETURN_WITHIN
    if case.acknowledged_at and asker.at > ground.calendar.due(case.acknowledged_at, within):
        raise ReturnTooLate(limit=str(within), limit_zh=within.zh)
    return rule


def _is_known(named: str, ground: Ground) -> bool:
    """True when it names a unit by key or a live post by id."""
    if not named.strip():
        return False
    try:
        return UUID(named) in ground.duties.posts
    except ValueError:
        return any(entry.unit == named for entry in ground.duties.posts.values())


def _return_to(case: CaseState, rule: ReturnRule, command: Return, ground: Ground, *, ruling: bool) -> PostId:
    desk = (rule.ruling or Who("grid-office")) if ruling else rule.to
    if ruling and rule.legal_basis and not command.basis.strip():
        raise BasisNeeded(returns=case.returns, desk=role_label(desk.role))
    to = post_of(desk, case, ground)
    if to != case.owner:
        return to
    up = head_of(to, case, ground)
    if up is None:
        raise NotATarget(post=str(to), why_zh="它已是责任岗位", why_en="it owns the case already")
    return up


def given(case: CaseState, to: PostId, ground: Ground) -> CaseState:
    """Same stage and same running clock with another owner, who has not signed in yet."""
    fired = tuple(name for name in case.fired if name != "acknowledge")
    after = case._replace(
        owner=to, sender=case.owner, acknowledged_at=None, previous=None, request=None, fired=fired
    )
    return with_alarm(after, ground)


def hand_over(case: CaseState, command: HandOver, asker: Asker, ground: Ground) -> Change:
    """转派: another post answers alone from now on. The clock runs on. Raises NotATarget, OwnWork.

    Its owner may give it to posts of the stage's own kinds; who may dispatch here, to any live post."""
    stage = ground.stage(case.stage)
    if command.to == case.owner:
        raise NotATarget(post=str(command.to), why_zh="它已是责任岗位", why_en="it owns the case already")
    dispatching = asker.by.kind == "system" or asker.by.allows("case.dispatch", case.grid_code)
    entering.check_target(
        command.to, widened(stage, command.to, ground) if dispatching else stage, case, ground
    )
    copies = copying.chosen(command.copy, stage, case, ground)
    entry = ground.duties.posts[command.to]
    after = given(case, command.to, ground)
    if entry.role == "department-handler":
        after = after._replace(unit=entry.unit)
    body = {"stage": case.stage, "owner": command.to, "reason": command.reason, "ruling": case.ruled}
    return Change(after, body | copying.on_record(copies), news=(Moved(copies),))


def widened(stage: Stage, to: PostId, ground: Ground) -> Stage:
    """The stage as one who may dispatch sees it: it may be given to this kind of post too."""
    entry = ground.duties.posts.get(to)
    return replace(stage, assignable=(*stage.assignable, Who(entry.role))) if entry else stage


def recall(case: CaseState, command: Recall, asker: Asker, ground: Ground) -> Change:
    """撤回: the stage before, as if it had never been left: same owner, same clock. Raises CannotRecall."""
    before = case.previous
    if before is None or case.acknowledged_at is not None:
        raise CannotRecall
    stage = ground.stage(before.stage)
    way = f"{before.stage}/{case.entered_by}"
    back = case._replace(
        stage=before.stage,
        owner=before.post_id,
        sender=None,
        entered_at=before.entered_at,
        entered_by=before.entered_by,
        acknowledged_at=before.acknowledged_at,
        clock=before.clock,
        previous=None,
        request=None,
        fired=(),
        hands={key: hand for key, hand in case.hands.items() if key != before.stage},
        taken={**case.taken, way: max(0, case.taken.get(way, 0) - 1)},
    )
    back, tasks = entering.beside(case, back, stage, Entry(), ground, at=asker.at, ended_as=TaskStatus.VOID)
    after = gone_off(back, ground, asker)
    body = {"stage": case.stage, "to": before.stage, "owner": before.post_id, "reason": command.reason}
    news = tuple(TaskGiven(task) for task in tasks if task.status is TaskStatus.OPEN)
    copies = (case.owner,) if case.owner else ()
    return Change(after, body, tasks, (Moved(copies), *news))


def gone_off(case: CaseState, ground: Ground, asker: Asker) -> CaseState:
    """Alarms that lie behind count as gone off: a clock taken up again does not repeat them."""
    fired = [name for name, moment in alarms(case, ground).items() if moment <= asker.at and name != LAPSE]
    return with_alarm(case._replace(fired=tuple(fired)), ground)


def reassign(case: CaseState, command: Reassign, asker: Asker, ground: Ground) -> Change:
    """改派网格: the same stage begins again in the right grid with that grid's post; the clock runs on.

    Raises NotInTheGrid, NoPost, SeveralPosts."""
    if not ground.is_live_grid(command.grid_code) or command.grid_code == case.grid_code:
        raise NotInTheGrid(grid=command.grid_code)
    stage = ground.stage(case.stage)
    moved = case._replace(grid_code=command.grid_code)
    to = entering.owner_of(stage, moved, Entry(), ground)
    after = given(moved, to, ground)._replace(sender=case.owner)
    body = {
        "stage": case.stage,
        "from_grid": case.grid_code,
        "grid": command.grid_code,
        "owner": to,
        "reason": command.reason,
    }
    return Change(after, body, news=(Moved((case.owner,) if case.owner else ()),))
