"""What an owner must ask for: more time, or a hold. The clock runs until the approver has decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from onegrid.cases.rules import answering, clocks
from onegrid.cases.rules.alarms import grown, with_alarm
from onegrid.cases.rules.change import Asked, Asker, Change, Decided, Ground
from onegrid.cases.rules.commands import AskExtension, AskHold, Decide, Resume
from onegrid.cases.rules.exits import incomplete
from onegrid.cases.rules.people import head_of, post_of
from onegrid.cases.rules.refusals import (
    AskedTooLate,
    HoldIncomplete,
    NoHold,
    NoMore,
    NoRequest,
    NotExtendable,
    OwnRequest,
    ReasonNeeded,
    RequestPending,
)
from onegrid.cases.rules.state import CaseState, Phase, Request, RequestKind
from onegrid.kernel.calendar import ClockKind, Limit
from onegrid.kernel.ids import PostId
from onegrid.scenarios.rules import Form, Need, Stage, Who, check_needs, check_values
from onegrid.scenarios.rules.fields import NO_FORM

LONGEST_HOLD = Limit(180, ClockKind.DAYS)  # where the scenario does not say
NO_ANSWERS: Mapping[str, object] = {}
CARD_REPLY = Limit(1, ClockKind.WORKING_DAYS)  # to a card that the system gives
_KIND_ZH = {RequestKind.EXTENSION: "延期", RequestKind.HOLD: "挂账"}


def ask_extension(case: CaseState, command: AskExtension, asker: Asker, ground: Ground) -> Change:
    """申请延期, before the stage is due; how often it was extended is counted and shown.

    From the second time on the head of the owner's unit agrees first (domain.md 3.5: two approvals).
    Raises NotExtendable, RequestPending, AskedTooLate, NoMore, Incomplete, ReasonNeeded, BadLimit."""
    stage = ground.stage(case.stage)
    rule = ground.definition.extension_of(stage)
    if rule is None:
        raise NotExtendable(stage=stage.key, stage_name=stage.name.zh)
    _check_open(case, asker)
    _check_count(case.extensions, rule.at_most, stage, "延期", "extend")
    _check_given(rule.needs, case, asker, form=rule.form, values=command.form, reason=command.reason)
    extra = rule.step or Limit.parse(command.extra)
    request = Request(
        kind=RequestKind.EXTENSION,
        asked_at=asker.at,
        asked_by=_owner(case),
        asker=asker.by.account_id,
        reason=_said(command.reason, "申请延期", "ask for time"),
        approvers=_approvers(rule.decided_by, case, ground, twice=case.extensions > 0),
        extra=str(extra),
    )
    form = answering.with_computed(rule.form, command.form)
    case = answering.beside_the_flow(case, form, ground)
    body = {"reason": command.reason, "extra": str(extra), "extensions": case.extensions}
    return _asked(case, request, body | ({"form": answering.on_record(form, case, ground)} if form else {}))


def ask_hold(case: CaseState, command: AskHold, asker: Asker, ground: Ground) -> Change:
    """申请挂账: needs its condition, a review date ahead and the interim safety measure.

    Raises NoHold, RequestPending, AskedTooLate, NoMore, Incomplete, HoldIncomplete."""
    stage = ground.stage(case.stage)
    rule = ground.definition.hold_of(stage)
    if rule is None:
        raise NoHold(stage=stage.key, stage_name=stage.name.zh)
    _check_open(case, asker)
    _check_count(case.holds, rule.at_most, stage, "挂账", "hold")
    _check_given(rule.needs, case, asker, reason=command.reason)
    _check_hold(command, rule.longest or LONGEST_HOLD, asker, ground)
    said = {"condition": command.condition, "review_at": command.review_at, "interim": command.interim}
    request = Request(
        kind=RequestKind.HOLD,
        asked_at=asker.at,
        asked_by=_owner(case),
        asker=asker.by.account_id,
        reason=_said(command.reason, "申请挂账", "ask for a hold"),
        approvers=_approvers(rule.decided_by, case, ground, twice=False),
        condition=command.condition,
        review_at=command.review_at,
        interim=command.interim,
    )
    return _asked(case, request, {"reason": command.reason, **said})


def _check_given(
    needs: Sequence[Need],
    case: CaseState,
    asker: Asker,
    *,
    reason: str,
    form: Form = NO_FORM,
    values: Mapping[str, object] = NO_ANSWERS,
) -> None:
    """Raise Incomplete unless the request brings the answers and papers that the scenario asks for."""
    problems = check_values(form, values, answers=case.facts())
    problems += check_needs(needs, evidence=asker.given, opinion=reason, located=case.located)
    incomplete(problems)


def _check_hold(command: AskHold, longest: Limit, asker: Asker, ground: Ground) -> None:
    ahead = asker.at < command.review_at <= ground.calendar.due(asker.at, longest)
    if not (ahead and command.condition.strip() and command.interim.strip()):
        raise HoldIncomplete(longest=longest.zh)


def _asked(case: CaseState, request: Request, body: dict[str, object]) -> Change:
    news = Asked(str(request.kind), request.approvers[0], request.reason)
    return Change(case._replace(request=request), body | {"approver": request.approvers[0]}, news=(news,))


def _owner(case: CaseState) -> PostId:
    assert case.owner is not None
    return case.owner


def _said(reason: str, verb_zh: str, verb: str) -> str:
    if not reason.strip():
        raise ReasonNeeded(verb_zh=verb_zh, verb=verb)
    return reason


def _check_open(case: CaseState, asker: Asker) -> None:
    if case.request is not None:
        raise RequestPending(kind=case.request.kind, kind_zh=_KIND_ZH[case.request.kind])
    due = case.clock.due if case.clock else None
    if due is not None and asker.at > due:
        raise AskedTooLate(due=due)


def _check_count(used: int, most: int | None, stage: Stage, what_zh: str, what_en: str) -> None:
    if most is not None and used >= most:
        raise NoMore(
            stage=stage.key, stage_name=stage.name.zh, most=most, used=used, what_zh=what_zh, what_en=what_en
        )


def _approvers(decided_by: Who, case: CaseState, ground: Ground, *, twice: bool) -> tuple[PostId, ...]:
    """Who decides, in order; never the owner himself."""
    last = post_of(decided_by, case, ground)
    if last == case.owner:
        last = head_of(last, case, ground) or last
    first = head_of(case.owner, case, ground) if twice else None
    return (last,) if first is None or first in (last, case.owner) else (first, last)


def decide(case: CaseState, command: Decide, asker: Asker, ground: Ground) -> Change:
    """审批: the clock grows, stops, or runs on as before. Nobody decides on his own request.

    Raises NoRequest, OwnRequest, ReasonNeeded (a refusal needs one)."""
    request = case.request
    if request is None:
        raise NoRequest
    if request.asker is not None and request.asker == asker.by.account_id:
        raise OwnRequest
    if not command.granted:
        _said(command.reason, "驳回", "deny")
    after = _decided(case, request, command, asker, ground)
    body = {"kind": str(request.kind), "granted": command.granted, "reason": command.reason}
    if after.request is not None:
        more = Asked(str(request.kind), after.request.approvers[0], request.reason)
        return Change(after, body | {"next_approver": after.request.approvers[0]}, news=(more,))
    body["due"] = after.clock.due if after.clock else None
    return Change(after, body, news=(Decided(str(request.kind), command.granted, command.reason),))


def _decided(case: CaseState, request: Request, command: Decide, asker: Asker, ground: Ground) -> CaseState:
    clock = case.clock
    assert clock is not None
    if not command.granted:
        return case._replace(request=None)
    if len(request.approvers) > 1:
        return case._replace(request=replace(request, approvers=request.approvers[1:]))
    case = case._replace(request=None)
    if request.kind is RequestKind.EXTENSION:
        clock = clocks.extend(clock, Limit.parse(request.extra), calendar=ground.calendar)
        return grown(case._replace(clock=clock, extensions=case.extensions + 1), ground, at=asker.at)
    clock = clocks.pause(clock, at=asker.at, calendar=ground.calendar)
    return case._replace(phase=Phase.HELD, clock=clock, holds=case.holds + 1, alarm_at=request.review_at)


def resume(case: CaseState, command: Resume, asker: Asker, ground: Ground) -> Change:
    """恢复办理: the clock runs on with exactly the time that was left."""
    assert case.clock is not None
    clock = clocks.resume(case.clock, at=asker.at, calendar=ground.calendar)
    after = with_alarm(case._replace(phase=Phase.OPEN, clock=clock), ground)
    return Change(
        after, {"reason": command.reason, "due": clock.due}, news=(Decided("resume", True, command.reason),)
    )
