"""A report on its way through the road: what is known about it so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from onegrid.intake.rules.coordinates import exact
from onegrid.intake.rules.reports import ReportIn
from onegrid.intake.rules.suggestions import Suggestion
from onegrid.intake.rules.threats import Threat
from onegrid.kernel.coordinates import to_wgs84
from onegrid.kernel.ids import ClassCode, GridCode, ReportId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import VersionInfo


@dataclass(slots=True)
class Incoming:
    """One report. `at`: when it was reported, never after it was received. `waits`: why a person must look.

    `lng`, `lat`: degrees WGS-84 to 1e-7; `coordinate` stands for them where its repetitions count."""

    index: int
    report: ReportIn
    mark: bytes
    report_id: ReportId
    at: datetime
    threats: frozenset[Threat]
    waits: Refusal | None = None
    lng: float | None = None
    lat: float | None = None
    coordinate: int | None = None
    is_doubted: bool = False
    grid_code: GridCode | None = None
    class_code: ClassCode | None = None
    version: VersionInfo | None = None
    is_urgent: bool = False
    is_quiet: bool = False  # one alarm of a storm that its grid has told before
    suggestion: Suggestion | None = None

    @property
    def place(self) -> tuple[float, float] | tuple[None, None]:
        """The coordinate that may be relied on."""
        if self.lng is None or self.lat is None or self.is_doubted:
            return None, None
        return self.lng, self.lat


def convert(incoming: Sequence[Incoming]) -> None:
    """Set the WGS-84 coordinate of all reports that carry one, system by system."""
    for system in {each.report.system for each in incoming if each.report.lng is not None}:
        these = [each for each in incoming if each.report.lng is not None and each.report.system is system]
        assert system is not None, "a coordinate without a system is refused at the door"
        given_lng = np.array([each.report.lng for each in these], dtype=np.float64)
        given_lat = np.array([each.report.lat for each in these], dtype=np.float64)
        lng, lat, keys = exact(*to_wgs84(given_lng, given_lat, system))
        for each, *place in zip(these, lng.tolist(), lat.tolist(), keys.tolist(), strict=True):
            each.lng, each.lat, each.coordinate = place
