"""What intake tells others."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from onegrid.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeThreatReported(Event):
    """A danger to life came in: village, town and county duty rooms are told at once.

    `area_code` is the grid, or the county where the place is unknown; `threats` the kinds named."""

    topic: ClassVar[str] = "intake.life-threat-reported"
    report_id: UUID
    case_id: UUID | None
    case_number: str
    area_code: str
    class_code: str
    threats: tuple[str, ...]
    text: str
    place_text: str
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRejected(Event):
    """A desk decided that a waiting report is not taken up; its reporter gets the reason."""

    topic: ClassVar[str] = "intake.report-rejected"
    report_id: UUID
    reason: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTakenUp(Event):
    """A desk took a waiting report up (入格): it opened a case, or joined one."""

    topic: ClassVar[str] = "intake.report-taken-up"
    report_id: UUID
    case_id: UUID
    case_number: str
    grid_code: str
    joined: bool
    due_at: datetime | None
    taken_up_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotEvent(Event):
    """What every event of a hot spot says. `grids`: all in which its reports lie, the one with most first;
    `expected`: how many are usual in its circle and window."""

    hotspot_id: UUID
    name_zh: str
    name_en: str
    grids: tuple[str, ...]
    reports: int
    expected: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotBegan(HotspotEvent):
    """A burst of reports at one place was found."""

    topic: ClassVar[str] = "intake.hotspot-began"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotGrew(HotspotEvent):
    """A hot spot has twice the reports that were told last."""

    topic: ClassVar[str] = "intake.hotspot-grew"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotEnded(HotspotEvent):
    """The burst is over."""

    topic: ClassVar[str] = "intake.hotspot-ended"
