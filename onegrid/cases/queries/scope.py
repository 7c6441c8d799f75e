"""Whose cases: every list and every case page is read through the actor's own scope.

A territory seen with `case.read` shows its cases; without it one sees what one's posts own, sent, have
to do, and what one's own department answers for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onegrid.accounts.queries import AFTER_ANY_CODE
from onegrid.accounts.rules import Actor
from onegrid.cases.rules.state import CaseState
from onegrid.workforce import queries as workforce
from onegrid.workforce.rules import DutyTable

TOWN = 9
COUNTY = 6


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition of the scope, written so that one index answers it; several are united."""

    sql: str
    params: tuple[Any, ...]


def units_of(actor: Actor, duties: DutyTable) -> frozenset[str]:
    """Keys of the departments for which the actor holds a post."""
    entries = (duties.posts.get(standing.post_id) for standing in actor.standings)
    return frozenset(e.unit for e in entries if e is not None and e.role.startswith("department-"))


def may_see(case: CaseState, actor: Actor, duties: DutyTable) -> bool:
    """True when the case lies in the actor's territory, or one of his posts has to do with it."""
    if actor.allows("case.read", case.grid_code):
        return True
    approvers = case.request.approvers if case.request else ()
    posts = {case.owner, case.sender, *approvers, *(task.post_id for task in case.tasks)}
    posts |= {hand.post_id for hand in case.hands.values()}
    posts |= {case.before_merge.owner} if case.before_merge else set()
    return bool(posts & actor.post_ids) or case.unit in units_of(actor, duties)


def branches(actor: Actor) -> list[Branch]:
    """The scope as conditions on `cases_case`; an empty list reaches nothing."""
    prefixes = actor.prefixes_for("case.read")
    found = [territory_branch(prefixes)] if prefixes else []
    if "" in prefixes:
        return found
    posts = list(actor.post_ids)
    if posts:
        found.append(Branch("owner = ANY(%s)", (posts,)))
    units = sorted(units_of(actor, workforce.duty_table()) - {""})
    if units:
        found.append(Branch("unit = ANY(%s)", (units,)))
    return found


def territory_branch(prefixes: Sequence[str]) -> Branch:
    """Whole towns by equality, smaller places as a range within their town, larger ones as a range."""
    if "" in prefixes:
        return Branch("TRUE", ())
    towns = [prefix for prefix in prefixes if len(prefix) == TOWN]
    parts: list[str] = []
    params: list[Any] = []
    if len(towns) == 1:
        parts.append("town = %s")
        params.append(towns[0])
    elif towns:
        parts.append("town = ANY(%s)")
        params.append(towns)
    for prefix in (one for one in prefixes if len(one) != TOWN):
        inside = "town = %s AND " if len(prefix) > TOWN else ""
        parts.append(f"({inside}grid_code >= %s AND grid_code < %s)")
        params += [prefix[:TOWN]] if inside else []
        params += [prefix, prefix + AFTER_ANY_CODE]
    return Branch(f"({' OR '.join(parts)})", tuple(params))
