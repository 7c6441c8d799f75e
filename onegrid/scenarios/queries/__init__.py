"""Reads of scenarios, by subject."""

from onegrid.scenarios.queries.activation import ActivationRow, activations
from onegrid.scenarios.queries.checking import Review, full_review, live_check, review
from onegrid.scenarios.queries.drawing import DrawnVersion, ImportedDraft, drawn_version, imported_draft
from onegrid.scenarios.queries.drills import (
    check_drill,
    check_drill_record,
    drilled_project,
    numbered,
    speaks_for,
)
from onegrid.scenarios.queries.listing import (
    ClassRow,
    ScenarioRow,
    VersionDetail,
    check_key,
    class_list,
    newest,
    scenarios,
    version_detail,
)
from onegrid.scenarios.queries.live import classes, live, published, requirements, version, versions
from onegrid.scenarios.queries.projects import (
    DraftText,
    ProjectPage,
    ProjectRow,
    built,
    draft,
    drafts,
    latest,
    project,
    projects,
    sides,
)
from onegrid.scenarios.queries.running import running_cases, set_running_cases
from onegrid.scenarios.queries.vocabulary import Vocabulary, vocabulary

__all__ = [
    "ActivationRow",
    "ClassRow",
    "DraftText",
    "DrawnVersion",
    "ImportedDraft",
    "ProjectPage",
    "ProjectRow",
    "Review",
    "ScenarioRow",
    "VersionDetail",
    "Vocabulary",
    "activations",
    "built",
    "check_drill",
    "check_drill_record",
    "check_key",
    "class_list",
    "classes",
    "draft",
    "drafts",
    "drawn_version",
    "drilled_project",
    "full_review",
    "imported_draft",
    "latest",
    "live",
    "live_check",
    "newest",
    "numbered",
    "project",
    "projects",
    "published",
    "requirements",
    "review",
    "running_cases",
    "scenarios",
    "set_running_cases",
    "sides",
    "speaks_for",
    "version",
    "version_detail",
    "versions",
    "vocabulary",
]
