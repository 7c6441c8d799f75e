"""The whole check of a scenario file against this city: soundness, names, and one post in every grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from onegrid.accounts.rules import Actor
from onegrid.scenarios.queries.live import classes, within
from onegrid.scenarios.rules import DefinitionRefused, Draft, Finding, parse, soundness
from onegrid.scenarios.rules.accountability import accountable, named_units, unknown_names
from onegrid.scenarios.rules.findings import located
from onegrid.scenarios.rules.refusals import NoGrids
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import leaf_grids


@dataclass(frozen=True, slots=True)
class Review:
    """What a check found. `draft` is None where the text could not be read; publishable without findings."""

    draft: Draft | None
    findings: tuple[Finding, ...]
    grids: int  # in how many grids accountability was checked


def review(text: str, *, towns: tuple[str, ...] | None = None) -> Review:
    """Check a scenario file for these towns (9 digits; None = the whole county). Raises NoGrids.

    Accountability is asked only once flow and names are sound."""
    draft = parse(text)
    if isinstance(draft, DefinitionRefused):
        return Review(None, draft.findings, 0)
    definition, tree = draft.definition, classes()
    units = frozenset(workforce.units_by_key(sorted(named_units(definition))))
    findings = [*soundness(definition), *unknown_names(definition, units=units, classes=tree)]
    if findings:
        return Review(draft, located(findings, draft.lines), 0)
    grids = _grids(towns)
    findings = accountable(definition, classes=tree, grids=grids, holes=workforce.coverage)
    return Review(draft, located(findings, draft.lines), len(grids))


def live_check(text: str, *, towns: Sequence[str] | None, actor: Actor) -> Review:
    """The check that an editor asks for while its author types; nothing is saved. Raises NoGrids."""
    actor.require("scenario.propose")
    return review(text, towns=None if towns is None else tuple(sorted(set(towns))))


def _grids(towns: tuple[str, ...] | None) -> list[str]:
    grids = within(leaf_grids(territory.live_codes()), towns)
    empty = [town for town in towns or () if not any(grid.startswith(town) for grid in grids)]
    if empty or not grids:
        raise NoGrids(towns="、".join(empty) or "全市")
    return grids
