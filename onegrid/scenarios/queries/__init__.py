"""Reads of scenarios, by subject."""

from onegrid.scenarios.queries.checking import Review, review
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
    "Review",
    "ScenarioRow",
    "VersionDetail",
    "class_list",
    "classes",
    "live",
    "requirements",
    "review",
    "scenarios",
    "version",
    "version_detail",
]
