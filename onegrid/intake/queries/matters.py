"""Open matters near a place: what a new report may belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from onegrid.cases import queries as cases
from onegrid.cases.rules.state import Urgency
from onegrid.intake.rules.matching import Matcher, Matter, PlainRule
from onegrid.kernel.cells import neighbourhoods
from onegrid.kernel.coordinates import CoordinateSystem, to_wgs84
from onegrid.kernel.ids import CaseId, ClassCode, new_id

MATCHER: Final[Matcher] = PlainRule()


def open_matters_near(matters: Sequence[Matter]) -> list[Matter]:
    """The matters of open cases of the same classes within the matcher's reach of these, and some beyond."""
    placed = [each for each in matters if each.lng is not None]
    if not placed:
        return []
    ranges = neighbourhoods(
        np.array([each.lng for each in placed], dtype=np.float64),
        np.array([each.lat for each in placed], dtype=np.float64),
        MATCHER.reach_m,
    )
    wanted = {
        (placed[owner].class_code, lo, hi)
        for owner, lo, hi in zip(ranges.owner.tolist(), ranges.lo.tolist(), ranges.hi.tolist(), strict=True)
    }
    codes, los, his = zip(*sorted(wanted), strict=True)
    return [
        Matter(one.case_id, one.class_code, one.lng, one.lat, one.opened_at, one.urgency == Urgency.HIGH)
        for one in cases.open_leads(los, his, codes)
    ]


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open case that a report here would join, without anything about its reporters."""

    case_id: CaseId
    number: str
    stage: str
    distance_m: float
    opened_at: datetime
    report_count: int


def already_reported(
    lng: float, lat: float, system: CoordinateSystem, *, class_code: ClassCode, now: datetime
) -> list[Nearby]:
    """已有人上报？ The open cases that a report of this class at this place would join, the nearest first."""
    east, north = to_wgs84(lng, lat, system)
    here = Matter(CaseId(new_id()), class_code, east, north, now, urgent=False)
    leads = open_matters_near([here])
    (proposals,) = MATCHER.propose([here], leads)
    opened = {lead.case_id: lead.opened_at for lead in leads}
    states = cases.lead_states([match.case_id for match in proposals])
    found = [(match, states[match.case_id]) for match in proposals if match.case_id in states]
    return [
        Nearby(
            match.case_id,
            one.number,
            one.stage,
            round(match.distance_m, 1),
            opened[match.case_id],
            one.report_count,
        )
        for match, one in found
    ]
