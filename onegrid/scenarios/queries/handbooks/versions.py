"""Flow charts of versions and of unsaved sources, and what changed between two versions."""

from datetime import datetime

from onegrid.accounts.rules import Actor
from onegrid.scenarios.queries.handbooks.editions import names_of, printed
from onegrid.scenarios.queries.handbooks.files import Sheet, chart_file
from onegrid.scenarios.rules import DefinitionRefused, parse
from onegrid.scenarios.rules.differences import Difference, differences
from onegrid.scenarios.rules.handbook import chart_of
from onegrid.scenarios.rules.refusals import not_sound


def chart_sheet(
    key: str, *, number: int | None = None, lang: str = "zh", actor: Actor, now: datetime
) -> Sheet:
    """The flow chart of a version (default: the live one). Raises NoScenario, NoSuchNumber."""
    actor.require("scenario.read")
    definition = printed(key, number=number, now=now).version.definition
    return chart_file(chart_of(definition, names_of([definition]), lang=lang))


def chart_of_source(source: str, *, lang: str = "zh", actor: Actor) -> Sheet:
    """The flow chart of a scenario file that need not be sound, only readable. Raises NotSound."""
    actor.require("scenario.read")
    draft = parse(source)
    if isinstance(draft, DefinitionRefused):
        raise not_sound(draft.findings)
    return chart_file(chart_of(draft.definition, names_of([draft.definition]), lang=lang))


def version_differences(key: str, old: int, new: int, *, actor: Actor, now: datetime) -> list[Difference]:
    """What changed from one version of a scenario to another. Raises NoScenario, NoSuchNumber."""
    actor.require("scenario.read")
    before = printed(key, number=old, now=now).version.definition
    after = printed(key, number=new, now=now).version.definition
    return differences(before, after, names=names_of([before, after]))
