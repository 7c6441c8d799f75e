"""Installing ready scenarios: what comes with the product, or a file put live by the installation itself."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import new_id
from onegrid.scenarios.actions.going_live import (
    Towns,
    checked,
    freeze,
    one_at_a_time,
    put_live,
    save,
    town_list,
)
from onegrid.scenarios.models import Live, Project
from onegrid.scenarios.rules import Definition, VersionInfo
from onegrid.scenarios.rules.project_refusals import CityOwn, InstallationOnly
from onegrid.scenarios.rules.projects import RUNNING, State
from onegrid.scenarios.rules.projects import Project as Facts


@transaction.atomic
def publish(source: str, *, towns: Sequence[str] | None = None, by: Actor, now: datetime) -> VersionInfo:
    """Install a scenario file as the version that new cases follow in these towns (None: everywhere).

    It passes the checks of every version that goes live, and stands on record as an installed project.
    The same content again gives the same version. Running cases stay on the version they began with.
    Raises InstallationOnly (people take the road of a project), CityOwn (nor does an installation push aside
    what the city decided), NotSound with every finding, NoGrids, ClassTaken, PrefixTaken."""
    by.require("scenario.write")
    if by.kind != "system":
        raise InstallationOnly
    one_at_a_time()
    where = town_list(towns)
    draft = checked(source, where)
    own = city_own(draft.definition.key)
    if own is not None:
        raise CityOwn(key=own.key, round=own.round, state=own.state, state_zh=State(own.state).zh)
    version = freeze(draft, source, by=by, now=now)
    project = _project(draft.definition, where)
    project.version = version
    body = {"number": version.number, "towns": where}
    save(project, Facts(State.LIVE), "installed", body, by=by, now=now)
    return put_live(project, where, by=by, now=now)


def city_own(key: str) -> Project | None:
    """The project by which the city itself runs or suspended the scenario, if there is one."""
    states = [str(one) for one in (*RUNNING, State.SUSPENDED)]
    return Project.objects.filter(key=key, installed=False, state__in=states).first()


def _project(definition: Definition, towns: Towns) -> Project:
    """The installed round of the same towns, or one that was suspended, or a new one."""
    rounds = Project.objects.filter(key=definition.key).order_by("-round")
    states = [str(State.LIVE), str(State.SUSPENDED)]
    known = next((one for one in rounds.filter(installed=True, state__in=states) if _same(one, towns)), None)
    last = rounds.first()
    project = known or Project(id=new_id(), installed=True, round=last.round + 1 if last else 1)
    project.key, project.owner = definition.key, definition.owner
    project.name_zh, project.name_en = definition.name.zh, definition.name.en
    return project


def _same(project: Project, towns: Towns) -> bool:
    where = set(Live.objects.filter(project=project).values_list("town", flat=True))
    return not where or where == ({""} if towns is None else set(towns))
