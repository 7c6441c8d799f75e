"""评价 by whoever reported the matter: the only say that a resident has in a case."""

from datetime import datetime

from onegrid.accounts.rules import Actor
from onegrid.cases import actions as cases
from onegrid.cases.actions import Performed
from onegrid.cases.rules import commands as do
from onegrid.intake import queries
from onegrid.kernel.ids import CaseId, ReportId
from onegrid.kernel.refusals import Refusal


def rate(report_id: ReportId, *, satisfied: bool, reason: str, by: Actor, now: datetime) -> Performed:
    """Say how well one's own matter was dealt with, once; unsatisfied needs a reason and means rework.

    Raises ReportNotFound, NotYourReport, NoCaseYet, and what `cases.rules.ending.rate` raises."""
    case_id = queries.case_of_own_report(report_id, actor=by)
    rating = do.RateOwn(case_id=CaseId(case_id), satisfied=satisfied, reason=reason)
    (result,) = cases.perform([rating], by=by, now=now)
    if isinstance(result, Refusal):
        raise result
    return result
