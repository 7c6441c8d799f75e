"""More reports of the same matter: counted, may raise the urgency, never move a due time later."""

from onegrid.cases.rules.change import Asker, Change, Ground, Joined
from onegrid.cases.rules.commands import Join, Unjoin
from onegrid.cases.rules.refusals import NoCount
from onegrid.cases.rules.state import CaseState, Urgency

RAISES_URGENCY = 3  # joined reports besides the first (domain.md 3.6)


def join(case: CaseState, command: Join, asker: Asker, ground: Ground) -> Change:
    """A further report joins: the third one raises the urgency by one step. Clock and owner stay."""
    count = case.report_count + 1
    raised = count - 1 == RAISES_URGENCY and case.urgency is not Urgency.HIGH
    urgency = Urgency(case.urgency + 1) if raised else case.urgency
    body = {"report": command.report_id, "reports": count, "urgency": int(urgency)}
    after = case._replace(report_count=count, urgency=urgency)
    return Change(after, body, news=(Joined(command.report_id),))


def unjoin(case: CaseState, command: Unjoin, asker: Asker, ground: Ground) -> Change:
    """A report that joined by mistake is taken away again; urgency, clock and owner stay. Raises NoCount."""
    if case.report_count <= 1:
        raise NoCount
    count = case.report_count - 1
    body = {"report": command.report_id, "reports": count}
    return Change(case._replace(report_count=count), body, news=(Joined(command.report_id, away=True),))
