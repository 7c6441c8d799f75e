"""What people decide of proposals, one or many at once: the same matter, or not.

Every decision keeps who made it and when: the filter learns from them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.cases import actions as cases
from onegrid.cases import queries as case_queries
from onegrid.cases.rules.commands import Command, Exhibit, Join, MarkRepeat, Merge
from onegrid.cases.rules.state import LIVE, PHASE_ZH, CaseState, Phase
from onegrid.intake.actions.filing import Filed
from onegrid.intake.actions.pool import taken_up, trace, write_outcomes
from onegrid.intake.queries import desk
from onegrid.intake.queries.desk import PERMISSION, Held
from onegrid.intake.queries.proposals import HeldProposal, lock_proposals, reports_proposed
from onegrid.intake.rules import proposals as rules
from onegrid.intake.rules.proposals import Decided, Effect, ProposalState
from onegrid.intake.rules.reasoning import sentence
from onegrid.intake.rules.reports import KIND_ZH, Outcome, OutcomeKind
from onegrid.kernel import bulk, outbox, stamps
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import EvidenceKind
from onegrid.workforce import queries as workforce

VERBS: Final = {ProposalState.CONFIRMED: "confirm-same", ProposalState.REFUSED: "refuse-same"}
EFFECTS: Final[Mapping[type[Command], Effect]] = {
    Merge: Effect.MERGED,
    Join: Effect.JOINED,
    MarkRepeat: Effect.REPEATED,
}


@dataclass(slots=True)
class _Taken:
    """A proposal and its report, both locked, on their way to a decision; or the refusal."""

    id: UUID
    proposal: HeldProposal
    report: Held
    refusal: Refusal | None = None
    move: Command | None = None
    effect: Effect = Effect.APART
    case_id: CaseId | None = None
    case_number: str = ""

    def decided(self, state: ProposalState) -> Decided:
        case_id = self.case_id or (CaseId(self.report.case_id) if self.report.case_id else None)
        number = self.case_number or self.report.case_number
        return Decided(self.id, self.proposal.report_id, state, self.effect, case_id, number)


@transaction.atomic
def confirm(ids: Sequence[UUID], *, by: Actor, now: datetime) -> list[Decided | Refusal]:
    """The same matter: the report's case merges into the earlier one, by the rights of that move; a report
    that waits joins it; where the earlier one has ended, it is marked as a repeated complaint.

    Each is decided or refused by itself; the report's other proposals lapse. Raises NotPermitted."""
    with stamps.pinned():
        taken = _take(ids, by)
        ready = [one for one in taken.values() if isinstance(one, _Taken)]
        _plan(ready, by, now)
        moving = [one for one in ready if one.move is not None and one.refusal is None]
        moves = [one.move for one in moving if one.move is not None]
        for one, result in zip(moving, cases.perform(moves, by=by, now=now) if moves else (), strict=True):
            one.refusal = result if isinstance(result, Refusal) else None
        _join_reports([one for one in moving if one.refusal is None], by=by, now=now)
        return _keep(ids, taken, ProposalState.CONFIRMED, by=by, now=now)


@transaction.atomic
def refuse(ids: Sequence[UUID], *, by: Actor, now: datetime) -> list[Decided | Refusal]:
    """Not the same matter: they stay apart, and the filter learns from it. Raises NotPermitted."""
    return _keep(ids, _take(ids, by), ProposalState.REFUSED, by=by, now=now)


def _take(ids: Sequence[UUID], by: Actor) -> dict[UUID, _Taken | Refusal]:
    """The reports, then all their proposals, locked in this order, so that two who decide of one report wait
    for each other; or why one of them cannot be decided."""
    by.require(PERMISSION)
    reports = desk.lock(reports_proposed(ids))
    held = lock_proposals(list(reports))
    taken: dict[UUID, _Taken | Refusal] = {}
    for id_ in ids:
        proposal = held.get(id_)
        report = reports.get(proposal.report_id) if proposal else None
        if proposal is None or report is None or not by.allows(PERMISSION, report.waiting.area_code):
            taken[id_] = rules.ProposalNotFound()
        elif proposal.state is not ProposalState.OPEN:
            taken[id_] = rules.already(proposal.state, proposal.decided_by_name, proposal.decided_at)
        else:
            taken[id_] = _Taken(id_, proposal, report)
    return taken


def _plan(ready: Sequence[_Taken], by: Actor, now: datetime) -> None:
    """Set what confirming each one moves; of two proposals of one report the first counts."""
    own = [CaseId(one.report.case_id) for one in ready if one.report.case_id]
    known = case_queries.states([*(one.proposal.case_id for one in ready), *own])
    files = case_queries.stored_files([sha for one in ready for sha in one.report.waiting.photos])
    first: dict[UUID, UUID] = {}
    for one in ready:
        if first.setdefault(one.proposal.report_id, one.id) != one.id:
            one.refusal = rules.already(ProposalState.LAPSED, by.name, now)
            continue
        try:
            _plan_one(one, known, files, by)
        except Refusal as refusal:
            one.refusal = refusal


