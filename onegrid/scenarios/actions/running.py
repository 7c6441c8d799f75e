"""A version at work: on trial in towns, live, suspended, retired."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from onegrid.accounts.rules import SYSTEM, Actor
from onegrid.kernel.ids import ProjectId
from onegrid.scenarios import queries
from onegrid.scenarios.actions.going_live import (
    Towns,
    checked,
    one_at_a_time,
    put_live,
    save,
    take_off,
    town_list,
)
from onegrid.scenarios.actions.projects import locked, none_in_hand, worded
from onegrid.scenarios.models import Live, Project
from onegrid.scenarios.queries.projects import own_versions
from onegrid.scenarios.rules import VersionInfo, projects
from onegrid.scenarios.rules.activation import check_trial
from onegrid.scenarios.rules.projects import State
from onegrid.workforce import queries as workforce


def end_of(day: date) -> datetime:
    """The first moment after that day in the city."""
    zone = ZoneInfo(settings.CITY_TIME_ZONE)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


@transaction.atomic
def start_trial(
    project_id: ProjectId, *, towns: Sequence[str], ends_on: date, by: Actor, now: datetime
) -> VersionInfo:
    """Try the version in chosen towns until the end of a day; again with other towns or another day.

    What is live there rests meanwhile and takes over again when the trial is over.
    Raises NotYourProject, NotPossible, NoTowns, BadDay, NotSound, NoGrids, ClassTaken."""
    one_at_a_time()
    project = locked(project_id)
    after = projects.tried(project.facts(), queries.sides(by, project.owner))
    where = town_list(towns) or ()
    check_trial(where, ends_on=ends_on, today=workforce.city_day(now))
    _sound(project, where)
    save(project, after, "trial", {"towns": where, "ends_on": ends_on}, by=by, now=now)
    return put_live(project, where, until=end_of(ends_on), by=by, now=now)


@transaction.atomic
def go_live(
    project_id: ProjectId, *, towns: Sequence[str] | None = None, by: Actor, now: datetime
) -> VersionInfo:
    """New cases follow the version from now on, in the whole county or in these towns.

    Raises NotYourProject, NotPossible, NotSound, NoGrids, ClassTaken."""
    one_at_a_time()
    project = locked(project_id)
    after = projects.gone_live(project.facts(), queries.sides(by, project.owner))
    where = town_list(towns)
    _sound(project, where)
    save(project, after, "go-live", {"towns": where}, by=by, now=now)
    return put_live(project, where, by=by, now=now)


def _sound(project: Project, towns: Towns) -> None:
    """The version still fits the city: posts may have gone since it was built."""
    assert project.version is not None
    checked(project.version.source, towns)


@transaction.atomic
def suspend(project_id: ProjectId, *, reason: str, by: Actor, now: datetime) -> None:
    """No new case follows the version; running ones go on to their end.

    Raises NotYourProject, NotPossible, WordsNeeded."""
    one_at_a_time()
    project = locked(project_id)
    after = projects.suspended(project.facts(), queries.sides(by, project.owner))
    why = worded(reason, "停用理由", "the reason")
    body = _where(project) | {"reason": why}
    save(project, after, "suspend", body, by=by, now=now)
    take_off(project, reason=why, by=by, now=now)


def _where(project: Project) -> dict[str, object]:
    """Where it takes new cases, for the record and for coming back to it."""
    rows = Live.objects.filter(project=project).order_by("town").values_list("town", "until")
    return {"towns": [town for town, _ in rows], "until": max((u for _, u in rows if u), default=None)}


@transaction.atomic
def resume(
    project_id: ProjectId,
    *,
    towns: Sequence[str] | None = None,
    ends_on: date | None = None,
    by: Actor,
    now: datetime,
) -> VersionInfo:
    """Back to where it was suspended: live (in the county or these towns), or on trial with a new last day.

    Raises NotYourProject, NotPossible, NoTowns and BadDay (of a trial), NotSound, NoGrids, ClassTaken."""
    one_at_a_time()
    project = locked(project_id)
    after = projects.resumed(project.facts(), queries.sides(by, project.owner))
    where, until = town_list(towns), None
    if after.state is State.TRIAL:
        none_in_hand(project.key, but=project)
        today = workforce.city_day(now)
        check_trial(where or (), ends_on=ends_on or today, today=today)
        until = end_of(ends_on or today)
    _sound(project, where)
    save(project, after, "resume", {"towns": where, "ends_on": ends_on}, by=by, now=now)
    return put_live(project, where, until=until, by=by, now=now)


@transaction.atomic
def retire(project_id: ProjectId, *, reason: str, run_out: bool = False, by: Actor, now: datetime) -> State:
    """End the project for good; returns the state it has then.

    With cases running it is refused with their number, unless they are to run out: then no new case begins
    and the worker retires it when the last one has ended. Raises NotYourProject, NotPossible, CasesRunning,
    WordsNeeded."""
    one_at_a_time()
    project = locked(project_id)
    sides = queries.sides(by, project.owner)
    projects.check(project.facts(), "retire", sides)
    running = queries.running_cases(own_versions(project))
    after = projects.retired(project.facts(), sides, running=running, run_out=run_out)
    why = worded(reason, "退出理由", "the reason")
    body = _where(project) | {"reason": why, "running": running}
    save(project, after, "run-out" if after.running_out else "retire", body, by=by, now=now)
    take_off(project, reason=why, by=by, now=now)
    return after.state


def retire_run_out(now: datetime) -> int:
    """Retire the projects whose last running case has ended; returns how many. Safe to repeat."""
    waiting = Project.objects.filter(running_out=True).values_list("id", flat=True)
    return sum(_retire_if_run_out(ProjectId(one), now) for one in list(waiting))


@transaction.atomic
def _retire_if_run_out(project_id: ProjectId, now: datetime) -> bool:
    one_at_a_time()
    project = locked(project_id)
    if not project.running_out or queries.running_cases(own_versions(project)):
        return False
    after = projects.retired(project.facts(), projects.OFFICE, running=0, run_out=True)
    save(project, after, "retire", {"reason": "在办事件已全部办结"}, by=SYSTEM, now=now)
    return True
