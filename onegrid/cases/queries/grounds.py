"""What moves are judged against: the version's definition, the duty list, the calendar, the live grids."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from onegrid.cases.rules.change import Ground
from onegrid.cases.rules.opening import First, Opening, Plan, first, kind_of, plan_of
from onegrid.kernel.calendar import Limit
from onegrid.kernel.ids import PostId, VersionId, new_id
from onegrid.kernel.queries import office_calendar
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import Definition, VersionInfo
from onegrid.scenarios.rules.classes import ClassTree
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce


def ground_of(definition: Definition, *, vacant: frozenset[PostId] = frozenset()) -> Ground:
    """The ground for cases of one definition, as of now."""
    return Ground(
        definition=definition,
        duties=workforce.duty_table(),
        calendar=office_calendar(),
        next_id=new_id,
        is_live_grid=_is_live_grid,
        class_limit=partial(_class_limit, scenarios.classes()),
        vacant=vacant,
    )


def grounds_of(
    versions: Sequence[VersionId], *, vacant: frozenset[PostId] = frozenset()
) -> Mapping[VersionId, Ground]:
    """The ground for each version that running cases stand on, or are to stand on. Raises NoVersion."""
    return grounds_for([scenarios.version(version) for version in dict.fromkeys(versions)], vacant=vacant)


def grounds_for(
    versions: Sequence[VersionInfo], *, vacant: frozenset[PostId] = frozenset()
) -> Mapping[VersionId, Ground]:
    """The ground for each version at hand."""
    distinct = {version.version_id: version for version in versions}
    if not distinct:
        return {}
    one = ground_of(next(iter(distinct.values())).definition, vacant=vacant)
    return {id_: replace(one, definition=version.definition) for id_, version in distinct.items()}


def firsts(openings: Sequence[Opening]) -> list[First | Refusal]:
    """How each report would begin as a case, or why it cannot; what like reports share is decided once."""
    grounds = grounds_for([opening.version for opening in openings])
    plans: dict[tuple[object, ...], Plan] = {}
    return [_first(opening, grounds[opening.version.version_id], plans) for opening in openings]


def _first(opening: Opening, ground: Ground, plans: dict[tuple[object, ...], Plan]) -> First | Refusal:
    kind = kind_of(opening)
    try:
        plan = plans.get(kind) or plans.setdefault(kind, plan_of(opening, ground))
        return first(opening, plan, ground)
    except Refusal as refusal:
        return refusal


def refused_openings(openings: Sequence[Opening]) -> list[Refusal | None]:
    """For each report the refusal that `open_cases` would give, None where it would open a case."""
    return [one if isinstance(one, Refusal) else None for one in firsts(openings)]


def _is_live_grid(code: str) -> bool:
    return code in territory.live_codes()


def _class_limit(classes: ClassTree, class_code: str) -> Limit | None:
    found = classes.get(class_code)
    return found.limit if found else None
