"""Open matters near a place: what a new report may belong to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from onegrid.cases import queries as cases
from onegrid.cases.rules.state import Urgency
from onegrid.intake.rules.matching import Matcher, Matter, PlainRule
from onegrid.kernel.cells import LEVEL, cell_of, parent
from onegrid.kernel.coordinates import EARTH_RADIUS_M, CoordinateSystem, to_wgs84
from onegrid.kernel.ids import CaseId, ClassCode, new_id

MATCHER: Final[Matcher] = PlainRule()
SQUARE_LEVEL: Final = 17  # 0.0027 degrees, 305 m high
SQUARE_CELLS: Final = 1 << 2 * (LEVEL - SQUARE_LEVEL)


def open_matters_near(matters: Sequence[Matter]) -> list[Matter]:
    """The matters of open cases of the same classes within the matcher's reach of these, and some beyond."""
    wanted = _squares_around([each for each in matters if each.lng is not None])
    if not wanted:
        return []
    codes, los = zip(*sorted(wanted), strict=True)
    his = [lo + SQUARE_CELLS - 1 for lo in los]
    return [
        Matter(one.case_id, one.class_code, one.lng, one.lat, one.opened_at, one.urgency == Urgency.HIGH)
        for one in cases.open_leads(los, his, codes)
    ]


def _squares_around(placed: list[Matter]) -> set[tuple[ClassCode, int]]:
    """Class and first cell of every square that a circle of the matcher's reach around a matter may touch.

    The squares are much wider than the reach, so that most circles touch one, and the others two or four;
    the matters in them that lie too far off are sorted out afterwards."""
    lng = np.array([each.lng for each in placed], dtype=np.float64)
    lat = np.array([each.lat for each in placed], dtype=np.float64)
    tall = math.degrees(MATCHER.reach_m / EARTH_RADIUS_M) * 1.001
    wide = tall / np.maximum(np.cos(np.radians(np.minimum(np.abs(lat) + tall, 89.9))), 1e-3)
    east, west, north, south = lng + wide, lng - wide, lat + tall, lat - tall
    corners = cell_of(np.concatenate([east, east, west, west]), np.concatenate([north, south, north, south]))
    squares = parent(corners, level=SQUARE_LEVEL).tolist()
    return {(each.class_code, square) for each, square in zip(placed * 4, squares, strict=True)}


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
