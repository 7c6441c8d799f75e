"""More reports of the same matter: counted, may raise the urgency, never move a due time.

A case counts its own reports and those of every case merged into it, so that the cases which are merged into
no other together count each report once."""

from collections.abc import Iterator, Mapping

from onegrid.cases.rules.change import Asker, Change, Ground, Joined
from onegrid.cases.rules.commands import Join, Unjoin
from onegrid.cases.rules.merge_refusals import NoCount
from onegrid.cases.rules.state import CaseState, Urgency
from onegrid.kernel.ids import CaseId

RAISES_URGENCY = 3  # joined reports besides the first (domain.md 3.6)
ALWAYS_TOLD = 5


def more(case: CaseState, reports: int) -> CaseState:
    """So many reports more: whoever reaches the third joined one is raised by one step, once."""
    before, count = case.report_count - 1, case.report_count + reports
    grown = case._replace(report_count=count)
    if not before < RAISES_URGENCY <= count - 1 or case.urgency is Urgency.HIGH:
        return grown
    return grown._replace(urgency=Urgency(case.urgency + 1), raised_from=case.urgency)


def fewer(case: CaseState, reports: int) -> CaseState:
    """So many reports fewer: urgency that their number had raised falls back, unless it moved on since."""
    count = case.report_count - reports
    shrunk = case._replace(report_count=count)
    raised_from = case.raised_from
    if raised_from is None or count - 1 >= RAISES_URGENCY:
        return shrunk
    stands = case.urgency == raised_from + 1
    return shrunk._replace(urgency=raised_from if stands else case.urgency, raised_from=None)


def counted(case: CaseState) -> dict[str, object]:
    """What the record says of it."""
    return {"reports": case.report_count, "urgency": int(case.urgency)}


def leads_of(case: CaseState, others: Mapping[CaseId, CaseState]) -> Iterator[CaseState]:
    """The cases that count this one's reports: the one it was merged into, the one that was merged into …"""
    into = case.merged_into
    while into is not None:
        lead = others[into]
        yield lead
        into = lead.merged_into


def is_worth_telling(count: int) -> bool:
    """Whether the owner hears that so many have reported: the first times, then at 10, 20, 50, 100 …"""
    return count <= ALWAYS_TOLD or str(count).rstrip("0") in {"1", "2", "5"}


def join(case: CaseState, command: Join, asker: Asker, ground: Ground) -> Change:
    """A further report joins: the third one raises the urgency by one step. Clock and owner stay."""
    after = more(case, 1)
    return Change(after, {"report": command.report_id, **counted(after)}, news=(Joined(command.report_id),))


def unjoin(case: CaseState, command: Unjoin, asker: Asker, ground: Ground) -> Change:
    """A report that joined by mistake is taken away again, from every case that counts it; urgency that the
    number of reports had raised falls back; clock and owner stay. Raises NoCount."""
    if case.report_count <= 1:
        raise NoCount
    after = fewer(case, 1)
    also = tuple(
        Change(lead, {"report": command.report_id, "of": case.id, "of_number": case.number, **counted(lead)},
               verb="release")
        for lead in (fewer(one, 1) for one in leads_of(case, asker.others))
    )  # fmt: skip
    body = {"report": command.report_id, **counted(after)}
    return Change(after, body, news=(Joined(command.report_id, away=True),), also=also)
