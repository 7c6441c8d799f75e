"""Which device alarms of a batch join a running storm: the certain leads that go before any matcher."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from onegrid.cases.rules.opening import First, Opening
from onegrid.intake.queries import storms
from onegrid.intake.rules.reports import Channel
from onegrid.intake.rules.storms import Alarm, StormLead
from onegrid.intake.rules.storms import storm_leads as decide
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal

if TYPE_CHECKING:
    from onegrid.intake.actions.filing import Filing


def storm_leads(
    filings: Sequence["Filing"], openings: Sequence[Opening], firsts: Sequence[First | Refusal]
) -> list[StormLead | None]:
    """The case that each filing joins because of a storm of alarms; None for all others.

    The case may be one that an earlier filing of the batch is about to open: see `settled`."""
    alarms = {
        index: _alarm(filing, openings[index].case_id, opens=not isinstance(firsts[index], Refusal))
        for index, filing in enumerate(filings)
        if filing.channel == Channel.DEVICE.value
    }
    leads: list[StormLead | None] = [None] * len(filings)
    if alarms:
        fresh = list(alarms.values())
        for index, lead in zip(
            alarms, decide(fresh, storms.alarms_before(fresh), storms.families()), strict=True
        ):
            leads[index] = lead
    return leads


def settled(
    storm: Sequence[StormLead | None], matched: Sequence[CaseId | None], openings: Sequence[Opening]
) -> list[CaseId | None]:
    """The lead of each: the storm's where there is one, else the matcher's. A storm whose first alarm the
    matcher joined to another case follows it there."""
    moved = {
        opening.case_id: lead for opening, lead in zip(openings, matched, strict=True) if lead is not None
    }
    return [
        moved.get(one.case_id, one.case_id) if one is not None else lead
        for one, lead in zip(storm, matched, strict=True)
    ]


def _alarm(filing: "Filing", case_id: CaseId, *, opens: bool) -> Alarm:
    return Alarm(
        filing.class_code, filing.is_urgent, filing.grid_code, filing.lng, filing.lat, filing.at.timestamp(),
        case_id, leads=opens,
    )  # fmt: skip
