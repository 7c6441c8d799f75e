"""Earlier matters that a new report may belong to: by place, address and reporter, a batch at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf, isfinite, nan
from typing import Any, Final

import numpy as np
from django.db import connection

from onegrid.cases import queries as cases
from onegrid.intake.queries import models
from onegrid.intake.rules import matching
from onegrid.intake.rules.filter.candidates import ENDED_WITHIN, OTHER_WITHIN, REACH_M
from onegrid.intake.rules.filter.matters import Matter
from onegrid.intake.rules.filter.model import KIND, PROPOSALS, Model
from onegrid.intake.rules.filter.proposing import family_of, offers
from onegrid.intake.rules.filter.stored import from_file
from onegrid.intake.rules.filter.words import unpacked, words_of
from onegrid.intake.rules.matching import Matcher, PlainRule
from onegrid.intake.rules.reasoning import Reason, sentence
from onegrid.kernel.bulk import array
from onegrid.kernel.cells import LEVEL, cell_of, neighbourhoods, parent
from onegrid.kernel.coordinates import CoordinateSystem, to_wgs84
from onegrid.kernel.ids import CaseId, ClassCode, new_id
from onegrid.kernel.prepared import Prepared
from onegrid.kernel.stamps import Cached

MATCHER: Final[Matcher] = PlainRule()
SQUARE_LEVEL: Final = 18  # 0.0014 degrees, 153 m high
SQUARE_CELLS: Final = 1 << 2 * (LEVEL - SQUARE_LEVEL)
OF_FAMILY: Final = 48  # newest matters looked at per square and family; bounds the work in a crowded city
OF_OTHERS: Final = 16
ALIKE: Final = 200  # newest matters without a place, per family
EQUAL: Final = 12

_FIELDS: Final = (
    "case_id, class_code, family, lng, lat, extract(epoch FROM opened_at)::float8,"
    " extract(epoch FROM due_at)::float8, extract(epoch FROM ended_at)::float8, address, reporter, channel,"
    " photos, head, words, urgent"
)
_ALIVE: Final = "(ended_at IS NULL OR ended_at > %s::timestamptz)"
_LEADS: Final = Prepared(
    "intake_leads",
    "SELECT m.* FROM unnest(%s::bigint[], %s::text[]) AS near (square, family)"  # noqa: S608 - own SQL
    f" CROSS JOIN LATERAL (SELECT {_FIELDS} FROM intake_matter WHERE square = near.square"
    f" AND family = near.family AND {_ALIVE} ORDER BY opened_at DESC LIMIT {OF_FAMILY}) AS m"
    " UNION ALL SELECT m.* FROM unnest(%s::bigint[]) AS near (square)"
    f" CROSS JOIN LATERAL (SELECT {_FIELDS} FROM intake_matter WHERE square = near.square"
    f" AND {_ALIVE} AND opened_at > %s::timestamptz LIMIT {OF_OTHERS}) AS m"
    " UNION ALL SELECT m.* FROM unnest(%s::bigint[]) AS sought (address)"
    f" CROSS JOIN LATERAL (SELECT {_FIELDS} FROM intake_matter WHERE address = sought.address"
    f" AND address <> 0 AND square IS NULL AND {_ALIVE} LIMIT {EQUAL}) AS m",
)
_PLACELESS: Final = (
    f"SELECT m.* FROM unnest(%s::bigint[]) AS sought (address)"  # noqa: S608 - own SQL
    f" CROSS JOIN LATERAL (SELECT {_FIELDS} FROM intake_matter"
    f" WHERE address = sought.address AND address <> 0 AND {_ALIVE} LIMIT {EQUAL}) AS m"
    " UNION ALL SELECT m.* FROM unnest(%s::bigint[]) AS sought (reporter)"
    f" CROSS JOIN LATERAL (SELECT {_FIELDS} FROM intake_matter WHERE reporter = sought.reporter"
    f" AND reporter <> 0 AND {_ALIVE} AND opened_at > %s::timestamptz LIMIT {EQUAL}) AS m"
    " UNION ALL SELECT m.* FROM unnest(%s::text[]) AS sought (family)"
    f" CROSS JOIN LATERAL (SELECT {_FIELDS} FROM intake_matter WHERE square IS NULL"
    f" AND family = sought.family AND {_ALIVE} ORDER BY opened_at DESC LIMIT {ALIKE}) AS m"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """An earlier matter, and whether it is a danger to life."""

    matter: Matter
    urgent: bool


def leads_of(matters: Sequence[Matter]) -> list[Lead]:
    """Every earlier matter that one of these may be about, each once, and some that turn out too far off."""
    if not matters:
        return []
    earliest = min(each.at for each in matters)
    ended = datetime.fromtimestamp(earliest - ENDED_WITHIN, UTC)
    lately = datetime.fromtimestamp(earliest - OTHER_WITHIN, UTC)
    rows: list[tuple[Any, ...]] = []
    placed = [each for each in matters if isfinite(each.lng)]
    near = sorted(_squares_around(placed))
    if near:
        squares, families = zip(*near, strict=True)
        addresses = array(sorted({each.address for each in placed if each.address}))
        everywhere = array(sorted(set(squares)))
        rows += _LEADS.rows(
            [array(squares), array(families), ended, everywhere, ended, lately, addresses, ended]
        )
    lost = [each for each in matters if not isfinite(each.lng)]
    if lost:
        rows += _without_place(lost, ended, lately)
    return [_lead(row) for row in {row[0]: row for row in rows}.values()]


def _squares_around(placed: list[Matter]) -> set[tuple[int, str]]:
    """The squares that a circle of the filter's reach around each matter touches, with its family."""
    if not placed:
        return set()
    lng = np.array([each.lng for each in placed])
    lat = np.array([each.lat for each in placed])
    around = neighbourhoods(lng, lat, REACH_M)
    found = set()
    for owner, lo, hi in zip(around.owner.tolist(), around.lo.tolist(), around.hi.tolist(), strict=True):
        first = lo // SQUARE_CELLS * SQUARE_CELLS
        found |= {(square, placed[owner].family) for square in range(first, hi + 1, SQUARE_CELLS)}
    return found


