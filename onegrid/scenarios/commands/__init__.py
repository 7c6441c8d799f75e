"""Commands of scenarios, by subject."""

from onegrid.scenarios.commands import bpmn, handbooks, projects
from onegrid.scenarios.commands.library import app

app.registered_commands.extend(bpmn.app.registered_commands)
app.registered_commands.extend(handbooks.app.registered_commands)
app.add_typer(projects.app, name="project")

__all__ = ["app"]
