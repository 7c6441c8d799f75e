"""Writes of scenarios: publishing, suspending, and the class dictionary."""

from onegrid.scenarios.actions.classes import import_classes, load_classes
from onegrid.scenarios.actions.library import LIBRARY, load_library
from onegrid.scenarios.actions.publishing import publish, suspend

__all__ = ["LIBRARY", "import_classes", "load_classes", "load_library", "publish", "suspend"]
