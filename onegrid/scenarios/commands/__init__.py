"""Commands of scenarios, by subject."""

from onegrid.scenarios.commands.library import app

__all__ = ["app"]
