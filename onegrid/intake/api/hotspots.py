"""Hot spots over HTTP, and what a case of device alarms consists of."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema

from onegrid.intake import queries
from onegrid.intake.models import Hotspot, Report
from onegrid.intake.rules.reports import Channel, OutcomeKind
from onegrid.kernel.http import ApiRequest, Problem
from onegrid.kernel.ids import CaseId

router = Router()
ACTIVE = {"active": True, "ended": False, "all": None}


class HotspotQuery(Schema):
    state: Literal["active", "ended", "all"] = "active"
    area: str = Field("", max_length=15, description="town, village or grid code")
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class HotspotOut(Schema):
    """A burst of reports. `observed` against `expected` in circle and window when last seen, `ratio` of both;
    `reports` all that belonged to it; `classes` how many of each class, most first, "" unknown."""

    id: UUID
    is_active: bool
    name_zh: str
    name_en: str
    grid_code: str
    grids: list[str]
    lng: float
    lat: float
    radius_m: float
    window_h: float
    observed: int
    expected: float
    ratio: float
    reports: int
    classes: dict[str, int]
    first_at: datetime
    last_at: datetime
    found_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_ratio(one: Hotspot) -> float:
        return round(one.observed / one.expected, 1)

    @staticmethod
    def resolve_expected(one: Hotspot) -> float:
        return round(one.expected, 2)


class HotspotsOut(Schema):
    """Newest first; `next_cursor` is "" on the last page."""

    items: list[HotspotOut]
    next_cursor: str


class MemberOut(Schema):
    """A report of a hot spot, without its reporter, and its case."""

    id: UUID
    channel: Channel
    class_code: str
    title: str
    description: str
    place_text: str
    grid_code: str
    lng: float
    lat: float
    urgent: bool
    reported_at: datetime
    kind: OutcomeKind
    case_id: UUID | None
    case_number: str


class HotspotWhole(Schema):
    """A hot spot with those of its reports that lie in my territory, newest first, 500 at most."""

    hotspot: HotspotOut
    members: list[MemberOut]


@router.get("/hotspots", response={200: HotspotsOut, 400: Problem, 403: Problem})
def hotspots(request: ApiRequest, wanted: Query[HotspotQuery]) -> queries.HotspotPage:
    """Where more is reported than usual, in my territory."""
    active, area = ACTIVE[wanted.state], wanted.area
    return queries.hotspots(request.actor, active=active, area=area, cursor=wanted.cursor, limit=wanted.limit)


@router.get("/hotspots/{hotspot_id}", response={200: HotspotWhole, 403: Problem, 404: Problem})
def hotspot(request: ApiRequest, hotspot_id: UUID) -> dict[str, Hotspot | list[Report]]:
    """One hot spot with its reports."""
    found = queries.hotspot(hotspot_id, actor=request.actor)
    return {"hotspot": found, "members": queries.hotspot_members(hotspot_id, actor=request.actor)}


class AlarmsOut(Schema):
    """The device alarms of one case: `devices` told apart by `device_id` in the details, else by place."""

    alarms: int
    devices: int
    grids: int
    first_at: datetime | None
    last_at: datetime | None


@router.get("/cases/{case_id}/alarms", response={200: AlarmsOut, 404: Problem})
def alarms(request: ApiRequest, case_id: UUID) -> queries.Alarms:
    """How many alarms of how many devices make up a case."""
    return queries.alarms_of_case(CaseId(case_id), actor=request.actor)
