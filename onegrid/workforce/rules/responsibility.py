"""Who should take a matter first: the two-step look-up class -> rule -> candidates (domain.md 1.3).

Events: the locality first, then the department. Components (physical facilities): the owner or maintainer
first, then the locality. A dispatcher may choose otherwise; the hand-over then records the reason."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import Refusal
from onegrid.workforce.rules.duties import DutyTable, PostRequest
from onegrid.workforce.rules.roles import LOCALITY_ROLE, OWNER_ROLE


class Matter(StrEnum):
    """What kind of thing a matter class is about."""

    EVENT = "event"
    COMPONENT = "component"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """For matters of this class in this territory: which departments, in which order.

    `class_prefix` and `territory` are prefixes ("" = all); `owners` are unit keys, the first one leads."""

    matter: Matter
    owners: tuple[str, ...]
    class_prefix: str = ""
    territory: str = ""


class Basis(StrEnum):
    """Why a candidate is one."""

    LOCALITY = "locality"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One post that could take the matter, or the refusal where its place has no such post."""

    basis: Basis
    unit: str | None
    post: PostId | Refusal


class ResponsibilityTable:
    """The responsibility matrix in memory."""

    def __init__(self, lines: Iterable[Responsibility]) -> None:
        self._lines: defaultdict[str, dict[str, Responsibility]] = defaultdict(dict)
        for line in lines:
            self._lines[line.territory][line.class_prefix] = line

    def rule_for(self, class_code: str, grid: str) -> Responsibility | None:
        """The line that fits best: the most specific territory, then the longest class prefix."""
        for length in range(len(grid), -1, -1):
            classes = self._lines.get(grid[:length])
            if classes:
                for digits in range(len(class_code), -1, -1):
                    line = classes.get(class_code[:digits])
                    if line is not None:
                        return line
        return None


def candidates(
    duties: DutyTable, rule: Responsibility, *, grid: str, scenario: str, class_code: str
) -> list[Candidate]:
    """The candidates in the order in which they should be asked."""
    requests = [PostRequest(OWNER_ROLE, grid, scenario, unit, class_code) for unit in rule.owners]
    owners = _found(Basis.OWNER, rule.owners, duties.posts_for(requests))
    place = duties.posts_for([PostRequest(LOCALITY_ROLE, grid, scenario, None, class_code)])
    locality = _found(Basis.LOCALITY, (None,), place)
    return locality + owners if rule.matter is Matter.EVENT else owners + locality


def _found(basis: Basis, units: Sequence[str | None], posts: Sequence[PostId | Refusal]) -> list[Candidate]:
    return [Candidate(basis, unit, post) for unit, post in zip(units, posts, strict=True)]
