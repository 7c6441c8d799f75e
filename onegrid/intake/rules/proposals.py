"""Proposals: a report may be about an earlier matter; people decide, and what they decide is learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from onegrid.intake.rules.reasoning import Reason
from onegrid.kernel.ids import CaseId, ReportId
from onegrid.kernel.refusals import Refusal

CITY: Final = ZoneInfo("Asia/Shanghai")
MOST_PER_REPORT: Final = 3
REPEAT_WITHIN: Final = timedelta(days=30)  # after the earlier case closed (domain.md 3.6)


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"  # 待确认
    CONFIRMED = "confirmed"  # 已确认为同一件事
    REFUSED = "refused"  # 已确认不是同一件事
    LAPSED = "lapsed"  # 已失效: one of the two ended otherwise before anybody decided


STATE_ZH: Final = {
    ProposalState.OPEN: "待确认",
    ProposalState.CONFIRMED: "已确认",
    ProposalState.REFUSED: "已否认",
    ProposalState.LAPSED: "已失效",
}


class Effect(StrEnum):
    """What a decision did."""

    MERGED = "merged"  # the report's case goes on in the earlier one
    JOINED = "joined"  # the waiting report joined the earlier one
    REPEATED = "repeated"  # the earlier one has ended: marked as a repeated complaint
    SAME = "same"  # it was in that case already
    APART = "apart"  # refused: they stay apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal to write: this report may be about that earlier case.

    `rank` 1 to 3, the best first; `score` the probability that they are the same matter; `facts` the features
    as they were at that moment; `model` the version that scored."""

    report_id: ReportId
    case_id: CaseId
    rank: int
    score: float
    reasons: Sequence[Reason]
    facts: Sequence[float]
    model: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a proposal: its state, and the case in which the report's matter goes on."""

    id: UUID
    report_id: ReportId
    state: ProposalState
    effect: Effect
    case_id: CaseId | None
    case_number: str


class ProposalNotFound(Refusal):
    status = 404
    code = "intake.proposal-not-found"
    zh = "没有找到该并案建议，或不在您的管辖范围内。"
    en = "No such proposal, or it lies outside your territory."


class AlreadyDecided(Refusal):
    """Somebody decided first, or one of the two matters ended; the present state is in the parameters."""

    status = 409
    code = "intake.proposal-decided"
    zh = "该建议{state_zh}（{by_zh}，{when}），请刷新后再操作。"
    en = "The proposal is {state} already (by {by_en}, {when}); reload."


class JoiningForbidden(Refusal):
    status = 409
    code = "intake.joining-forbidden"
    zh = "场景“{scenario_zh}”规定每件上报单独办理，不能并案。"
    en = "Every report of the scenario '{scenario}' is a matter of its own and joins no other."


class MatterEnded(Refusal):
    status = 409
    code = "intake.matter-ended"
    zh = "事件 {number} {phase_zh}，待核实的上报不能并入；请先入格，再确认为重复投诉。"
    en = "Case {number} is {phase}: onboard the waiting report first, then confirm that it repeats that one."


class MatterGone(Refusal):
    status = 409
    code = "intake.matter-gone"
    zh = "事件 {number} {phase_zh}，该建议已不适用。请刷新后再操作。"
    en = "Case {number} is {phase}, so the proposal does not apply any more. Reload, then act."


class NothingToMerge(Refusal):
    status = 409
    code = "intake.nothing-to-merge"
    zh = "该上报现状为“{kind_zh}”，没有可以并案的事件。"
    en = "The report is {kind}; there is nothing to merge."


class NotFollowed(Refusal):
    """The report takes the road of every report instead; the sender is told why."""

    status = 409
    code = "intake.not-followed"
    zh = "没有并入您选择关注的事件：{why_zh}。您的上报已按正常流程受理。"
    en = "It did not join the case you chose to follow: {why_en}. It was taken in like any other report."


def already(state: ProposalState, by_name: str, at: datetime | None) -> AlreadyDecided:
    """The refusal that says who was first."""
    return AlreadyDecided(
        state=str(state),
        state_zh=STATE_ZH[state],
        by_zh=by_name or "系统",
        by_en=by_name or "the platform",
        at=at,
        when=f"{at.astimezone(CITY):%Y-%m-%d %H:%M}" if at else "",
    )
