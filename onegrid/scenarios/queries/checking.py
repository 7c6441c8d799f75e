"""The whole check of a scenario file against this city: soundness, names, and one post in every grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import VersionId
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.models import Scenario
from onegrid.scenarios.queries.live import classes, published, within
from onegrid.scenarios.rules import (
    Definition,
    DefinitionRefused,
    Draft,
    Finding,
    VersionInfo,
    parse,
    soundness,
)
from onegrid.scenarios.rules.accountability import accountable, named_units, unknown_names
from onegrid.scenarios.rules.findings import Path, located
from onegrid.scenarios.rules.live import contested
from onegrid.scenarios.rules.refusals import ClassTaken, NoGrids, PrefixTaken
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import leaf_grids

_DRAFT: Final = VersionId(UUID(int=0))


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


def full_review(text: str, *, towns: tuple[str, ...] | None = None) -> Review:
    """The check, and whether another scenario has the number prefix or one of the classes: what would refuse
    the text when it is built or put live as the city is now. Raises NoGrids."""
    found = review(text, towns=towns)
    if found.draft is None:
        return found
    taken = claimed(found.draft.definition, towns)
    return replace(found, findings=located([*found.findings, *taken], found.draft.lines))


def claimed(definition: Definition, towns: tuple[str, ...] | None) -> list[Finding]:
    """What the definition claims and another scenario of the city already has."""
    other = Scenario.objects.filter(prefix=definition.prefix).exclude(key=definition.key).first()
    refusals: list[tuple[Path, Refusal]] = []
    if other is not None:
        refusals.append((("prefix",), PrefixTaken(prefix=definition.prefix, other=other.key)))
    drafted = VersionInfo(_DRAFT, definition.key, 0, definition, towns)
    for code, holder in contested(drafted, published()).items():
        path = ("classes", list(definition.classes).index(code))
        taken = ClassTaken(class_code=code, other=holder.definition.name.zh, other_key=holder.key)
        refusals.append((path, taken))
    return [Finding(one.code, one.message("zh"), one.message("en"), path) for path, one in refusals]


def live_check(text: str, *, towns: Sequence[str] | None, actor: Actor) -> Review:
    """The check that an editor asks for while its author types; nothing is saved. Raises NoGrids."""
    actor.require("scenario.propose")
    return full_review(text, towns=None if towns is None else tuple(sorted(set(towns))))


def _grids(towns: tuple[str, ...] | None) -> list[str]:
    grids = within(leaf_grids(territory.live_codes()), towns)
    empty = [town for town in towns or () if not any(grid.startswith(town) for grid in grids)]
    if empty or not grids:
        raise NoGrids(towns="、".join(empty) or "全市")
    return grids