def _plan_one(one: _Taken, known: Mapping[CaseId, CaseState], files: Container[str], by: Actor) -> None:
    earlier = known.get(one.proposal.case_id)
    if earlier is None or not case_queries.may_see(earlier, by, workforce.duty_table()):
        raise rules.ProposalNotFound
    own = known.get(CaseId(one.report.case_id)) if one.report.case_id else None
    one.case_id, one.case_number = earlier.id, earlier.number
    if own is not None and own.id == earlier.id:
        one.effect = Effect.SAME
        return
    ended = earlier.phase not in LIVE
    one.move = _repeat(one, own, earlier) if ended else _same(one, own, earlier, files)
    one.effect = EFFECTS[type(one.move)]


def _repeat(one: _Taken, own: CaseState | None, earlier: CaseState) -> Command:
    facts = {"number": earlier.number, "phase": str(earlier.phase), "phase_zh": PHASE_ZH[earlier.phase]}
    if earlier.phase is not Phase.CLOSED:
        raise rules.MatterGone(**facts)
    if own is None:
        raise rules.MatterEnded(**facts)
    one.case_id, one.case_number = own.id, own.number
    return MarkRepeat(case_id=own.id, of=earlier.id)


def _same(one: _Taken, own: CaseState | None, earlier: CaseState, files: Container[str]) -> Command:
    for case in (earlier, own):
        definition = scenarios.version(case.version_id).definition if case else None
        if definition is not None and not definition.duplicate.joins:
            raise rules.JoiningForbidden(scenario_zh=definition.name.zh, scenario=definition.name.en)
    if own is not None:
        words = sentence(one.proposal.reasons, "zh")
        return Merge(case_id=own.id, into=earlier.id, reason=f"确认为同一件事：{words or '人工核对'}")
    if one.report.kind is not OutcomeKind.POOLED:
        raise rules.NothingToMerge(kind=one.report.kind.value, kind_zh=KIND_ZH[one.report.kind])
    waiting = one.report.waiting
    photos = tuple(Exhibit(sha, EvidenceKind.PHOTO, "before") for sha in waiting.photos if sha in files)
    return Join(case_id=earlier.id, report_id=waiting.report_id, evidence=photos, at=waiting.reported_at)


def _join_reports(moved: Sequence[_Taken], *, by: Actor, now: datetime) -> None:
    """Write the rows of waiting reports that joined; whoever sent them hears of it."""
    joined = [one for one in moved if one.effect is Effect.JOINED]
    if not joined:
        return
    outcomes = [
        Outcome(one.proposal.report_id, OutcomeKind.JOINED, one.case_id, one.case_number) for one in joined
    ]
    write_outcomes(outcomes, now=now)
    filed = [Filed(OutcomeKind.JOINED, one.case_id, one.case_number) for one in joined]
    told = [taken_up(one.report, each, now=now) for one, each in zip(joined, filed, strict=True)]
    outbox.publish(told, at=now)


_LAPSE_OTHERS = (
    "UPDATE intake_proposal SET state = 'lapsed', decided_at = %s, decided_by_name = %s"
    " WHERE report_id = ANY(%s::uuid[]) AND state = 'open'"
)


def _keep(
    ids: Sequence[UUID],
    taken: Mapping[UUID, _Taken | Refusal],
    state: ProposalState,
    *,
    by: Actor,
    now: datetime,
) -> list[Decided | Refusal]:
    """Write down who decided what and when, on the proposals and on the trails of their reports."""
    done = [one for one in taken.values() if isinstance(one, _Taken) and one.refusal is None]
    columns = [
        ("state", "text"), ("decided_at", "timestamptz"), ("decided_by", "uuid"), ("decided_by_name", "text"),
    ]  # fmt: skip
    rows = [(one.id, state.value, now, by.account_id, by.name) for one in done]
    bulk.update("intake_proposal", ("id", "uuid"), columns, rows)
    reports = [one.proposal.report_id for one in done]
    if state is ProposalState.CONFIRMED and done:
        with connection.cursor() as cursor:
            cursor.execute(_LAPSE_OTHERS, [now, by.name, bulk.array(reports)])
    bodies = [
        {
            "case": one.proposal.case_id,
            "effect": one.effect.value,
            "reasons": [*map(str, one.proposal.reasons)],
        }
        for one in done
    ]
    trace(reports, bodies, verb=VERBS[state], by=by, now=now)
    results = {
        id_: one if isinstance(one, Refusal) else one.refusal or one.decided(state)
        for id_, one in taken.items()
    }
    return [results[id_] for id_ in ids]
