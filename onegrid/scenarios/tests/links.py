"""What a scenario sets off beside its flow: linked cases, late reports, erasure."""

from collections.abc import Mapping

from onegrid.scenarios.rules.conditions import holds
from onegrid.scenarios.rules.parts import condition
from onegrid.scenarios.tests.roads import Road, written


def said(value: object, *path: str) -> object:
    """What the file says at this path; None where it says nothing."""
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def opened(road: Road, exit_: str, **values: object) -> list[str]:
    """Classes of the linked cases that taking this exit with these answers opens."""
    links = said(written(road.definition.key), "stages", road.at, "exits", exit_, "opens")
    known = {**road.answers, **values, "exit": exit_}
    rows = [one for one in links if isinstance(one, Mapping)] if isinstance(links, list) else []
    return [str(one["class"]) for one in rows if holds(condition(one.get("when", True)), known)]


def told_when_late(key: str, follow_up: str) -> list[str]:
    """Roles that hear of it when this report is not given in time."""
    told = said(written(key), "follow_ups", follow_up, "late", "tell")
    return [str(one) for one in told] if isinstance(told, list) else []


def personal(key: str) -> set[str]:
    """Fields of the registration that only posts working the case see, erased after its end."""
    fields = written(key).get("form")
    rows = [one for one in fields if isinstance(one, Mapping)] if isinstance(fields, list) else []
    return {str(one["key"]) for one in rows if one.get("personal")}
