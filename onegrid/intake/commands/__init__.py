"""Commands of intake, by subject: `onegrid intake|model|train|evaluate …`."""

import typer

from onegrid.intake.commands import evaluate, imports, models, train

app = typer.Typer()
app.add_typer(imports.app, name="intake")
app.add_typer(models.app, name="model")
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")
"""Commands of intake, by subject: `onegrid intake|hotspot …`."""

import typer

from onegrid.intake.commands import hotspots, imports

app = typer.Typer()
app.add_typer(imports.app, name="intake")
app.add_typer(hotspots.app, name="hotspot")

__all__ = ["app"]
