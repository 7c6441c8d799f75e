"""已有人上报，选择关注: a report whose sender chose to follow a running case joins that case directly.

Only a case that the question "already reported nearby?" shows for this class at this place: so nobody
reaches another matter, and no desk need look first. Where it cannot join, the report takes the usual road."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from onegrid.accounts.rules import Actor
from onegrid.cases import actions as cases
from onegrid.cases import queries as case_queries
from onegrid.cases.rules.commands import Exhibit, Join
from onegrid.cases.rules.state import LIVE, PHASE_ZH, CaseState
from onegrid.intake.actions.filing import Filed
from onegrid.intake.actions.incoming import Incoming
from onegrid.intake.queries.matters import asked, shown_nearby
from onegrid.intake.rules.proposals import NotFollowed
from onegrid.intake.rules.reasons import VerifyFirst
from onegrid.intake.rules.reports import OutcomeKind
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import EvidenceKind


def follow(incoming: Sequence[Incoming], *, by: Actor, now: datetime) -> dict[int, Filed | NotFollowed]:
    """What became of the wish to follow, by the index of each report that has one; set-based."""
    wishing = [each for each in incoming if each.report.follows is not None]
    if not wishing:
        return {}
    known = case_queries.states([each.report.follows for each in wishing if each.report.follows])
    shown = _shown_nearby(wishing)
    found: dict[int, Filed | NotFollowed] = {}
    joining: list[tuple[Incoming, Join]] = []
    stored = case_queries.stored_files([sha for each in wishing for sha in each.report.photos])
    for each in wishing:
        case = known.get(CaseId(each.report.follows)) if each.report.follows else None
        objection = _objection(each, case, shown[each.index])
        if objection is not None or case is None:
            found[each.index] = objection or _unknown()
            continue
        photos = tuple(
            Exhibit(sha, EvidenceKind.PHOTO, "before") for sha in each.report.photos if sha in stored
        )
        joining.append((each, Join(case_id=case.id, report_id=each.report_id, evidence=photos, at=each.at)))
    joins = [join for _, join in joining]
    for (each, _), result in zip(joining, cases.join(joins, by=by, now=now) if joins else (), strict=True):
        if isinstance(result, Refusal):  # it ended at this very moment
            zh, en = result.message("zh").rstrip("。"), result.message("en").rstrip(".")
            found[each.index] = NotFollowed(why_zh=zh, why_en=en)
        else:
            found[each.index] = Filed(OutcomeKind.JOINED, result.case_id, result.number)
    return found


def _shown_nearby(wishing: Sequence[Incoming]) -> Mapping[int, frozenset[CaseId]]:
    """The cases that the question "already reported?" shows for each report."""
    placed = [each for each in wishing if each.place[0] is not None and each.class_code is not None]
    here = [
        asked(each.class_code, *each.place, text=each.report.text, at=each.at)
        for each in placed
        if each.class_code is not None
    ]
    shown = {each.index: frozenset[CaseId]() for each in wishing}
    urgent = [each.is_urgent for each in placed]
    for each, found in zip(placed, shown_nearby(here, urgent), strict=True):
        shown[each.index] = frozenset(found)
    return shown


def _objection(each: Incoming, case: CaseState | None, shown: frozenset[CaseId]) -> NotFollowed | None:
    """Why this report may not follow that case. Whatever waits for a person goes on waiting for one."""
    if case is None:
        return _unknown()
    if case.phase not in LIVE:
        zh, en = f"该事件{PHASE_ZH[case.phase]}", f"that case is {case.phase}"
        return NotFollowed(why_zh=zh, why_en=en)
    if each.waits is not None and not isinstance(each.waits, VerifyFirst):
        zh, en = each.waits.message("zh").rstrip("。"), each.waits.message("en").rstrip(".")
        return NotFollowed(why_zh=zh, why_en=en)
    if not scenarios.version(case.version_id).definition.duplicate.joins:
        return NotFollowed(
            why_zh="该类事项每件单独办理", why_en="every report of that kind is a matter of its own"
        )
    if case.id not in shown:
        return NotFollowed(
            why_zh="该事件不在您上报地点附近，或不是同类事项",
            why_en="that case is not near the place of the report, or of another class",
        )
    return None


def _unknown() -> NotFollowed:
    return NotFollowed(why_zh="没有这个事件", why_en="there is no such case")
