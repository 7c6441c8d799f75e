"""The table of moves, and the one road by which a move is decided.

Each row: the verb, its names, who may make it, in which phases, and the rule that decides it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from onegrid.cases.rules import (
    asking,
    beside,
    conference,
    ending,
    exhibits,
    exits,
    joining,
    merging,
    owning,
    pressing,
    repeating,
    versions,
)
from onegrid.cases.rules import commands as do
from onegrid.cases.rules.change import Asker, Change, Ground
from onegrid.cases.rules.file_refusals import UnknownFile, WrongKind
from onegrid.cases.rules.people import Doer, acting
from onegrid.cases.rules.refusals import NotNow, NotYours, Stale
from onegrid.cases.rules.state import LIVE, PHASE_ZH, CaseState, Phase
from onegrid.scenarios.rules import Need, is_met

Rule = Callable[[CaseState, Any, Asker, Ground], Change]

OPEN = frozenset({Phase.OPEN})
HELD = frozenset({Phase.HELD})
CLOSED = frozenset({Phase.CLOSED})
MERGED = frozenset({Phase.MERGED})
CLOCK_SET_BACK = timedelta(seconds=5)  # less is the wait for a lock


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    verb: str
    zh: str
    en: str
    doer: Doer
    phases: frozenset[Phase]
    rule: Rule
    signs_in: bool = False  # doing it shows that the owner has the case


MOVES = {
    move.verb: move
    for move in (
        # verb                       name                    who             when         decided by
        Move(do.Acknowledge.verb, "签收", "sign in", Doer.OWNER, LIVE, owning.acknowledge),
        Move(do.TakeExit.verb, "办理", "finish the stage", Doer.OWNER, OPEN, exits.take_exit, signs_in=True),
        Move(do.Return.verb, "退回", "return", Doer.OWNER, OPEN, owning.return_case),
        Move(do.HandOver.verb, "转派", "hand over", Doer.DISPATCHER, LIVE, owning.hand_over),
        Move(do.Reassign.verb, "改派网格", "reassign", Doer.DISPATCHER, LIVE, owning.reassign),
        Move(do.Recall.verb, "撤回", "recall", Doer.SENDER, OPEN, owning.recall),
        Move(
            do.AskExtension.verb,
            "申请延期",
            "ask for time",
            Doer.OWNER,
            OPEN,
            asking.ask_extension,
            signs_in=True,
        ),
        Move(do.AskHold.verb, "申请挂账", "ask for a hold", Doer.OWNER, OPEN, asking.ask_hold, signs_in=True),
        Move(do.Decide.verb, "审批", "decide", Doer.APPROVER, OPEN, asking.decide),
        Move(do.Resume.verb, "恢复办理", "resume", Doer.DISPATCHER, HELD, asking.resume),
        Move(do.Note.verb, "办理记录", "note", Doer.INVOLVED, LIVE, pressing.note),
        Move(do.Urge.verb, "催办", "urge", Doer.PRESSER, OPEN, pressing.urge),
        Move(do.Supervise.verb, "督办", "supervise", Doer.SUPERVISOR, LIVE, pressing.supervise),
        Move(do.Instruct.verb, "批示", "instruct", Doer.SUPERVISOR, LIVE, pressing.instruct),
        Move(do.Cosign.verb, "会签办结", "co-sign", Doer.TASK_POST, LIVE, beside.cosign),
        Move(do.ReportFollowUp.verb, "跟踪上报", "report", Doer.TASK_POST, LIVE, beside.report_follow_up),
        Move(do.Receive.verb, "接收批示", "receive", Doer.TASK_POST, LIVE, beside.receive),
        Move(do.Feedback.verb, "批示反馈", "give feedback", Doer.TASK_POST, LIVE, beside.feedback),
        Move(do.ReplyCard.verb, "督办回复", "reply to the card", Doer.TASK_POST, LIVE, beside.reply_card),
        Move(
            do.DecideAgenda.verb,
            "联席会议决定",
            "decide at the conference",
            Doer.CONFERENCE,
            frozenset(Phase),
            conference.decide_agenda,
        ),
        Move(
            do.MoveVersion.verb,
            "改用版本",
            "move to another version",
            Doer.OFFICE,
            LIVE,
            versions.move_version,
        ),
        Move(do.Merge.verb, "并案", "merge", Doer.DISPATCHER, LIVE, merging.merge),
        Move(do.Unmerge.verb, "拆分事件", "un-merge", Doer.UNMERGER, MERGED, merging.unmerge),
        Move(do.MarkRepeat.verb, "标记重复投诉", "mark as repeated", Doer.DESK, LIVE, repeating.mark_repeat),
        Move(do.Void.verb, "作废", "void", Doer.VOIDER, LIVE, ending.void),
        Move(do.Rate.verb, "评价", "rate", Doer.RATER, OPEN | CLOSED, ending.rate),
        Move(do.RateOwn.verb, "反映人评价", "rate (reporter)", Doer.ANYONE, OPEN | CLOSED, ending.rate),
        Move(do.Reopen.verb, "返工", "reopen", Doer.DESK, CLOSED, ending.reopen),
        Move(do.Join.verb, "并入重复件", "join", Doer.ANYONE, LIVE, joining.join),
        Move(
            do.Unjoin.verb, "拆分重复件", "take a report away", Doer.ANYONE, frozenset(Phase), joining.unjoin
        ),
    )
}


def decide(case: CaseState, command: do.Command, asker: Asker, ground: Ground) -> Change:
    """The change that a move makes, with the time of the record never running backwards.

    Raises Stale when the case has moved on since `command.version`, NotNow, NotYours, and whatever the
    rule of the move refuses."""
    move = MOVES[command.verb]
    _check_state(move, case, command, ground)
    asker = _acting(move, case, command, asker)
    set_back = case.last_at - asker.at
    evidence = exhibits.shown(case, command, asker)
    at = max(min(command.at or asker.at, asker.at), case.last_at)
    asker = replace(asker, at=at, given=(*asker.given, *exhibits.given(evidence)))
    if move.signs_in and case.acknowledged_at is None:
        case = owning.signed_in(case, asker)
    change = move.rule(case, command, asker, ground)
    body = dict(change.body)
    if set_back > CLOCK_SET_BACK:
        body["clock_set_back_s"] = set_back.total_seconds()
    if evidence:
        body["evidence"] = [one._asdict() for one in evidence]
    after = change.state._replace(last_at=at)
    return replace(change, state=after, body=body, post=asker.post, evidence=evidence)


def _check_state(move: Move, case: CaseState, command: do.Command, ground: Ground) -> None:
    if command.version is not None and command.version != case.version:
        raise stale(case, ground)
    if case.phase not in move.phases:
        phase, phase_zh = str(case.phase), PHASE_ZH[case.phase]
        raise NotNow(number=case.number, phase=phase, phase_zh=phase_zh, verb=move.en, verb_zh=move.zh)


def asks_for_more(case: CaseState, command: do.Command, asker: Asker, ground: Ground) -> bool:
    """Whether the move needs photos or papers beyond those it brings: then the case's own count too."""
    needs = _needs(case, command, ground)
    if not needs:
        return False
    try:
        brought = exhibits.given(exhibits.shown(case, command, asker))
    except (UnknownFile, WrongKind):
        return False  # refused anyway
    return not all(is_met(need, brought, opinion="given", located=case.located) for need in needs)


