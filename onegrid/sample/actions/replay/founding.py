"""Founds the city whose past is replayed: its territory, departments, people, classes and one scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from django.db import transaction

from onegrid.accounts import queries as accounts
from onegrid.accounts.actions import NewAccount, create_accounts, issue_token
from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.intake.actions import set_channel_policy
from onegrid.intake.rules.policy import ChannelPolicy, Route
from onegrid.intake.rules.reports import Channel
from onegrid.kernel.ids import AccountId, PostId
from onegrid.sample.actions.replay.bounding import lay_out
from onegrid.sample.rules.replay.mapping import ROOT, Mapped
from onegrid.sample.rules.replay.places import COUNTY
from onegrid.scenarios.actions import import_classes, publish
from onegrid.scenarios.rules import Text
from onegrid.scenarios.rules.classes import ClassInfo, ClassKind, Urgency
from onegrid.workforce import queries as workforce
from onegrid.workforce.actions import (
    NewAppointment,
    NewPost,
    NewUnit,
    NewWorker,
    appoint,
    create_posts,
    create_units,
    create_workers,
    set_categories,
)
from onegrid.workforce.rules import Employment, Period, UnitKind, WorkerCategory

DESK: Final = "grid-office"
SCENARIO: Final = "civic-service.yaml"
OFFICIAL: Final = WorkerCategory("official", "在编干部", "Official", Employment.OFFICIAL)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Handler:
    """Who acts for a department, from its handler post."""

    post_id: PostId
    actor: Actor


@dataclass(frozen=True, slots=True)
class Founded:
    """The city as the replay needs it: who brings reports in, who dispatches, who handles for which unit."""

    founded_at: datetime
    classes: Mapped
    gateway: Actor
    desk: Actor
    handlers: Mapping[str, Handler]
    repaired: int  # boundaries that had to be mended


@transaction.atomic
def found(classes: Mapped, boundaries: Path, *, first: datetime) -> Founded:
    """Found the city the day before its first case, all or nothing, in an empty database.

    One county and one town with fictional codes, wards and precincts from the boundary files, a handler per
    department, one desk, one inspector, and the scenario of the replay. Raises what the contexts refuse,
    above all a scenario for which somewhere nobody answers."""
    now = first - DAY
    repaired = lay_out(boundaries, by=SYSTEM, now=now)
    _units(classes, now=now)
    staff = _staff(sorted(classes.units.values()), now=now)
    import_classes(_classes(classes), by=SYSTEM, now=now)
    publish(_scenario(), by=SYSTEM, now=now)
    for channel in Channel:  # this city verified nothing before it dispatched
        set_channel_policy(ChannelPolicy(channel, Route.OPEN), by=SYSTEM, now=now)
    handlers = {key: handler for key, handler in staff.items() if key != DESK}
    return Founded(now, classes, _gateway(now=now), staff[DESK].actor, handlers, repaired)


def _scenario() -> str:
    return files("onegrid.sample").joinpath("data", SCENARIO).read_text(encoding="utf-8")


def _units(classes: Mapped, *, now: datetime) -> None:
    desk = NewUnit(DESK, UnitKind.COUNTY, COUNTY, "网格办（回放）", "Grid office (replay)")
    departments = [
        NewUnit(key, UnitKind.DEPARTMENT, COUNTY, f"{name} 部门", f"Department {name}")
        for name, key in classes.units.items()
    ]
    create_units([desk, *departments], by=SYSTEM, now=now)


def _staff(units: Sequence[str], *, now: datetime) -> dict[str, Handler]:
    """One post, worker and account for the desk (key DESK), for each department, for what only the desk's own
    office answers (a matter of which no more than its REASON is known), and an inspector."""
    posts = {DESK: NewPost(DESK, COUNTY), "inspector": NewPost("inspector", COUNTY)}
    posts["office"] = NewPost("department-handler", COUNTY, DESK)
    posts |= {unit: NewPost("department-handler", COUNTY, unit) for unit in units}
    names = [f"{key}（回放）" for key in posts]
    ids = create_accounts(
        [NewAccount(f"replay-{key}", name) for key, name in zip(posts, names, strict=True)],
        by=SYSTEM,
        now=now,
    )
    post_ids = create_posts(list(posts.values()), by=SYSTEM, now=now)
    set_categories([OFFICIAL], by=SYSTEM, now=now)
    workers = create_workers(
        [NewWorker(name, OFFICIAL.key, account_id=id_) for name, id_ in zip(names, ids, strict=True)],
        by=SYSTEM,
        now=now,
    )
    since = Period(workforce.city_day(now))
    appoint(
        [NewAppointment(post, worker, since) for post, worker in zip(post_ids, workers, strict=True)],
        by=SYSTEM,
        now=now,
    )
    actors = accounts.actors(ids, now=now)
    people: list[AccountId] = list(ids)
    return {key: Handler(post, actors[id_]) for key, post, id_ in zip(posts, post_ids, people, strict=True)}


def _gateway(*, now: datetime) -> Actor:
    """The machine that brings the reports in, signed in once by a token."""
    create_accounts(
        [NewAccount("replay-gateway", "上报网关（回放）", kind="machine", territory=COUNTY)],
        by=SYSTEM,
        now=now,
    )
    token = issue_token("replay-gateway", name="replay", scopes=["report.create"], days=1, by=SYSTEM, now=now)
    known = accounts.actor_by_token(token.secret, now=now)
    assert known is not None, "a token just issued is known"
    return known.actor


def _classes(classes: Mapped) -> list[ClassInfo]:
    """The city's own words as classes: in both languages as the city wrote them."""
    root = ClassInfo(
        ROOT,
        Text("市政服务事项（回放）", "Civic service (replay)"),
        kind=ClassKind.MATTER,
        urgency=Urgency.MEDIUM,
    )
    majors = [ClassInfo(major.code, Text(major.name, major.name), parent=ROOT) for major in classes.majors]
    minors = [
        ClassInfo(minor.code, Text(minor.name, minor.name), parent=major.code, unit=minor.unit)
        for major in classes.majors
        for minor in major.minors
    ]
    return [root, *majors, *minors]
