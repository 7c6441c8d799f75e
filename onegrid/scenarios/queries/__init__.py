"""Reads of scenarios, by subject."""

from onegrid.scenarios.queries.checking import Review, review
from onegrid.scenarios.queries.drawing import DrawnVersion, ImportedDraft, drawn_version, imported_draft
from onegrid.scenarios.queries.listing import (
    ClassRow,
    ScenarioRow,
    VersionDetail,
    class_list,
    scenarios,
    version_detail,
)
from onegrid.scenarios.queries.live import classes, live, requirements, version

__all__ = [
    "ClassRow",
    "DrawnVersion",
    "ImportedDraft",
    "Review",
    "ScenarioRow",
    "VersionDetail",
    "class_list",
    "classes",
    "drawn_version",
    "imported_draft",
    "live",
    "requirements",
    "review",
    "scenarios",
    "version",
    "version_detail",
]
