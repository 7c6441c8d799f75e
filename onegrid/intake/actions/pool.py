"""Decisions of the desk: onboard, correct, reject; and taking a joined report apart again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.cases import actions as cases
from onegrid.cases.rules.commands import Unjoin
from onegrid.intake import events
from onegrid.intake.actions.classing import facts_of, scenario_of
from onegrid.intake.actions.filing import Filed, Filing, file
from onegrid.intake.queries import desk, settings
from onegrid.intake.queries.desk import PERMISSION, Held
from onegrid.intake.rules import pool as rules
from onegrid.intake.rules import reasons
from onegrid.intake.rules.classify import faulty_answers
from onegrid.intake.rules.pool import Onboarding, Rejection
from onegrid.intake.rules.reports import KIND_ZH, Outcome, OutcomeKind
from onegrid.kernel import bulk, history, outbox, stamps
from onegrid.kernel.ids import CaseId, ClassCode, GridCode, ReportId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import VersionInfo

SUBJECT = "report"
Body = Mapping[str, object]


@transaction.atomic
def onboard(decisions: Sequence[Onboarding], *, by: Actor, now: datetime) -> list[Outcome]:
    """入格: waiting reports open or join a case through the road every report takes.

    Where no case can be opened (nobody answers for it there), the report stays in the pool with that reason.
    Raises ReportNotFound, NotWaiting, NotInGrid, NotInClass, GridUnknown, ClassNotListed, NotPermitted."""
    with stamps.pinned():
        held = desk.lock([each.report_id for each in decisions])
        fixed = {each.report_id: _ready(_fixed(each, held.get(each.report_id), by)) for each in decisions}
        return _settle(list(fixed.values()), verb="onboard", by=by, now=now)


@transaction.atomic
def assign(decisions: Sequence[Onboarding], *, by: Actor, now: datetime) -> None:
    """Correct grid or class of waiting reports, which then wait at the desk of that place.

    Raises ReportNotFound, NotWaiting, GridUnknown, ClassNotListed, NotPermitted."""
    held = desk.lock([each.report_id for each in decisions])
    fixed = [_fixed(each, held.get(each.report_id), by) for each in decisions]
    _place(fixed)
    bodies = [{"class": f.waiting.class_code, "grid": f.waiting.grid_code} for f in fixed]
    trace([f.waiting.report_id for f in fixed], bodies, verb="assign", by=by, now=now)


@transaction.atomic
def reject(rejections: Sequence[Rejection], *, by: Actor, now: datetime) -> list[Outcome]:
    """不予入格: waiting reports end here; their reporters get the reason.

    Raises ReasonMissing, ReportNotFound, NotWaiting, NotPermitted."""
    held = desk.lock([each.report_id for each in rejections])
    outcomes = []
    for each in rejections:
        text = each.reason.strip()
        if not 0 < len(text) <= rules.REASON_LIMIT:
            raise rules.ReasonMissing(limit=rules.REASON_LIMIT)
        _waiting(held.get(each.report_id), by)
        code = rules.RejectedByDesk.code
        outcomes.append(Outcome(each.report_id, OutcomeKind.REJECTED, None, "", code, text, text))
    write_outcomes(outcomes, now=now)
    bodies = [{"reason": outcome.reason_zh} for outcome in outcomes]
    trace([outcome.report_id for outcome in outcomes], bodies, verb="reject", by=by, now=now)
    outbox.publish(
        [events.ReportRejected(report_id=o.report_id, reason=o.reason_zh, rejected_at=now) for o in outcomes],
        at=now,
    )
    return outcomes


@transaction.atomic
def unmerge(report_id: ReportId, *, by: Actor, now: datetime) -> Outcome:
    """拆分: within 24 hours, a report that joined by mistake opens a case of its own; both trails say so.

    Raises ReportNotFound, NotJoined, UnmergeTooLate, and what keeps its own case from opening."""
    with stamps.pinned():
        held = _reachable(desk.lock([report_id]).get(report_id), by)
        if held.kind is not OutcomeKind.JOINED or held.case_id is None:
            raise rules.NotJoined(kind=held.kind.value, kind_zh=KIND_ZH[held.kind])
        if now - held.settled_at > rules.UNMERGE_WITHIN:
            raise rules.UnmergeTooLate(hours=int(rules.UNMERGE_WITHIN.total_seconds() // 3600))
        command = Unjoin(case_id=CaseId(held.case_id), report_id=report_id)
        (left,) = cases.unjoin([command], by=by, now=now)
        if isinstance(left, Refusal):
            raise left
        (outcome,) = _settle([_ready(held)], verb="unmerge", by=by, now=now, alone=True)
    return outcome


def _settle(
    fixed: Sequence[Held], *, verb: str, by: Actor, now: datetime, alone: bool = False
) -> list[Outcome]:
    """File the reports, write their rows and trails; an un-merged one that cannot open stays joined."""
    filed: dict[ReportId, Filed] = {}
    ready: list[Filing] = []
    for each in fixed:
        waiting = each.waiting
        route = scenario_of(ClassCode(waiting.class_code), GridCode(waiting.grid_code), now=now)
        if isinstance(route, Refusal):
            filed[waiting.report_id] = Filed(OutcomeKind.POOLED, refusal=route)
        else:
            ready.append(_filing(each, route))
    for filing, result in zip(ready, file(ready, by=by, now=now, alone=alone), strict=True):
        filed[filing.report_id] = result
    pairs = [(each, filed[each.waiting.report_id]) for each in fixed]
    outcomes = [_outcome(each.waiting.report_id, result, alone) for each, result in pairs]
    write_outcomes(outcomes, now=now)
    _place(fixed)
    outbox.publish([taken_up(*pair, now=now) for pair in pairs if pair[1].case_id], at=now)
    bodies = [_body(each, outcome) for each, outcome in zip(fixed, outcomes, strict=True)]
    trace([outcome.report_id for outcome in outcomes], bodies, verb=verb, by=by, now=now)
    return outcomes


def taken_up(held: Held, filed: Filed, *, now: datetime) -> events.ReportTakenUp:
    """What the reporter hears of."""
    assert filed.case_id is not None
    return events.ReportTakenUp(
        report_id=held.waiting.report_id,
        case_id=filed.case_id,
        case_number=filed.case_number,
        grid_code=held.waiting.grid_code,
        joined=filed.kind is OutcomeKind.JOINED,
        due_at=filed.due_at,
        taken_up_at=now,
    )


def _outcome(report_id: ReportId, filed: Filed, alone: bool) -> Outcome:
    refusal = filed.refusal
    if refusal is None:
        return Outcome(report_id, filed.kind, filed.case_id, filed.case_number)
    if alone:
        raise refusal
    zh, en = refusal.message("zh"), refusal.message("en")
    return Outcome(report_id, OutcomeKind.POOLED, reason=refusal.code, reason_zh=zh, reason_en=en)


def _body(held: Held, outcome: Outcome) -> dict[str, object]:
    return {
        "outcome": outcome.kind.value, "case": outcome.case_id, "number": outcome.case_number,
        "reason": outcome.reason, "class": held.waiting.class_code, "grid": held.waiting.grid_code,
        "from": held.case_number,
    }  # fmt: skip


def _fixed(decision: Onboarding, held: Held | None, by: Actor) -> Held:
    """The waiting report with the grid and class that the desk decided on."""
    found = _waiting(held, by)
    waiting = found.waiting
    grid, code = decision.grid_code, decision.class_code
    if grid is not None and grid != waiting.grid_code:
        if grid not in settings.place_codes():
            raise reasons.GridUnknown(grid_code=grid)
        # Its place is another than its coordinate said, so the coordinate is not relied on any more.
        waiting = replace(waiting, grid_code=grid, area_code=grid, is_doubted=True)
    if code is not None:
        if code not in scenarios.classes():
            raise reasons.ClassNotListed(class_code=code)
        waiting = replace(waiting, class_code=code)
    return replace(found, waiting=waiting)


def _waiting(held: Held | None, by: Actor) -> Held:
    found = _reachable(held, by)
    if found.kind is not OutcomeKind.POOLED:
        raise rules.NotWaiting(kind=found.kind.value, kind_zh=KIND_ZH[found.kind])
    return found


def _reachable(held: Held | None, by: Actor) -> Held:
    by.require(PERMISSION)
    if held is None or not by.allows(PERMISSION, held.waiting.area_code):
        raise rules.ReportNotFound
    return held


def _ready(held: Held) -> Held:
    if not held.waiting.grid_code:
        raise rules.NotInGrid
    if not held.waiting.class_code:
        raise rules.NotInClass
    return held


def _filing(held: Held, version: VersionInfo) -> Filing:
    waiting = held.waiting
    facts = facts_of(waiting.channel.value, waiting.source, waiting.class_code)
    faulty = faulty_answers(held.form, version, facts)
    return Filing(
        report_id=waiting.report_id,
        version=version,
        class_code=ClassCode(waiting.class_code),
        grid_code=GridCode(waiting.grid_code),
        lng=None if waiting.is_doubted else waiting.lng,
        lat=None if waiting.is_doubted else waiting.lat,
        title=waiting.title,
        description=waiting.description,
        is_urgent=waiting.is_urgent,
        channel=waiting.channel.value,
        source=waiting.source,
        at=waiting.reported_at,
        place_text=waiting.place_text,
        promised_due=waiting.promised_due,
        form={key: value for key, value in held.form.items() if key not in faulty},
        photos=waiting.photos,
    )


def write_outcomes(outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """What became of reports, into their rows."""
    columns = [
        ("kind", "text"), ("case_id", "uuid"), ("case_number", "text"), ("reason", "text"),
        ("reason_zh", "text"), ("reason_en", "text"), ("settled_at", "timestamptz"),
    ]  # fmt: skip
    rows = [
        (o.report_id, o.kind.value, o.case_id, o.case_number, o.reason, o.reason_zh, o.reason_en, now)
        for o in outcomes
    ]
    bulk.update("intake_report", ("id", "uuid"), columns, rows)


def _place(fixed: Sequence[Held]) -> None:
    columns = [
        ("class_code", "text"), ("grid_code", "text"), ("area_code", "text"), ("is_doubted", "boolean"),
    ]  # fmt: skip
    rows = [
        (each.report_id, each.class_code, each.grid_code, each.area_code, each.is_doubted)
        for each in (held.waiting for held in fixed)
    ]
    bulk.update("intake_report", ("id", "uuid"), columns, rows)


def trace(
    report_ids: Sequence[ReportId], bodies: Sequence[Body], *, verb: str, by: Actor, now: datetime
) -> None:
    """One step on the trail of each report."""
    who = history.By(by.account_id, None, by.name)
    steps = zip(report_ids, bodies, strict=True)
    history.append([history.Entry(SUBJECT, report_id, verb, now, who, body) for report_id, body in steps])
