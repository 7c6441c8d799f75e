"""Handbooks for whoever asks: one scenario, one unit or post, one role, all grid workers."""

from collections.abc import Callable, Sequence
from datetime import datetime

from onegrid.accounts.rules import Actor
from onegrid.kernel.refusals import NotFound
from onegrid.scenarios.queries.handbooks.editions import WHOLE, names_of, printed
from onegrid.scenarios.queries.handbooks.files import Format, Sheet, sheet
from onegrid.scenarios.queries.live import classes, live
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.handbook import by_post, by_unit, duty_list, guide, manual, worker_manual
from onegrid.scenarios.rules.handbook.asked import WhoseDuties
from onegrid.territory import queries as territory
from onegrid.workforce import queries as workforce
from onegrid.workforce.queries import PostDetail, UnitInfo
from onegrid.workforce.rules import Duty, UnitKind, home_unit
from onegrid.workforce.rules import role as role_of


def scenario_handbook(
    key: str, shape: Format, *, number: int | None = None, actor: Actor, now: datetime
) -> Sheet:
    """业务流程手册 of a version (default: the live one). Raises NoScenario, NoSuchNumber."""
    actor.require("scenario.read")
    found = printed(key, number=number, now=now)
    definition = found.version.definition
    return sheet(manual(definition, names=names_of([definition]), edition=found.edition), shape)


def guide_handbook(
    key: str, role: str, shape: Format, *, number: int | None = None, actor: Actor, now: datetime
) -> Sheet:
    """操作指南 of a role in a scenario. Raises NoScenario, NoSuchNumber, UnknownRole."""
    actor.require("scenario.read")
    role_of(role)
    found = printed(key, number=number, now=now)
    definition = found.version.definition
    return sheet(guide(definition, role, names=names_of([definition]), edition=found.edition), shape)


def worker_handbook(shape: Format, *, actor: Actor, now: datetime) -> Sheet:
    """网格员业务操作手册 over the live scenarios, dated by the day."""
    actor.require("scenario.read")
    versions = _live("", now)
    names = names_of(one.definition for one in versions)
    return sheet(worker_manual(versions=versions, names=names, on=workforce.city_day(now)), shape)


def duty_handbook(shape: Format, whose: WhoseDuties, *, actor: Actor, now: datetime) -> Sheet:
    """职责清单 of a unit or a post, dated by the day. Raises UnknownKey, NotFound."""
    actor.require("scenario.read")
    if whose.post is not None:
        return _of_post(workforce.post_detail(actor, whose.post, now=now), shape, now)
    found = workforce.unit_by_key(whose.unit)
    if found.kind in (UnitKind.TOWN, UnitKind.VILLAGE) and not actor.covers(found.territory):
        raise NotFound(what="机构")
    return _of_unit(found, shape, now)


def _of_unit(unit: UnitInfo, shape: Format, now: datetime) -> Sheet:
    versions, day = _live(unit.territory, now), workforce.city_day(now)
    is_one = by_unit(unit.key, classes=classes(), homes=_homes(unit.territory))
    names = names_of((one.definition for one in versions), more=[unit.key])
    return sheet(duty_list(unit.name_zh, is_one, versions=versions, names=names, on=day), shape)


def _homes(place: str) -> Callable[[str], str]:
    return lambda role: home_unit(role, place)


def _of_post(found: PostDetail, shape: Format, now: datetime) -> Sheet:
    post, day = found.post, workforce.city_day(now)
    versions = [one for one in _live(post.territory, now) if _has_duty(found.duties, one.key)]
    names = names_of((one.definition for one in versions), more=[post.unit_key])
    is_one = by_post(post.role, post.unit_key, classes=classes())
    place = territory.paths([post.territory]).get(post.territory, "") or WHOLE
    return sheet(duty_list(_title(found), is_one, versions=versions, names=names, on=day, place=place), shape)


def _title(found: PostDetail) -> str:
    title = found.post.title_zh
    return title if found.post.unit_zh in title else f"{found.post.unit_zh}{title}"


def _has_duty(duties: Sequence[Duty], key: str) -> bool:
    """A post without a line of its own answers for everything of its role."""
    return not duties or any(one.scenario in ("", key) for one in duties)


def _live(place: str, now: datetime) -> list[VersionInfo]:
    """The versions live `now` that may reach this place (a code prefix), by key."""

    def reaches(one: VersionInfo) -> bool:
        towns = one.towns
        return towns is None or any(place.startswith(town) or town.startswith(place) for town in towns)

    return sorted(filter(reaches, live(now).versions), key=lambda one: (one.key, one.number))