def _needs(case: CaseState, command: do.Command, ground: Ground) -> tuple[Need, ...]:
    """What the scenario asks for in this move."""
    definition = ground.definition
    stage = definition.stages.get(case.stage)
    if isinstance(command, do.TakeExit) and stage is not None:
        taken = stage.exits.get(command.exit)
        return (*stage.evidence, *(taken.needs if taken else ()))
    if isinstance(command, do.AskExtension | do.AskHold) and stage is not None:
        asks = isinstance(command, do.AskExtension)
        rule = definition.extension_of(stage) if asks else definition.hold_of(stage)
        return rule.needs if rule else ()
    if isinstance(command, do.Cosign) and stage is not None and stage.joint is not None:
        return stage.joint.needs
    if isinstance(command, do.ReportFollowUp):
        return tuple(need for rule in definition.follow_ups.values() for need in rule.evidence)
    return ()


def _acting(move: Move, case: CaseState, command: do.Command, asker: Asker) -> Asker:
    task_post = beside.task_of(case, command).post_id if isinstance(command, do.TaskCommand) else None
    found = acting(move.doer, case, asker.by, task_post=task_post)
    if not found.allowed:
        raise NotYours(verb=move.en, verb_zh=move.zh, doer_zh=move.doer.zh, doer_en=move.doer.en)
    return replace(asker, post=found.post)


def stale(case: CaseState, ground: Ground) -> Stale:
    """The refusal that shows the present state."""
    stage = ground.definition.stages.get(case.stage)
    return Stale(
        number=case.number,
        version=case.version,
        phase=str(case.phase),
        stage=case.stage,
        stage_name=stage.name.zh if stage else PHASE_ZH[case.phase],
        owner=str(case.owner) if case.owner else None,
        due_at=case.clock.due.isoformat() if case.clock and case.clock.due else None,
    )
