"""Commands of intake, by subject: `onegrid intake|hotspot|model|train|evaluate …`."""

import typer

from onegrid.intake.commands import evaluate, hotspots, imports, matching, models, train

app = typer.Typer()
app.add_typer(imports.app, name="intake")
app.add_typer(hotspots.app, name="hotspot")
app.add_typer(models.app, name="model")
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")

train.app.command("matching")(matching.train)
evaluate.app.command("matching")(matching.evaluate)

__all__ = ["app"]
