"""Commands of scenarios, by subject."""

from onegrid.scenarios.commands import bpmn, handbooks
from onegrid.scenarios.commands.library import app

app.registered_commands.extend(bpmn.app.registered_commands)
app.registered_commands.extend(handbooks.app.registered_commands)

__all__ = ["app"]
