"""Who answers: the duty list in memory, and what it leaves uncovered."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from onegrid.kernel import stamps
from onegrid.kernel.ids import PostId
from onegrid.kernel.refusals import Refusal
from onegrid.territory import queries as territory
from onegrid.territory.rules import GridKind, kind_of
from onegrid.workforce import rules
from onegrid.workforce.ports import Requirements
from onegrid.workforce.queries.holders import vacant
from onegrid.workforce.rules import (
    Candidate,
    Duty,
    DutyTable,
    Hole,
    Matter,
    PostEntry,
    PostRequest,
    Requirement,
    Responsibility,
    ResponsibilityTable,
)


def _load_duties() -> DutyTable:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.role, p.territory, u.key FROM workforce_post p"
            " JOIN workforce_unit u ON u.id = p.unit_id WHERE p.closed_on IS NULL ORDER BY p.id"
        )
        posts = [PostEntry(*row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT d.post_id, d.scenario, d.class_prefix, d.territory FROM workforce_duty d"
            " JOIN workforce_post p ON p.id = d.post_id AND p.closed_on IS NULL"
        )
        return DutyTable(posts, [Duty(*row) for row in cursor.fetchall()])


def responsibility_lines() -> list[Responsibility]:
    """The responsibility matrix, line by line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT matter, owners, class_prefix, territory FROM workforce_responsibility"
            " ORDER BY territory, class_prefix"
        )
        return [Responsibility(Matter(row[0]), tuple(row[1]), *row[2:]) for row in cursor.fetchall()]


_duties = stamps.Cached("workforce", _load_duties)
_matrix = stamps.Cached("workforce", lambda: ResponsibilityTable(responsibility_lines()))


def duty_table() -> DutyTable:
    """The duty list of all live posts, loaded again when the workforce changes."""
    return _duties.get()


def post_for(
    role: str, grid: str, scenario: str, *, unit: str | None = None, class_code: str | None = None
) -> PostId:
    """The one post that answers. Raises NoPost, SeveralPosts, UnitNeeded or UnknownRole."""
    return duty_table().post_for(role, grid, scenario, unit, class_code)


def posts_for(requests: Iterable[PostRequest]) -> list[PostId | Refusal]:
    """One answer per request, in order: the post, or the refusal that `post_for` would raise."""
    return duty_table().posts_for(requests)


def candidates(class_code: str, grid: str, scenario: str, *, owners: Sequence[str] = ()) -> list[Candidate]:
    """Which posts should be asked for a matter of this class, the first one first.

    The responsibility matrix decides; where it has no line, `owners` (unit keys that the caller
    knows, e.g. of the class) count as departments of an event."""
    rule = _matrix.get().rule_for(class_code, grid) or Responsibility(Matter.EVENT, tuple(owners))
    return rules.candidates(duty_table(), rule, grid=grid, scenario=scenario, class_code=class_code)


_required: Requirements | None = None


def set_requirements(port: Requirements) -> None:
    """Say which posts the live scenarios ask for; wiring.py alone calls it."""
    global _required  # noqa: PLW0603 - the one place where the port is plugged in
    _required = port


def requirements(*, now: datetime) -> list[Requirement]:
    """What must be covered: each grid, town and county role, and every stage of every live scenario."""
    leaves = rules.leaf_grids(territory.live_codes())
    exclusive = [code for code in leaves if kind_of(code) is GridKind.EXCLUSIVE]
    general = [code for code in leaves if kind_of(code) is not GridKind.EXCLUSIVE]
    return [*rules.every_role(general, exclusive), *(_required(now=now) if _required else ())]


def coverage(needs: Sequence[Requirement], *, now: datetime | None = None) -> list[Hole]:
    """Every grid where a stage has no post or several; with `now` also posts that nobody holds then."""
    table = duty_table()
    nobody = vacant(list(table.posts), now=now) if now else frozenset()
    return rules.holes(table, needs, vacant=nobody)
