"""Writes of scenarios: projects from proposal to retirement, installing, orders, the class dictionary."""

from onegrid.scenarios.actions.activating import activate, deactivate
from onegrid.scenarios.actions.classes import import_classes, load_classes
from onegrid.scenarios.actions.library import LIBRARY, load_library
from onegrid.scenarios.actions.projects import agree, build, decide, propose, record_drill, save_draft
from onegrid.scenarios.actions.publishing import publish
from onegrid.scenarios.actions.running import go_live, resume, retire, retire_run_out, start_trial, suspend
from onegrid.scenarios.actions.telling import tell_project_moved

__all__ = [
    "LIBRARY",
    "activate",
    "agree",
    "build",
    "deactivate",
    "decide",
    "go_live",
    "import_classes",
    "load_classes",
    "load_library",
    "propose",
    "publish",
    "record_drill",
    "resume",
    "retire",
    "retire_run_out",
    "save_draft",
    "start_trial",
    "suspend",
    "tell_project_moved",
]
