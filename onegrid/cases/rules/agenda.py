"""The joint conference's agenda 联席会议: what nobody signs in or everybody sends back (domain.md 3.3)."""

from datetime import datetime

from onegrid.cases.rules.change import Change, Ground, Told
from onegrid.cases.rules.people import told
from onegrid.cases.rules.state import AgendaItem, AgendaReason, CaseState
from onegrid.scenarios.rules import Text, Who

REASON_ZH = {AgendaReason.UNACKNOWLEDGED: "长期未签收", AgendaReason.RETURNED: "多次退回"}
_ENTERED = {
    AgendaReason.UNACKNOWLEDGED: Text(
        "“{title}”在「{stage}」环节长期未签收，已列入联席会议议题。",
        "“{title}” was not signed in at {stage}; it is on the joint conference's agenda.",
    ),
    AgendaReason.RETURNED: Text(
        "“{title}”多次退回，已列入联席会议议题。",
        "“{title}” was sent back repeatedly; it is on the joint conference's agenda.",
    ),
}


def put_on(case: CaseState, reason: AgendaReason, ground: Ground, *, at: datetime) -> Change:
    """The case with its item; the grid office, which calls the conference, is told."""
    item = AgendaItem(ground.next_id(), reason, at)
    posts, _, _ = told((Who("grid-office"),), case, ground)
    body = {"stage": case.stage, "reason": REASON_ZH[reason], "item": item.id}
    return Change(case._replace(agenda=item), body, news=(Told(posts, _ENTERED[reason]),), agenda=item)


def is_due_by_returns(case: CaseState, ground: Ground) -> bool:
    """Whether this return is the one that brings the case before the conference."""
    return case.agenda is None and case.returns == ground.definition.agenda.returned