def _without_place(matters: list[Matter], ended: datetime, lately: datetime) -> list[tuple[Any, ...]]:
    values: list[str | datetime] = [
        array(sorted({each.address for each in matters})), ended,
        array(sorted({each.reporter for each in matters})), ended, lately,
        array(sorted({each.family for each in matters if len(each.words)})), ended,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLACELESS, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _lead(row: tuple[Any, ...]) -> Lead:
    *who, lng, lat, at, due, ended, address, reporter, channel, photos, head, words, urgent = row
    place = (nan, nan) if lng is None else (lng, lat)
    times = at, nan if due is None else due, inf if ended is None else ended
    texts = unpacked(bytes(head)), unpacked(bytes(words))
    values = (*who, *place, *times, address, reporter, channel, tuple(photos), *texts)
    return Lead(Matter._make(values), urgent)


def squares_of(lng: Sequence[float], lat: Sequence[float]) -> list[int]:
    """The square of each place."""
    squares: list[int] = parent(cell_of(np.array(lng), np.array(lat)), level=SQUARE_LEVEL).tolist()
    return squares


def _load() -> Model | None:
    file = models.active(KIND)
    return None if file is None else from_file(file)


_model = Cached(models.STAMP, _load)


def matching_model() -> Model | None:
    """The filter in use, ready to score, loaded again when another is adopted; None where there is none."""
    return _model.get()


def running(leads: Sequence[Lead]) -> list[matching.Matter]:
    """The leads that still run and have a place, as the rule of thumb compares them."""
    return [
        _plainly(one.matter, one.urgent)
        for one in leads
        if one.matter.ended == inf and isfinite(one.matter.lng)
    ]


def asked(
    class_code: ClassCode, lng: float | None, lat: float | None, *, text: str = "", at: datetime
) -> Matter:
    """A report that is only asked about, not yet sent."""
    return Matter(
        new_id(), class_code, family_of(class_code), nan if lng is None else lng, nan if lat is None else lat,
        at.timestamp(), nan, inf, 0, 0, "", (), words_of(""), words_of(text),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open case that a report here may be about, without anything about its reporters."""

    case_id: CaseId
    number: str
    stage: str
    distance_m: float
    opened_at: datetime
    report_count: int
    reasons_zh: str
    reasons_en: str


def already_reported(
    lng: float, lat: float, system: CoordinateSystem, *, class_code: ClassCode, text: str = "", now: datetime
) -> list[Nearby]:
    """已有人上报？ The open cases that a report of this class here may be about, the likeliest first.

    Those of the class within the rule of thumb's reach always, others where the filter finds them likely."""
    east, north = to_wgs84(lng, lat, system)
    here = asked(class_code, east, north, text=text, at=now)
    found = shown_nearby([here], [False])[0]
    states = cases.lead_states(list(found))
    return [
        Nearby(
            case_id, states[case_id].number, states[case_id].stage, round(metres, 1), opened,
            states[case_id].report_count, sentence(reasons, "zh"), sentence(reasons, "en"),
        )
        for case_id, (metres, opened, reasons) in found.items()
        if case_id in states
    ]  # fmt: skip


Shown = dict[CaseId, tuple[float, datetime, tuple[Reason, ...]]]


def shown_nearby(here: Sequence[Matter], urgent: Sequence[bool]) -> list[Shown]:
    """For each report that is asked about, the running cases it may follow: metres, since when, and why.

    Of the same family of classes; a danger to life may only follow another one."""
    if not here:
        return []
    leads = [one for one in leads_of(here) if one.matter.ended == inf]
    where = {CaseId(one.matter.case_id): one for one in leads}
    model = matching_model()
    likely = offers(model, here, [one.matter for one in leads]) if model is not None else [()] * len(here)
    asking = [_plainly(each, is_urgent) for each, is_urgent in zip(here, urgent, strict=True)]
    plain = MATCHER.propose(asking, running(leads))
    shown = []
    for offered, near, me in zip(likely, plain, asking, strict=True):
        reasons = {CaseId(one.case_id): one.reasons for one in offered}
        for match in near:
            metres = Reason("near", round(max(match.distance_m, 1)))
            reasons.setdefault(match.case_id, (metres, Reason("same-class")))
        fit = [(where[key], why) for key, why in reasons.items() if _may_follow(where[key], me)]
        shown.append({CaseId(one.matter.case_id): _shown(one, why, me) for one, why in fit[:PROPOSALS]})
    return shown


def _may_follow(lead: Lead, me: matching.Matter) -> bool:
    return lead.matter.family == family_of(me.class_code) and (lead.urgent or not me.urgent)


def _shown(
    lead: Lead, why: tuple[Reason, ...], me: matching.Matter
) -> tuple[float, datetime, tuple[Reason, ...]]:
    other = _plainly(lead.matter, lead.urgent)
    return matching.distance_m(me, other), other.opened_at, why


def _plainly(each: Matter, urgent: bool) -> matching.Matter:
    lng, lat = (each.lng, each.lat) if isfinite(each.lng) else (None, None)
    at, code = datetime.fromtimestamp(each.at, UTC), ClassCode(each.class_code)
    return matching.Matter(CaseId(each.case_id), code, lng, lat, at, urgent, opens=False)
